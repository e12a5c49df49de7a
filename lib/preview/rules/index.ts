import { CILIUM_RULES } from "./cilium-rules";
import { CLUSTER_RULES } from "./cluster-rules";
import { NETWORK_RULES } from "./network-rules";
import { NODE_POOL_RULES } from "./node-pool-rules";
import { RELEASE_RULES } from "./release-rules";
import type { Rule } from "./rule";
import { STATE_RULES } from "./state-rules";

/** Every rule, in the order in which they are documented. */
export const RULES: readonly Rule[] = [
  ...STATE_RULES,
  ...CLUSTER_RULES,
  ...NODE_POOL_RULES,
  ...NETWORK_RULES,
  ...RELEASE_RULES,
  ...CILIUM_RULES,
];

export * from "./rule";
