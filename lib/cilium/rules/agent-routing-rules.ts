import { isCidr, isIPv4Cidr, isIPv6Cidr } from "./addresses";
import { AgentConfig } from "./agent-config";
import { oneOfRule, type ValueRule } from "./rule";

const CONFIG = "pkg/option/config.go";
const MAIN = "daemon/cmd/daemon_main.go";
const DAEMON = "daemon/cmd/daemon.go";

/** Modes of address management that the agent knows (pkg/ipam/option/option.go). */
const IPAM_MODES = [
  "kubernetes",
  "cluster-pool",
  "multi-pool",
  "crd",
  "eni",
  "azure",
  "alibabacloud",
  "delegated-plugin",
];

/** What the agent of 1.20.2 refuses to start with: addresses, routes and masquerading. */
export const AGENT_ROUTING_RULES: readonly ValueRule[] = [
  oneOfRule("routingMode", ["native", "tunnel"], `${CONFIG}:2241`),
  oneOfRule("tunnelProtocol", ["vxlan", "geneve"], "pkg/datapath/tunnel/tunnel.go:100"),
  oneOfRule("underlayProtocol", ["ipv4", "ipv6", "auto"], "pkg/datapath/tunnel/tunnel.go:124"),
  oneOfRule("ipam.mode", IPAM_MODES, "pkg/ipam/ipam.go:210"),
  {
    path: "ipv4.enabled",
    source: `${MAIN}:1052`,
    broken: (at) => !at.isOn("ipv4.enabled") && !at.isOn("ipv6.enabled"),
    rule: "cannot be off without ipv6.enabled: pods need an address",
    remedy: "leave it out",
  },
  {
    path: "underlayProtocol",
    source: "pkg/datapath/tunnel/tunnel.go:117",
    broken: (at) =>
      ["ipv4", "ipv6"].some((family) => at.text("underlayProtocol") === family && !at.isOn(`${family}.enabled`)),
    rule: "names a family of addresses that is not enabled",
    remedy: "leave it out",
  },
  {
    path: "tunnelSourcePortRange",
    source: "pkg/datapath/tunnel/tunnel.go:138",
    broken: (at) => at.isSet("tunnelSourcePortRange") && !/^\s*\d+-\s*\d+/.test(at.text("tunnelSourcePortRange")),
    rule: "is not a range of ports",
    remedy: "write first and last with a hyphen, e.g. 32768-60999, or 0-0 for the kernel's",
  },
  {
    path: "ipv4NativeRoutingCIDR",
    source: `templates/cilium-configmap.yaml:563; ${CONFIG}:2994`,
    broken: (at) => {
      const config = new AgentConfig(at);
      return (
        !config.tunnels &&
        config.masqueradesIPv4 &&
        !at.isOn("ipMasqAgent.enabled") &&
        !["eni", "alibabacloud"].includes(config.ipam) &&
        !(config.ipam === "cluster-pool" && at.isOn("nativeRoutingCIDRFromClusterPool")) &&
        !at.isSet("ipv4NativeRoutingCIDR")
      );
    },
    rule: "is needed where Cilium masquerades and routes natively: it says which destinations are not masqueraded",
    remedy: "give the pods range",
  },
  {
    path: "ipv6NativeRoutingCIDR",
    source: `templates/cilium-configmap.yaml:569; ${CONFIG}:3017`,
    broken: (at) => {
      const config = new AgentConfig(at);
      return (
        !config.tunnels &&
        config.masqueradesIPv6 &&
        !at.isOn("ipMasqAgent.enabled") &&
        !(config.ipam === "cluster-pool" && at.isOn("nativeRoutingCIDRFromClusterPool")) &&
        !at.isSet("ipv6NativeRoutingCIDR")
      );
    },
    rule: "is needed where Cilium masquerades IPv6 and routes natively",
    remedy: "give the pods' IPv6 range, or set enableIPv6Masquerade to false",
  },
  {
    path: "ipv4NativeRoutingCIDR",
    source: `${CONFIG}:2633`,
    toldBy: "kube-proxy-free",
    broken: (at) => at.isSet("ipv4NativeRoutingCIDR") && !isIPv4Cidr(at.text("ipv4NativeRoutingCIDR")),
    rule: "is not an IPv4 range",
    remedy: "give a range such as 10.0.0.0/8",
  },
  {
    path: "ipv4NativeRoutingCIDR",
    source: "pkg/datapath/iptables/iptables.go:1500",
    toldBy: "kube-proxy-free",
    broken: (at) =>
      /^\d+\.\d+\.\d+\.\d+\/0$/.test(at.text("ipv4NativeRoutingCIDR")) && at.text("enableIPv4Masquerade") !== "false",
    rule: "is every address: pods would leave the VPC with their own addresses, which no peer outside can answer, and nf_tables refuses the rule that says so",
    remedy: "give the ranges of your own networks only, e.g. 10.0.0.0/8",
  },
  {
    path: "ipv6NativeRoutingCIDR",
    source: `${CONFIG}:2646`,
    broken: (at) => at.isSet("ipv6NativeRoutingCIDR") && !isIPv6Cidr(at.text("ipv6NativeRoutingCIDR")),
    rule: "is not an IPv6 range",
    remedy: "give a range such as fd00::/104",
  },
  {
    path: "autoDirectNodeRoutes",
    source: `${MAIN}:1067`,
    broken: (at) => at.isOn("autoDirectNodeRoutes") && new AgentConfig(at).tunnels,
    rule: "cannot be used with tunnels",
    remedy: "leave it out",
  },
  {
    path: "directRoutingSkipUnreachable",
    source: `${CONFIG}:2655`,
    broken: (at) => at.isOn("directRoutingSkipUnreachable") && !at.isOn("autoDirectNodeRoutes"),
    rule: "cannot be used without autoDirectNodeRoutes",
    remedy: "leave it out",
  },
  {
    path: "bpf.masquerade",
    source: `${DAEMON}:117`,
    broken: (at) => at.isOn("bpf.masquerade") && !new AgentConfig(at).masquerades,
    rule: "needs masquerading itself, which is off (enableIPv4Masquerade), or the agents do not start",
    remedy: "leave it out, or masquerade",
  },
  {
    path: "enableMasqueradeRouteSource",
    source: `${DAEMON}:112`,
    broken: (at) =>
      at.isOn("enableMasqueradeRouteSource") && at.isOn("bpf.masquerade") && new AgentConfig(at).masquerades,
    rule: "cannot be used where Cilium masquerades in BPF, or the agents do not start",
    remedy: "leave it out",
  },
  {
    path: "ipMasqAgent.enabled",
    source: `${DAEMON}:115`,
    broken: (at) => at.isOn("ipMasqAgent.enabled") && !(at.isOn("bpf.masquerade") && new AgentConfig(at).masquerades),
    rule: "needs masquerading in BPF, or the agents do not start",
    remedy: "set bpf.masquerade to true",
  },
  {
    path: "ipMasqAgent.config.nonMasqueradeCIDRs",
    source: "pkg/ipmasq/ipmasq.go:54",
    broken: (at) => at.list("ipMasqAgent.config.nonMasqueradeCIDRs").some((range) => !isCidr(String(range))),
    rule: "has an item that is no range of addresses, and the agents would keep the ranges they had",
    remedy: "write each with its length, e.g. 10.0.0.0/8",
  },
  {
    path: "installNoConntrackIptablesRules",
    source: "pkg/kpr/initializer/kube_proxy_replacement.go:170; daemon/cmd/daemon_main.go:1114",
    broken: (at) => {
      const config = new AgentConfig(at);
      const isForcedOff = config.isChained || ["azure", "eni", "gke"].some((cloud) => at.isOn(`${cloud}.enabled`));
      return (
        at.isOn("installNoConntrackIptablesRules") &&
        !isForcedOff &&
        (config.tunnels ||
          !config.ipv4 ||
          !config.kubeProxyReplacement ||
          (config.masquerades && !config.bpfMasquerade))
      );
    },
    rule: "needs native routing, IPv4, kubeProxyReplacement and masquerading in BPF, or the agents do not start",
    remedy: "leave it out",
  },
  {
    path: "nat46x64Gateway.enabled",
    source: `${CONFIG}:2598`,
    broken: (at) => at.isOn("nat46x64Gateway.enabled") && !(at.isOn("ipv4.enabled") && at.isOn("ipv6.enabled")),
    rule: "needs both families of addresses, or the agents do not start",
    remedy: "leave it out",
  },
  {
    path: "endpointHealthChecking.enabled",
    source: `${CONFIG}:3038`,
    broken: (at) => new AgentConfig(at).ipam === "delegated-plugin" && at.isOn("endpointHealthChecking.enabled"),
    rule: "must be off where another plugin manages addresses (ipam.mode), or the agents do not start",
    remedy: "set ipam.mode to kubernetes",
  },
  {
    path: "ipam.mode",
    source: `${CONFIG}:3044`,
    broken: (at) => {
      const config = new AgentConfig(at);
      return config.ipam === "delegated-plugin" && config.envoyConfig;
    },
    rule: "leaves no address for Envoy, which the Gateway API, the ingress controller and the Layer 7 load balancer need",
    remedy: "use kubernetes",
  },
  {
    path: "bpf.vlanBypass",
    source: `${CONFIG}:2572`,
    broken: (at) => at.list("bpf.vlanBypass").some((id) => !/^-?\d+$/.test(String(id))),
    rule: "has an item that is no number of a VLAN",
    remedy: "write whole numbers, 0 for all",
  },
  {
    path: "pmtuDiscovery.packetizationLayerPMTUDMode",
    source: "pkg/mtu/cell.go:120",
    since: 19,
    broken: (at) =>
      !["", "always", "blackhole", "disabled", "unset"].includes(at.text("pmtuDiscovery.packetizationLayerPMTUDMode")),
    rule: "is not one of always, blackhole, disabled, unset",
    remedy: "choose one of them",
  },
];
