import type { ProviderSchema } from "../knowledge/provider-schema";
import { Sensitive, UNKNOWN, type Value } from "../model/value";
import { isSecretName, type Secrets } from "./secrets";

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
export function toValue(raw: unknown, unknown: Mark, sensitive: Mark, reading: Reading, path = "", name = ""): Value {
  if (sensitive === true && raw !== null && raw !== undefined) return new Sensitive(raw);
  if (unknown === true) return UNKNOWN;
  if (Array.isArray(raw)) {
    return raw.map((item, i) => toValue(item, markAt(unknown, i), markAt(sensitive, i), reading, path, name));
  }
  if (typeof raw === "object" && raw !== null) return toObject(raw, unknown, sensitive, reading, path);
  // Object attributes that are unknown are left out of the value and only stand in the mark.
  if (raw === null || raw === undefined) return hasMark(unknown) ? fromMark(unknown) : null;
  if (typeof raw === "string" && raw !== "" && isSecret(name, path, reading)) {
    // A reference in a synth is no secret itself, and a short value is an everyday word.
    if (raw.length >= 8 && !raw.includes("${")) reading.secrets.add(raw);
    return new Sensitive(raw);
  }
  return raw as string | number | boolean;
}

function toObject(raw: object, unknown: Mark, sensitive: Mark, reading: Reading, path: string): Value {
  const prefix = path === "" ? "" : `${path}.`;
  // An environment variable: the name is told beside the value.
  const told = "name" in raw && typeof raw.name === "string" && isSecretName(raw.name) ? raw.name : undefined;
  const entries = Object.entries(raw).map(([key, child]): [string, Value] => {
    const name = told !== undefined && key === "value" ? told : key;
    return [key, toValue(child, markAt(unknown, key), markAt(sensitive, key), reading, prefix + key, name)];
  });
  if (typeof unknown === "object" && unknown !== null && !Array.isArray(unknown)) {
    for (const [key, mark] of Object.entries(unknown)) {
      if (!Object.hasOwn(raw, key) && hasMark(mark)) entries.push([key, fromMark(mark)]);
    }
  }
  // Not by assignment: a key may be called __proto__.
  return Object.fromEntries(entries);
}

function isSecret(name: string, path: string, { type, schema }: Reading): boolean {
  if (isSecretName(name)) return true;
  return schema.isSensitive(type, path);
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
