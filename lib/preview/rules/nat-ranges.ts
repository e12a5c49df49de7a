import type { ResourceChange, StackChanges } from "../model/changes";
import { referencesOf } from "../model/expressions";
import { asBlocks, Expression, isArray, type Value, type ValueObject } from "../model/value";
import { dependencies } from "../readers/order";
import { forces, type Hit } from "./rule";
import type { Scene } from "./scene";

const NAT = "google_compute_router_nat";

/** The range of nodes, as NATs call it; no secondary range has a name in capitals. */
const PRIMARY = "PRIMARY_IP_RANGE";

type Side = "before" | "after";

/** What a public NAT serves. */
interface Served {
  readonly project?: string;
  readonly region?: string;
  readonly network?: string;
  readonly router?: string;
  /** All subnets of the network. */
  readonly everything: boolean;
  /** Subnets with the ranges of each that are served, nothing for all of them. */
  readonly subnets: readonly { readonly name?: string; readonly ranges?: readonly string[] }[];
}

/**
 * Whether the successor of a NAT, created first, needs what the old one still serves. Google refuses a public NAT for a range
 * of a subnet that has one, of the same router or of another; one that serves all subnets of a network bears none beside it.
 *
 * @see https://cloud.google.com/compute/docs/reference/rest/v1/routers (nats[].sourceSubnetworkIpRangesToNat)
 * @see https://github.com/forseti-security/terraform-google-forseti/issues/203 where the first NAT of a router
 *   is refused: that the other one was another router's follows from it, and has not been tried on Google's own cloud
 */
export function servesTheSame(change: ResourceChange, scene: Scene): boolean {
  if (change.type !== NAT || change.action !== "replace" || change.order !== "create-first") return false;
  if (["region", "project"].some((path) => forces(change, path))) return false;
  return clash(servedBy(change, "before", scene), servedBy(change, "after", scene));
}

/** What is said of a NAT that is to serve what another one serves, for good or until that one goes in the same apply. */
export function besideAnother(change: ResourceChange, scene: Scene): Hit | undefined {
  if (change.type !== NAT || !comes(change)) return undefined;
  const [had, wanted] = [servedBy(change, "before", scene), servedBy(change, "after", scene)];
  for (const other of scene.neighbours(change, NAT)) {
    if (other === change) continue;
    const [was, is] = [servedBy(other, "before", scene), servedBy(other, stays(other) ? "before" : "after", scene)];
    if (clash(wanted, is)) {
      // Of two that are new it is said once; what was there side by side is there still.
      const said = comes(other) && !clash(wanted, was) && other.address > change.address;
      if (!said && !clash(had, is))
        return { detail: `${other.address} serves the same range, and a range has one NAT`, ...REFUSED };
    } else if (clash(wanted, was) && !clash(had, was) && !isFreedBefore(change, other, scene)) {
      return {
        detail: `${other.address} serves the same range until it is ${ENDS[other.action] ?? "changed"}, which may come later; a range has one NAT`,
        ...WHICHEVER_COMES_FIRST,
      };
    }
  }
  return undefined;
}

const REFUSED = {
  consequence:
    "Google refuses a second public NAT for a range, and any beside one that serves all subnets of the network. The apply stops half way; the NAT that is there stays.",
  remedy: "Leave one of the two out, or give each ranges of its own.",
};

const WHICHEVER_COMES_FIRST = {
  consequence:
    "Terraform does both side by side, in no order. Where the new NAT comes first, Google refuses it, the apply stops half way, and the old one may be gone by then: nodes without an address of their own reach nothing outside.",
  remedy:
    "Change the NAT that is there in place; where only its address in the configuration is another, say so in a `moved` block. Otherwise let the old one go in a pull request of its own.",
};

const ENDS: Readonly<Record<string, string>> = { delete: "deleted", replace: "replaced" };

function comes({ action }: ResourceChange): boolean {
  return action === "create" || action === "replace" || action === "update";
}

/** Whether the old object is there after the apply, and is merely no longer Terraform's. */
function stays({ action, order }: ResourceChange): boolean {
  return action === "forget" || order === "forget";
}

function clash(one: Served | undefined, other: Served | undefined): boolean {
  if (!one || !other || differ(one.project, other.project) || differ(one.region, other.region)) return false;
  if (one.everything || other.everything) {
    if (one.network !== undefined && other.network !== undefined) return one.network === other.network;
    return one.router !== undefined && one.router === other.router;
  }
  return one.subnets.some(({ name, ranges }) =>
    other.subnets.some(
      (subnet) =>
        name !== undefined &&
        name === subnet.name &&
        (!ranges || !subnet.ranges || ranges.some((range) => subnet.ranges?.includes(range))),
    ),
  );
}

function differ(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

function servedBy(change: ResourceChange, side: Side, scene: Scene): Served | undefined {
  const nat = change[side];
  if (!nat || nat["type"] === "PRIVATE") return undefined;
  const name = text(nat["router"]);
  const router = scene
    .neighbours(change, "google_compute_router")
    .map((other) => other[side])
    .find((other) => name && text(other?.["name"]) === name && !differ(text(other?.["region"]), text(nat["region"])));
  const region = text(nat["region"]) ?? text(router?.["region"]);
  const called = (value: Value | undefined, type: string) => nameOf(value, type, { change, side, scene, region });
  return {
    project: text(nat["project"]),
    region,
    network: called(router?.["network"], "google_compute_network"),
    router: name,
    everything: text(nat["source_subnetwork_ip_ranges_to_nat"])?.startsWith("ALL_SUBNETWORKS") ?? false,
    subnets: asBlocks(nat["subnetwork"]).map((block) => ({
      name: called(block["name"], "google_compute_subnetwork"),
      ranges: rangesOf(block),
    })),
  };
}

/** Ranges of a subnet that a NAT serves, `undefined` for all. */
function rangesOf({ source_ip_ranges_to_nat: kinds, secondary_ip_range_names: names }: ValueObject) {
  if (!isArray(kinds) || kinds.includes("ALL_IP_RANGES")) return undefined;
  const primary = kinds.includes(PRIMARY) ? [PRIMARY] : [];
  return [...primary, ...(isArray(names) ? names : [])].map((name) => JSON.stringify(name));
}

/** What a subnet or network is called, however it is written. Nothing where only the apply will know. */
function nameOf(
  value: Value | undefined,
  type: string,
  at: { readonly change: ResourceChange; readonly side: Side; readonly scene: Scene; readonly region?: string },
): string | undefined {
  const within = (region: string | undefined, name: string) =>
    type === "google_compute_subnetwork" ? `${region}/${name}` : name;
  if (typeof value === "string") {
    const [, region = at.region, name = value] =
      /(?:regions\/([^/]+)\/)?(?:subnetworks|networks)\/([^/]+)$/.exec(value) ?? [];
    return within(region, name);
  }
  if (!(value instanceof Expression)) return undefined;
  const [reference, ...more] = referencesOf(value);
  const address = `${reference?.resource}${reference?.key ?? ""}`;
  const target = at.scene
    .neighbours(at.change, type)
    .find((other) => other.stack === at.change.stack && other.address === address);
  if (!target || more.length > 0) return value.text;
  // A new one has ranges of its own, though both sides call it the same.
  if (at.side === "after" && ["create", "replace"].includes(target.action)) return `new ${address}`;
  const name = text(target[at.side]?.["name"]);
  return name === undefined ? address : within(text(target[at.side]?.["region"]) ?? at.region, name);
}

function text(value: Value | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Whether Terraform lets go of a range before it gives it to another NAT. */
function isFreedBefore(change: ResourceChange, other: ResourceChange, scene: Scene): boolean {
  const stack = scene.stack(change.stack);
  if (other.stack !== change.stack) return stack?.dependencies.includes(other.stack) ?? false;
  if (!stack?.head) return false;
  const above = dependencies(stack.head, blockOf(change));
  if (other.after) return other.order !== "create-first" && above.has(blockOf(other));
  return stack.base !== undefined && isDestroyedBefore(change, other, above, { ...stack, base: stack.base });
}

/** What is destroyed goes before what depended on it changes, and before what both depend on is replaced. */
function isDestroyedBefore(
  change: ResourceChange,
  other: ResourceChange,
  above: ReadonlySet<string>,
  { base, resources }: StackChanges & { readonly base: NonNullable<StackChanges["base"]> },
): boolean {
  if (change.before && dependencies(base, blockOf(change)).has(blockOf(other))) return true;
  const below = dependencies(base, blockOf(other));
  return resources.some(
    (each) =>
      each.action === "replace" &&
      each.order === "delete-first" &&
      below.has(blockOf(each)) &&
      above.has(blockOf(each)),
  );
}

function blockOf({ type, name }: ResourceChange): string {
  return `${type}.${name}`;
}
