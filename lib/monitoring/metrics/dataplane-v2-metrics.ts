/** Labels that relabelling derives from `source` and `destination`, in Google's own words. */
export const DATAPLANE_V2_DERIVED_LABELS = [
  "pod_name",
  "workload_name",
  "namespace_name",
  "remote_workload",
  "remote_namespace",
  "remote_class",
] as const;

const FLOW_LABELS = [
  "destination",
  "is_reply",
  "node_name",
  "port",
  "protocol",
  "source",
  "verdict",
  "verdict_reason",
  ...DATAPLANE_V2_DERIVED_LABELS,
];

/**
 * Metrics of Dataplane V2's port `flowmetrics`: counters despite their names. GKE collects exactly these two itself
 * where metrics and Managed Service for Prometheus are both on.
 *
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/about-dpv2-observability
 */
export const DATAPLANE_V2_METRICS = {
  pod_flow_egress_flows_count: { type: "counter", labels: FLOW_LABELS },
  pod_flow_ingress_flows_count: { type: "counter", labels: FLOW_LABELS },
} as const;
