import type { ResourceChange } from "../model/changes";
import { destroys } from "../model/changes";
import { getPath, type Value, type ValueObject } from "../model/value";
import { servesTheSame } from "./nat-ranges";
import { forces } from "./rule";
import type { Scene } from "./scene";

/**
 * What becomes of an object that a plan wants to destroy:
 * - `gone`: it is destroyed, before or after its successor is made;
 * - `refused`: `prevent_destroy` stands against it, and Terraform refuses the whole plan;
 * - `taken`: its successor is to be created first and needs what it still has, so that the creation fails and it stays.
 */
export type Outcome = "gone" | "refused" | "taken";

export function outcomeOf(change: ResourceChange): Outcome | undefined {
  if (!destroys(change)) return undefined;
  if (isGuarded(change)) return "refused";
  return nameOrRange(change) === undefined ? "gone" : "taken";
}

/** Whether `prevent_destroy` stands in the configuration of what is to be destroyed, as a boolean or as text. */
export function isGuarded(change: ResourceChange): boolean {
  return String(change.lifecycle?.after?.["prevent_destroy"]) === "true";
}

/** Where an object is known by its name. Another place, and the same name is free. */
const PLACES = [
  "project",
  "region",
  "zone",
  "location",
  "cluster",
  "router",
  "instance",
  "dataset_id",
  "key_ring",
  "managed_zone",
  "workload_identity_pool_id",
  "workforce_pool_id",
  "metadata.namespace",
  "namespace",
];

/** What has a name that nothing else has anywhere. */
const NAMED_WORLDWIDE = /^(google_storage_bucket|aws_s3_bucket)$/;

/** Names that stay taken when what had them is deleted, and how long. */
const KEPT: readonly (readonly [type: RegExp, long: string])[] = [
  [/^google_iam_(workload_identity|workforce)_pool(_provider)?$/, "for 30 days"],
  [/^google_kms_(key_ring|crypto_key|key_ring_import_job)$/, "for ever"],
  [/^google_project$/, "for ever"],
  [/^aws_secretsmanager_secret$/, "for as long as the secret can be restored"],
];

/** What is not known by a name of its own. */
const NAMELESS = /_iam_(member|binding|policy)$|_access_/;

/** The name that the old and the new object would have at the same time and place, if there is one. */
export function takenName(change: ResourceChange): string | undefined {
  return adopts(change) ? undefined : nameOfBoth(change);
}

/** The name under which Helm finds the old release where it is to install the new one, and takes it for that. */
export function adoptedName(change: ResourceChange): string | undefined {
  return adopts(change) ? nameOfBoth(change) : undefined;
}

function adopts({ type, after }: ResourceChange): boolean {
  return type === "helm_release" && String(after?.["upgrade_install"]) === "true";
}

function nameOfBoth(change: ResourceChange): string | undefined {
  return change.action === "replace" && change.order === "create-first" ? commonName(change, change.before) : undefined;
}

/** The name that what a change makes has in common with an object that is there, in the same place. */
export function commonName(change: ResourceChange, there: ValueObject | null): string | undefined {
  if (!/^(google|kubernetes|helm|aws|azurerm)_/.test(change.type) || NAMELESS.test(change.type)) return undefined;
  const [old, current] = [there ?? undefined, change.after ?? undefined];
  const path = nameAttribute(change.type, current);
  if (path === undefined || getPath(old, path) !== getPath(current, path)) return undefined;
  const places = NAMED_WORLDWIDE.test(change.type) ? [] : PLACES;
  if (places.some((place) => moves(change, place, getPath(old, place), getPath(current, place)))) return undefined;
  return String(getPath(current, path));
}

/** What the object that is replaced is called among those of its type. */
export function oldName({ type, before, after }: ResourceChange): string | undefined {
  // An id that the cloud gives is not known of the new one, and is no name.
  const path = nameAttribute(type, after ?? undefined);
  const name = path === undefined ? undefined : getPath(before ?? undefined, path);
  return isName(name) ? String(name) : undefined;
}

/** Where that stands: in `dataset_id` of a `google_bigquery_dataset`, but not of a table in it. */
function nameAttribute(type: string, object: ValueObject | undefined): string | undefined {
  const words = type.split("_").slice(1);
  const ids = words.map((_, index) => `${words.slice(index).join("_")}_id`);
  const paths = [...ids, "name", "metadata.name", ...(type === "aws_s3_bucket" ? ["bucket"] : [])];
  return paths.find((path) => isName(getPath(object, path)));
}

function isName(value: Value | undefined): boolean {
  return typeof value === "string" && value !== "";
}

/** The name that a successor cannot have although the old object is deleted first, and how long. */
export function keptName(change: ResourceChange): string | undefined {
  if (change.action !== "replace" || change.order === "create-first" || isGuarded(change)) return undefined;
  const long = KEPT.find(([type]) => type.test(change.type))?.[1];
  // Without a window to restore it in, the secret is gone at once.
  if (long === undefined || getPath(change.before ?? undefined, "recovery_window_in_days") === 0) return undefined;
  const name = commonName(change, change.before);
  return name === undefined ? undefined : `${name} stays taken ${long}`;
}

/** What a successor that is created first cannot have, in words. */
export function whatIsTaken(change: ResourceChange, scene: Scene): string | undefined {
  const taken = nameOrRange(change);
  if (taken !== undefined) return taken;
  return servesTheSame(change, scene) ? "both serve the same range, and a range has one NAT" : undefined;
}

function nameOrRange(change: ResourceChange): string | undefined {
  const name = takenName(change);
  if (name !== undefined) return `both are called ${name}`;
  const range = takenRange(change);
  return range === undefined ? undefined : `both need the range ${range} for Services`;
}

/** The range of Services that two clusters would share, which GKE refuses. Pods may share theirs. */
function takenRange(change: ResourceChange): string | undefined {
  if (change.type !== "google_container_cluster" || change.action !== "replace" || change.order !== "create-first")
    return undefined;
  // In another subnet a range of this name is another range.
  if (forces(change, "subnetwork") || forces(change, "network") || forces(change, "project")) return undefined;
  const path = "ip_allocation_policy.services_secondary_range_name";
  const [from, to] = [change.before, change.after].map((side) => getPath(side ?? undefined, path));
  return typeof from === "string" && from !== "" && from === to ? from : undefined;
}

function moves(change: ResourceChange, path: string, from: Value | undefined, to: Value | undefined): boolean {
  return typeof from === "string" && typeof to === "string" ? from !== to : forces(change, path);
}
