import { CiliumVersion, type HelmValue } from "../../../../lib/cilium";
import { UPSTREAM_RULES, ValueReader } from "../../../../lib/cilium/rules";
import { agentFlagOf, agentFlags, ChartKeys } from "../../../../lib/facts/cilium";

/** One value of the chart. */
export type Setting = readonly [path: string, value: HelmValue];

/**
 * What is not tried, and why: other clouds, what is no agent, where the API server or an etcd is, and what the judge's own
 * node is made with.
 */
const NOT_TRIED: readonly RegExp[] = [
  /^(eni|azure|alibabacloud|gke)\./,
  /^(operator|hubble\.(relay|ui|tls)|clustermesh\.(apiserver|config)|authentication|prometheus|extraEnv)/,
  /^(k8s\.|k8sServiceHost|kubeConfigPath|healthPort|k8sClientExponentialBackoff|keepDeprecatedLabels)/,
  /^(cgroup|bpf\.root|cni\.(customConf|readCniConf|uninstall|logFile)|hubble\.socketPath)/,
  /StateDir|stateDir|[sS]ocketPath|toJson|toRawJson|default\.Values/,
];

/** Texts and lists that are tried: what the agent knows, and something that it does not. */
const WORDS: Readonly<Record<string, readonly HelmValue[]>> = {
  "bgpControlPlane.routerIDAllocation.mode": ["default", "ip-pool", "other"],
  "bpf.datapathMode": ["veth", "netkit", "netkit-l2", "auto", "other"],
  "bpf.monitorAggregation": ["none", "low", "maximum", "other"],
  "bpf.monitorFlags": ["all", "syn,fin", "syn,other"],
  "bpf.vlanBypass": [[0], [7, 8], ["other"]],
  "bpf.mapDynamicSizeRatio": [0, 0.001, 0.0025, 1.5, -0.1],
  "cluster.name": ["default", "other", "two", "Not_Taken"],
  "cni.chainingTarget": ["k8s-pod-network"],
  "debug.verbose": ["flow", "datapath", "other"],
  "dnsProxy.dnsRejectResponseCode": ["refused", "nameError", "other"],
  "encryption.strictMode.egress.cidr": ["10.4.0.0/14", "other"],
  "encryption.type": ["ipsec", "wireguard", "ztunnel", "other"],
  "encryption.ztunnel.ca.type": ["internal", "spire", "other"],
  "envoy.log.defaultLevel": ["info", "debug", "other"],
  "envoy.xdsMode": ["split", "ads", "other"],
  identityAllocationMode: ["crd", "kvstore", "doublewrite-readcrd", "other"],
  identityManagementMode: ["agent", "operator", "both", "other"],
  "ipam.mode": ["kubernetes", "cluster-pool", "multi-pool", "delegated-plugin", "other"],
  "ipMasqAgent.config.nonMasqueradeCIDRs": [["10.0.0.0/8"], ["other"]],
  ipv4NativeRoutingCIDR: ["10.0.0.0/8", "10.16.0.0/12"],
  ipv6NativeRoutingCIDR: ["fd00::/104", "10.0.0.0/8", "other"],
  "l2podAnnouncements.interfacePattern": ["", "eth0", "("],
  labels: ["k8s:app", "!reserved:.*", "("],
  "loadBalancer.acceleration": ["disabled", "best-effort", "native", "other"],
  "loadBalancer.algorithm": ["random", "maglev", "other"],
  "loadBalancer.dsrDispatch": ["opt", "ipip", "geneve", "other"],
  "loadBalancer.l7.algorithm": ["round_robin", "other"],
  "loadBalancer.mode": ["snat", "dsr", "hybrid", "other"],
  "loadBalancer.reflectorWaitTime": ["1s", "0s", "-1s"],
  "maglev.hashSeed": ["JLfvgnHc2kaSUFaI", "other"],
  "nodePort.addresses": [["10.0.0.0/8"], ["other"]],
  "nodePort.range": ["30000,32767", "30000,40000", "61000,62000", "32767,30000", "other"],
  "pmtuDiscovery.packetizationLayerPMTUDMode": ["always", "disabled", "other"],
  policyCIDRMatchMode: [["nodes"], ["pods"], ["nodes", "pods"], ["other"]],
  policyDenyResponse: ["icmp", "none", "other"],
  policyEnforcementMode: ["default", "always", "never", "other"],
  routingMode: ["native", "tunnel", "other"],
  serviceNoBackendResponse: ["reject", "drop", "other"],
  tunnelProtocol: ["vxlan", "geneve", "other"],
  tunnelSourcePortRange: ["0-0", "32768-60999", "other"],
  underlayProtocol: ["ipv4", "ipv6", "auto", "other"],
};

const WHOLE = [0, 1, 2, 251, 1024, 16384, 65535, 2 ** 18, 2 ** 20, -1];
/** Tables are made at the start: what is accepted has to fit into the machine beside everything else. */
const TABLE_SIZES = [0, 1, 2, 1024, 16384, 65535, 2 ** 17, 2 ** 24 + 1, -1];
const DURATIONS = ["1s", "30s", "5m", "0s", "-5s", "soon"];

/** What is tried at a path of values; nothing where only a person knows what belongs there. */
export function candidatesAt(path: string): readonly HelmValue[] {
  const words = WORDS[path];
  if (words) return words;
  const kinds = new Set((ChartKeys.of("1.20").typesAt(path) ?? []).map(({ kind }) => kind));
  const type = agentFlagOf(path)?.type ?? "";
  if (kinds.has("boolean") || type === "bool") return [true, false];
  if (/^bpf\.(ct|nat|auth)\w*Max$/.test(path)) return TABLE_SIZES;
  if (/^bpf\.\w+Max$/.test(path)) return TABLE_SIZES.filter((size) => size <= 2 ** 17);
  if (kinds.has("integer") || /int/.test(type)) return WHOLE;
  if (type === "float") return [0, 0.5, 1, 2, -1];
  return type === "duration" ? DURATIONS : [];
}

/** Reads values and keeps what it was asked for. */
class Listener extends ValueReader {
  public readonly heard = new Set<string>();

  public override at(path: string): HelmValue | undefined {
    this.heard.add(path);
    return super.at(path);
  }

  public override isWritten(path: string): boolean {
    this.heard.add(path);
    return super.isWritten(path);
  }
}

/** Paths that rules look at, of values in which nothing is written. */
function ruledPaths(): string[] {
  const listener = new Listener({}, CiliumVersion.DEFAULT);
  for (const rule of UPSTREAM_RULES) {
    listener.heard.add(rule.path);
    rule.broken(listener);
  }
  return [...listener.heard];
}

function tried(paths: readonly string[]): string[] {
  const unique = [...new Set(paths)].sort();
  return unique.filter((path) => !NOT_TRIED.some((not) => not.test(path)) && candidatesAt(path).length > 0);
}

/** Paths that rules look at: combinations of these decide whether the agent starts. */
export const RULED_PATHS: readonly string[] = tried(ruledPaths());

/** Every path that becomes a flag of the agent, and those that rules look at. */
export const AGENT_PATHS: readonly string[] = tried([
  ...agentFlags().flatMap(({ path }) => (path === undefined ? [] : [path])),
  ...RULED_PATHS,
]);
