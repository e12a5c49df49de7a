import type { AdvancedDatapath, LegacyDatapath } from "../../lib/gke";
import { describeProblem, type Problem } from "../../lib/validation";

/** Problems as a user reads them, without the subject. */
export function lines(problems: readonly Problem[]): string[] {
  return problems.map((problem) => describeProblem("it", problem).replace(/^it: /, ""));
}

export const LEGACY: LegacyDatapath = {
  provider: "LEGACY_DATAPATH",
  managed: false,
  calicoNetworkPolicy: false,
  disableDefaultSnat: true,
  defaults: { gatewayApi: false, intranodeVisibility: false, nodeLocalDns: false },
};

export const DATAPLANE_V2: AdvancedDatapath = {
  provider: "ADVANCED_DATAPATH",
  managed: true,
  disableDefaultSnat: false,
  defaults: { gatewayApi: true, intranodeVisibility: true, nodeLocalDns: true },
};
