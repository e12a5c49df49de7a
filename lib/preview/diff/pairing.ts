import { isEqual, isObject, type Value } from "../model/value";

/** An element before and after; one side is missing where it was added or removed. */
export interface Pair {
  readonly before?: Value;
  readonly after?: Value;
  /** What names the element within its list: its own name in quotes, or its index. */
  readonly label: string;
}

interface Indexed {
  readonly value: Value;
  readonly index: number;
}

/** Keys by which people tell the elements of a list apart, best first. */
const IDENTITIES = ["name", "key", "range_name", "subnetwork", "cidr_block", "id", "address", "kind", "type"];

/**
 * Pairs the elements of two lists: equal ones vanish, then those of the same name belong together, then what is left
 * in its order. Sets are plain lists in Terraform's JSON, so position alone means nothing.
 */
export function pairElements(
  before: readonly Value[],
  after: readonly Value[],
): { readonly pairs: readonly Pair[]; readonly reordered: boolean } {
  const waiting = new Map<string, Indexed[]>();
  before.forEach((value, index) => {
    push(waiting, fingerprint(value), { value, index });
  });
  const unmatched: Indexed[] = [];
  let reordered = false;
  after.forEach((value, index) => {
    const twins = waiting.get(fingerprint(value)) ?? [];
    const at = twins.findIndex((twin) => isEqual(twin.value, value));
    if (at < 0) unmatched.push({ value, index });
    else if (twins.splice(at, 1)[0]?.index !== index) reordered = true;
  });
  const left = [...waiting.values()].flat().sort((a, b) => a.index - b.index);
  return { pairs: pairRest(left, unmatched), reordered };
}

function pairRest(left: readonly Indexed[], right: readonly Indexed[]): Pair[] {
  const key = commonIdentity(left, right);
  if (key === undefined) return pairByPosition(left, right);
  const byName = new Map(left.map((item) => [nameOf(item.value, key), item]));
  const pairs: Pair[] = right.map(({ value }) => {
    const name = nameOf(value, key);
    const partner = byName.get(name);
    byName.delete(name);
    return { before: partner?.value, after: value, label: JSON.stringify(name) };
  });
  for (const [name, { value }] of byName) pairs.push({ before: value, label: JSON.stringify(name) });
  return pairs;
}

/** Objects are paired in their order, other values where both lists have one at the same place. */
function pairByPosition(left: readonly Indexed[], right: readonly Indexed[]): Pair[] {
  const objects = [...left, ...right].every(({ value }) => isObject(value));
  const partner = (item: Indexed, i: number, others: readonly Indexed[]) =>
    objects ? others[i] : others.find(({ index }) => index === item.index);
  const taken = new Set(right.map((item, i) => partner(item, i, left)));
  return [
    ...right.map((item, i) => ({
      before: partner(item, i, left)?.value,
      after: item.value,
      label: String(item.index),
    })),
    ...left.filter((item) => !taken.has(item)).map(({ value, index }) => ({ before: value, label: String(index) })),
  ];
}

/** A key whose values name every element, none of a side twice. */
function commonIdentity(left: readonly Indexed[], right: readonly Indexed[]): string | undefined {
  return IDENTITIES.find((key) =>
    [left, right].every((side) => {
      const names = side.map(({ value }) => nameOf(value, key));
      return !names.includes(undefined) && new Set(names).size === names.length;
    }),
  );
}

function nameOf(value: Value, key: string): string | undefined {
  const name = isObject(value) ? value[key] : undefined;
  return typeof name === "string" && name !== "" ? name : undefined;
}

/** Equal values have equal fingerprints; opaque ones are told apart by {@link isEqual}. */
function fingerprint(value: Value): string {
  return JSON.stringify(value, (_, child) =>
    isObject(child) ? Object.fromEntries(Object.entries(child).sort(([a], [b]) => (a < b ? -1 : 1))) : child,
  );
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const items = map.get(key);
  if (items) items.push(item);
  else map.set(key, [item]);
}
