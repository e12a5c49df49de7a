import { parseYaml } from "../diff/text";
import {
  Expression,
  isArray,
  isEqual,
  isObject,
  Opaque,
  own,
  Sensitive,
  type Value,
  type ValueObject,
} from "../model/value";

import { cidrhost, cidrsubnet, setproduct, slice, sum } from "./lists-and-ranges";

/** Nothing in it has to wait for Terraform. */
export function isKnown(value: Value | undefined): boolean {
  if (value instanceof Opaque) return false;
  if (isArray(value)) return value.every(isKnown);
  return !isObject(value) || Object.values(value).every(isKnown);
}

/** A part that something known does not have: an error to Terraform, but for `try` and `can`. */
export class Missing extends Expression {}

type Function = (...args: readonly Value[]) => Value | undefined;

/** The functions of Terraform's language that a synth uses to put values together; the rest stays an expression. */
const FUNCTIONS: Readonly<Record<string, Function>> = {
  jsonencode: (value) => encode(value),
  // JSON is YAML, and nothing here depends on how a document is laid out.
  yamlencode: (value) => encode(value),
  jsondecode: (text) => (typeof text === "string" ? decode(text) : undefined),
  yamldecode: (text) => (typeof text === "string" ? parseYaml(text) : undefined),
  merge: (...maps) => (maps.every(isMap) ? Object.assign({}, ...maps) : undefined),
  concat: (...lists) => (lists.every(isArray) ? lists.flat() : undefined),
  flatten: (list) => (isKnown(list) && isArray(list) ? (list.flat(20) as Value[]) : undefined),
  compact: (list) => (isKnown(list) && isArray(list) ? list.filter((item) => item !== "" && item !== null) : undefined),
  distinct: (list) => (isKnown(list) && isArray(list) ? unique(list) : undefined),
  toset: (list) => (isKnown(list) && isArray(list) ? unique(list) : undefined),
  tolist: (list) => (isArray(list) ? list : undefined),
  tomap: (map) => (isMap(map) ? map : undefined),
  tostring: (value) => (value === null || isScalar(value) ? (value === null ? null : String(value)) : undefined),
  tonumber: (value) => (value === null || typeof value === "number" ? value : numeric(value)),
  tobool: (value) =>
    typeof value === "boolean" ? value : value === "true" ? true : value === "false" ? false : undefined,
  length: (value) => {
    if (typeof value === "string") return [...value].length;
    return isArray(value) ? value.length : isMap(value) ? Object.keys(value).length : undefined;
  },
  keys: (map) => (isMap(map) ? Object.keys(map).sort() : undefined),
  values: (map) =>
    isMap(map)
      ? Object.keys(map)
          .sort()
          .map((key) => map[key] ?? null)
      : undefined,
  lookup: (map, key, fallback) => (isMap(map) && typeof key === "string" ? (own(map, key) ?? fallback) : undefined),
  element: (list, index) =>
    isArray(list) && list.length > 0 && typeof index === "number" ? list[Math.abs(index) % list.length] : undefined,
  contains: (list, value) =>
    isKnown(list) && isKnown(value) && isArray(list) ? list.some((item) => isEqual(item, value)) : undefined,
  alltrue: (list) =>
    isArray(list) && isKnown(list) ? list.every((item) => item === true || item === "true") : undefined,
  anytrue: (list) =>
    isArray(list) && isKnown(list) ? list.some((item) => item === true || item === "true") : undefined,
  can: (value) => (isKnown(value) ? true : value instanceof Missing ? false : undefined),
  one: (list) => (isArray(list) && list.length <= 1 ? (list[0] ?? null) : undefined),
  sort: (list) => (isArray(list) && list.every(isScalar) ? list.map(String).sort() : undefined),
  reverse: (list) => (isArray(list) ? [...list].reverse() : undefined),
  setunion: (...lists) =>
    lists.every((list) => isArray(list) && isKnown(list)) ? unique(lists.flat() as Value[]) : undefined,
  range: (end) =>
    typeof end === "number" && end >= 0 && end <= 1000 ? Array.from({ length: end }, (_, i) => i) : undefined,
  zipmap: (names, items) =>
    isArray(names) && isArray(items) && names.length === items.length && names.every((name) => typeof name === "string")
      ? Object.fromEntries(names.map((name, i) => [name as string, items[i] ?? null]))
      : undefined,
  slice: (list, from, to) => (isKnown(list) ? slice(list ?? null, from ?? null, to ?? null) : undefined),
  sum: (list) => sum(list ?? null),
  setproduct: (...sets) => (sets.every(isKnown) ? setproduct(...sets) : undefined),
  cidrsubnet: (range, bits, number) => cidrsubnet(range ?? null, bits ?? null, number ?? null),
  cidrhost: (range, number) => cidrhost(range ?? null, number ?? null),
  coalesce: (...values) => firstKnown(values, (value) => value !== null && value !== ""),
  try: (...values) =>
    firstKnown(
      values.filter((value) => !(value instanceof Missing)),
      () => true,
    ),
  join: (separator, list) =>
    typeof separator === "string" && isArray(list) && list.every(isScalar) ? list.join(separator) : undefined,
  split: (separator, text) =>
    typeof separator === "string" && typeof text === "string" ? text.split(separator) : undefined,
  format: (pattern, ...args) =>
    typeof pattern === "string" && args.every(isScalar) ? format(pattern, args) : undefined,
  lower: (text) => (typeof text === "string" ? text.toLowerCase() : undefined),
  upper: (text) => (typeof text === "string" ? text.toUpperCase() : undefined),
  trimspace: (text) => (typeof text === "string" ? text.trim() : undefined),
  trimprefix: (text, prefix) => both(text, prefix, (a, b) => (a.startsWith(b) ? a.slice(b.length) : a)),
  trimsuffix: (text, suffix) => both(text, suffix, (a, b) => (b !== "" && a.endsWith(b) ? a.slice(0, -b.length) : a)),
  replace: (text, part, by) =>
    typeof by === "string"
      ? both(text, part, (a, b) => (/^\/.*\/$/.test(b) ? undefined : a.replaceAll(b, by)))
      : undefined,
  substr: (text, offset, length) =>
    typeof text === "string" && typeof offset === "number" && typeof length === "number" && offset >= 0
      ? text.slice(offset, length < 0 ? undefined : offset + length)
      : undefined,
  max: (...values) => (values.every(isNumber) ? Math.max(...values) : undefined),
  min: (...values) => (values.every(isNumber) ? Math.min(...values) : undefined),
  ceil: (value) => (typeof value === "number" ? Math.ceil(value) : undefined),
  floor: (value) => (typeof value === "number" ? Math.floor(value) : undefined),
  base64encode: (text) => (typeof text === "string" ? Buffer.from(text).toString("base64") : undefined),
  sensitive: (value) => new Sensitive(value),
  nonsensitive: (value) => (value instanceof Opaque ? undefined : value),
};

/** @returns undefined where the function is not known, or its arguments are not known well enough. */
export function callFunction(name: string, args: readonly Value[]): Value | undefined {
  return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]!(...args) : undefined;
}

function isMap(value: Value | undefined): value is ValueObject {
  return isObject(value);
}

function isScalar(value: Value | undefined): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function isNumber(value: Value): value is number {
  return typeof value === "number";
}

function numeric(value: Value | undefined): number | undefined {
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

function both(a: Value | undefined, b: Value | undefined, join: (a: string, b: string) => Value | undefined) {
  return typeof a === "string" && typeof b === "string" ? join(a, b) : undefined;
}

function unique(list: readonly Value[]): readonly Value[] {
  const seen = new Map(list.map((item) => [JSON.stringify(item), item]));
  return [...seen.values()];
}

/** The first that counts. One that is not known might be it, so nothing can be said behind it. */
function firstKnown(values: readonly Value[], counts: (value: Value) => boolean): Value | undefined {
  for (const value of values) {
    if (value instanceof Opaque) return undefined;
    if (counts(value)) return value;
  }
  return undefined;
}

function format(pattern: string, args: readonly (string | number | boolean)[]): string | undefined {
  let at = 0;
  const parts = [...pattern.matchAll(/%(.)/g)].map(([, verb]) => verb!);
  if (parts.some((verb) => !"sdv%".includes(verb)) || parts.filter((verb) => verb !== "%").length !== args.length)
    return undefined;
  return pattern.replace(/%(.)/g, (_, verb: string) => (verb === "%" ? "%" : String(args[at++])));
}

function decode(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

/** A document as text; where something in it is not known, a template with the expressions at their places. */
function encode(value: Value | undefined): Value | undefined {
  if (value === undefined || value instanceof Opaque) return undefined;
  if (isKnown(value)) return JSON.stringify(value);
  return new Expression(JSON.stringify(asTemplate(value)));
}

function asTemplate(value: Value | undefined): unknown {
  if (value instanceof Expression) return value.text;
  if (value instanceof Opaque) return `\${${value.text}}`;
  if (typeof value === "string") return value.replace(/[$%]\{/g, (opening) => opening[0] + opening);
  if (isArray(value)) return value.map(asTemplate);
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, child]) => [key, asTemplate(child)]))
    : value;
}
