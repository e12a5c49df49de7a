/** Where a field stands in an object: names of fields and numbers of list items. */
export type FieldPath = readonly (string | number)[];

/** What is wrong with a field of a policy, or deserves a sentence. */
export interface Fault {
  readonly path: FieldPath;
  /** The value found there, where there is one that can be shown. */
  readonly value?: unknown;
  /** As the rest of a sentence whose subject is the field. */
  readonly rule: string;
  /** In the imperative. */
  readonly remedy: string;
}

/** `spec.ingress[0].fromEndpoints[1].matchLabels["app.kubernetes.io/name"]` */
export function fieldText(path: FieldPath): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (!/^[\w-]+$/.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}

/** A map, and no list or token. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is a map of fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The items of what should be a list; none where it is none, which its schema tells. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** The value of a field of what should be a map. */
export function fieldOf(value: unknown, name: string): unknown {
  return isFields(value) ? value[name] : undefined;
}

/** The value, for a message, where it is short enough to be one. */
export function shownValue(value: unknown): { readonly value?: unknown } {
  if (value === undefined) return {};
  if (value === null || typeof value !== "object") return { value };
  return Array.isArray(value) && value.length === 0 ? { value: [] } : {};
}

/** What stands in a field as text; empty for what is none, which the schema tells. Never asks an object for its words. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : ["number", "boolean", "bigint"].includes(typeof value) ? `${value}` : "";
}

/** How to write text where something else stands: YAML reads `yes` as true, and `1.20` as 1.2. */
export function inQuotes(value: unknown): string {
  if (typeof value === "boolean") return "write the word in quotes";
  if (Number.isSafeInteger(value)) return `write "${textOf(value)}" in quotes`;
  return typeof value === "number" ? "write it in quotes, as it stands" : "write text";
}
