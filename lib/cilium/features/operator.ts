import type { Problem } from "../../validation";
import type { CiliumValues } from "../cilium-values";

const DEFAULT_REPLICAS = 2;

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
