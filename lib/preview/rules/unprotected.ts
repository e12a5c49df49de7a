import type { ResourceChange } from "../model/changes";
import { after, before, transition, type Verdict } from "./rule";

const GUARDS = ["deletion_protection", "deletion_protection_enabled", "enable_deletion_protection"];

/** What keeps an object from being destroyed goes off: its protection, or that it has to be empty. */
export function unprotected(change: ResourceChange): Verdict {
  if (!change.before || !change.after) return undefined;
  if (change.type === "google_container_cluster") {
    const was = before(change, "deletion_protection");
    if (was === false || after(change, "deletion_protection") !== false) return undefined;
    return transition("deletion_protection", was ?? true, false);
  }
  const guard = GUARDS.find((path) => before(change, path) === true && after(change, path) === false);
  const emptied = before(change, "force_destroy") !== true && after(change, "force_destroy") === true;
  if (guard === undefined && !emptied) return undefined;
  const what =
    guard === undefined
      ? transition("force_destroy", before(change, "force_destroy"), true)
      : transition(guard, true, false);
  return {
    detail: `${change.address}: ${what}`,
    severity: "medium",
    consequence:
      "Nothing happens now. From then on, the next change that deletes or replaces it takes what is in it along.",
  };
}
