import type { Problem } from "../../validation";
import type { CiliumValues } from "../cilium-values";

const DEFAULT_REPLICAS = 2;
const DEFAULT_WATCH_INTERVAL_SECONDS = 15;

/**
 * Matches every pod, in a form the chart renders: an empty selector becomes null
 * (https://github.com/cilium/cilium/pull/47952).
 */
const EVERY_POD = "cilium.io/restart-unmanaged notin (false)";

export interface OperatorOptions {
  /**
   * Number of operator pods. Each needs a node of its own; the spare one takes over in seconds.
   *
   * @default 2
   */
  readonly operatorReplicas?: number;
}

/** Values for the operator. */
export function operatorValues(options: OperatorOptions = {}): CiliumValues {
  return { operator: { replicas: options.operatorReplicas ?? DEFAULT_REPLICAS } };
}

/**
 * What is wrong with the options.
 *
 * @param cluster.minimumNodes Nodes that the cluster always has.
 */
export function operatorProblems(options: OperatorOptions, cluster: { readonly minimumNodes: number }): Problem[] {
  const replicas = options.operatorReplicas ?? DEFAULT_REPLICAS;
  if (!Number.isInteger(replicas) || replicas < 1)
    return [
      {
        property: "operatorReplicas",
        value: replicas,
        rule: "is not a number of pods",
        remedy: "use 2, or 1 for a cluster of one node",
      },
    ];
  if (replicas > cluster.minimumNodes)
    return [
      {
        property: "operatorReplicas",
        value: replicas,
        rule: `exceeds the ${cluster.minimumNodes} node(s) the cluster always has; two operators never share a node, so the release would wait in vain`,
        remedy: "set operatorReplicas to 1 or raise the minimum of the node pools",
      },
    ];
  return [];
}

export interface UnmanagedPodsOptions {
  /**
   * Which pods the operator restarts when Cilium does not manage them, as a label selector in kubectl's syntax. It
   * deletes one pod at a time and does not ask disruption budgets. Cilium 1.18 only knows `k8s-app=kube-dns`.
   *
   * @default - every pod but those labelled cilium.io/restart-unmanaged=false
   */
  readonly unmanagedPodSelector?: string;

  /**
   * Seconds between two looks at the pods.
   *
   * @default 15
   */
  readonly unmanagedPodIntervalSeconds?: number;
}

/**
 * Restart pods that a rebooted node started before Cilium was back: they run on GKE's own CNI, where no policy holds.
 * For clusters whose only CNI is Cilium.
 */
export function unmanagedPodsValues(options: UnmanagedPodsOptions = {}): CiliumValues {
  return {
    operator: {
      unmanagedPodWatcher: {
        restart: true,
        intervalSeconds: options.unmanagedPodIntervalSeconds ?? DEFAULT_WATCH_INTERVAL_SECONDS,
        selector: options.unmanagedPodSelector ?? EVERY_POD,
      },
    },
  };
}
