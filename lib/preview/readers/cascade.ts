import type { ProviderSchema } from "../../facts/providers/schema";
import { replaces } from "../knowledge/replacement";
import type { ReplaceOrder, ResourceChange } from "../model/changes";
import { expressionsIn, type Reference, referencesOf } from "../model/expressions";
import { isArray, UNKNOWN, type Value } from "../model/value";
import { ignoredPaths, isIgnored } from "./ignored";

/** A place that refers to another block's attribute. */
interface Use extends Reference {
  /** Which change it is in. */
  readonly user: number;
  readonly path: string;
  /** It stands in `replace_triggered_by`. */
  readonly trigger: boolean;
}

/**
 * Follows replacements to what refers to them. The computed attributes of a new object are unknown until it exists, so
 * a node pool whose `cluster` is the id of a replaced cluster is replaced as well.
 *
 * @param orderOf In which order a block's objects are replaced.
 */
export function cascade(
  changes: readonly ResourceChange[],
  schema: ProviderSchema,
  orderOf: (change: ResourceChange) => ReplaceOrder,
): readonly ResourceChange[] {
  const current = [...changes];
  const uses = usesOf(changes);
  const waiting = changes.map((_, i) => i).filter((i) => isMoving(changes[i]!));
  // Each change is looked at again only when its action got worse, which happens twice at most.
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const target = current[next]!;
    for (const use of uses.get(blockOf(target)) ?? []) {
      const user = current[use.user]!;
      const changed = follow(user, use, target, schema, orderOf);
      if (changed === user) continue;
      current[use.user] = changed;
      if (changed.action !== user.action) waiting.push(use.user);
    }
  }
  return current;
}

function usesOf(changes: readonly ResourceChange[]): ReadonlyMap<string, readonly Use[]> {
  const uses = new Map<string, Use[]>();
  const add = (use: Use) => {
    const known = uses.get(use.resource);
    if (known) known.push(use);
    else uses.set(use.resource, [use]);
  };
  changes.forEach((change, user) => {
    if (change.kind !== "managed") return;
    const ignored = ignoredPaths(change.lifecycle?.after);
    for (const [path, expression] of expressionsIn(change.after ?? undefined)) {
      if (isIgnored(ignored, path)) continue;
      for (const reference of referencesOf(expression)) add({ ...reference, user, path, trigger: false });
    }
    for (const trigger of triggersOf(change.lifecycle?.after?.["replace_triggered_by"])) {
      const [, resource, key, attribute = ""] = /^([a-z]\w*\.[\w-]+)(\[[^\]]*\])?(?:\.(.+))?$/.exec(trigger) ?? [];
      if (resource) add({ resource, key, attribute, user, path: "", trigger: true });
    }
  });
  return uses;
}

function triggersOf(value: Value | undefined): readonly string[] {
  const items = isArray(value) ? value : [];
  return items.map((item) => (typeof item === "string" ? item : JSON.stringify(item).replace(/^"\$\{|\}"$/g, "")));
}

function blockOf({ kind, type, name }: ResourceChange): string {
  return `${kind === "data" ? "data." : ""}${type}.${name}`;
}

function isMoving({ kind, action }: ResourceChange): boolean {
  return kind === "managed" && (action === "replace" || action === "create" || action === "update");
}

function follow(
  change: ResourceChange,
  use: Use,
  target: ResourceChange,
  schema: ProviderSchema,
  orderOf: (change: ResourceChange) => ReplaceOrder,
): ResourceChange {
  if (!["no-op", "move", "update", "configure", "replace"].includes(change.action)) return change;
  if (use.key !== undefined && !target.address.endsWith(use.key)) return change;
  if (use.trigger) return triggered(change, use, target, orderOf);
  // A new object that replaces nothing was unknown in the base as well, or the reference itself is new.
  if (target.action === "update" || change.fields.some((field) => field.path === use.path)) return change;
  const computed = target.after?.[use.attribute] === undefined || schema.attribute(target.type, use.attribute).output;
  return computed ? withUnknown(change, use.path, target, schema, orderOf) : change;
}

function triggered(
  change: ResourceChange,
  { attribute }: Use,
  target: ResourceChange,
  orderOf: (change: ResourceChange) => ReplaceOrder,
): ResourceChange {
  const about =
    attribute === "" || target.action === "replace" || target.fields.some(({ path }) => path.startsWith(attribute));
  if (!about || target.action === "create" || change.action === "replace") return change;
  return { ...change, action: "replace", order: orderOf(change), reason: "replace_by_triggers" };
}

function withUnknown(
  change: ResourceChange,
  path: string,
  target: ResourceChange,
  schema: ProviderSchema,
  orderOf: (change: ResourceChange) => ReplaceOrder,
): ResourceChange {
  const forces = replaces(schema, change.type, path, undefined, UNKNOWN);
  const field = {
    path,
    kind: "changed",
    after: UNKNOWN.text,
    note: `refers to ${target.address}, which is ${target.action === "create" ? "created" : "replaced"}`,
  } as const;
  return {
    ...change,
    action: forces || change.action === "replace" ? "replace" : "update",
    order: change.order ?? (forces ? orderOf(change) : undefined),
    replacePaths: forces ? [...change.replacePaths, path.split(".")] : change.replacePaths,
    fields: [...change.fields, forces ? { ...field, forces } : field],
  };
}
