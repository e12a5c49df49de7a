import { Token } from "cdktf";
import type { HelmValues } from "../../../lib/cilium";
import type { RuleCase } from "./rule-cases";

/** Native routing with kube-proxy replaced and BPF host routing, as far as values decide. */
const BPF = { kubeProxyReplacement: true, bpf: { masquerade: true, hostLegacyRouting: false } };
const NATIVE = { routingMode: "native", ipv4NativeRoutingCIDR: "10.0.0.0/8" };
/** The same where the agents stand in for kube-proxy; with native routing, as some of it goes with nothing else. */
const replacing = (values: HelmValues): HelmValues => ({ kubeProxyReplacement: true, ...NATIVE, ...values });

/** What has no effect while kube-proxy serves Services. */
const IDLE: readonly HelmValues[] = [
  { loadBalancer: { mode: "dsr" } },
  { loadBalancer: { mode: "hybrid" } },
  { bpf: { lbModeAnnotation: true } },
];

/** Path of the one key of values. */
function pathOf(values: HelmValues): string {
  const [[section, keys] = ["", {}]] = Object.entries(values);
  return `${section}.${Object.keys(keys as HelmValues)[0]}`;
}

/** What the agent refuses: addresses, routes and masquerading. */
export const ROUTING_CASES: readonly RuleCase[] = [
  ["routingMode", { routingMode: "nativ" }, NATIVE],
  ["tunnelProtocol", { tunnelProtocol: "gre" }, { tunnelProtocol: "geneve" }],
  ["underlayProtocol", { underlayProtocol: "v4" }, { underlayProtocol: "auto" }],
  ["underlayProtocol", { underlayProtocol: "ipv6" }, { underlayProtocol: "ipv6", ipv6: { enabled: true } }],
  ["ipam.mode", { ipam: { mode: "kube" } }, { ipam: { mode: "multi-pool" } }],
  ["ipv4.enabled", { ipv4: { enabled: false } }, { ipv4: { enabled: false }, ipv6: { enabled: true } }],
  ["tunnelSourcePortRange", { tunnelSourcePortRange: "1000" }, { tunnelSourcePortRange: "0-0" }],
  ["ipv4NativeRoutingCIDR", { routingMode: "native", enableIPv4Masquerade: true }, NATIVE],
  [
    "ipv4NativeRoutingCIDR",
    { routingMode: "native", ipv4NativeRoutingCIDR: "" },
    { routingMode: "native", enableIPv4Masquerade: false },
  ],
  [
    "ipv4NativeRoutingCIDR",
    { ...NATIVE, ipv4NativeRoutingCIDR: "hello" },
    { ...NATIVE, ipv4NativeRoutingCIDR: "10.1.2.3/8" },
  ],
  [
    "ipv4NativeRoutingCIDR",
    { ...NATIVE, ipv4NativeRoutingCIDR: "0.0.0.0/0" },
    { ...NATIVE, enableIPv4Masquerade: false, ipv4NativeRoutingCIDR: "0.0.0.0/0" },
  ],
  [
    "ipv6NativeRoutingCIDR",
    { ...NATIVE, ipv6: { enabled: true } },
    { ...NATIVE, ipv6: { enabled: true }, enableIPv6Masquerade: false },
  ],
  ["ipv6NativeRoutingCIDR", { ipv6NativeRoutingCIDR: "10.0.0.0/8" }, { ipv6NativeRoutingCIDR: "fd00::/104" }],
  ["autoDirectNodeRoutes", { autoDirectNodeRoutes: true }, { autoDirectNodeRoutes: false }],
  ["directRoutingSkipUnreachable", { directRoutingSkipUnreachable: true }, { directRoutingSkipUnreachable: false }],
  ["bpf.masquerade", { bpf: { masquerade: true }, enableIPv4Masquerade: false }, { bpf: { masquerade: true } }],
  [
    "enableMasqueradeRouteSource",
    { enableMasqueradeRouteSource: true, bpf: { masquerade: true } },
    { enableMasqueradeRouteSource: true },
  ],
  [
    "ipMasqAgent.enabled",
    { ipMasqAgent: { enabled: true } },
    { ipMasqAgent: { enabled: true }, bpf: { masquerade: true } },
  ],
  [
    "ipMasqAgent.config.nonMasqueradeCIDRs",
    { ipMasqAgent: { config: { nonMasqueradeCIDRs: ["10.0.0.0"] } } },
    { ipMasqAgent: { config: { nonMasqueradeCIDRs: ["10.0.0.0/8", "fd00::/8"] } } },
  ],
  [
    "installNoConntrackIptablesRules",
    { installNoConntrackIptablesRules: true },
    { ...BPF, ...NATIVE, installNoConntrackIptablesRules: true },
  ],
  [
    "nat46x64Gateway.enabled",
    { nat46x64Gateway: { enabled: true } },
    { nat46x64Gateway: { enabled: true }, ipv6: { enabled: true } },
  ],
  [
    "endpointHealthChecking.enabled",
    { ipam: { mode: "delegated-plugin" } },
    { ipam: { mode: "delegated-plugin" }, endpointHealthChecking: { enabled: false } },
  ],
  [
    "ipam.mode",
    { ipam: { mode: "delegated-plugin" }, endpointHealthChecking: { enabled: false }, gatewayAPI: { enabled: true } },
    { gatewayAPI: { enabled: true } },
  ],
  ["bpf.vlanBypass", { bpf: { vlanBypass: ["all"] } }, { bpf: { vlanBypass: [0, 4000] } }],
  [
    "pmtuDiscovery.packetizationLayerPMTUDMode",
    { pmtuDiscovery: { packetizationLayerPMTUDMode: "on" } },
    { pmtuDiscovery: { packetizationLayerPMTUDMode: "always" } },
  ],
];

/** What the agent refuses, or passes over where it does not stand in for kube-proxy: Services. */
export const SERVICE_CASES: readonly RuleCase[] = [
  ...IDLE.map((values): RuleCase => [pathOf(values), values, replacing(values)]),
  [
    "kubeProxyReplacementHealthzBindAddr",
    { kubeProxyReplacementHealthzBindAddr: "0.0.0.0:10256", k8sServiceHost: "x" },
    { kubeProxyReplacementHealthzBindAddr: "0.0.0.0:10256", k8sServiceHost: "x", kubeProxyReplacement: true },
  ],
  [
    "kubeProxyReplacementHealthzBindAddr",
    { kubeProxyReplacementHealthzBindAddr: "10256", k8sServiceHost: "x", kubeProxyReplacement: true },
    { kubeProxyReplacementHealthzBindAddr: "[::]:10256", k8sServiceHost: "x", kubeProxyReplacement: true },
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
    "loadBalancer.mode",
    replacing({ loadBalancer: { mode: "nat" } }),
    { loadBalancer: { mode: "dsr" }, kubeProxyReplacement: true, ...NATIVE },
  ],
  [
    "loadBalancer.algorithm",
    replacing({ loadBalancer: { algorithm: "rr" } }),
    replacing({ loadBalancer: { algorithm: "maglev" } }),
  ],
  ["loadBalancer.dsrDispatch", { loadBalancer: { dsrDispatch: "gre" } }, { loadBalancer: { dsrDispatch: "opt" } }],
  [
    "loadBalancer.acceleration",
    { loadBalancer: { acceleration: "xdp" } },
    { loadBalancer: { acceleration: "testing-only" } },
  ],
  [
    "loadBalancer.mode",
    replacing({ ...NATIVE, loadBalancer: { mode: "hybrid" }, bpf: { lbModeAnnotation: true } }),
    replacing({ ...NATIVE, loadBalancer: { mode: "snat" }, bpf: { lbModeAnnotation: true } }),
  ],
  [
    "loadBalancer.reflectorWaitTime",
    { loadBalancer: { reflectorWaitTime: "0s" } },
    { loadBalancer: { reflectorWaitTime: "500ms" } },
  ],
  ["bpf.lbMapMax", { bpf: { lbMapMax: 0 } }, { bpf: { lbMapMax: 65536 } }],
  ["nodePort.range", replacing({ nodePort: { range: "30000" } }), replacing({ nodePort: { range: "30000,32767" } })],
  [
    "nodePort.range",
    { kubeProxyReplacement: true, nodePort: { range: "61000,62000" } },
    { kubeProxyReplacement: true, nodePort: { range: "30000,62000" } },
  ],
  [
    "nodePort.autoProtectPortRange",
    { kubeProxyReplacement: true, nodePort: { range: "30000,33000", autoProtectPortRange: false } },
    { kubeProxyReplacement: true, nodePort: { range: "30000,33000" } },
  ],
  [
    "nodePort.addresses",
    replacing({ nodePort: { addresses: ["10.0.0.1"] } }),
    replacing({ nodePort: { addresses: ["10.0.0.0/8"] } }),
  ],
  ["maglev.tableSize", replacing({ maglev: { tableSize: 100 } }), replacing({ maglev: { tableSize: 16381 } })],
  [
    "maglev.hashSeed",
    replacing({ maglev: { hashSeed: "abc" } }),
    replacing({ maglev: { hashSeed: "JLfvgnHc2kaSUFaI" } }),
  ],
  [
    "loadBalancer.mode",
    { kubeProxyReplacement: true, loadBalancer: { mode: "dsr" } },
    { kubeProxyReplacement: true, ...NATIVE, loadBalancer: { mode: "dsr" } },
  ],
  [
    "loadBalancer.dsrDispatch",
    { kubeProxyReplacement: true, ...NATIVE, loadBalancer: { mode: "dsr", dsrDispatch: "geneve" } },
    {
      kubeProxyReplacement: true,
      ...NATIVE,
      tunnelProtocol: "geneve",
      loadBalancer: { mode: "dsr", dsrDispatch: "geneve" },
    },
  ],
  [
    "bpf.lbModeAnnotation",
    { kubeProxyReplacement: true, bpf: { lbModeAnnotation: true } },
    { kubeProxyReplacement: true, ...NATIVE, bpf: { lbModeAnnotation: true } },
  ],
  [
    "loadBalancer.acceleration",
    {
      kubeProxyReplacement: true,
      ipv6: { enabled: true },
      underlayProtocol: "ipv6",
      loadBalancer: { acceleration: "testing-only" },
    },
    { kubeProxyReplacement: true, loadBalancer: { acceleration: "testing-only" } },
  ],
  ["defaultLBServiceIPAM", { defaultLBServiceIPAM: "google" }, { defaultLBServiceIPAM: "none" }],
];
