/** A taint of every node of a pool, in the words of the GKE API (Kubernetes writes `NoSchedule` for `NO_SCHEDULE`). */
export interface NodeTaint {
  /** A label key with an optional prefix: `example.com/dedicated`. */
  readonly key: string;

  /** A label value. May be empty. */
  readonly value: string;

  /** What happens to pods that do not tolerate it. `NO_EXECUTE` also evicts those that already run. */
  readonly effect: "NO_SCHEDULE" | "PREFER_NO_SCHEDULE" | "NO_EXECUTE";
}

/**
 * Label of nodes that wait for another kind of dataplane than the one their cluster runs, with that kind as its value:
 * nothing of the present one may touch them.
 */
export const WAITING_LABEL = "cdktf-gke-cilium/waits-for";
