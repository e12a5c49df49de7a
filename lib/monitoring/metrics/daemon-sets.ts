import type { DataplaneTelemetry, WatchedDaemonSet } from "../../dataplane/telemetry";

/**
 * How monitoring can see whether DaemonSets are ready that serve no metrics themselves.
 *
 * - `pods`: each pod, by the label `ready` that Prometheus' own discovery of pods gives the series `up`. Knows the node.
 * - `counts`: numbers of nodes by DaemonSet, as kube-state-metrics counts them: GKE's package `DAEMONSET`.
 */
export type DaemonSetSight = "pods" | "counts";

/** Label of `up` that says whether a pod of such a DaemonSet is ready: `true`, `false` or `unknown`. */
export const READY_LABEL = "ready";

/** Series of GKE's package `DAEMONSET` that are read here. */
export const DAEMON_SET_COUNTS = [
  "kube_daemonset_status_desired_number_scheduled",
  "kube_daemonset_status_number_ready",
] as const;

/** A dataplane's telemetry as a kind of monitoring sees it. */
export function seenBy(telemetry: DataplaneTelemetry, ...sight: readonly DaemonSetSight[]): DataplaneTelemetry {
  return (telemetry.daemonSets ?? []).length === 0 ? telemetry : { ...telemetry, daemonSetSight: sight };
}

/** Whether a DaemonSet of this name is part of the dataplane, and seen in this way. */
export function sees(telemetry: DataplaneTelemetry, name: string, sight: DaemonSetSight): boolean {
  const has = (telemetry.daemonSets ?? []).some((each: WatchedDaemonSet) => each.name === name);
  return has && (telemetry.daemonSetSight ?? []).includes(sight);
}
