import type { ProviderSchema } from "../../facts/providers/schema";
import { Sensitive, UNKNOWN, type Value } from "../model/value";
import { seal } from "./seal";
import { isReference } from "./secret-values";
import type { Secrets } from "./secrets";

/** `true` for a whole value, or the value's shape with marks inside. Anything else is no mark. */
export type Mark = unknown;

/** The mark of a child; a mark on a block covers everything below it. */
export function markAt(mark: Mark, step: string | number): Mark {
  if (mark === true) return true;
  if (typeof mark !== "object" || mark === null) return false;
  return (mark as Record<string | number, unknown>)[step] ?? false;
}

/** Remembers what is marked, before anything is shown. */
export function collectSecrets(value: unknown, mark: Mark, secrets: Secrets): void {
  if (mark === true) secrets.add(value);
  else if (typeof mark === "object" && mark !== null && typeof value === "object" && value !== null) {
    for (const [key, child] of Object.entries(mark)) {
      if (child !== false) collectSecrets((value as Record<string, unknown>)[key], child, secrets);
    }
  }
}

export interface Reading {
  readonly type: string;
  readonly schema: ProviderSchema;
  readonly secrets: Secrets;
}

/**
 * Terraform's value and its marks as one value. A name that speaks of a secret is a mark too: providers forget to mark
 * (an environment variable, a Helm value), and a synth carries no marks at all.
 */
export function toValue(raw: unknown, unknown: Mark, sensitive: Mark, reading: Reading): Value {
  return seal(convert(raw, unknown, sensitive, reading, ""), reading.secrets);
}

function convert(raw: unknown, unknown: Mark, sensitive: Mark, reading: Reading, path: string): Value {
  if (sensitive === true && raw !== null && raw !== undefined) return new Sensitive(raw);
  if (unknown === true) return UNKNOWN;
  if (Array.isArray(raw)) {
    return raw.map((item, i) => convert(item, markAt(unknown, i), markAt(sensitive, i), reading, path));
  }
  if (typeof raw === "object" && raw !== null) return toObject(raw, unknown, sensitive, reading, path);
  // Object attributes that are unknown are left out of the value and only stand in the mark.
  if (raw === null || raw === undefined) return hasMark(unknown) ? fromMark(unknown) : null;
  if (raw !== "" && typeof raw !== "boolean" && isMarkedBySchema(path, reading)) {
    // A reference in a synth is no secret itself; what it refers to may be resolved later.
    if (typeof raw === "string" && !isReference(raw)) reading.secrets.learn(raw);
    return new Sensitive(raw);
  }
  return raw as string | number | boolean;
}

function toObject(raw: object, unknown: Mark, sensitive: Mark, reading: Reading, path: string): Value {
  const prefix = path === "" ? "" : `${path}.`;
  const entries = Object.entries(raw).map(([key, child]): [string, Value] => [
    key,
    convert(child, markAt(unknown, key), markAt(sensitive, key), reading, prefix + key),
  ]);
  if (typeof unknown === "object" && unknown !== null && !Array.isArray(unknown)) {
    for (const [key, mark] of Object.entries(unknown)) {
      if (!Object.hasOwn(raw, key) && hasMark(mark)) entries.push([key, fromMark(mark)]);
    }
  }
  // Not by assignment: a key may be called __proto__.
  return Object.fromEntries(entries);
}

/** What the provider marks, also where this version of it is not tabled: a Secret's data is one in each. */
function isMarkedBySchema(path: string, { type, schema }: Reading): boolean {
  if (schema.isSensitive(type, path)) return true;
  return (
    /^kubernetes_secret(?:_|$)/.test(type) &&
    /^(?:data|binary_data|string_data|data_wo|binary_data_wo)(?:\.|$)/.test(path)
  );
}

function hasMark(mark: Mark): boolean {
  if (typeof mark !== "object" || mark === null) return mark === true;
  return Object.values(mark).some(hasMark);
}

function fromMark(mark: Mark): Value {
  if (mark === true) return UNKNOWN;
  if (Array.isArray(mark)) return mark.map((item) => (hasMark(item) ? fromMark(item) : null));
  if (typeof mark !== "object" || mark === null) return null;
  return Object.fromEntries(
    Object.entries(mark)
      .filter(([, child]) => hasMark(child))
      .map(([key, child]) => [key, fromMark(child)]),
  );
}
