import type { Problem } from "../validation";
import type { PolicyContext, SoundPolicy } from "./describe";

/** Ranges of a cluster that a policy may mean by mistake. */
export interface ClusterRanges {
  readonly pods?: readonly string[];
  readonly nodes?: string;
  readonly services?: string;
}

/** What a dataplane makes of policies that are sound by themselves. */
export function dataplaneFindings(
  _policies: readonly SoundPolicy[],
  _context: PolicyContext,
): { readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] } {
  return { problems: [], warnings: [] };
}
