import { contains, overlaps, parseCidr } from "../../../lib/validation/cidr";
import type { Cloud } from "../cloud";
import { type JsonObject, objectsOf, stringOf } from "../json";
import { OperationFailure } from "../operations/record";
import { invalidField } from "./errors";
import { computeName, tailOfName } from "./links";

/** Every range of a subnetwork: its own and its secondary ones. */
export function rangesOf(subnetwork: JsonObject): string[] {
  const secondary = objectsOf(subnetwork["secondaryIpRanges"]).map((range) => stringOf(range["ipCidrRange"]));
  return [stringOf(subnetwork["ipCidrRange"]), ...secondary].filter((range) => range !== undefined);
}

/** @throws ApiError 400 where a range is not written as one. */
export function checkRange(field: string, range: string): void {
  if (typeof parseCidr(range) === "string") throw invalidField(field, range, "Must be a CIDR address range.");
}

/** Whether every address of `inner` lies in `outer`. */
export function rangeContains(outer: string, inner: string): boolean {
  const [a, b] = [parseCidr(outer), parseCidr(inner)];
  return typeof a !== "string" && typeof b !== "string" && contains(a, b);
}

/** Subnetworks of a network, by name, in all regions. */
export function subnetworksOf(cloud: Cloud, networkLink: string | undefined): (readonly [string, JsonObject])[] {
  const project = /projects\/([^/]+)\//.exec(networkLink ?? "")?.[1] ?? "";
  return cloud.store
    .list(computeName(`projects/${project}/regions/`))
    .filter(([name, resource]) => name.includes("/subnetworks/") && resource["network"] === networkLink);
}

/** @throws OperationFailure where a range of the subnetwork is taken in its network, as compute reports it: late. */
export function checkOverlaps(cloud: Cloud, subnetwork: JsonObject, ownTail: string): void {
  const mine = rangesOf(subnetwork);
  for (const [index, range] of mine.entries()) {
    const twin = mine.slice(0, index).find((other) => overlapping(range, other));
    if (twin) throw conflict(range, stringOf(subnetwork["name"]) ?? "", ownTail);
    for (const [name, other] of subnetworksOf(cloud, stringOf(subnetwork["network"]))) {
      const tail = tailOfName(name);
      if (tail !== ownTail && rangesOf(other).some((taken) => overlapping(range, taken))) {
        throw conflict(range, stringOf(other["name"]) ?? "", tail);
      }
    }
  }
}

/**
 * The first range of a length within 10.0.0.0/8 that no subnetwork of the network uses, nor `alsoTaken`; looked for from
 * the top.
 */
export function freeRange(
  cloud: Cloud,
  networkLink: string | undefined,
  prefix: number,
  alsoTaken: readonly string[] = [],
): string {
  const used = subnetworksOf(cloud, networkLink).flatMap(([, subnetwork]) => rangesOf(subnetwork));
  const taken = [...used, ...alsoTaken];
  const size = 2 ** (32 - prefix);
  const begin = 10 * 2 ** 24;
  for (let first = begin + 2 ** 24 - size; first >= begin; first -= size) {
    const range = `${[24, 16, 8, 0].map((shift) => (first >>> shift) & 255).join(".")}/${prefix}`;
    if (!taken.some((other) => overlapping(range, other))) return range;
  }
  throw new OperationFailure("IP_SPACE_EXHAUSTED", `IP space of '${networkLink}' is exhausted`);
}

function overlapping(a: string, b: string): boolean {
  const [first, second] = [parseCidr(a), parseCidr(b)];
  return typeof first !== "string" && typeof second !== "string" && overlaps(first, second);
}

function conflict(range: string, name: string, tail: string): OperationFailure {
  const region = /regions\/([^/]+)/.exec(tail)?.[1];
  return new OperationFailure(
    "INVALID_USAGE",
    `Invalid IPCidrRange: ${range} conflicts with existing subnetwork '${name}' in region '${region}'.`,
  );
}
