import { Token } from "cdktf";
import { chartRuleProblems, type HelmValues } from "../../lib/cilium";

const monitors = (trust: boolean) => ({
  prometheus: { enabled: true, serviceMonitor: { enabled: true, trustCRDsExist: trust } },
});

describe("chartRuleProblems", () => {
  test("finds nothing in a chart without values", () => {
    expect(chartRuleProblems({})).toEqual([]);
  });

  test.each<[path: string, broken: HelmValues, fine: HelmValues]>([
    ["kubeProxyReplacement", { kubeProxyReplacement: "strict" }, { kubeProxyReplacement: "true" }],
    [
      "ipv4NativeRoutingCIDR",
      { routingMode: "native", enableIPv4Masquerade: true },
      { routingMode: "native", enableIPv4Masquerade: true, ipv4NativeRoutingCIDR: "10.0.0.0/8" },
    ],
    [
      "ipv4NativeRoutingCIDR",
      { routingMode: "native", enableIPv4Masquerade: true, ipv4NativeRoutingCIDR: "" },
      { routingMode: "native", enableIPv4Masquerade: false },
    ],
    [
      "kubeProxyReplacementHealthzBindAddr",
      { kubeProxyReplacementHealthzBindAddr: "0.0.0.0:10256", k8sServiceHost: "x" },
      { kubeProxyReplacementHealthzBindAddr: "0.0.0.0:10256", k8sServiceHost: "x", kubeProxyReplacement: true },
    ],
    [
      "k8sServiceHost",
      { kubeProxyReplacementHealthzBindAddr: "0.0.0.0:10256", kubeProxyReplacement: true },
      {
        kubeProxyReplacementHealthzBindAddr: "0.0.0.0:10256",
        kubeProxyReplacement: true,
        k8sServiceHost: Token.asString({}),
      },
    ],
    [
      "k8sServiceHost",
      { k8sServiceHost: "a", k8sServiceHostRef: { name: "b", key: "c" } },
      { k8sServiceHostRef: { name: "b", key: "c" } },
    ],
    [
      "hubble.relay.enabled",
      { hubble: { enabled: false, relay: { enabled: true } } },
      { hubble: { relay: { enabled: true } } },
    ],
    [
      "hubble.ui.enabled",
      { hubble: { ui: { enabled: true } } },
      { hubble: { ui: { enabled: true, standalone: { enabled: true } } } },
    ],
    [
      "hubble.tls.auto.certManagerIssuerRef",
      { hubble: { tls: { auto: { method: "certmanager", certManagerIssuerRef: {} } } } },
      { hubble: { tls: { auto: { method: "certmanager", certManagerIssuerRef: { name: "ca" } } } } },
    ],
    ["prometheus.serviceMonitor.trustCRDsExist", monitors(false), monitors(true)],
    [
      "prometheus.serviceMonitor.trustCRDsExist",
      { operator: { prometheus: { serviceMonitor: { enabled: true } } } },
      { operator: { prometheus: { enabled: false, serviceMonitor: { enabled: true } } } },
    ],
    ["cluster.name", { cluster: { name: "Prod_1" } }, { cluster: { name: "prod-1" } }],
    ["cluster.name", { cluster: { name: "a".repeat(33) } }, { cluster: { name: "a".repeat(32) } }],
    ["cluster.name", { cluster: { name: "" } }, { cluster: { name: Token.asString({}) } }],
    ["cluster.id", { cluster: { id: 7 } }, { cluster: { id: 7, name: "prod" } }],
    ["bpf.tproxy", { bpf: { tproxy: true, datapathMode: "netkit" } }, { bpf: { tproxy: true, datapathMode: "veth" } }],
    ["l7Proxy", { l7Proxy: false, gatewayAPI: { enabled: true } }, { l7Proxy: false }],
    [
      "egressGateway.enabled",
      { egressGateway: { enabled: true }, kubeProxyReplacement: true },
      { egressGateway: { enabled: true }, kubeProxyReplacement: true, bpf: { masquerade: true } },
    ],
    [
      "ipMasqAgent.enabled",
      { ipMasqAgent: { enabled: true } },
      { ipMasqAgent: { enabled: true }, bpf: { masquerade: true } },
    ],
    [
      "operator.unmanagedPodWatcher.selector",
      { operator: { unmanagedPodWatcher: { selector: "" } } },
      { operator: { unmanagedPodWatcher: { selector: "a=b" } } },
    ],
  ])("'%s': refuses %j, takes %j", (path, broken, fine) => {
    expect(chartRuleProblems(broken).map(({ property }) => property)).toEqual([`values.${path}`]);
    expect(chartRuleProblems(fine)).toEqual([]);
  });

  test("says what to do", () => {
    expect(chartRuleProblems({ kubeProxyReplacement: "strict" })).toEqual([
      {
        property: "values.kubeProxyReplacement",
        value: "strict",
        rule: "is neither true nor false, the only values since Cilium 1.16",
        remedy: "use true for what was strict, false for what was disabled or partial",
      },
    ]);
  });
});
