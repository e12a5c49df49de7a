import { ACCESS_RULES } from "./access-rules";
import { CILIUM_RULES } from "./cilium-rules";
import { CLUSTER_PART_RULES } from "./cluster-part-rules";
import { CLUSTER_RULES } from "./cluster-rules";
import { DATA_RULES } from "./data-rules";
import { EXPOSURE_RULES } from "./exposure-rules";
import { FEATURE_RULES } from "./feature-rules";
import { GRANT_RULES } from "./grant-rules";
import { GUARDRAIL_RULES } from "./guardrail-rules";
import { NETWORK_RULES } from "./network-rules";
import { NODE_POOL_RULES } from "./node-pool-rules";
import { PLAN_RULES } from "./plan-rules";
import { POLICY_RULES } from "./policy-rules";
import { POOL_LOSS_RULES } from "./pool-loss-rules";
import { PROVIDER_RULES } from "./provider-rules";
import { REACH_RULES } from "./reach-rules";
import { RELEASE_RULES } from "./release-rules";
import { RESTART_RULES } from "./restart-rules";
import type { Rule } from "./rule";
import { SAFEGUARD_RULES } from "./safeguard-rules";
import { STATE_RULES } from "./state-rules";

/** Every rule, in the order in which they are documented. */
export const RULES: readonly Rule[] = [
  ...STATE_RULES,
  ...PROVIDER_RULES,
  ...PLAN_RULES,
  ...DATA_RULES,
  ...ACCESS_RULES,
  ...GRANT_RULES,
  ...GUARDRAIL_RULES,
  ...CLUSTER_RULES,
  ...CLUSTER_PART_RULES,
  ...SAFEGUARD_RULES,
  ...NODE_POOL_RULES,
  ...POOL_LOSS_RULES,
  ...NETWORK_RULES,
  ...REACH_RULES,
  ...EXPOSURE_RULES,
  ...POLICY_RULES,
  ...RELEASE_RULES,
  ...RESTART_RULES,
  ...CILIUM_RULES,
  ...FEATURE_RULES,
];

export * from "./rule";
