import type { ResourceChange } from "../model/changes";
import { destroys } from "../model/changes";
import { asBlocks, getPath, isArray, UNKNOWN, type Value, type ValueObject } from "../model/value";
import { forces } from "./rule";

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
  return whatIsTaken(change) === undefined ? "gone" : "taken";
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
];

/** The name that the old and the new object would have at the same time and place, if there is one. */
export function takenName(change: ResourceChange): string | undefined {
  if (change.action !== "replace" || change.order !== "create-first") return undefined;
  if (!/^(google|kubernetes|helm|aws|azurerm)_/.test(change.type) || /_iam_|_access_/.test(change.type))
    return undefined;
  const [old, current] = [change.before ?? undefined, change.after ?? undefined];
  if (PLACES.some((path) => moves(change, path, getPath(old, path), getPath(current, path)))) return undefined;
  for (const path of NAMES) {
    const name = getPath(current, path);
    if (typeof name === "string" && name !== "" && getPath(old, path) === name) return name;
  }
  return undefined;
}

/** What a successor that is created first cannot have, in words. */
export function whatIsTaken(change: ResourceChange): string | undefined {
  const name = takenName(change);
  if (name !== undefined) return `both are called ${name}`;
  const range = takenRange(change);
  if (range !== undefined) return `both need the range ${range} for Services`;
  return servesTheSame(change) ? "both serve the same range, and a range has one NAT" : undefined;
}

/** The range of nodes, as NATs call it; no secondary range has a name in capitals. */
const PRIMARY = "PRIMARY_IP_RANGE";

/**
 * Two public NATs with a range of a subnet in common, of one router or of two: Google refuses the second. One that serves all
 * subnets of a network bears none beside it.
 *
 * @see https://cloud.google.com/compute/docs/reference/rest/v1/routers (nats[].sourceSubnetworkIpRangesToNat)
 * @see https://github.com/forseti-security/terraform-google-forseti/issues/203 where the first NAT of a router
 *   is refused: that the other one was another router's follows from it, and has not been tried on Google's own cloud
 */
function servesTheSame(change: ResourceChange): boolean {
  if (change.type !== "google_compute_router_nat" || change.action !== "replace" || change.order !== "create-first")
    return false;
  if (["region", "project"].some((path) => forces(change, path))) return false;
  const sides = [change.before, change.after];
  if (sides.some((side) => side?.["type"] === "PRIVATE")) return false;
  // Whether another router is in the same network is not seen here.
  if (sides.some((side) => String(side?.["source_subnetwork_ip_ranges_to_nat"]).startsWith("ALL_SUBNETWORKS")))
    return !forces(change, "router");
  // A subnet that is replaced has ranges of its own, though both sides call it the same.
  if (change.fields.some(({ path, after }) => path.startsWith("subnetwork") && after === UNKNOWN.text)) return false;
  const [old, current] = sides.map((side) => asBlocks(side?.["subnetwork"]));
  return (old ?? []).some((one) => current?.some((other) => overlap(one, other)));
}

/** Whether two NATs serve a range of one subnet: all of them is one of them, whichever. */
function overlap(one: ValueObject, other: ValueObject): boolean {
  if (pathOf(one["name"]) !== pathOf(other["name"])) return false;
  const [ranges, others] = [rangesOf(one), rangesOf(other)];
  return !ranges || !others || ranges.some((range) => others.includes(range));
}

/** Ranges of a subnet that a NAT serves, `undefined` for all. */
function rangesOf({ source_ip_ranges_to_nat: kinds, secondary_ip_range_names: names }: ValueObject) {
  if (!isArray(kinds) || kinds.includes("ALL_IP_RANGES")) return undefined;
  const primary = kinds.includes(PRIMARY) ? [PRIMARY] : [];
  return [...primary, ...(isArray(names) ? names : [])].map((name) => JSON.stringify(name));
}

/** A subnet as it is called without the host: states have the whole URL, plans what the configuration says. */
function pathOf(name: Value | undefined): string {
  return String(JSON.stringify(name)).replace(/^"https:.*?\/(?=projects\/)/, '"');
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
