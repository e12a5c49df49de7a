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
  "metadata.namespace",
  "namespace",
];

/** What objects are known by, and what providers call it. */
const NAMES = [
  "name",
  "metadata.name",
  "account_id",
  "repository_id",
  "secret_id",
  "dataset_id",
  "cluster_id",
  "bucket",
  "role_id",
  "workload_identity_pool_provider_id",
  "workload_identity_pool_id",
];

/** What has a name that nothing else has anywhere. */
const NAMED_WORLDWIDE = /^(google_storage_bucket|aws_s3_bucket)$/;

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
  const places = NAMED_WORLDWIDE.test(change.type) ? [] : PLACES;
  if (places.some((path) => moves(change, path, getPath(old, path), getPath(current, path)))) return undefined;
  for (const path of NAMES) {
    const name = getPath(current, path);
    if (typeof name === "string" && name !== "" && getPath(old, path) === name) return name;
  }
  return undefined;
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
