import type { ResourceChange } from "../model/changes";
import { isArray, Opaque, type Value } from "../model/value";
import { after, before, type Verdict } from "./rule";
import type { Scene } from "./scene";

/** A pool loses a network tag by which a firewall rule of the environment knows its nodes. */
export function untagged(change: ResourceChange, scene: Scene): Verdict {
  const path = "node_config.tags";
  if (change.action !== "update" || after(change, path) instanceof Opaque) return undefined;
  const kept = listOf(after(change, path));
  const lost = listOf(before(change, path)).filter((tag) => !kept.includes(tag));
  const rules = scene.neighbours(change, "google_compute_firewall").filter((rule) => {
    const named = ["target_tags", "source_tags"].flatMap((name) => listOf(after(rule, name)));
    return named.some((tag) => lost.includes(tag));
  });
  if (rules.length === 0) return undefined;
  return `${change.address}: ${path} without ${lost.join(", ")}, for which ${rules.map(({ address }) => address).join(", ")} holds`;
}

function listOf(value: Value | undefined): readonly Value[] {
  return isArray(value) ? value : [];
}
