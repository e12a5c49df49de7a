import { isIPv4Cidr } from "./addresses";
import { AgentConfig, ENCRYPTION_TYPES } from "./agent-config";
import { oneOfRule, type ValueReader, type ValueRule } from "./rule";

const CONFIG = "pkg/option/config.go";
const DAEMON = "daemon/cmd/daemon.go";
const BIG_TCP = "pkg/datapath/linux/bigtcp/bigtcp.go";
const CONNECTOR = "pkg/datapath/connector/config.go";

const IDENTITY_MODES = ["crd", "kvstore", "doublewrite-readkvstore", "doublewrite-readcrd"];
const TCP_FLAGS = new Set(["none", "all", "fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"]);

/** Groups of `debug.verbose`, daemon/cmd/daemon_main.go:75. */
const VERBOSE = ["flow", "kvstore", "envoy", "datapath", "policy", "tagged"];

/** What the agent of 1.20.2 refuses to start with, or would silently not do: everything that can be switched on. */
export const AGENT_FEATURE_RULES: readonly ValueRule[] = [
  {
    path: "encryption.type",
    source: "templates/cilium-configmap.yaml:750",
    broken: (at) =>
      at.isOn("encryption.enabled") && !ENCRYPTION_TYPES.some((known) => known === at.text("encryption.type")),
    rule: `is not one of ${ENCRYPTION_TYPES.join(", ")}: the chart would write no encryption at all, and nothing would be encrypted`,
    remedy: "choose one of them",
  },
  {
    path: "debug.verbose",
    source: "daemon/cmd/daemon_main.go:899",
    broken: (at) => at.list("debug.verbose").some((group) => !VERBOSE.includes(String(group))),
    rule: `has a group that is not one of ${VERBOSE.join(", ")}, of which the agents take no notice`,
    remedy: "choose among them, with spaces between",
  },
  {
    path: "encryption.strictMode.egress.enabled",
    source: `${CONFIG}:2600; bpf/lib/encrypt.h`,
    since: 20,
    broken: (at) => at.isOn("encryption.strictMode.egress.enabled") && new AgentConfig(at).encryption === "none",
    rule: "demands encryption, which is off",
    remedy: "set encryption.enabled and encryption.type, or leave it out",
  },
  {
    path: "encryption.strictMode.egress.cidr",
    source: `${CONFIG}:2615`,
    since: 20,
    broken: (at) =>
      at.isOn("encryption.strictMode.egress.enabled") && !isIPv4Cidr(at.text("encryption.strictMode.egress.cidr")),
    rule: "is not an IPv4 range, or the agents do not start",
    remedy: "give the pods range",
  },
  {
    path: "encryption.strictMode.ingress.enabled",
    source: `${DAEMON}:46`,
    since: 20,
    broken: (at) => at.isOn("encryption.strictMode.ingress.enabled") && new AgentConfig(at).encryption === "ipsec",
    rule: "needs WireGuard; with IPsec the agents do not start",
    remedy: "set encryption.type to wireguard, or leave it out",
  },
  {
    path: "encryption.strictMode.ingress.enabled",
    source: "templates/cilium-configmap.yaml:776",
    since: 20,
    broken: (at) =>
      at.isOn("encryption.strictMode.ingress.enabled") && ["none", "ztunnel"].includes(new AgentConfig(at).encryption),
    rule: "has no effect without WireGuard: nothing is kept out",
    remedy: "set encryption.enabled and encryption.type wireguard, or leave it out",
  },
  {
    path: "encryption.type",
    source: `${DAEMON}:36`,
    broken: (at) => {
      const config = new AgentConfig(at);
      const transparent = !at.isWritten("dnsProxy.enableTransparentMode") || at.isOn("dnsProxy.enableTransparentMode");
      return config.encryption === "ipsec" && !config.isChained && config.l7Proxy && !transparent;
    },
    rule: "needs the DNS proxy's transparent mode with IPsec, or the agents do not start",
    remedy: "leave dnsProxy.enableTransparentMode out",
  },
  {
    path: "hostFirewall.enabled",
    source: `${DAEMON}:52`,
    broken: (at) => at.isOn("hostFirewall.enabled") && new AgentConfig(at).encryption === "ipsec",
    rule: "cannot be used with IPsec, or the agents do not start",
    remedy: "use encryption.type wireguard, or leave it out",
  },
  oneOfRule("encryption.ztunnel.ca.type", ["spire", "internal"], "values.schema.json", {
    since: 20,
    when: (at) => new AgentConfig(at).encryption === "ztunnel",
  }),
  {
    path: "encryption.type",
    source: "pkg/ztunnel/cell.go: validateConfig",
    since: 19,
    broken: (at) =>
      new AgentConfig(at).encryption === "ztunnel" &&
      (at.isOn("clustermesh.useAPIServer") || at.isOn("clustermesh.config.enabled")),
    rule: "does not go with a cluster mesh, or the agents do not start",
    remedy: "use wireguard, or leave the mesh out",
  },
  {
    path: "bandwidthManager.bbr",
    source: "pkg/datapath/linux/bandwidth/bandwidth.go:229",
    broken: (at) => bbr(at, "bbr") && !bbr(at, "bbrHostNamespaceOnly") && new AgentConfig(at).hostLegacyRouting,
    rule: "needs BPF host routing, or the agents do not start: on GKE pods then lose the metadata server (cilium/cilium#28655)",
    remedy: "set bandwidthManager.bbrHostNamespaceOnly to true, or leave it out",
  },
  {
    path: "bandwidthManager.bbrHostNamespaceOnly",
    source: "pkg/datapath/linux/bandwidth/bandwidth.go:224",
    broken: (at) => bbr(at, "bbrHostNamespaceOnly") && !bbr(at, "bbr"),
    rule: "needs bandwidthManager.bbr, or the agents do not start",
    remedy: "set both, or leave it out",
  },
  {
    path: "bandwidthManager.bbr",
    source: "templates/cilium-configmap.yaml:804",
    broken: (at) => at.isOn("bandwidthManager.bbr") && !at.isOn("bandwidthManager.enabled"),
    rule: "has no effect without bandwidthManager.enabled",
    remedy: "set bandwidthManager.enabled to true, or leave it out",
  },
  {
    path: "bandwidthManager.enabled",
    source: "pkg/datapath/linux/bandwidth/bandwidth.go:233",
    broken: (at) => at.isOn("bandwidthManager.enabled") && new AgentConfig(at).encryption === "ipsec",
    rule: "is switched off by the agents with IPsec",
    remedy: "leave it out, or use encryption.type wireguard",
  },
  {
    path: "egressGateway.enabled",
    source: "pkg/egressgateway/manager.go:202; https://docs.cilium.io/en/stable/network/egress-gateway/egress-gateway/",
    broken: (at) => {
      const config = new AgentConfig(at);
      return (
        at.isOn("egressGateway.enabled") &&
        !(config.bpfMasquerade && config.masqueradesIPv4 && config.kubeProxyReplacement)
      );
    },
    rule: "needs masquerading in BPF and kube-proxy replacement, or the agents do not start",
    remedy: "set bpf.masquerade and kubeProxyReplacement to true",
  },
  {
    path: "egressGateway.enabled",
    source: "pkg/egressgateway/manager.go:196",
    broken: (at) => at.isOn("egressGateway.enabled") && at.isOn("ciliumEndpointSlice.enabled"),
    rule: "does not go with ciliumEndpointSlice.enabled, or the agents do not start (cilium/cilium#24833)",
    remedy: "leave one of the two out",
  },
  {
    path: "egressGateway.enabled",
    source: "pkg/egressgateway/manager.go:192",
    broken: (at) => at.isOn("egressGateway.enabled") && new AgentConfig(at).identityMode !== "crd",
    rule: "needs identityAllocationMode crd, or the agents do not start",
    remedy: "leave identityAllocationMode out",
  },
  {
    path: "egressGateway.enabled",
    source: "pkg/egressgateway/manager.go:206",
    broken: (at) => at.isOn("egressGateway.enabled") && new AgentConfig(at).underlay === "ipv6",
    rule: "needs an IPv4 underlay, or the agents do not start",
    remedy: "leave underlayProtocol out",
  },
  ...(["enableIPv4BIGTCP", "enableIPv6BIGTCP"] as const).flatMap((path): ValueRule[] => [
    {
      path,
      source: `${BIG_TCP}:252-279`,
      broken: (at) => at.isOn(path) && bigTcpEndsAgent(new AgentConfig(at)),
      rule: "goes neither with bpf.hostLegacyRouting nor with IPsec or IPIP, or the agents do not start",
      remedy: "leave it out",
    },
    {
      path,
      source: `${BIG_TCP}:276; pkg/kpr/initializer/kube_proxy_replacement.go:57`,
      // The agent looks before it falls back, so it starts.
      broken: (at) => {
        const config = new AgentConfig(at);
        return at.isOn(path) && !bigTcpEndsAgent(config) && config.hostLegacyRouting;
      },
      rule: "is not supported without BPF host routing, from which agents fall back here in silence",
      remedy: "leave it out, or masquerade in BPF with kubeProxyReplacement and bpf.hostLegacyRouting false",
    },
  ]),
  {
    path: "bpf.datapathMode",
    source: `${CONNECTOR}:137-144`,
    broken: (at) => {
      const config = new AgentConfig(at);
      const mode = at.text("bpf.datapathMode");
      return ["netkit", "netkit-l2"].includes(mode) && config.hostLegacyRouting;
    },
    rule: "needs BPF host routing: kubeProxyReplacement, bpf.masquerade and bpf.hostLegacyRouting false, or the agents do not start",
    remedy: "leave it out",
  },
  {
    path: "bpf.datapathMode",
    source: `${CONNECTOR}:190`,
    broken: (at) => !["", "auto", "veth", "netkit", "netkit-l2"].includes(at.text("bpf.datapathMode")),
    rule: "is not one of auto, veth, netkit, netkit-l2",
    remedy: "choose one of them, or leave it out",
  },
  {
    path: "policyEnforcementMode",
    source: "daemon/cmd/daemon_main.go:1042; pkg/policy/config.go:19",
    broken: (at) => !["", "default", "always", "never"].includes(at.text("policyEnforcementMode").toLowerCase()),
    rule: "is not one of default, always, never: the agents take it as it is and enforce nothing but what policies select",
    remedy: "choose one of them",
  },
  {
    path: "policyCIDRMatchMode",
    source: `${CONFIG}:2152`,
    broken: (at) => at.list("policyCIDRMatchMode").some((mode) => mode !== "nodes" && mode !== "pods"),
    rule: "has an item that is neither nodes nor pods",
    remedy: 'write ["nodes"], ["pods"] or both',
  },
  oneOfRule("policyDenyResponse", ["icmp", "none"], `${CONFIG}:2563`),
  oneOfRule("serviceNoBackendResponse", ["reject", "drop"], `${CONFIG}:2553`),
  oneOfRule("identityAllocationMode", IDENTITY_MODES, `${CONFIG}:2797`),
  {
    path: "identityAllocationMode",
    source: `${CONFIG}:2800`,
    broken: (at) => new AgentConfig(at).identityMode !== "crd" && !at.isOn("etcd.enabled"),
    rule: "needs an etcd (etcd.enabled): the agents would use crd instead",
    remedy: "leave it out",
  },
  {
    path: "bpf.monitorAggregation",
    source: "pkg/option/monitor.go:95",
    broken: (at) =>
      !["none", "disabled", "lowest", "low", "medium", "max", "maximum", "0", "1", "2", "3", "4"].includes(
        at.text("bpf.monitorAggregation").toLowerCase(),
      ),
    rule: "is not one of none, low, medium, maximum",
    remedy: "choose one of them",
  },
  {
    path: "bpf.monitorFlags",
    source: `${CONFIG}:2715`,
    broken: (at) => at.list("bpf.monitorFlags").some((flag) => !TCP_FLAGS.has(String(flag).toLowerCase())),
    rule: `has an item that is not one of ${[...TCP_FLAGS].join(", ")}`,
    remedy: "leave it out for all",
  },
  {
    path: "bpf.events.default.rateLimit",
    source: `${CONFIG}:2753`,
    broken: (at) => at.isSet("bpf.events.default.rateLimit") !== at.isSet("bpf.events.default.burstLimit"),
    rule: "and bpf.events.default.burstLimit must be given together",
    remedy: "give both or neither",
  },
  {
    path: "dnsProxy.maxDeferredConnectionDeletes",
    source: `${CONFIG}:2672`,
    broken: (at) => (at.number("dnsProxy.maxDeferredConnectionDeletes") ?? 0) < 0,
    rule: "is below 0",
    remedy: "leave it out, or give 0 to defer nothing",
  },
  {
    path: "envoy.xdsMode",
    source: "pkg/envoy/config/config.go:86",
    since: 20,
    broken: (at) => !["", "split", "ads", "strict-ads"].includes(at.text("envoy.xdsMode")),
    rule: "is not one of split, ads, strict-ads",
    remedy: "leave it out",
  },
  {
    path: "cluster.id",
    source: "pkg/clustermesh/types/option.go:52",
    broken: (at) => {
      const id = at.number("cluster.id") ?? 0;
      return !(Number.isInteger(id) && id >= 0 && id <= (at.number("clustermesh.maxConnectedClusters") ?? 255));
    },
    rule: "is not a number from 0 to clustermesh.maxConnectedClusters",
    remedy: "give each cluster of the mesh a number of its own",
  },
  {
    path: "cluster.id",
    source: "pkg/clustermesh/types/types.go:55",
    broken: (at) => at.isOn("clustermesh.useAPIServer") && (at.number("cluster.id") ?? 0) === 0,
    rule: "is needed in a cluster mesh, and cluster.name with it: the API server of the mesh does not start",
    remedy: "give each cluster of the mesh a number of its own, from 1",
  },
  {
    path: "l2podAnnouncements.interfacePattern",
    source: "pkg/datapath/gneigh/processor.go:54",
    since: 19,
    broken: (at) => at.isOn("l2podAnnouncements.enabled") && !at.isSet("l2podAnnouncements.interfacePattern"),
    rule: "is needed with l2podAnnouncements.enabled, or the agents do not start",
    remedy: "leave both out: on GKE the VPC answers ARP",
  },
  {
    path: "vtep.endpoint",
    source: "pkg/datapath/vtep/cell.go:94",
    broken: (at) => at.isOn("vtep.enabled") && !at.isSet("vtep.endpoint"),
    rule: "is needed with vtep.enabled, or the agents do not start",
    remedy: "give the addresses of the VTEPs",
  },
];

/** What the agent looks at when it starts. That tunnels take a newer kernel is left to the node. */
function bigTcpEndsAgent(config: AgentConfig): boolean {
  return config.isToldHostLegacyRouting || config.encryption === "ipsec" || config.dsrDispatch === "ipip";
}

function bbr(at: ValueReader, key: string): boolean {
  return at.isOn("bandwidthManager.enabled") && at.isOn(`bandwidthManager.${key}`);
}
