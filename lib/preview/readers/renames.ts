import type { ConfiguredResource } from "../model/changes";
import { mapExpressions } from "../model/expressions";
import { Expression, getPath, isEqual, type Value, type ValueObject } from "../model/value";

/** Two blocks that describe one object under two addresses. */
export interface Rename<T> {
  readonly from: T;
  readonly to: T;
}

export interface Described {
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
 * references) the same configuration. Each object is used once.
 */
export function findRenames<T extends Described>(removed: readonly T[], added: readonly T[]): readonly Rename<T>[] {
  const renames: Rename<T>[] = [];
  const left = new Set(removed);
  for (const matches of [sameName, sameConfig]) {
    for (const to of added) {
      if (renames.some((rename) => rename.to === to)) continue;
      const candidates = [...left].filter((from) => from.type === to.type && matches(from, to));
      // Two candidates of one configuration cannot be told apart; saying nothing beats a wrong advice.
      if (candidates.length !== 1) continue;
      left.delete(candidates[0]!);
      renames.push({ from: candidates[0]!, to });
    }
  }
  return renames;
}

function sameName(from: Described, to: Described): boolean {
  for (const paths of IDENTITIES) {
    const [old, current] = [from, to].map(({ config }) => paths.map((path) => getPath(config ?? undefined, path)));
    if (![old, current].every((names) => typeof names!.at(-1) === "string" && names!.every(isName))) continue;
    return isEqual(neutral(old!), neutral(current!));
  }
  return false;
}

function isName(value: Value | undefined): boolean {
  return (typeof value === "string" && value !== "") || value instanceof Expression;
}

function sameConfig(from: Described, to: Described): boolean {
  if (!from.config || !to.config || Object.keys(to.config).length === 0) return false;
  return isEqual(neutral(from.config), neutral(to.config));
}

/** References without the logical name of what they refer to. */
function neutral(value: Value | readonly (Value | undefined)[]): Value {
  return mapExpressions(value as Value, ({ text }) => new Expression(text.replace(/(\w+_\w+)\.[\w-]+\./g, "$1.*.")));
}

/** Makes base and head speak of renamed resources by one name. */
export function renameReferences<T extends ConfiguredResource>(
  resources: readonly T[],
  names: ReadonlyMap<string, string>,
): readonly T[] {
  if (names.size === 0) return resources;
  const rename = ({ text }: Expression) =>
    new Expression(text.replace(/\b[a-z][a-z0-9_]*\.[A-Za-z][\w-]*/g, (address) => names.get(address) ?? address));
  return resources.map((resource) => ({ ...resource, config: mapExpressions(resource.config, rename) as ValueObject }));
}
