import { type CheckTable, wholeNumber } from "../../validation";
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

/** What the options must look like. */
export const OPERATOR_OPTIONS: CheckTable<OperatorOptions> = {
  operatorReplicas: wholeNumber({ from: 1, remedy: "use 2, or 1 for a cluster of one node" }),
};
