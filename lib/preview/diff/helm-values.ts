import { resolveTemplates } from "../model/expressions";
import {
  asBlocks,
  Expression,
  isArray,
  isObject,
  Opaque,
  Sensitive,
  type Value,
  type ValueObject,
} from "../model/value";
import { isSecretName } from "./secrets";
import { parseYaml } from "./text";

export interface EffectiveValues {
  readonly values: ValueObject;
  /** Parts that only the apply knows or that must not be shown: the values say less than the release will get. */
  readonly hidden: readonly Opaque[];
  /** An entry that is no YAML mapping, by its index. */
  readonly invalid: readonly number[];
}

/**
 * What a `helm_release` passes to its chart: the entries of `values` merged in order (later wins, null takes a key
 * out), then `set`, `set_list` and `set_sensitive`.
 */
export function effectiveValues(release: ValueObject | null): EffectiveValues {
  const hidden: Opaque[] = [];
  const invalid: number[] = [];
  let values: ValueObject = {};
  const entries = release?.["values"];
  if (entries instanceof Opaque) hidden.push(entries);
  for (const [i, entry] of (isArray(entries) ? entries : []).entries()) {
    const parsed = parseEntry(entry);
    if (parsed instanceof Opaque) hidden.push(parsed);
    else if (isObject(parsed)) values = mergeValues(values, parsed);
    else if (entry !== null && !isBlank(entry)) invalid.push(i);
  }
  for (const attribute of ["set", "set_list", "set_sensitive", "set_wo"]) {
    const blocks = release?.[attribute];
    if (blocks instanceof Opaque) hidden.push(blocks);
    for (const block of asBlocks(blocks)) values = applySet(values, attribute, block);
  }
  return { values, hidden, invalid };
}

function parseEntry(entry: Value): Value | undefined {
  if (typeof entry === "string") return parseYaml(entry);
  if (!(entry instanceof Expression)) return entry instanceof Opaque ? entry : undefined;
  // Text with expressions in it, as a synth writes it; a lone expression has nothing to read.
  const parsed = /^\s*\$\{/.test(entry.text) ? undefined : parseYaml(entry.text);
  return parsed === undefined ? entry : resolveTemplates(parsed);
}

/** Nothing but comments, which is a mapping of nothing to Helm. */
function isBlank(entry: Value): boolean {
  return typeof entry === "string" && entry.split("\n").every((line) => /^\s*(#.*|---|null|~)?\s*$/.test(line));
}

/** Helm's merge: mappings merge, everything else is replaced, null removes. */
export function mergeValues(base: ValueObject, over: ValueObject): ValueObject {
  const result: Record<string, Value | undefined> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = result[key];
    if (value === null) delete result[key];
    else result[key] = isObject(old) && isObject(value) ? mergeValues(old, value) : value;
  }
  return result;
}

function applySet(values: ValueObject, attribute: string, block: ValueObject): ValueObject {
  const name = block["name"];
  if (typeof name !== "string" || name === "") return values;
  const raw = block["value"] ?? null;
  const secret = attribute === "set_sensitive" || attribute === "set_wo" || isSecretName(name);
  const value = secret && !(raw instanceof Opaque) ? new Sensitive(raw) : coerce(raw, block["type"]);
  return assign(values, parseSetPath(name), value) as ValueObject;
}

/** Helm types what `--set` gets unless told `string` or `literal`. */
function coerce(value: Value, type: Value | undefined): Value {
  if (typeof value !== "string" || type === "string" || type === "literal") return value;
  if (value === "true" || value === "false") return value === "true";
  if (value === "null") return null;
  if (/^\{.*\}$/.test(value))
    return value
      .slice(1, -1)
      .split(/(?<!\\),/)
      .filter((item) => item !== "")
      .map((item) => coerce(item, type));
  return /^(0|-?[1-9]\d{0,14})$/.test(value) ? Number(value) : value;
}

/** `a.b\.c[0]` as its steps. */
export function parseSetPath(name: string): readonly (string | number)[] {
  return name.split(/(?<!\\)\./).flatMap((part) => {
    const [, key = "", indices = ""] = /^(.*?)((?:\[\d+\])*)$/.exec(part) ?? [];
    const steps = [...indices.matchAll(/\[(\d+)\]/g)].map(([, index]) => Number(index));
    return key === "" ? steps : [key.replace(/\\(.)/g, "$1"), ...steps];
  });
}

/** Lists longer than this in a `set` path are a slip or an attack on the reviewer's machine. */
const LONGEST_LIST = 1000;

function assign(target: Value | undefined, [step, ...rest]: readonly (string | number)[], value: Value): Value {
  if (step === undefined) return value;
  if (typeof step === "number") {
    const items = isArray(target) ? [...target] : [];
    if (step > LONGEST_LIST) return items;
    while (items.length <= step) items.push(null);
    items[step] = assign(items[step], rest, value);
    return items;
  }
  const object = isObject(target) ? target : {};
  return { ...object, [step]: assign(object[step], rest, value) };
}
