/** A taint of every node of a pool, in the words of the GKE API (Kubernetes writes `NoSchedule` for `NO_SCHEDULE`). */
export interface NodeTaint {
  /** A label key with an optional prefix: `example.com/dedicated`. */
  readonly key: string;

  /** A label value. May be empty. */
  readonly value: string;

  /** What happens to pods that do not tolerate it. `NO_EXECUTE` also evicts those that already run. */
  readonly effect: "NO_SCHEDULE" | "PREFER_NO_SCHEDULE" | "NO_EXECUTE";
}
