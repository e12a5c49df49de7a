import { ProviderSchema } from "../../../lib/facts/providers/schema";
import { diffFields } from "../../../lib/preview/diff/fields";
import { Secrets } from "../../../lib/preview/diff/secrets";
import { parseDocument } from "../../../lib/preview/diff/text";
import { UNKNOWN, type Value } from "../../../lib/preview/model/value";
import fc from "../../support/fast-check";

const options = { type: "some_type", schema: ProviderSchema.load(), secrets: new Secrets() };
const diff = (before: Value, after: Value) => diffFields(before, after, options).fields;
const paths = (before: Value, after: Value) => diff(before, after).map(({ path, kind }) => `${kind} ${path}`);

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 5 }), tie("value"), { maxKeys: 4 }),
  ),
})).value as fc.Arbitrary<Value>;

test("a value does not differ from itself, whatever it is", () => {
  fc.assert(fc.property(json, (value) => expect(diff(value, structuredClone(value))).toEqual([])));
});

test("any two values can be compared, and what is told is text", () => {
  fc.assert(
    fc.property(json, json, (before, after) => {
      for (const field of diff({ a: before }, { a: after })) {
        expect(field.path).toMatch(/^a/);
        expect([field.before, field.after, field.note, field.lines].some((part) => part !== undefined)).toBe(true);
      }
    }),
  );
});

test("nothing, null and emptiness are one thing: providers swap them freely", () => {
  expect(diff({ a: null, b: "", c: [], d: {} }, {})).toEqual([]);
  expect(diff({}, { a: null, b: "", c: [], d: {} })).toEqual([]);
  expect(paths({ a: false }, { a: 0 })).toEqual(["changed a"]);
});

test("a block that occurs once is told without its index, several with theirs or their name", () => {
  expect(paths({ node_config: [{ spot: true }] }, { node_config: [{ spot: false }] })).toEqual([
    "changed node_config.spot",
  ]);
  const ranges = (a: string, b: string) => ({
    r: [
      { range_name: "pods", cidr: a },
      { range_name: "services", cidr: b },
    ],
  });
  expect(paths(ranges("1", "2"), ranges("1", "3"))).toEqual(['changed r["services"].cidr']);
  expect(paths({ r: [{ x: 1 }, { x: 2 }] }, { r: [{ x: 1 }, { x: 3 }] })).toEqual(["changed r[1].x"]);
});

test("list elements: new, gone, changed in place, moved", () => {
  expect(diff({ l: ["a", "b"] }, { l: ["b", "c", "d"] }).map((f) => [f.path, f.before, f.after])).toEqual([
    ["l", undefined, "c"],
    ["l", undefined, "d"],
    ["l", "a", undefined],
  ]);
  expect(paths({ l: ["a", "b"] }, { l: ["a", "c"] })).toEqual(["changed l[1]"]);
  expect(diff({ l: ["a", "b"] }, { l: ["b", "a"] })).toEqual([
    { path: "l", kind: "changed", note: "the same elements in another order" },
  ]);
});

test("two elements of one name are both told: none stands for the other", () => {
  const before = {
    l: [
      { name: "a", v: 1 },
      { name: "a", v: 2 },
    ],
  };
  expect(paths(before, { l: [] })).toEqual([
    "removed l[0].name",
    "removed l[0].v",
    "removed l[1].name",
    "removed l[1].v",
  ]);
});

test("what is known after the apply is a recomputed path, unless it forces the replacement", () => {
  const change = diffFields({ id: "x", a: "b" }, { id: UNKNOWN, a: UNKNOWN }, { ...options, replacePaths: [["a"]] });
  expect(change).toEqual({
    fields: [{ path: "a", kind: "changed", before: "b", after: "(known after apply)", forces: true }],
    recomputed: ["id"],
  });
});

test("a path is only forced by itself or by a block around it, not by a name that begins alike", () => {
  const change = (replacePaths: string[][]) =>
    diffFields({ node: { a: "1" }, node_pool: "1" }, { node: { a: "2" }, node_pool: "2" }, { ...options, replacePaths })
      .fields.filter(({ forces }) => forces)
      .map(({ path }) => path);
  expect(change([["node"]])).toEqual(["node.a"]);
  expect(change([["node_pool"]])).toEqual(["node_pool"]);
});

test("keys that JavaScript itself uses are plain keys", () => {
  const after = JSON.parse('{"__proto__":{"polluted":"yes"},"constructor":"x"}');
  expect(paths({}, after)).toEqual(["added __proto__.polluted", "added constructor"]);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("long values keep both ends", () => {
  const [field] = diff({}, { a: `start${"x".repeat(500)}end` });
  expect(field!.after).toMatch(/^startx+ … x+end \(508 characters\)$/);
});

describe("parseDocument", () => {
  test.each<[what: string, text: string, expected: unknown]>([
    ["JSON", '{"a":1}', { a: 1 }],
    ["a JSON list", "[1]", [1]],
    ["YAML", "a:\n  - b\n", { a: ["b"] }],
    ["YAML in one line", "a: b", { a: "b" }],
    ["several documents", "a: 1\n---\nb: 2\n", [{ a: 1 }, { b: 2 }]],
    ["a sentence", "Some text: with a colon, and more", undefined],
    ["a script", "#!/bin/sh\necho one\n", undefined],
    ["a number", "42", undefined],
    ["broken YAML", "a: [1\nb: 2\n", undefined],
    ["a version", "1.20.2", undefined],
  ])("%s", (_, text, expected) => expect(parseDocument(text)).toEqual(expected));

  test("refuses anchors that would grow without end", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
    for (let i = 1; i < 12; i++)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(", ")}]`,
      );
    expect(parseDocument(`${lines.join("\n")}\n`)).toBeUndefined();
  });
});
