/**
 * Metrics by the names that write-ups and dashboards of before have, and by today's: Cilium's upgrade notes
 * (Documentation/operations/upgrade.rst of 1.17 to 1.19).
 */
export const RENAMED_METRICS: Readonly<Record<string, string>> = {
  cilium_node_connectivity_latency_seconds: "cilium_node_health_connectivity_latency_seconds",
  cilium_node_connectivity_status: "cilium_node_health_connectivity_status",
  cilium_policy_import_errors_total: "cilium_policy_change_total",
  hubble_http_responses_total: "hubble_http_requests_total",
};
