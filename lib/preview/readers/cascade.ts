import type { ProviderSchema } from "../knowledge/provider-schema";
import { replaces } from "../knowledge/replacement";
import type { ResourceChange } from "../model/changes";
import { expressionsIn, referencesOf } from "../model/expressions";
import { UNKNOWN } from "../model/value";
import { ignoredPaths, isIgnored } from "./ignored";

/**
 * Follows replacements to what refers to them. The computed attributes of a new object are unknown until it exists, so
 * a node pool whose `cluster` is the id of a replaced cluster is replaced as well.
 */
export function cascade(changes: readonly ResourceChange[], schema: ProviderSchema): readonly ResourceChange[] {
  const current = new Map(changes.map((change) => [change.address, change]));
  for (let spread = true; spread; ) {
    spread = false;
    for (const change of current.values()) {
      const next = follow(change, current, schema);
      if (next === change) continue;
      current.set(change.address, next);
      spread = true;
    }
  }
  return [...current.values()];
}

function follow(
  change: ResourceChange,
  all: ReadonlyMap<string, ResourceChange>,
  schema: ProviderSchema,
): ResourceChange {
  if (change.kind === "data" || !["no-op", "move", "update"].includes(change.action)) return change;
  const ignored = ignoredPaths(change.lifecycle?.after);
  for (const [path, expression] of expressionsIn(change.after ?? undefined)) {
    if (isIgnored(ignored, path) || change.fields.some((field) => field.path === path)) continue;
    for (const { resource, attribute } of referencesOf(expression)) {
      const target = all.get(resource);
      // A new object that replaces nothing was unknown in the base as well, or the reference itself is new.
      if (!target || !isRenewed(target) || !isComputed(target, attribute, schema)) continue;
      return withUnknown(change, path, target, schema);
    }
  }
  return change;
}

function isRenewed({ action }: ResourceChange): boolean {
  return action === "replace" || action === "create";
}

function isComputed(target: ResourceChange, attribute: string, schema: ProviderSchema): boolean {
  return target.after?.[attribute] === undefined || schema.attribute(target.type, attribute).output;
}

function withUnknown(
  change: ResourceChange,
  path: string,
  target: ResourceChange,
  schema: ProviderSchema,
): ResourceChange {
  const forces = replaces(schema, change.type, path, undefined, UNKNOWN);
  const createFirst = change.lifecycle?.after?.["create_before_destroy"] === true;
  const verb = target.action === "create" ? "created anew" : "replaced";
  const field = {
    path,
    kind: "changed",
    after: UNKNOWN.text,
    note: `refers to ${target.address}, which is ${verb}`,
  } as const;
  return {
    ...change,
    action: forces ? "replace" : "update",
    order: forces ? (createFirst ? "create-first" : "delete-first") : undefined,
    replacePaths: forces ? [...change.replacePaths, path.split(".")] : change.replacePaths,
    fields: [...change.fields, forces ? { ...field, forces } : field],
  };
}
