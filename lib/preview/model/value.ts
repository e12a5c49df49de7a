/**
 * A value Terraform tells us about. Next to JSON's own there are {@link Opaque} leaves: something is there, but what
 * it is cannot be known yet or must not be shown.
 */
export type Value =
  | null
  | boolean
  | number
  | string
  | Opaque
  | readonly Value[]
  | { readonly [key: string]: Value | undefined };

/** An object of {@link Value}s. */
export type ValueObject = { readonly [key: string]: Value | undefined };

/** One step into a value: an attribute's name, a map's key, or an index. */
export type Step = string | number;

/** A leaf without a readable value. Compared by identity, so no text of a user can pass for one. */
export class Opaque {
  public constructor(
    /** What stands in its place in a report. */
    public readonly text: string,
  ) {}

  public toJSON(): string {
    return this.text;
  }
}

/** Known only after the apply. */
export const UNKNOWN = new Opaque("(known after apply)");

/** Marked sensitive by Terraform, by the provider's schema, or by its name. Only told to differ or not to differ. */
export class Sensitive extends Opaque {
  readonly #raw: string;

  public constructor(raw: unknown) {
    super("(sensitive value)");
    this.#raw = JSON.stringify(raw) ?? "";
  }

  public same(other: Sensitive): boolean {
    return this.#raw === other.#raw;
  }
}

/** A Terraform expression that only Terraform can resolve, as it stands in `cdk.tf.json`. */
export class Expression extends Opaque {}

export function isObject(value: unknown): value is ValueObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Opaque);
}

export function isArray(value: unknown): value is readonly Value[] {
  return Array.isArray(value);
}

/** A key's value, also where the key is one that every JavaScript object answers to (`constructor`, `__proto__`). */
export function own(object: ValueObject, key: string): Value | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Whether Terraform treats the value as not set: null, absent, or an empty string, list or block. */
export function isEmpty(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (value instanceof Opaque) return false;
  if (isArray(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every((child) => child === undefined);
}

/**
 * The value at a dotted path, `node_config.taint`. A list of one element, which is how Terraform writes a nested
 * block, is looked through, so that the same path reads a plan and a `cdk.tf.json`.
 *
 * @returns undefined where there is nothing; an {@link Opaque} where the path leads through one.
 */
export function getPath(value: Value | undefined, path: string): Value | undefined {
  let current = value;
  for (const key of path.split(".")) {
    if (isArray(current) && !/^\d+$/.test(key)) current = current.length === 1 ? current[0] : undefined;
    if (current instanceof Opaque) return current;
    if (isArray(current)) current = current[Number(key)];
    else if (isObject(current)) current = own(current, key);
    else return undefined;
  }
  return current;
}

/** A list of blocks, written either way: none, one object, or an array. */
export function asBlocks(value: Value | undefined): readonly ValueObject[] {
  if (isArray(value)) return value.filter(isObject);
  return isObject(value) ? [value] : [];
}

/** Deep equality; an {@link Opaque} equals itself and an {@link Expression} one of the same text. */
export function isEqual(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (a instanceof Sensitive && b instanceof Sensitive) return a.same(b);
  if (a instanceof Expression && b instanceof Expression) return a.text === b.text;
  if (isArray(a)) return isArray(b) && a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => key in b && isEqual(a[key], b[key]));
  }
  return false;
}

/** `node_config[0].labels["a.b"]` as Terraform writes it, with the index of a single nested block left out. */
export function formatPath(steps: readonly Step[]): string {
  return steps.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (!/^[A-Za-z_][\w-]*$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

/** The path of the attribute in the schema: `["node_config", 0, "taint", 1, "key"]` is `node_config.taint.key`. */
export function schemaPath(steps: readonly Step[]): string {
  return steps.filter((step) => typeof step === "string").join(".");
}
