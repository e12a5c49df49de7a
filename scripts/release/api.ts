import type { Declaration, Member } from "../reference/declarations";

/** A change of the public interface that can break who uses it. */
export interface Breaking {
  /** The name that a changelog has to mention. */
  readonly name: string;
  readonly what: string;
}

type Api = ReadonlyMap<string, Declaration>;

/** What was there before and is not any more, or is asked for now and was not before. */
export function breakingChanges(before: Api, after: Api): Breaking[] {
  return [...before].flatMap(([name, old]): Breaking[] => {
    const current = after.get(name);
    if (current === undefined) return [{ name, what: `${old.kind} ${name} is gone` }];
    return memberChanges(name, membersOf(old, before), current.kind, membersOf(current, after));
  });
}

/** Names that are new. */
export function additions(before: Api, after: Api): string[] {
  return [...after.keys()].filter((name) => !before.has(name));
}

/** Members with those of what it extends, as far as that is public. Another kind of declaration hides none. */
function membersOf({ members, text }: Declaration, api: Api): readonly Member[] {
  const bases = /^[^{]*?\bextends ([^{]*)\{/.exec(text)?.[1] ?? "";
  return [
    ...members,
    ...[...bases.matchAll(/\b[A-Z]\w+/g)].flatMap(([name]) => {
      const base = api.get(name);
      return base === undefined ? [] : membersOf(base, api);
    }),
  ];
}

function memberChanges(
  owner: string,
  before: readonly Member[],
  kind: Declaration["kind"],
  members: readonly Member[],
): Breaking[] {
  // The fields of an alias are not read.
  if (kind === "type") return [];
  const now = new Map(members.map((member) => [keyOf(member), member]));
  const then = new Set(before.map(keyOf));
  const gone = before
    .filter((member) => !now.has(keyOf(member)))
    .map(({ name }) => ({ name, what: `${owner}.${name} is gone` }));
  // A new required field of what callers write; what a class or a result has more is nothing to them.
  const asked = members
    .filter((member) => kind === "interface" && /(Options|Props|Definition)$/.test(owner) && !member.optional)
    .filter((member) => !then.has(keyOf(member)) || before.some((old) => keyOf(old) === keyOf(member) && old.optional))
    .map(({ name }) => ({ name, what: `${owner}.${name} is required` }));
  return [...gone, ...asked];
}

function keyOf({ name, isStatic }: Member): string {
  return isStatic ? `static ${name}` : name;
}

/** Changes that a section of the changelog does not name, in code. */
export function undeclared(breaking: readonly Breaking[], section: string): Breaking[] {
  const named = new Set([...section.matchAll(/`([^`]+)`/g)].flatMap(([, code = ""]) => code.split(/[^\w]+/)));
  return breaking.filter(({ name }) => !named.has(name));
}
