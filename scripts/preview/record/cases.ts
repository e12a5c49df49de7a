import { CLUSTER_CASES } from "./cluster-cases";
import { NETWORK_CASES } from "./network-cases";
import { RELEASE_CASES } from "./release-cases";
import type { RuleCase } from "./spec";
import { STATE_CASES } from "./state-cases";

export const CASES: readonly RuleCase[] = [...STATE_CASES, ...CLUSTER_CASES, ...NETWORK_CASES, ...RELEASE_CASES];
