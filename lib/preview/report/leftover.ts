import type { ResourceChange } from "../model/changes";
import { isArray, isObject, type Value } from "../model/value";
import type { Scene } from "../rules/scene";

/**
 * Who uses what an earlier replacement left: until this apply, or beyond it. Known of objects that others name by a link
 * which is nobody else's.
 */
export function leftoverUses(change: ResourceChange, scene: Scene): readonly string[] {
  const links = new Set([change.before?.["self_link"], change.before?.["id"]].flatMap((link) => linkOf(link) ?? []));
  if (change.deposed === undefined || links.size === 0) return [];
  const users = (scene.stack(change.stack)?.resources ?? []).filter(
    ({ kind, deposed, address }) => kind === "managed" && deposed === undefined && address !== change.address,
  );
  const of = (side: "before" | "after") => users.filter((user) => names(user[side] ?? undefined, links));
  const still = of("after");
  const until = of("before").filter((user) => !still.includes(user));
  return [
    ...(still.length > 0
      ? [`still used by ${addresses(still)}, also after this apply: its deletion may be refused`]
      : []),
    ...(until.length > 0 ? [`still used by ${addresses(until)}, until this apply changes that`] : []),
  ];
}

function addresses(users: readonly ResourceChange[]): string {
  return users.map(({ address }) => address).join(", ");
}

function names(value: Value | undefined, links: ReadonlySet<string>): boolean {
  if (isArray(value)) return value.some((item) => names(item, links));
  if (isObject(value)) return Object.values(value).some((child) => names(child, links));
  const link = linkOf(value);
  return link !== undefined && links.has(link);
}

/** `projects/p/regions/r/subnetworks/s`, with or without a host before it. */
function linkOf(value: Value | undefined): string | undefined {
  if (typeof value !== "string") return undefined;
  const link = value.replace(/^https:\/\/[^ ]*?\/(?=projects\/)/, "");
  return /^projects\/[^ ]+$/.test(link) ? link : undefined;
}
