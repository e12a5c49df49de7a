import type { ClusterDatapath } from "../../lib/gke";
import { describeProblem, type Problem } from "../../lib/validation";

/** Problems as a user reads them, without the subject. */
export function lines(problems: readonly Problem[]): string[] {
  return problems.map((problem) => describeProblem("it", problem).replace(/^it: /, ""));
}

export const LEGACY: ClusterDatapath = {
  provider: "LEGACY_DATAPATH",
  calicoNetworkPolicy: false,
  disableDefaultSnat: true,
};

export const DATAPLANE_V2: ClusterDatapath = {
  provider: "ADVANCED_DATAPATH",
  calicoNetworkPolicy: false,
  disableDefaultSnat: false,
};
