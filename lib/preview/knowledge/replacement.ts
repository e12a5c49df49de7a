import { lookUp } from "../../facts/look-up";
import {
  FORCED_MAPS,
  LINKS,
  REPLACING_CHANGES,
  type ReplacingChange,
  SIZE_OR_RANGE,
} from "../../facts/providers/replacement";
import type { ProviderSchema } from "../../facts/providers/schema";
import { parseCidr } from "../../validation/cidr";
import { isArray, isEmpty, isEqual, Opaque, type Value } from "../model/value";

/** Whether a change of an attribute replaces the resource. `false` too where the type is not tabled: ask `knows`. */
export function replaces(schema: ProviderSchema, type: string, path: string, before?: Value, after?: Value): boolean {
  const change = lookUp(REPLACING_CHANGES, `${type}.${path}`);
  if (change !== undefined) return HAPPENED[change](before, after);
  return schema.attribute(type, path).forcesReplacement;
}

/** Whether all elements of a list decide together, so that none says anything by itself. */
export function isDecidedAsWhole(type: string, path: string): boolean {
  return lookUp(REPLACING_CHANGES, `${type}.${path}`) === "loses-element";
}

/** Whether an attribute that replaces its resource is a map, in which every key does. */
export function isForcedMap(type: string, path: string): boolean {
  const name = path.slice(path.lastIndexOf(".") + 1);
  return FORCED_MAPS.has(name) && !(name === "metadata" && type.startsWith("kubernetes_"));
}

const HAPPENED: Readonly<Record<ReplacingChange, (before?: Value, after?: Value) => boolean>> = {
  "switched-off": switchedOff,
  "loses-element": loses,
  shrinks,
};

function switchedOff(before?: Value, after?: Value): boolean {
  return before === true && after !== true && !(after instanceof Opaque);
}

function loses(before?: Value, after?: Value): boolean {
  const kept = isArray(after) ? after : [];
  return isArray(before) && before.some((item) => !kept.some((other) => isEqual(item, other)));
}

/** Not a range around the old one (`IsShrinkageIpCidr`). */
export function shrinks(before?: Value, after?: Value): boolean {
  if (typeof before !== "string" || typeof after !== "string") return false;
  const [from, to] = [parseCidr(before), parseCidr(after)];
  if (typeof from === "string" || typeof to === "string") return false;
  return to.first > from.first || to.last < from.last;
}

/** Whether the provider takes both for the same (DiffSuppressFunc), so that no change is planned. */
export function isSuppressed(type: string, path: string, before?: Value, after?: Value): boolean {
  if (!type.startsWith("google_")) return false;
  if (path === "datapath_provider") return isUnspecified(before) && isUnspecified(after);
  if (typeof before !== "string" || typeof after !== "string") return false;
  if (type === "google_storage_bucket" && path === "location") return before.toUpperCase() === after.toUpperCase();
  if (SIZE_OR_RANGE.has(path)) return isSizeOf(before, after) || isSizeOf(after, before);
  return LINKS.has(path) && isSameLink(before, after);
}

function isUnspecified(value?: Value): boolean {
  return isEmpty(value) || value === "DATAPATH_PROVIDER_UNSPECIFIED";
}

function isSizeOf(size: string, range: string): boolean {
  return /^\/\d+$/.test(size) && range.endsWith(size);
}

/** A self link against its last part, `projects/p/global/networks/n` against `n`, or two forms of the same link. */
function isSameLink(a: string, b: string): boolean {
  const [x, y] = [a, b].map((link) => link.replace(/^https:\/\/[^/]+\/compute\/[^/]+\//, "")) as [string, string];
  if (x === y) return true;
  const [long, short] = x.includes("/") ? [x, y] : [y, x];
  return long.includes("/") && !short.includes("/") && long.split("/").pop() === short;
}
