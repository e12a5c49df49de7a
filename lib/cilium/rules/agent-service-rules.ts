import { durationSeconds } from "../durations";
import { isIPv4Cidr, isIPv6Cidr } from "./addresses";
import { AgentConfig } from "./agent-config";
import { oneOfRule, type ValueRule } from "./rule";

const LOAD_BALANCER = "pkg/loadbalancer/config.go";
const DATAPATH = "pkg/datapath/linux/config/config.go";
const REPLACEMENT = "pkg/kpr/initializer/kube_proxy_replacement.go";

/** Sizes of Maglev's table: primes, pkg/maglev/maglev.go:47. */
const MAGLEV_SIZES = ["251", "509", "1021", "2039", "4093", "8191", "16381", "32749", "65521", "131071"];

/** Last port that Linux gives to clients by default, net.ipv4.ip_local_port_range. */
const LAST_EPHEMERAL_PORT = 60999;

/**
 * What agents read only where they stand in for kube-proxy, the value of the chart that asks for nothing (none: empty), and
 * where that is written. Neither Maglev nor the range and addresses of node ports are among them: they decide as well how pods
 * reach Services with external IPs (pkg/loadbalancer/reconciler/bpf_reconciler.go:1166, writer/writer.go:297).
 */
const ONLY_WITH_REPLACEMENT: Readonly<Record<string, { readonly idle: string; readonly source: string }>> = {
  kubeProxyReplacementHealthzBindAddr: { idle: "", source: "templates/cilium-configmap.yaml:850" },
  "loadBalancer.mode": { idle: "snat", source: `${DATAPATH}:280` },
  "bpf.lbModeAnnotation": { idle: "false", source: `${DATAPATH}:280` },
};

/** What the agent of 1.20.2 refuses to start with, or passes over: Services and their load balancing. */
export const AGENT_SERVICE_RULES: readonly ValueRule[] = [
  ...Object.entries(ONLY_WITH_REPLACEMENT).map(
    ([path, { idle, source }]): ValueRule => ({
      path,
      source,
      // A value that is neither on nor off is told by itself.
      broken: (at) =>
        at.isSet(path) &&
        (idle === "" || at.text(path) !== idle) &&
        ["", "false"].includes(at.text("kubeProxyReplacement")) &&
        !new AgentConfig(at).kubeProxyReplacement,
      rule: "has no effect without kubeProxyReplacement",
      remedy: "leave it out, or use Dataplane.kubeProxyFree() (kubeProxyReplacement: true in a release of your own)",
    }),
  ),
  {
    path: "kubeProxyReplacementHealthzBindAddr",
    source: "pkg/loadbalancer/healthserver: net.Listen",
    broken: (at) =>
      at.isSet("kubeProxyReplacementHealthzBindAddr") &&
      !/^(\[[0-9a-f:]*\]|[\w.-]*):\d{1,5}$/i.test(at.text("kubeProxyReplacementHealthzBindAddr")),
    rule: "is not an address with a port",
    remedy: "write it as 0.0.0.0:10256",
  },
  {
    path: "k8sServiceHost",
    source: "https://docs.cilium.io/en/stable/network/kubernetes/kubeproxy-free/",
    broken: (at) =>
      at.isSet("kubeProxyReplacementHealthzBindAddr") &&
      ["k8sServiceHost", "k8sServiceHostRef.name", "k8s.apiServerURLs"].every((path) => !at.isSet(path)),
    rule: "is needed where agents stand in for kube-proxy: without it no agent finds the API server",
    remedy: "give the cluster's IP endpoint",
  },
  {
    path: "k8sServiceHost",
    source: "templates/_helpers.tpl:142",
    broken: (at) => at.text("k8sServiceHost") === "auto",
    rule: "is looked up in kubeadm's ConfigMap cluster-info, which GKE does not have, and the chart refuses",
    remedy: "give the cluster's IP endpoint",
  },
  oneOfRule("loadBalancer.mode", ["snat", "dsr", "hybrid"], `${LOAD_BALANCER}:457`),
  oneOfRule("loadBalancer.algorithm", ["random", "maglev"], `${LOAD_BALANCER}:453`),
  oneOfRule("loadBalancer.dsrDispatch", ["opt", "ipip", "geneve"], `${LOAD_BALANCER}:472`),
  oneOfRule(
    "loadBalancer.acceleration",
    ["disabled", "native", "best-effort", "testing-only"],
    "pkg/datapath/xdp/cell.go:47",
  ),
  {
    path: "loadBalancer.mode",
    source: `${LOAD_BALANCER}:462`,
    broken: (at) => at.isOn("bpf.lbModeAnnotation") && at.text("loadBalancer.mode") === "hybrid",
    rule: "cannot be hybrid where Services choose their mode (bpf.lbModeAnnotation)",
    remedy: "use snat or dsr",
  },
  {
    path: "loadBalancer.reflectorWaitTime",
    source: `${LOAD_BALANCER}:466`,
    since: 20,
    broken: (at) =>
      at.isSet("loadBalancer.reflectorWaitTime") &&
      (durationSeconds(at.text("loadBalancer.reflectorWaitTime")) ?? 0) <= 0,
    rule: "is not a duration above 0",
    remedy: "leave it out",
  },
  {
    path: "bpf.lbMapMax",
    source: `${LOAD_BALANCER}:367`,
    broken: (at) => at.isWritten("bpf.lbMapMax") && !((at.number("bpf.lbMapMax") ?? 0) > 0),
    rule: "is not a number of entries above 0",
    remedy: "leave it out for 65536",
  },
  {
    path: "nodePort.range",
    source: `${LOAD_BALANCER}:448`,
    broken: (at) => at.isSet("nodePort.range") && nodePorts(at.list("nodePort.range").map(String)) === undefined,
    rule: "is not a range of ports",
    remedy: 'write first and last port as "30000,32767", the first below the last',
  },
  {
    path: "nodePort.range",
    source: `${REPLACEMENT}:398`,
    broken: (at) =>
      new AgentConfig(at).kubeProxyReplacement &&
      (nodePorts(at.list("nodePort.range").map(String))?.[0] ?? 0) > LAST_EPHEMERAL_PORT,
    rule: `begins above the ports that nodes give to clients (up to ${LAST_EPHEMERAL_PORT})`,
    remedy: "give a lower range",
  },
  {
    path: "nodePort.autoProtectPortRange",
    source: `${REPLACEMENT}:443`,
    broken: (at) =>
      new AgentConfig(at).kubeProxyReplacement &&
      !at.isOn("nodePort.autoProtectPortRange") &&
      (nodePorts(at.list("nodePort.range").map(String))?.[1] ?? 32767) >= 32768,
    rule: "must be true where the range of NodePorts overlaps the ports that nodes give to clients",
    remedy: "leave it out, or give nodePort.range below 32768",
  },
  {
    path: "nodePort.addresses",
    source: "pkg/datapath/tables/node_address.go: nodeport-addresses",
    broken: (at) =>
      at.list("nodePort.addresses").some((range) => !isIPv4Cidr(String(range)) && !isIPv6Cidr(String(range))),
    rule: "has an item that is no range of addresses",
    remedy: "write each with its length, e.g. 10.0.0.0/8",
  },
  {
    path: "maglev.tableSize",
    source: "pkg/maglev/maglev.go:70",
    broken: (at) => at.isSet("maglev.tableSize") && !MAGLEV_SIZES.includes(at.text("maglev.tableSize")),
    rule: `is not one of ${MAGLEV_SIZES.join(", ")}`,
    remedy: "choose one of them, about a hundred times the backends of the largest Service",
  },
  {
    path: "maglev.hashSeed",
    source: "pkg/maglev/maglev.go:80",
    broken: (at) => at.isSet("maglev.hashSeed") && !isSeed(at.text("maglev.hashSeed")),
    rule: "is not 12 bytes in base64",
    remedy: "make one with: head -c12 /dev/urandom | base64 -w0",
  },
  {
    path: "loadBalancer.mode",
    source: `${REPLACEMENT}:133`,
    broken: (at) => {
      const config = new AgentConfig(at);
      return (
        config.kubeProxyReplacement &&
        config.tunnels &&
        config.loadBalancerMode !== "snat" &&
        (config.tunnelProtocol === "vxlan" || config.dsrDispatch !== "geneve")
      );
    },
    rule: "must be snat with tunnels, unless both tunnelProtocol and loadBalancer.dsrDispatch are geneve",
    remedy: "use snat",
  },
  {
    path: "loadBalancer.dsrDispatch",
    source: `${REPLACEMENT}:151`,
    broken: (at) => {
      const config = new AgentConfig(at);
      return (
        config.kubeProxyReplacement &&
        config.usesDsr &&
        config.dsrDispatch === "geneve" &&
        config.tunnelProtocol !== "geneve"
      );
    },
    rule: "needs tunnelProtocol geneve",
    remedy: "set tunnelProtocol to geneve, or leave it out",
  },
  {
    path: "bpf.lbModeAnnotation",
    source: `${REPLACEMENT}:136`,
    broken: (at) => {
      const config = new AgentConfig(at);
      return (
        config.kubeProxyReplacement &&
        config.tunnels &&
        config.tunnelProtocol === "vxlan" &&
        at.isOn("bpf.lbModeAnnotation") &&
        config.dsrDispatch !== "ipip"
      );
    },
    rule: "needs loadBalancer.dsrDispatch ipip with VXLAN tunnels",
    remedy: "leave it out",
  },
  {
    path: "loadBalancer.acceleration",
    source: `${REPLACEMENT}:128`,
    broken: (at) => {
      const config = new AgentConfig(at);
      return (
        config.kubeProxyReplacement &&
        config.tunnels &&
        config.underlay === "ipv6" &&
        !["", "disabled"].includes(at.text("loadBalancer.acceleration"))
      );
    },
    rule: "cannot be used with tunnels over IPv6",
    remedy: "leave it out",
  },
  {
    path: "defaultLBServiceIPAM",
    source: "pkg/lbipamconfig/cell.go:37",
    broken: (at) => !["lbipam", "nodeipam", "none"].includes(at.text("defaultLBServiceIPAM")),
    rule: "is not one of lbipam, nodeipam, none",
    remedy: "choose one of them",
  },
];

/** First and last port as the agent reads them. */
function nodePorts(items: readonly string[]): [number, number] | undefined {
  const [first, last, ...rest] = items.map((item) => (/^\d{1,5}$/.test(item) ? Number(item) : Number.NaN));
  if (first === undefined || last === undefined || rest.length > 0) return undefined;
  return last > first && last < 65536 ? [first, last] : undefined;
}

function isSeed(text: string): boolean {
  return /^[A-Za-z0-9+/]{16}$/.test(text);
}
