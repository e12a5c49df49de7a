import type { AlertRule } from "../rule";

/** Google's managed Cilium tells only about flows. */
export const DATAPLANE_V2_RULES = [
  {
    name: "DataplaneV2MetricsMissing",
    severity: "warning",
    minutes: 15,
    summary: "Dataplane V2 reports no flows.",
    description: "Metrics were switched off, are no longer collected, or the dataplane does not work.",
    expression: (select) => `absent(${select("pod_flow_ingress_flows_count")})`,
  },
  {
    name: "DataplaneV2DroppedFlowsHigh",
    severity: "warning",
    minutes: 10,
    summary: "Much traffic to pods is dropped.",
    description: "A policy that is too tight hits many workloads, or packets are dropped for other reasons.",
    threshold: { default: 0.1, min: 0, max: 1, meaning: "share of all flows to pods", format: "ratio" },
    expression: (select, limit) =>
      `sum(rate(${select("pod_flow_ingress_flows_count", 'verdict="DROPPED"')}[5m])) / sum(rate(${select("pod_flow_ingress_flows_count")}[5m])) > ${limit}`,
  },
  {
    name: "DataplaneV2PolicyDeniedSpike",
    severity: "info",
    minutes: 10,
    summary: "Much traffic to {{ $labels.namespace_name }}/{{ $labels.workload_name }} is dropped.",
    description: "A new policy that is too tight, a client that has lost its labels, or somebody who is scanning.",
    threshold: { default: 1, min: 0, meaning: "flows per second", format: "rate" },
    expression: (select, limit) =>
      `sum by (namespace_name, workload_name) (rate(${select("pod_flow_ingress_flows_count", 'verdict="DROPPED"')}[5m])) > ${limit}`,
  },
] as const satisfies readonly AlertRule[];
