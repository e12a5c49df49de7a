import { Fn, Token, Tokenization } from "cdktf";
import type { Check, Problem } from "../validation";
import { plainValues, valueFaults } from "./plain-values";
import { type HelmValue, type HelmValues, isValuesMap } from "./values";

/**
 * Chart values as the entries of a `helm_release`'s `values`: JSON text for everything known now, and where tokens
 * are, a second entry with exactly those, which Helm merges over the first.
 *
 * JSON, because Terraform shows a change in it key by key. Two entries, because a text that holds anything unknown is
 * shown as `(known after apply)` as a whole.
 */
export function renderValues(values: HelmValues): string[] {
  const [known, unknown] = split(values);
  const rendered = [renderKnownValues(known)];
  // jsonencode, because a token's value may hold quotes, and because text with a boolean or list token in it does not
  // survive JSON.stringify.
  if (Object.keys(unknown).length > 0) rendered.push(Fn.jsonencode(unwrapped(unknown)));
  return rendered;
}

/**
 * Values with each list and map that stands for a token replaced by the token itself: cdktf resolves the stand-ins where
 * they are a whole argument, and not within one.
 */
function unwrapped(value: HelmValue | undefined): unknown {
  if (Array.isArray(value)) {
    if (!Token.isUnresolved(value)) return value.map(unwrapped);
    return Tokenization.reverseList(value as string[]) ?? Tokenization.reverseNumberList(value as unknown as number[]);
  }
  if (typeof value !== "object" || value === null || Tokenization.isResolvable(value)) return value;
  if (Token.isUnresolved(value)) return Tokenization.reverseMap(value as Record<string, unknown>);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unwrapped(each as HelmValue)]));
}

/** What JSON may hold as it is, and Helm, which reads it as YAML, refuses or takes for a line break. */
const NOT_IN_YAML = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/**
 * Values without tokens as a Terraform string: JSON with Terraform's `${` and `%{` taken out of meaning. Keys are
 * sorted, so that the order in which features were merged never shows up in a plan.
 */
export function renderKnownValues(values: HelmValues): string {
  return JSON.stringify(sortKeys(values))
    .replace(NOT_IN_YAML, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replaceAll("${", "$$${")
    .replaceAll("%{", "%%{");
}

/** Reads what {@link renderKnownValues} writes. */
export function parseKnownValues(text: string): HelmValues {
  return JSON.parse(text.replaceAll("$${", "${").replaceAll("%%{", "%{")) as HelmValues;
}

/**
 * What cannot be rendered: Terraform's JSON syntax has no way to put these beside a token.
 *
 * @param prefix What the keys belong to, e.g. `values`.
 */
export function renderProblems(values: HelmValues, prefix: string): Problem[] {
  const problems: Problem[] = [];
  for (const [key, value] of Object.entries(values)) {
    const property = `${prefix}.${key}`;
    if (value === undefined) continue;
    if (Token.isUnresolved(key))
      problems.push({ property: prefix, rule: "has a token for a key", remedy: "use a key that is known at synth" });
    else if (isValuesMap(value)) problems.push(...renderProblems(value, property));
    else if (hasToken(value)) problems.push(...literalProblems(value, property));
  }
  return problems;
}

/**
 * Chart values as an option: a map that can be rendered.
 *
 * @param judge What is wrong with them. @default - what no chart can be given, and what cannot be rendered
 */
export function helmValues(
  judge: (values: HelmValues, property: string) => readonly Problem[] = (values, property) => [
    ...valueFaults(values, property),
    ...renderProblems(values, property),
  ],
): Check {
  return {
    unknown: () => ({}),
    shape: "fields",
    examine: (value, property) => {
      if (typeof value !== "object" || value === null || Array.isArray(value))
        return {
          problems: [{ property, value, rule: "is not an object", remedy: "write the chart's keys in braces" }],
          value: {},
        };
      const plain = plainValues(value);
      return { problems: judge(plain, property), value: plain };
    },
  };
}

function sortKeys(value: HelmValue | undefined): HelmValue | undefined {
  if (Array.isArray(value)) return value.map((item) => sortKeys(item) ?? null);
  if (!isValuesMap(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}

/** Parts a map into what is known and what holds tokens. A list with a token in it goes as a whole: Helm replaces lists. */
function split(values: HelmValues): [known: HelmValues, unknown: HelmValues] {
  const known: [string, HelmValue][] = [];
  const unknown: [string, HelmValue][] = [];
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    if (!isValuesMap(value)) (hasToken(value) ? unknown : known).push([key, value]);
    else {
      const [knownPart, unknownPart] = split(value);
      const hasUnknown = Object.keys(unknownPart).length > 0;
      if (hasUnknown) unknown.push([key, unknownPart]);
      if (!hasUnknown || Object.keys(knownPart).length > 0) known.push([key, knownPart]);
    }
  }
  return [Object.fromEntries(known), Object.fromEntries(unknown)];
}

function hasToken(value: HelmValue | undefined): boolean {
  if (Token.isUnresolved(value)) return true;
  if (Array.isArray(value)) return value.some(hasToken);
  return isValuesMap(value) && Object.values(value).some(hasToken);
}

function literalProblems(value: HelmValue, property: string): Problem[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => literalProblems(item, `${property}[${index}]`));
  if (isValuesMap(value))
    return Object.entries(value).flatMap(([key, item]) => [
      ...literalProblems(key, property),
      ...(item === undefined ? [] : literalProblems(item, `${property}.${key}`)),
    ]);
  if (typeof value !== "string") return [];
  const literals = Token.isUnresolved(value) ? Tokenization.reverseString(value).literals.map(String) : [value];
  if (!literals.some((literal) => /["\\]|[$%]\{/.test(literal))) return [];
  return [
    {
      property,
      rule: "holds a quote, a backslash, ${ or %{ beside a token, which Terraform's expressions would misread",
      remedy: "take it out of the token's text or list, or write the text in a TerraformLocal and refer to that",
    },
  ];
}
