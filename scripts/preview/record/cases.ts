import { CLUSTER_CASES } from "./cluster-cases";
import { LOSS_CASES } from "./loss-cases";
import { NETWORK_CASES } from "./network-cases";
import { PLAN_CASES } from "./plan-cases";
import { RELEASE_CASES } from "./release-cases";
import type { RuleCase } from "./spec";
import { STATE_CASES } from "./state-cases";

export const CASES: readonly RuleCase[] = [
  ...STATE_CASES,
  ...PLAN_CASES,
  ...CLUSTER_CASES,
  ...LOSS_CASES,
  ...NETWORK_CASES,
  ...RELEASE_CASES,
];
