import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { environments } from "../../../environments";
import { Environment } from "../../../lib/environment";
import { seal } from "../../../lib/preview/diff/seal";
import { MASK, Secrets } from "../../../lib/preview/diff/secrets";
import { parseDocument } from "../../../lib/preview/diff/text";
import { resolveTemplates } from "../../../lib/preview/model/expressions";
import type { Value } from "../../../lib/preview/model/value";
import { RULES } from "../../../lib/preview/rules";
import { synthStacks } from "../../../lib/testing";
import { HARMLESS } from "./harmless";
import { HARMLESS_PAIRS } from "./harmless-pairs";

/** Every place where something is masked, as a value and as the text of a document. */
function masked(value: unknown, at = ""): readonly string[] {
  const secrets = new Secrets();
  const sealed = seal(resolveTemplates(value as Value), secrets);
  return walk(sealed, at, secrets);
}

function walk(value: unknown, at: string, secrets: Secrets): readonly string[] {
  const plain: unknown = JSON.parse(JSON.stringify(value ?? null));
  if (typeof plain === "string") {
    if (plain === MASK) return [at];
    const inner = parseDocument(plain);
    if (inner !== undefined) return [...masked(inner, `${at} ›`), ...textual(plain, at, secrets)];
    return textual(plain, at, secrets);
  }
  if (typeof plain !== "object" || plain === null) return [];
  return Object.entries(plain).flatMap(([key, child]) => [
    ...textual(key, at, secrets),
    ...walk(child, `${at}.${key}`, secrets),
  ]);
}

function textual(text: string, at: string, secrets: Secrets): readonly string[] {
  return secrets.mask(text) === text ? [] : [`${at}: ${secrets.mask(text).slice(0, 300)}`];
}

test.each(HARMLESS.map((attributes) => [JSON.stringify(attributes).slice(0, 90), attributes]))(
  "%s",
  (_, attributes) => {
    expect(masked(attributes)).toEqual([]);
  },
);

test("no name makes a secret of what no secret looks like", () => {
  expect(HARMLESS_PAIRS.length).toBeGreaterThan(2000);
  expect(HARMLESS_PAIRS.flatMap((attributes) => masked(attributes))).toEqual([]);
});

test("nothing of it as text either", () => {
  for (const attributes of HARMLESS) {
    const text = JSON.stringify(attributes);
    expect(new Secrets().mask(text)).toBe(text);
  }
});

test("nothing that the shipped environments synthesize is taken for a secret", () => {
  const stacks = synthStacks((app) => {
    for (const definition of environments) new Environment(app, definition);
  });
  expect(Object.keys(stacks).length).toBe(3 * environments.length);
  for (const [name, template] of Object.entries(stacks)) expect(masked(template, name)).toEqual([]);
});

test.each(RULES.map((rule) => [rule.id, rule]))(
  "nothing in the words of %s",
  (_, { title, consequence, remedy, source }) => {
    for (const text of [title, consequence, remedy, source]) expect(new Secrets().mask(text)).toBe(text);
  },
);

test("nothing in the documentation but its examples of secrets", () => {
  const directory = join(__dirname, "../../../docs");
  for (const name of readdirSync(directory).filter((file) => file.endsWith(".md") && file !== "preview.md")) {
    const text = readFileSync(join(directory, name), "utf8");
    for (const line of text.split("\n")) expect(new Secrets().mask(line)).toBe(line);
  }
});
