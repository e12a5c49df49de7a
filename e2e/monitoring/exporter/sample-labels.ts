import { LABEL_VALUES } from "../promql/label-values";

/** Values for labels whose values are a matter of what runs in a cluster, or too many to list. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  "*.action": ["update", "delete"],
  "*.api_call": ["endpoint-create", "endpoint-delete"],
  "*.destination": ["cart", "payment"],
  "*.destination_namespace": ["shop"],
  "*.destination_workload": ["cart", "payment"],
  "*.direction": ["INGRESS", "EGRESS"],
  "*.enforcement": ["none", "ingress", "both"],
  "*.ips_returned": ["1"],
  "*.map_name": ["ct4_global", "lb4_services_v2", "policy_v3_*"],
  "*.match": ["l3-l4"],
  "*.method": ["GET", "PUT"],
  "*.outcome": ["success", "fail"],
  "*.path": ["/v1/endpoint"],
  "*.port": ["443", "8080"],
  "*.protocol": ["TCP", "UDP"],
  "*.protocol_l7": ["dns"],
  "*.qtypes": ["A"],
  "*.query": ["cart.shop.svc.cluster.local."],
  "*.reason": ["POLICY_DENIED", "UNSUPPORTED_L3_PROTOCOL"],
  "*.return_code": ["200", "404", "503"],
  "*.source": ["frontend"],
  "*.source_namespace": ["shop"],
  "*.source_workload": ["frontend"],
  "*.status": ["success", "failure"],
  "*.subsystem": ["daemon"],
  "*.traffic_direction": ["ingress", "egress"],
  "*.verdict": ["FORWARDED", "DROPPED"],
  "cilium_api_limiter_processed_requests_total.return_code": ["200"],
  "cilium_drop_bytes_total.reason": ["Policy denied", "Stale or unroutable IP"],
  "cilium_drop_count_total.reason": ["Policy denied", "Stale or unroutable IP", "Unsupported L3 protocol"],
  "cilium_endpoint_regeneration_time_stats_seconds.scope": [
    "total",
    "mapSync",
    "policyCalculation",
    "endpointPolicyCalculation",
    "proxyConfiguration",
  ],
  "cilium_nat_endpoint_max_connection.family": ["ipv4"],
  "cilium_node_health_connectivity_latency_seconds.address_type": ["primary"],
  "cilium_node_health_connectivity_latency_seconds.protocol": ["http", "icmp"],
  "cilium_node_health_connectivity_latency_seconds.type": ["node", "endpoint"],
  "cilium_node_health_connectivity_status.status": ["reachable", "unreachable"],
  "cilium_node_health_connectivity_status.type": ["node", "endpoint"],
  "cilium_proxy_upstream_reply_seconds.scope": ["totalTime", "upstreamTime"],
  "hubble_flows_processed_total.subtype": ["to-endpoint", "to-network"],
  "hubble_flows_processed_total.verdict": ["FORWARDED", "DROPPED"],
  "hubble_http_requests_total.status": ["200", "404", "503"],
  // Answers go to whoever asked, so somebody must be at both ends.
  "hubble_dns_queries_total.source": ["frontend", "cart"],
  "hubble_icmp_total.source": ["frontend", "cart"],
  "hubble_lost_events_total.source": ["perf_event_ring_buffer", "observer_events_queue"],
  "hubble_policy_verdicts_total.action": ["forwarded", "dropped"],
  "hubble_policy_verdicts_total.direction": ["ingress", "egress"],
  "hubble_tcp_flags_total.source": ["frontend", "cart"],
  "pod_flow_egress_flows_count.verdict": ["FORWARDED", "DROPPED"],
  "pod_flow_ingress_flows_count.verdict": ["FORWARDED", "DROPPED"],
  "hubble_relay_pool_peer_connection_status.status": ["READY"],
};

/** A few values that a label of a metric has in a cluster that is well. */
export function sampleValues(metric: string, label: string): readonly string[] {
  const example = EXAMPLES[`${metric}.${label}`];
  if (example) return example;
  const known = LABEL_VALUES[`${metric}.${label}`] ?? LABEL_VALUES[`${metric}_bucket.${label}`];
  if (known && !(known instanceof RegExp)) return known;
  const general = EXAMPLES[`*.${label}`] ?? LABEL_VALUES[`*.${label}`];
  return general && !(general instanceof RegExp) ? general : [`a-${label.replaceAll("_", "-")}`];
}

/** Every combination of some values of some labels. */
export function sampleLabelSets(metric: string, labels: readonly string[]): Record<string, string>[] {
  return labels.reduce<Record<string, string>[]>(
    (sets, label) => sets.flatMap((set) => sampleValues(metric, label).map((value) => ({ ...set, [label]: value }))),
    [{}],
  );
}
