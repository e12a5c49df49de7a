import type { ResourceChange } from "../model/changes";
import { besideAnother } from "./nat-ranges";
import { adoptedName, commonName, whatIsTaken } from "./outcome";
import { type Hit, show } from "./rule";
import type { Scene } from "./scene";

/** What is said of an object that is to be created while something else has what it needs. */
export function needsWhatIsTaken(change: ResourceChange, scene: Scene): Hit | undefined {
  const own = whatIsTaken(change, scene);
  return takesOver(change) ?? besideLeftover(change, scene) ?? (own ? { detail: own } : besideAnother(change, scene));
}

/**
 * The old object of an earlier replacement, which an apply that failed half way has left, under the name that the new one is to
 * have: a change that is taken back asks for that. Terraform deletes it after it has created the other.
 *
 * @see terraform internal/terraform/node_resource_destroy_deposed.go (CreateBeforeDestroy)
 */
export function besideLeftover(change: ResourceChange, scene: Scene): Hit | undefined {
  if (change.action !== "create" && change.action !== "replace") return undefined;
  for (const { deposed, stack, address, before } of scene.neighbours(change, change.type)) {
    if (deposed === undefined || stack !== change.stack || address !== change.address) continue;
    const name = commonName(change, before);
    if (name === undefined) continue;
    return {
      detail: `what an earlier replacement has left (${deposed}) is called ${name} as well, and is deleted last`,
      consequence:
        "The creation fails, and the apply stops before anything is deleted. Every further apply of the same stops there too.",
      remedy:
        "Do not take the earlier change back yet: mend what had failed in it and apply it again, which deletes what is left. Then take it back.",
    };
  }
  return undefined;
}

/** What the provider takes for the new object is the old one, which it then deletes. */
function takesOver(change: ResourceChange): Hit | undefined {
  const release = adoptedName(change);
  if (release !== undefined)
    return {
      severity: "critical",
      detail: `both are called ${release}, and upgrade_install takes the release that is there`,
      consequence:
        "The new release is made first, and that is an upgrade of the old one. Then the old one is deleted, under the same name: the apply succeeds, and everything of the release is gone.",
      remedy: "Let the old one go first, without create_before_destroy, or give the new one another name.",
    };
  const grant = sameGrant(change);
  if (grant === undefined) return undefined;
  return {
    detail: grant,
    consequence:
      "The new grant is made first, and changes nothing, because the old one is there. Then that one is deleted: the apply succeeds, and the role is taken away until the next apply.",
    remedy: "Apply a second time right after.",
  };
}

/** A grant that is made anew as it is, first: by request, or because something else changes. */
function sameGrant(change: ResourceChange): string | undefined {
  const { type, action, order, replacePaths, after } = change;
  if (!/^google_\w+_iam_member$/.test(type) || action !== "replace" || order !== "create-first") return undefined;
  if (replacePaths.length > 0) return undefined;
  return `both give ${show(after?.["role"])} to ${show(after?.["member"])}`;
}
