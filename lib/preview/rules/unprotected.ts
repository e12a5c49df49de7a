import type { ResourceChange } from "../model/changes";
import { asBlocks, isEqual, Opaque, type Value } from "../model/value";
import { after, before, show, transition, type Verdict } from "./rule";

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

const NETWORKS = "master_authorized_networks_config.cidr_blocks";

/** Networks that are let in to the control plane, or no longer; what they are called and in which order they stand is nothing. */
export function networksChanged(change: ResourceChange): string | undefined {
  if (!change.before || !change.after) return undefined;
  const [from, to] = [before(change, NETWORKS), after(change, NETWORKS)];
  if (from instanceof Opaque || to instanceof Opaque)
    return isEqual(from, to) ? undefined : transition(NETWORKS, from, to);
  const ranges = (value: Value | undefined) => asBlocks(value).map((block) => block["cidr_block"]);
  const beyond = (a: Value | undefined, b: Value | undefined) =>
    ranges(a)
      .filter((range) => !ranges(b).some((other) => isEqual(range, other)))
      .map(show);
  const [lost, fresh] = [beyond(from, to), beyond(to, from)];
  const parts = [
    lost.length > 0 ? `without ${lost.join(", ")}` : [],
    fresh.length > 0 ? `with ${fresh.join(", ")}` : [],
  ];
  return lost.length + fresh.length > 0 ? `${NETWORKS} ${parts.flat().join(" and ")}` : undefined;
}
