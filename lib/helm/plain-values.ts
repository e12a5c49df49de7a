import { Token } from "cdktf";
import type { Problem } from "../validation";
import { type HelmValue, type HelmValues, isValuesMap } from "./values";

/** Maps and lists within each other, at most. Kubernetes' deepest fields need a dozen. */
const DEEPEST = 64;
/** Maps, lists and values, at most: all of a large chart's own are some thousand. */
const MOST = 10_000;

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** What is wrong with something that stands where a value should. */
interface Fault {
  readonly rule: string;
  readonly remedy: string;
  /** How to show it. */
  readonly value?: unknown;
}

/**
 * Stands for something that no chart can be given. A token, so that whatever walks values leaves it alone;
 * {@link valueFaults} finds it and says what it was.
 */
class NotAValue {
  public readonly creationStack: string[] = [];

  public constructor(public readonly fault: Fault) {}

  public resolve(): never {
    throw new Error(`a value ${this.fault.rule}`);
  }

  public toString(): string {
    return "<not a value>";
  }
}

/**
 * Copies what a caller gave as values. What is no value (a function, a Date, NaN ...), or cannot be walked in bounded time
 * (a cycle, absurd depth, absurd size), is replaced by a token that remembers why.
 */
export function plainValues(given: unknown): HelmValues {
  const copied = new Copier().copy(given, 0);
  return isValuesMap(copied) ? copied : {};
}

/**
 * Everything in values that {@link plainValues} could not take.
 *
 * @param prefix What the keys belong to, e.g. `values`; empty for paths by themselves.
 */
export function valueFaults(values: HelmValue, prefix: string): Problem[] {
  if (values instanceof NotAValue) return [{ property: prefix, ...values.fault }];
  if (Array.isArray(values)) return values.flatMap((item, index) => valueFaults(item, `${prefix}[${index}]`));
  if (!isValuesMap(values)) return [];
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : valueFaults(value, prefix === "" ? key : `${prefix}.${key}`),
  );
}

class Copier {
  private left = MOST;
  private readonly open = new Set<object>();

  public copy(value: unknown, depth: number): HelmValue {
    if (this.left-- <= 0) return tooLarge();
    if (typeof value !== "object" || value === null) return scalar(value);
    if (Token.isUnresolved(value)) return value as HelmValue;
    if (this.open.has(value)) return wrong("contains itself", "take the cycle out");
    if (depth >= DEEPEST) return wrong(`lies more than ${DEEPEST} levels deep`, "flatten it");
    this.open.add(value);
    try {
      if (Array.isArray(value)) return this.list(value, depth + 1);
      return isPlain(value) ? this.map(value, depth + 1) : notPlain(value);
    } catch {
      return wrong("cannot be read: a property of it throws", "write plain data");
    } finally {
      this.open.delete(value);
    }
  }

  private list(value: readonly unknown[], depth: number): HelmValue {
    const items: HelmValue[] = [];
    // Gaps count as items: Object.entries would pass them by.
    for (let index = 0; index < value.length; index++) {
      items.push(this.item(value[index], depth));
      if (this.left < 0) break;
    }
    return items;
  }

  private item(value: unknown, depth: number): HelmValue {
    return value === undefined && this.left-- > 0
      ? wrong("is missing from its list", "give it, or take the gap out of the list")
      : this.copy(value, depth);
  }

  private map(value: object, depth: number): HelmValue {
    const entries: [string, HelmValue][] = [];
    for (const [key, item] of Object.entries(value)) {
      if (item !== undefined) entries.push([key, this.copy(item, depth)]);
      // Below zero something was left out, and its place says so.
      if (this.left < 0) break;
    }
    // fromEntries defines own properties, so that even a key like __proto__ is plain data.
    return Object.fromEntries(entries);
  }
}

function tooLarge(): HelmValue {
  return wrong("is too large: there are more values than any chart could have", "shorten it");
}

function scalar(value: unknown): HelmValue {
  switch (typeof value) {
    case "string":
      if (!LONE_SURROGATE.test(value)) return value;
      return wrong("is no valid text: half of a character is missing", "write whole characters");
    case "number":
      if (Number.isFinite(value)) return value;
      return wrong("is not a number that a chart can be given", "give a finite number", value);
    case "boolean":
      return value;
    case "bigint":
      return wrong("is a bigint, which values have no form for", "write a number, or text", `${value}`);
    case "object":
      return null;
    default:
      return wrong(`is a ${typeof value}, and no value of a chart`, "write the value itself");
  }
}

/** Objects made by braces or JSON.parse, here or in another realm; no instances of classes. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function notPlain(value: object): HelmValue {
  const name = (value.constructor as { name?: unknown } | undefined)?.name;
  const kind = typeof name === "string" && name !== "" ? `a ${name}` : "an instance of a class";
  const remedy = value instanceof Date ? "write the time as text" : "write plain data: text, numbers, lists and maps";
  return wrong(`is ${kind}, and no value of a chart`, remedy);
}

function wrong(rule: string, remedy: string, value?: unknown): HelmValue {
  return new NotAValue({ rule, remedy, ...(value === undefined ? {} : { value }) });
}
