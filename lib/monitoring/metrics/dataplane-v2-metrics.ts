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

/** A relabelling rule, spelled the same by the prometheus-operator and by Managed Service for Prometheus. */
export interface Relabeling {
  readonly [field: string]: string | readonly string[] | undefined;
  readonly sourceLabels?: readonly string[];
  readonly targetLabel?: string;
  readonly regex?: string;
  readonly replacement?: string;
  readonly action?: string;
}

/** `namespace/pod` as `source` and `destination` have it. */
const POD = "([a-zA-Z0-9.-]+)/([a-zA-Z0-9.-]+)";

/**
 * Keeps the two flow metrics and derives labels from their ends in the way GKE's own collection does, so that the same
 * queries work on both: the pod that the flow is about, its workload, and the other end.
 */
export function dataplaneV2Relabelings(): Relabeling[] {
  const near = { ingress: "destination", egress: "source" } as const;
  const far = { ingress: "source", egress: "destination" } as const;
  const derive = (end: Record<"ingress" | "egress", string>, pattern: string, group: number, targetLabel: string) =>
    (["ingress", "egress"] as const).map(
      (direction): Relabeling => ({
        sourceLabels: ["__name__", end[direction]],
        regex: `pod_flow_${direction}_flows_count;${pattern}`,
        replacement: `\${${group}}`,
        targetLabel,
      }),
    );
  return [
    { sourceLabels: ["__name__"], regex: Object.keys(DATAPLANE_V2_METRICS).join("|"), action: "keep" },
    ...derive(near, POD, 2, "pod_name"),
    // Pods of a Deployment carry two generated parts at the end of their names, those of a DaemonSet one.
    { sourceLabels: ["pod_name"], regex: "([a-zA-Z0-9.-]+)((-[a-zA-Z0-9.]+){2})", targetLabel: "workload_name" },
    { sourceLabels: ["pod_name"], regex: "([a-zA-Z0-9.]+)((-[a-zA-Z0-9.]+){1})", targetLabel: "workload_name" },
    ...derive(near, POD, 1, "namespace_name"),
    ...derive(far, POD, 2, "remote_workload"),
    ...derive(far, POD, 1, "remote_namespace"),
    { replacement: "pod", targetLabel: "remote_class" },
    ...derive(far, "reserved:([^/]*)", 1, "remote_class"),
  ];
}
