import {
  CiliumVersion,
  defaultNodeInit,
  imageRegistryProblems,
  imageRegistryValues,
  kubeProxyReplacementValues,
  nodeInitProblems,
  nodeInitValues,
  operatorValues,
  prometheusValues,
} from "../../../lib/cilium";

describe("nodeInitValues", () => {
  test.each([
    ["off", { enabled: false }],
    ["host-prep", { enabled: true, reconfigureKubelet: false, removeCbrBridge: true }],
    ["reconfigure-kubelet", { enabled: true, reconfigureKubelet: true, removeCbrBridge: true }],
  ] as const)("%s", (nodeInit, nodeinit) => {
    expect(nodeInitValues(nodeInit)).toEqual({ nodeinit });
  });
});

describe("defaultNodeInit", () => {
  test.each([
    ["1.18.14", "host-prep"],
    ["1.19.7", "host-prep"],
    ["1.20.1", "host-prep"],
    ["1.20.2", "reconfigure-kubelet"],
    ["1.21.0", "reconfigure-kubelet"],
  ])("%s: %s, which the rules accept", (text, expected) => {
    const version = CiliumVersion.of(text);
    expect(defaultNodeInit(version)).toBe(expected);
    expect(nodeInitProblems(defaultNodeInit(version), version)).toEqual([]);
  });
});

describe("nodeInitProblems", () => {
  test.each([
    ["reconfigure-kubelet", "1.20.1", 1],
    ["reconfigure-kubelet", "1.19.6", 1],
    ["reconfigure-kubelet", "1.20.2", 0],
    ["host-prep", "1.19.6", 0],
    ["off", "1.18.0", 0],
  ] as const)("%s with %s gives %i", (nodeInit, version, count) => {
    expect(nodeInitProblems(nodeInit, CiliumVersion.of(version))).toHaveLength(count);
  });
});

describe("kubeProxyReplacementValues", () => {
  test("answers the load balancers' health check only where kube-proxy is gone", () => {
    expect(kubeProxyReplacementValues({ k8sServiceHost: "10.0.0.2", serveHealthCheck: true })).toEqual({
      kubeProxyReplacement: true,
      k8sServiceHost: "10.0.0.2",
      k8sServicePort: 443,
      kubeProxyReplacementHealthzBindAddr: "0.0.0.0:10256",
    });
    expect(
      kubeProxyReplacementValues({ k8sServiceHost: "10.0.0.2", k8sServicePort: 6443, serveHealthCheck: false }),
    ).toEqual({ kubeProxyReplacement: true, k8sServiceHost: "10.0.0.2", k8sServicePort: 6443 });
  });
});

describe("the operator", () => {
  test("has a spare, and fewer where asked", () => {
    expect(operatorValues()).toEqual({ operator: { replicas: 2 } });
    expect(operatorValues({ operatorReplicas: 1 })).toEqual({ operator: { replicas: 1 } });
  });
});

describe("prometheusValues", () => {
  test("serves everything by default, and each part can be switched off", () => {
    expect(prometheusValues()).toEqual({
      prometheus: { enabled: true },
      operator: { prometheus: { enabled: true } },
      envoy: { prometheus: { enabled: true } },
    });
    expect(prometheusValues({ agentMetrics: false, operatorMetrics: false, envoyMetrics: false })).toEqual({
      prometheus: { enabled: false },
      operator: { prometheus: { enabled: false } },
      envoy: { prometheus: { enabled: false } },
    });
  });
});

describe("image registry", () => {
  test("takes every image from the mirror", () => {
    const repositories = JSON.stringify(imageRegistryValues("eu.example/acme/cilium")).match(/"eu[^"]*"/g);
    expect(repositories?.map((text) => JSON.parse(text).split("/").pop()).sort()).toEqual([
      "certgen",
      "cilium",
      "cilium-envoy",
      "hubble-relay",
      "hubble-ui",
      "hubble-ui-backend",
      "operator",
      "startup-script",
    ]);
  });

  test.each([
    ["europe-docker.pkg.dev/acme/cilium", 0],
    ["localhost:5000", 0],
    ["https://quay.io/cilium", 1],
    ["quay.io/cilium/", 1],
    ["", 1],
    ["Quay.io/Cilium", 1],
  ])("%j gives %i problems", (registry, count) => {
    expect(imageRegistryProblems(registry)).toHaveLength(count);
  });
});
