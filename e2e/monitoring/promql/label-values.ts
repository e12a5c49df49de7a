import type { Matcher, Selector } from "./syntax";

/** Values that a label of a metric can have: a list, or a pattern where there are too many to list. */
export type LabelValues = readonly string[] | RegExp;

const OUTCOME = ["success", "fail"];
const GC_STATUS = ["alive", "deleted"];
// IPv6 is not listed: the clusters of this library are IPv4 clusters.
const FAMILY = ["ipv4", "IPv4"];
const DROP_REASONS = [
  "Policy denied",
  "Policy denied by denylist",
  "Authentication required",
  "CT: Map insertion failed",
  "No mapping for NAT masquerade",
  "Unsupported L2 protocol",
  "Unsupported L3 protocol",
  "Unsupported protocol for NAT masquerade",
  "VLAN traffic disallowed by VLAN filter",
];

/**
 * Values of labels as Cilium 1.20's source sets them, for every label that a query of ours or of Cilium's dashboards
 * compares with a text. Keys are `<metric>.<label>` or `*.<label>`. Sources: pkg/metrics/metrics.go,
 * pkg/monitor/api/drop.go, pkg/maps/{ctmap,metricsmap}, pkg/endpoint/{endpoint,metrics}.go, pkg/hubble/metrics,
 * pkg/rate/api_limiter.go, pkg/k8s (`WithMetric`, `MetricScope`), pkg/metrics/logging_hook.go.
 */
export const LABEL_VALUES: Readonly<Record<string, LabelValues>> = {
  "*.job": [
    "cilium-agent",
    "cilium-operator",
    "cilium-envoy",
    "hubble",
    "hubble-relay",
    "dataplane-v2",
    "kube-proxy-disabler",
  ],
  "*.daemonset": ["kube-proxy-disabler", "kube-proxy-restorer"],
  // Prometheus' discovery of pods, in lower case (discovery/kubernetes/pod.go).
  "up.ready": ["true", "false", "unknown"],
  "*.k8s_app": ["cilium"],
  "*.family": FAMILY,
  "cilium_api_limiter_processed_requests_total.api_call": /^endpoint-(create|delete|get|list|patch)$/,
  "cilium_api_limiter_processed_requests_total.return_code": /^[2-5]\d\d$/,
  "cilium_bpf_map_ops_total.outcome": OUTCOME,
  "cilium_datapath_conntrack_gc_entries.protocol": ["TCP", "non-TCP"],
  "cilium_datapath_conntrack_gc_entries.status": GC_STATUS,
  "cilium_datapath_conntrack_gc_runs_total.status": ["completed", "uncompleted"],
  "cilium_drop_bytes_total.direction": ["INGRESS", "EGRESS", "SERVICE", "UNKNOWN"],
  "cilium_drop_count_total.direction": ["INGRESS", "EGRESS", "SERVICE", "UNKNOWN"],
  "cilium_drop_count_total.reason": DROP_REASONS,
  "cilium_endpoint_regeneration_time_stats_seconds_bucket.scope":
    /^(waitingForLock|waitingForCTClean|policyCalculation|proxyConfiguration|waitForPolicyCompute|endpointPolicyCalculation|proxyPolicyCalculation|proxyWaitForAck|mapSync|prepareBuild|total|buildPermitAcquisition|bpf\w+)$/,
  "cilium_endpoint_regeneration_time_stats_seconds_bucket.status": ["success", "failure"],
  "cilium_endpoint_regenerations_total.outcome": OUTCOME,
  // `invalid` and `disconnected` are never counted: the endpoint is gone by then.
  "cilium_endpoint_state.endpoint_state": [
    "ready",
    "waiting-for-identity",
    "waiting-to-regenerate",
    "regenerating",
    "restoring",
    "disconnecting",
  ],
  "cilium_errors_warnings_total.level": ["ERROR", "WARN"],
  "cilium_identity.type": ["cluster_local", "node_local", "reserved", "remote_node", "well_known"],
  "cilium_k8s_client_api_calls_total.return_code": /^([1-5]\d\d|<error>)$/,
  "cilium_kubernetes_events_received_total.equal": ["false"],
  "cilium_kubernetes_events_received_total.valid": ["true"],
  // Those that are watched through a resource; tables of the state database count received events only.
  "cilium_kubernetes_events_total.scope": [
    "CiliumCIDRGroup",
    "CiliumClusterwideNetworkPolicy",
    "CiliumEndpoint",
    "CiliumIdentityList",
    "CiliumNetworkPolicy",
    "CiliumNode",
    "NetworkPolicy",
    "Node",
  ],
  "cilium_policy_change_total.outcome": OUTCOME,
  "cilium_policy_l7_total.rule": ["received", "forwarded", "denied", "parse_errors"],
  "cilium_proxy_upstream_reply_seconds_bucket.protocol_l7": ["dns"],
  "cilium_proxy_upstream_reply_seconds_bucket.scope":
    /^(totalTime|upstreamTime|processingTime|semaphoreTime|policyCheckTime|policyGenerationTime|dataplaneTime|qnameLockTime|updateEpCacheTime|updateNmCacheTime)$/,
  "hubble_dns_responses_total.rcode": ["No Error", "Non-Existent Domain", "Server Failure", "Query Refused"],
  "hubble_drop_total.reason": ["POLICY_DENIED", "POLICY_DENY"],
  "hubble_flows_processed_total.type": ["L7", "Drop", "Trace", "Capture", "PolicyVerdict"],
  "hubble_http_request_duration_seconds_bucket.reporter": ["client", "server", "unknown"],
  "hubble_http_requests_total.reporter": ["client", "server", "unknown"],
  "hubble_http_requests_total.status": /^[1-5]\d\d$/,
  "hubble_icmp_total.type": ["EchoRequest", "EchoReply"],
  "hubble_port_distribution_total.port": /^\d+$/,
  "hubble_tcp_flags_total.flag": ["SYN", "SYN-ACK", "FIN", "RST"],
  "pod_flow_ingress_flows_count.verdict": ["FORWARDED", "DROPPED", "ERROR", "AUDIT"],
  "pod_flow_egress_flows_count.verdict": ["FORWARDED", "DROPPED", "ERROR", "AUDIT"],
};

/** Whether a matcher's value is chosen by the reader of a dashboard. */
function isVariable({ value }: Matcher): boolean {
  return value.includes("$");
}

/**
 * Why a selector can never select anything, or `undefined`.
 *
 * @throws Error for a label whose values nobody has looked up yet: add them to the table, with the source.
 */
export function valueFault({ series, matchers }: Selector): string | undefined {
  for (const matcher of matchers) {
    if (isVariable(matcher) || matcher.label === "cluster" || matcher.label === "location") continue;
    const values = LABEL_VALUES[`${series}.${matcher.label}`] ?? LABEL_VALUES[`*.${matcher.label}`];
    if (values === undefined) throw new Error(`values of ${series}.${matcher.label} are unknown`);
    if (!canMatch(matcher, values)) return `${series}.${matcher.label} is never ${matcher.operator} "${matcher.value}"`;
  }
  return undefined;
}

function canMatch({ operator, value }: Matcher, values: LabelValues): boolean {
  // What must not be may as well never be; that it could be is what makes the condition mean something.
  const expected = operator === "=" || operator === "!=" ? [value] : alternatives(value);
  if (values instanceof RegExp) return expected === undefined || expected.some((text) => values.test(text));
  if (expected !== undefined) return expected.some((text) => values.includes(text));
  const pattern = new RegExp(`^(?:${value})$`);
  return values.some((known) => pattern.test(known));
}

/** The texts that a pattern made of plain alternatives matches; `undefined` for any other pattern. */
function alternatives(pattern: string): string[] | undefined {
  const parts = pattern.split("|");
  return parts.every((part) => /^[\w :<>/-]+$/.test(part)) ? parts : undefined;
}
