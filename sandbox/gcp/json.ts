/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. Index it freely: a missing key is `undefined`. */
export interface JsonObject {
  [key: string]: Json | undefined;
}

/** Whether a value is a JSON object (not an array, not null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as an object, or an empty one where it is anything else. */
export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The value as a string, or `undefined`. */
export function stringOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The value as a number (Google writes 64-bit integers as strings), or `undefined`. */
export function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return undefined;
}

/** The value as a list, or an empty one. */
export function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/** The strings of a list; everything else in it is left out. */
export function stringsOf(value: Json | undefined): string[] {
  return listOf(value).filter((item): item is string => typeof item === "string");
}

/** The objects of a list; everything else in it is left out. */
export function objectsOf(value: Json | undefined): JsonObject[] {
  return listOf(value).filter(isObject);
}

/** The value at a dotted path (`networkConfig.dnsConfig.clusterDns`), or `undefined`. */
export function at(root: Json | undefined, path: string): Json | undefined {
  let value: Json | undefined = root;
  for (const key of path.split(".")) {
    if (!isObject(value)) return undefined;
    value = value[key];
  }
  return value;
}

/** Sets the value at a dotted path, making the objects on the way. `undefined` removes the key. */
export function setAt(root: JsonObject, path: string, value: Json | undefined): void {
  const keys = path.split(".");
  const last = keys.pop()!;
  let target = root;
  for (const key of keys) {
    const next = target[key];
    if (isObject(next)) target = next;
    else {
      if (value === undefined) return;
      const made: JsonObject = {};
      target[key] = made;
      target = made;
    }
  }
  if (value === undefined) delete target[last];
  else target[last] = value;
}

/** A deep copy. Written out because the state is copied at every access, and structuredClone takes three times as long. */
export function copy<T extends Json | undefined>(value: T): T {
  if (Array.isArray(value)) return value.map((item) => copy(item)) as T;
  if (!isObject(value)) return value;
  const copied: JsonObject = {};
  for (const key of Object.keys(value)) copied[key] = copy(value[key]);
  return copied as T;
}

/**
 * `defaults` with everything in `given` laid over it. Objects merge, anything else replaces; a `null` in `given` counts
 * as absent, as it does in protocol buffers' JSON form.
 */
export function withDefaults(given: JsonObject, defaults: JsonObject): JsonObject {
  const merged: JsonObject = copy(defaults);
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue;
    const base = merged[key];
    merged[key] = isObject(value) && isObject(base) ? withDefaults(value, base) : copy(value);
  }
  return merged;
}

/**
 * `defaults` for what is absent at the first level of `given`, which stays as it is otherwise. This is how an API fills in
 * a message: a message that is present without its fields means their zero values, not their defaults.
 */
export function withAbsent(given: JsonObject, defaults: JsonObject): JsonObject {
  const filled: JsonObject = copy(given);
  for (const [key, value] of Object.entries(defaults)) {
    if (filled[key] === undefined || filled[key] === null) filled[key] = copy(value);
  }
  return filled;
}

/** JSON merge patch (RFC 7396): objects merge, `null` removes, anything else replaces. Returns a new object. */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged: JsonObject = copy(target);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else if (isObject(value)) merged[key] = mergePatch(objectOf(merged[key]), value);
    else if (value !== undefined) merged[key] = copy(value);
  }
  return merged;
}

/** The JSON merge patch that makes `after` of `before`; both must be free of nulls. */
export function mergePatchBetween(before: JsonObject, after: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const key of Object.keys(before)) if (after[key] === undefined) patch[key] = null;
  for (const [key, value] of Object.entries(after)) {
    const old = before[key];
    if (isObject(value) && isObject(old)) {
      if (!sameJson(old, value)) patch[key] = mergePatchBetween(old, value);
    } else if (!sameJson(old, value)) patch[key] = copy(value);
  }
  return patch;
}

/** Whether two values are equal, whatever the order of their keys; a missing key equals `undefined`. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  if (isObject(a) && isObject(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => sameJson(a[key], b[key]));
  }
  return a === b;
}
