/** Who serves a series: the place of its node among the nodes, and how many there are. */
export interface Server {
  readonly node: number;
  readonly nodes: number;
}

/** What happens in the simulated cluster besides everyday life. Times in seconds of the clock of the samples. */
export interface Incident {
  /** Node whose network breaks. */
  readonly node: number;
  readonly from: number;
  readonly until: number;
}

export type Labels = Readonly<Record<string, string>>;

/** Value of a gauge at a time, or rate of a counter. */
export type Signal = (labels: Labels, server: Server, time: number, incident: boolean) => number;

/** Up and down over some minutes, differently for each node, between 0 and 1. */
function wave(server: Server, time: number, minutes: number): number {
  return 0.5 + 0.5 * Math.sin((time / 60 / minutes) * 2 * Math.PI + server.node * 1.7);
}

const constant =
  (value: number): Signal =>
  () =>
    value;
/** Failures are rare: a trickle, and plenty while the incident lasts. */
const failures =
  (normal: number, during: number): Signal =>
  (_, __, ___, incident) =>
    incident ? during : normal;
const byOutcome =
  (rate: number): Signal =>
  ({ outcome = "", status = "" }) =>
    outcome === "fail" || status === "failure" ? 0 : rate;

/** Gauges of a cluster that is well. Those that are not listed are small constants. */
export const GAUGES: Readonly<Record<string, Signal>> = {
  cilium_bpf_map_pressure: ({ map_name = "" }, server, time) =>
    ({ ct4_global: 0.35, lb4_services_v2: 0.12 })[map_name] !== undefined
      ? { ct4_global: 0.35, lb4_services_v2: 0.12 }[map_name]! * (0.8 + 0.4 * wave(server, time, 50))
      : 0.06,
  cilium_controllers_failing: failures(0, 2),
  cilium_datapath_conntrack_gc_entries: ({ status = "", protocol = "" }, server, time) =>
    (protocol === "TCP" ? 42_000 : 9_000) * (status === "alive" ? 1 : 0.2) * (0.8 + 0.4 * wave(server, time, 50)),
  cilium_drift_checker_config_delta: constant(0),
  cilium_endpoint: (_, server) => 32 + server.node,
  cilium_endpoint_state: ({ endpoint_state = "" }, server, _, incident) => {
    if (endpoint_state === "ready") return incident ? 24 : 32 + server.node;
    return endpoint_state === "waiting-for-identity" && incident ? 8 : 0;
  },
  cilium_identity: ({ type = "" }) => ({ cluster_local: 412, reserved: 11, node_local: 38 })[type] ?? 4,
  cilium_nat_endpoint_max_connection: (_, server, time) => 0.18 * (0.6 + 0.8 * wave(server, time, 35)),
  cilium_nodes_all_num: (_, { nodes }) => nodes,
  cilium_operator_unmanaged_pods: constant(0),
  cilium_policy: constant(37),
  cilium_policy_endpoint_enforcement_status: ({ enforcement = "" }) =>
    ({ none: 6, ingress: 18, both: 9 })[enforcement] ?? 0,
  cilium_process_resident_memory_bytes: (_, server, time) =>
    340e6 + 20e6 * server.node + 30e6 * wave(server, time, 120),
  cilium_process_start_time_seconds: constant(1_000_000),
  cilium_unreachable_health_endpoints: failures(0, 2),
  cilium_unreachable_nodes: failures(0, 2),
};

/** Rates of counters of a cluster that is well, per second. Those that are not listed grow slowly. */
export const RATES: Readonly<Record<string, Signal>> = {
  cilium_api_limiter_processed_requests_total: ({ return_code = "" }) => (return_code === "200" ? 0.3 : 0),
  cilium_bpf_map_ops_total: byOutcome(3),
  cilium_datapath_conntrack_gc_runs_total: ({ status = "" }) => (status === "completed" ? 0.01 : 0),
  cilium_drop_bytes_total: (_, server, time) => 300 * (0.5 + wave(server, time, 20)),
  cilium_drop_count_total: ({ reason = "" }, server, time, incident) => {
    if (reason === "Stale or unroutable IP") return incident ? 140 : 0.3;
    return reason === "Policy denied" ? 1.1 * (0.5 + wave(server, time, 25)) : 0.05;
  },
  cilium_endpoint_regenerations_total: byOutcome(0.05),
  cilium_errors_warnings_total: ({ level = "" }) => (level === "ERROR" ? 0.001 : 0.01),
  cilium_forward_bytes_total: ({ direction = "" }, server, time, incident) =>
    (direction === "EGRESS" ? 38e6 : 52e6) * (0.5 + wave(server, time, 90)) * (incident ? 0.3 : 1),
  cilium_forward_count_total: (_, server, time) => 42_000 * (0.5 + wave(server, time, 90)),
  cilium_k8s_client_api_calls_total: ({ return_code = "" }) => ({ "200": 4, "404": 0.05 })[return_code] ?? 0.005,
  cilium_policy_change_total: byOutcome(0.01),
  cilium_process_cpu_seconds_total: (_, server, time) => 0.12 + 0.06 * wave(server, time, 90),
  hubble_dns_responses_total: ({ rcode = "" }, server, time, incident) =>
    ({ "No Error": 60, "Non-Existent Domain": 14, "Server Failure": incident ? 9 : 0.1 })[rcode] ??
    0.02 * (0.5 + wave(server, time, 30)),
  hubble_flows_processed_total: ({ verdict = "" }, server, time) =>
    (verdict === "FORWARDED" ? 240 : 1.2) * (0.5 + wave(server, time, 90)),
  hubble_http_requests_total: ({ status = "" }, server, time, incident) =>
    ({ "200": 90, "404": 2, "503": incident ? 12 : 0.2 })[status]! * (0.5 + wave(server, time, 90)),
  hubble_lost_events_total: failures(0.01, 0.4),
  hubble_policy_verdicts_total: ({ action = "" }, server, time) =>
    (action === "forwarded" ? 45 : 0.6) * (0.5 + wave(server, time, 90)),
  pod_flow_egress_flows_count: ({ verdict = "" }, server, time) =>
    (verdict === "FORWARDED" ? 55 : 0.2) * (0.5 + wave(server, time, 90)),
  pod_flow_ingress_flows_count: ({ verdict = "" }, server, time, incident) =>
    (verdict === "FORWARDED" ? 60 : incident ? 9 : 0.3) * (0.5 + wave(server, time, 90)),
};

/** Average of what a histogram observes, in seconds. */
export const DURATIONS: Readonly<Record<string, number>> = {
  cilium_endpoint_regeneration_time_stats_seconds: 0.09,
  cilium_node_health_connectivity_latency_seconds: 0.0012,
  hubble_http_request_duration_seconds: 0.035,
};
