import type { ConfiguredResource } from "../model/changes";
import { mapExpressions } from "../model/expressions";
import { Expression, getPath, type Value, type ValueObject } from "../model/value";
import { renamed } from "./configuration";
import { canonical } from "./fingerprint";

/** Two blocks that describe one object under two addresses. */
export interface Rename<T> {
  readonly from: T;
  readonly to: T;
}

export interface Described {
  readonly kind: string;
  readonly type: string;
  readonly config: ValueObject | null;
}

/** Names under which the outside world knows an object. */
const IDENTITIES: readonly (readonly string[])[] = [
  ["metadata.namespace", "metadata.name"],
  ["namespace", "name"],
  ["cluster", "name"],
  ["location", "name"],
  ["name"],
  ["account_id"],
];

/**
 * Finds the construct renames among what vanished and what appeared: same type, and the same name or (but for
 * references) the same configuration. Each object is used once; two that cannot be told apart are left alone, because
 * saying nothing beats a wrong advice.
 */
export function findRenames<T extends Described>(removed: readonly T[], added: readonly T[]): readonly Rename<T>[] {
  const renames: Rename<T>[] = [];
  const used = new Set<T>();
  for (const keyOf of [nameKey, configKey]) {
    const left = groupBy(
      removed.filter((item) => !used.has(item)),
      keyOf,
    );
    const right = groupBy(
      added.filter((item) => !used.has(item)),
      keyOf,
    );
    for (const [key, candidates] of right) {
      const origins = left.get(key) ?? [];
      if (origins.length !== 1 || candidates.length !== 1) continue;
      renames.push({ from: origins[0]!, to: candidates[0]! });
      used.add(origins[0]!).add(candidates[0]!);
    }
  }
  return renames;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string | undefined): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** The first way of naming that fits, so that both sides are named the same way. */
function nameKey({ kind, type, config }: Described): string | undefined {
  for (const paths of IDENTITIES) {
    const names = paths.map((path) => getPath(config ?? undefined, path));
    if (typeof names.at(-1) !== "string" || !names.every(isName)) continue;
    return canonical([kind, type, paths, neutral(names as Value)]);
  }
  return undefined;
}

function isName(value: Value | undefined): boolean {
  return (typeof value === "string" && value !== "") || value instanceof Expression;
}

function configKey({ kind, type, config }: Described): string | undefined {
  if (!config || Object.keys(config).length === 0) return undefined;
  return canonical([kind, type, neutral(config)]);
}

/** References without the logical name of what they refer to. */
function neutral(value: Value): Value {
  return mapExpressions(value, ({ text }) => new Expression(text.replace(/(\w+_\w+)\.[\w-]+\./g, "$1.*.")));
}

/** Makes base and head speak of renamed resources by one name. */
export function renameReferences<T extends ConfiguredResource>(
  resources: readonly T[],
  names: ReadonlyMap<string, string>,
): readonly T[] {
  if (names.size === 0) return resources;
  return resources.map((resource) => ({
    ...resource,
    config: renamed(resource.config, names) as ValueObject,
    meta: renamed(resource.meta, names) as ValueObject,
  }));
}
