import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CiliumVersion, hasSafeKubeletWrapper } from "../../lib/cilium";
import { type CniChainingOptions, Dataplane, type KubeProxyFreeOptions } from "../../lib/dataplane";
import type { EnvironmentDefinition } from "../../lib/environment";
import { API_SERVER, synthesizedRelease } from "./releases";
import type { Rendered } from "./rendered";
import { chartSubjects, render } from "./subjects";

const HUBBLE = { hubble: { relay: true, ui: true } };

const PODS = "10.20.0.0/14";
const BASE: Omit<EnvironmentDefinition, "dataplane"> = {
  name: "chart",
  project: "acme-chart",
  location: "asia-northeast1",
  network: { nodes: "10.16.0.0/20", pods: PODS, services: "10.24.0.0/20" },
  nodePools: [
    { name: "general", machineType: "e2-standard-4", minNodes: 3, maxNodes: 9 },
    { name: "batch", machineType: "e2-standard-8", minNodes: 0, maxNodes: 5, spot: true },
  ],
};

function includes(config: Readonly<Record<string, string>>, expected: Readonly<Record<string, string>>): void {
  const actual = Object.fromEntries(Object.keys(expected).map((key) => [key, config[key]]));
  assert.deepEqual(actual, expected);
}

const PROGRAMS = [
  ["DaemonSet", "cilium"],
  ["DaemonSet", "cilium-envoy"],
  ["DaemonSet", "cilium-node-init"],
  ["Deployment", "cilium-operator"],
  ["Deployment", "hubble-relay"],
  ["Deployment", "hubble-ui"],
  ["CronJob", "hubble-generate-certs"],
] as const;

/** What holds in every mode. */
function commonChecks(rendered: () => Rendered, taints: () => readonly string[]): void {
  it("lifts the taint that the node pools carry", () => {
    const key = rendered().config["agent-not-ready-taint-key"];
    assert.deepEqual(taints(), [`${key}=true:NO_EXECUTE`]);
  });

  it("puts the plugin where Container-Optimized OS lets it, and takes addresses from the node's range", () => {
    includes(rendered().config, { ipam: "kubernetes", "routing-mode": "native" });
    const volumes = rendered().agent.spec.volumes ?? [];
    assert.match(JSON.stringify(volumes), /"path":"\/home\/kubernetes\/bin"/);
  });

  it("leaves LoadBalancer Services to Google", () => {
    includes(rendered().config, { "enable-lb-ipam": "false" });
  });

  it("asks the agents for their health on loopback", () => {
    const agent = rendered().container("DaemonSet", "cilium", "cilium-agent");
    const portOf = (port?: number | string) =>
      typeof port === "string" ? agent.ports?.find(({ name }) => name === port)?.containerPort : port;
    for (const { httpGet } of [agent.startupProbe!, agent.livenessProbe!, agent.readinessProbe!])
      assert.deepEqual([httpGet?.host, httpGet?.path, portOf(httpGet?.port)], ["127.0.0.1", "/healthz", 9879]);
  });

  it("restarts what a changed configuration concerns", () => {
    const workloads = [
      ["DaemonSet", "cilium"],
      ["DaemonSet", "cilium-envoy"],
      ["Deployment", "cilium-operator"],
      ["Deployment", "hubble-relay"],
      ["Deployment", "hubble-ui"],
    ] as const;
    for (const [kind, name] of workloads)
      assert.match(JSON.stringify(rendered().podTemplate(kind, name).metadata.annotations ?? {}), /checksum"/, name);
  });

  it("is counted by the scheduler, container by container, and cannot eat a node", () => {
    for (const [kind, name] of PROGRAMS.filter(([kind, name]) => rendered().has(kind, name)))
      for (const { name: container, resources } of rendered().podTemplate(kind, name).spec.containers ?? []) {
        const at = `${name}/${container}`;
        assert.ok(resources?.requests?.["cpu"] && resources.requests["memory"], at);
        if (name !== "cilium-node-init") assert.ok(resources.limits?.["memory"], at);
        assert.equal(resources.limits?.["cpu"], undefined, at);
      }
  });

  it("goes first where nodes have no room, agents and Envoy before all", () => {
    const priority = (kind: string, name: string) => rendered().podTemplate(kind, name).spec.priorityClassName;
    assert.equal(priority("DaemonSet", "cilium"), "system-node-critical");
    assert.equal(priority("DaemonSet", "cilium-envoy"), "system-node-critical");
    assert.equal(priority("Deployment", "cilium-operator"), "system-cluster-critical");
  });

  it("leaves at most a tenth of the nodes without agent while a new one rolls out, one of few", () => {
    for (const name of ["cilium", "cilium-envoy"]) {
      const { updateStrategy } = rendered().object("DaemonSet", name)["spec"] as { updateStrategy: unknown };
      assert.deepEqual(updateStrategy, { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } }, name);
    }
  });

  it("needs no CRD of the monitoring stack", () => {
    assert.deepEqual(rendered().names("ServiceMonitor", "PodMonitoring", "PrometheusRule"), []);
  });
}

for (const { version, chart } of chartSubjects()) {
  const of = (dataplane: Dataplane) => {
    const release = synthesizedRelease({ ...BASE, dataplane });
    return { ...release, rendered: render(chart, release.values) };
  };
  const chaining = (options: CniChainingOptions) => of(Dataplane.cniChaining({ ...HUBBLE, version, ...options }));
  const kubeProxyFree = (options: KubeProxyFreeOptions) =>
    of(Dataplane.kubeProxyFree({ ...HUBBLE, version, ...options }));

  describe(`Cilium ${version} chained, configuration detected`, () => {
    const { rendered, taints } = chaining({});
    commonChecks(
      () => rendered,
      () => taints,
    );

    it("extends the first CNI configuration on the node, and renames none", () => {
      includes(rendered.config, {
        "cni-chaining-mode": "generic-veth",
        "cni-chaining-target": "*",
        "cni-exclusive": "false",
        "write-cni-conf-when-ready": "/host/etc/cni/net.d/05-cilium.conflist",
      });
      assert.equal(rendered.config["read-cni-conf"], undefined);
    });

    it("leaves SNAT to GKE, the packet mark to Calico and Services to kube-proxy", () => {
      includes(rendered.config, {
        "enable-ipv4-masquerade": "false",
        "enable-identity-mark": "false",
        "kube-proxy-replacement": "false",
      });
      assert.equal(rendered.config["kube-proxy-replacement-healthz-bind-address"] ?? "", "");
    });

    it("leaves the policies of Kubernetes to Calico, unless asked", () => {
      includes(rendered.config, { "enable-k8s-networkpolicy": "false" });
      const both = chaining({ enforceNetworkPolicies: true }).rendered;
      includes(both.config, { "enable-k8s-networkpolicy": "true" });
    });

    it("runs nothing that prepares the node", () => {
      assert.ok(!rendered.has("DaemonSet", "cilium-node-init"));
    });
  });

  describe(`Cilium ${version} chained, configuration static`, () => {
    const { rendered, taints } = chaining({ conflist: "static" });
    commonChecks(
      () => rendered,
      () => taints,
    );

    it("writes the configuration of the ConfigMap", () => {
      includes(rendered.config, {
        "cni-chaining-mode": "generic-veth",
        "read-cni-conf": "/tmp/cni-configuration/cni-config",
        "write-cni-conf-when-ready": "/host/etc/cni/net.d/05-cilium.conflist",
      });
      assert.equal(rendered.config["cni-chaining-target"], undefined);
      assert.equal(rendered.config["cni-exclusive"], undefined);
      const volume = rendered.agent.spec.volumes?.find(({ configMap }) => configMap?.name === "cni-configuration");
      const mount = rendered.container("DaemonSet", "cilium", "cilium-agent").volumeMounts;
      assert.equal(mount?.find(({ name }) => name === volume?.name)?.mountPath, "/tmp/cni-configuration");
    });
  });

  describe(`Cilium ${version} without kube-proxy`, () => {
    const { rendered, taints } = kubeProxyFree({});
    commonChecks(
      () => rendered,
      () => taints,
    );

    it("is the only CNI and routes in the VPC", () => {
      includes(rendered.config, {
        "cni-exclusive": "true",
        "enable-endpoint-routes": "true",
        "enable-health-check-loadbalancer-ip": "true",
        "ipv4-native-routing-cidr": PODS,
        "enable-ipv4-masquerade": "true",
        "install-no-conntrack-iptables-rules": "false",
      });
      assert.equal(rendered.config["cni-chaining-mode"], undefined);
      for (const key of ["devices", "egress-masquerade-interfaces"]) assert.equal(rendered.config[key] ?? "", "", key);
      assert.notEqual(rendered.config["enable-bpf-masquerade"], "true");
    });

    it("answers Services and the load balancers' health check in kube-proxy's place", () => {
      includes(rendered.config, {
        "kube-proxy-replacement": "true",
        "kube-proxy-replacement-healthz-bind-address": "0.0.0.0:10256",
      });
    });

    it("finds the API server without a Service", () => {
      for (const [kind, name, container] of [
        ["DaemonSet", "cilium", "cilium-agent"],
        ["Deployment", "cilium-operator", "cilium-operator"],
      ] as const) {
        const env = rendered.container(kind, name, container).env ?? [];
        const named = (key: string) => env.find((each) => each.name === key)?.value;
        assert.equal(named("KUBERNETES_SERVICE_HOST"), API_SERVER);
        assert.equal(named("KUBERNETES_SERVICE_PORT"), "443");
      }
    });

    it("prepares the node, and keeps pods off GKE's CNI at a reboot where the chart can", () => {
      const script = JSON.stringify(rendered.podTemplate("DaemonSet", "cilium-node-init"));
      assert.match(script, /ip link del cbr0/);
      assert.match(script, /-j IP-MASQ/);
      if (hasSafeKubeletWrapper(version)) assert.match(script, /the-kubelet/);
      else assert.doesNotMatch(script, /the-kubelet|systemctl/);
    });

    it("waits for that preparation before the agent starts", () => {
      const names = (rendered.agent.spec.initContainers ?? []).map(({ name }) => name);
      assert.ok(names.indexOf("wait-for-node-init") >= 0, names.join(", "));
      assert.ok(names.indexOf("wait-for-node-init") < names.indexOf("wait-for-kube-proxy-gone"), names.join(", "));
    });

    it("enforces the policies of Kubernetes itself", () => {
      includes(rendered.config, { "enable-k8s-networkpolicy": "true" });
    });

    it("waits for kube-proxy to go before the agent starts", () => {
      const names = (rendered.agent.spec.initContainers ?? []).map(({ name }) => name);
      assert.ok(
        names.some((name) => name.includes("kube-proxy") && name !== "wait-for-kube-proxy"),
        names.join(", "),
      );
    });

    it("runs the agent's own image before the agent, so that nodes pull one", () => {
      const { image } = rendered.container("DaemonSet", "cilium", "cilium-agent");
      const gate = rendered.agent.spec.initContainers?.find(({ name }) => name === "wait-for-kube-proxy-gone");
      const withoutDigest = (reference = "") => reference.replace(/@.*/, "");
      assert.equal(withoutDigest(gate?.image), withoutDigest(image));
      // A chart from Cilium's source pins no digest, a published one does.
      if (image?.includes("@")) assert.equal(gate?.image, image);
    });

    it("restarts pods that Cilium does not manage", () => {
      const selector = rendered.config["pod-restart-selector"];
      assert.notEqual(rendered.config["unmanaged-pod-watcher-interval"], "0");
      if (hasSelector(version)) assert.equal(selector, "pod-template-hash,cilium.io/restart-unmanaged notin (false)");
      else assert.equal(selector, undefined);
    });
  });

  describe(`Cilium ${version} beside kube-proxy`, () => {
    const { rendered } = kubeProxyFree({ kubeProxy: "coexist" });

    it("leaves the health check's port to kube-proxy", () => {
      includes(rendered.config, {
        "kube-proxy-replacement": "true",
        "kube-proxy-replacement-healthz-bind-address": "",
      });
      const names = (rendered.agent.spec.initContainers ?? []).map(({ name }) => name);
      assert.ok(!names.some((name) => name.includes("kube-proxy")), names.join(", "));
    });
  });
}

function hasSelector(version: CiliumVersion): boolean {
  return version.minor >= 19;
}
