import { isArray, isObject, Opaque, type Value, type ValueObject } from "../model/value";

/** The attributes a `lifecycle` tells Terraform to leave as they are: paths, or `all`. */
export function ignoredPaths(lifecycle: ValueObject | undefined): readonly string[] {
  const value = lifecycle?.["ignore_changes"];
  if (value === "all") return ["all"];
  if (!isArray(value)) return [];
  return value.flatMap((path) => (typeof path === "string" ? [path] : path instanceof Opaque ? [path.text] : []));
}

/** Whether a change of the attribute is left out of a plan. */
export function isIgnored(ignored: readonly string[], path: string): boolean {
  return ignored.some((name) => {
    const plain = name.replace(/\[[^\]]*\]/g, "");
    return name === "all" || path === plain || path.startsWith(`${plain}.`);
  });
}

/** `after` with every ignored attribute as it was before. */
export function keepIgnored(
  before: ValueObject,
  after: ValueObject,
  ignored: readonly string[],
  prefix = "",
): ValueObject {
  if (ignored.length === 0) return after;
  const result: Record<string, Value | undefined> = { ...after };
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    const [old, current] = [before[key], after[key]];
    if (isIgnored(ignored, path)) result[key] = old;
    else if (isObject(old) && isObject(current)) result[key] = keepIgnored(old, current, ignored, path);
  }
  return result;
}
