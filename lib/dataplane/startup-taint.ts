import type { NodeTaint } from "../gke";
import { type CheckTable, oneOf, textJudgedBy } from "../validation";

/**
 * Key of the startup taint where Cilium is the only CNI. The cluster autoscaler ignores taints with this prefix when it simulates a new node;
 * with Cilium's own default key a pool at zero nodes never scales up.
 *
 * @see https://github.com/cilium/cilium/issues/19241
 */
export const DEFAULT_STARTUP_TAINT_KEY = "ignore-taint.cluster-autoscaler.kubernetes.io/cilium-agent-not-ready";

/** Key of the startup taint where Cilium is chained: nodes that wait for one kind must not be opened by the other. */
export const CHAINED_STARTUP_TAINT_KEY = "ignore-taint.cluster-autoscaler.kubernetes.io/cilium-chained-agent-not-ready";

/** Prefixes that the cluster autoscaler leaves out of its simulation. */
const IGNORED_BY_AUTOSCALER = [
  "ignore-taint.cluster-autoscaler.kubernetes.io/",
  "startup-taint.cluster-autoscaler.kubernetes.io/",
];

/** The taint that keeps pods off a node until its Cilium agent is ready. */
export interface StartupTaintOptions {
  /**
   * The same key is given to every node pool and to Cilium, which lifts it. It must begin with
   * `ignore-taint.cluster-autoscaler.kubernetes.io/` or `startup-taint.cluster-autoscaler.kubernetes.io/`.
   * Another key or effect gives every pool a successor, as GKE would put it on live nodes at once.
   *
   * @default - "ignore-taint.cluster-autoscaler.kubernetes.io/cilium-agent-not-ready"; in chaining
   *   "ignore-taint.cluster-autoscaler.kubernetes.io/cilium-chained-agent-not-ready"
   */
  readonly startupTaintKey?: string;

  /**
   * Both keep pods off a new node until its agent is ready. `NO_EXECUTE`, which Cilium's documentation asks for, also
   * keeps off those that tolerate `NO_SCHEDULE`, and evicts what runs where the taint comes later: GKE applies a change
   * of it to existing nodes at once, and asks no disruption budget. Neither covers a reboot: the node object stays, and its
   * taint is not put back (kubernetes/kubernetes#64650, cilium/cilium#18486); `nodeInit` does.
   *
   * @default "NO_EXECUTE"
   * @see https://docs.cilium.io/en/stable/installation/taints/
   */
  readonly startupTaintEffect?: "NO_EXECUTE" | "NO_SCHEDULE";
}

const EFFECTS = ["NO_EXECUTE", "NO_SCHEDULE"] as const;

/** What the options must look like. */
export const STARTUP_TAINT_OPTIONS: CheckTable<StartupTaintOptions> = {
  startupTaintKey: textJudgedBy(
    (key, property) =>
      IGNORED_BY_AUTOSCALER.some((prefix) => key.startsWith(prefix) && key.length > prefix.length)
        ? []
        : [
            {
              property,
              value: key,
              rule: "is not ignored by the cluster autoscaler, so a node pool could never scale up from zero",
              remedy: `begin it with ${IGNORED_BY_AUTOSCALER.join(" or ")}`,
            },
          ],
    `begin it with ${IGNORED_BY_AUTOSCALER.join(" or ")}`,
  ),
  startupTaintEffect: oneOf(EFFECTS),
};

/** The taint as node pools carry it. */
export function startupTaint(options: StartupTaintOptions, defaultKey = DEFAULT_STARTUP_TAINT_KEY): NodeTaint {
  return {
    key: options.startupTaintKey ?? defaultKey,
    value: "true",
    effect: options.startupTaintEffect ?? "NO_EXECUTE",
  };
}
