import { at, copy, isObject, type Json, type JsonObject, setAt } from "./json";

/**
 * Drops what a protocol buffer's JSON form does not print: false, 0, "", null and empty lists. Empty messages stay, they
 * are present. Google's APIs answer so, and providers tell "absent" from "false" in places, so the difference matters.
 *
 * @param keep Fields declared `optional` in the API, as `parent.field` or `*.field`: printed even when they hold the
 * default.
 */
export function printProto(value: JsonObject, keep: ReadonlySet<string> = new Set(), parent = ""): JsonObject {
  const printed: JsonObject = {};
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined || field === null) continue;
    if (isDefault(field) && !keep.has(`*.${key}`) && !keep.has(`${parent}.${key}`)) continue;
    printed[key] = printField(field, keep, key);
  }
  return printed;
}

function printField(field: Json, keep: ReadonlySet<string>, key: string): Json {
  if (Array.isArray(field)) return field.map((item) => printField(item, keep, key));
  return isObject(field) ? printProto(field, keep, key) : field;
}

function isDefault(value: Json): boolean {
  return value === false || value === 0 || value === "" || (Array.isArray(value) && value.length === 0);
}

/**
 * Applies a patch with a field mask: each masked field is taken from the patch, or removed where the patch lacks it.
 * Masks come in snake case and in camel case (`display_name`, `defaultClusterConfig.binaryAuthorizationConfig`).
 */
export function applyFieldMask(target: JsonObject, patch: JsonObject, mask: string): JsonObject {
  const result = copy(target);
  for (const path of maskPaths(mask)) {
    const value = at(patch, path);
    setAt(result, path, value === null ? undefined : copy(value));
  }
  return result;
}

/** The paths of a comma-separated field mask, in camel case. */
export function maskPaths(mask: string): string[] {
  return mask
    .split(",")
    .map((path) => path.trim())
    .filter((path) => path !== "")
    .map((path) => path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));
}
