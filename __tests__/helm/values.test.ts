import { Token } from "cdktf";
import { type HelmValues, isValuesMap, mergeValues, plainValues, valueAt, valueFaults } from "../../lib/helm";
import fc from "../support/fast-check";

/** Values as a chart's author or user may write them, nasty keys included. */
const values = fc.dictionary(
  fc.oneof(fc.constantFrom("a", "b", "c", "__proto__", "constructor"), fc.string()),
  fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.integer(), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("a", "b", "c", "__proto__"), tie("value"), { maxKeys: 3 }),
    ),
  })).value,
  { maxKeys: 4 },
) as fc.Arbitrary<HelmValues>;

/** Without prototypes, so that two structures compare by what they hold. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("mergeValues", () => {
  test("merges maps key by key", () => {
    expect(mergeValues({ a: { b: 1, c: 2 } }, { a: { c: 3, d: 4 } })).toEqual({ a: { b: 1, c: 3, d: 4 } });
  });

  test("replaces lists as a whole, as Helm does", () => {
    expect(mergeValues({ a: [1, 2, 3] }, { a: [4] })).toEqual({ a: [4] });
  });

  test("keeps null, which takes a chart's default back, and ignores undefined", () => {
    expect(mergeValues({ a: 1, b: 1 }, { a: null, b: undefined })).toEqual({ a: null, b: 1 });
  });

  test("replaces a map by a scalar and a scalar by a map", () => {
    expect(mergeValues({ a: { b: 1 }, c: 1 }, { a: 2, c: { d: 3 } })).toEqual({ a: 2, c: { d: 3 } });
  });

  test("treats a token as one value, never as a map", () => {
    const token = Token.asAny({ b: 1 });
    expect(mergeValues({ a: { b: 1 } }, { a: token })["a"]).toBe(token);
    expect(mergeValues({ a: token }, { a: { c: 1 } })).toEqual({ a: { c: 1 } });
  });

  test("changes none of its arguments", () => {
    const base = { a: { b: 1 } };
    mergeValues(base, { a: { b: 2 } });
    expect(base).toEqual({ a: { b: 1 } });
  });

  // Not associative: a null between two maps takes the first one away only where it comes before the second.
  test("takes layers one after the other, with the empty map as neutral element", () => {
    fc.assert(
      fc.property(values, values, values, (x, y, z) => {
        expect(plain(mergeValues(x, y, z))).toEqual(plain(mergeValues(mergeValues(x, y), z)));
        expect(plain(mergeValues(x, {}))).toEqual(plain(mergeValues({}, x)));
      }),
    );
  });

  test("lets every key of the last layer win", () => {
    fc.assert(
      fc.property(values, values, (base, over) => {
        const merged = mergeValues(base, over);
        for (const [key, value] of Object.entries(over))
          if (!isValuesMap(value)) expect(Object.getOwnPropertyDescriptor(merged, key)?.value).toEqual(value);
      }),
    );
  });

  test("is idempotent", () => {
    fc.assert(fc.property(values, (x) => expect(plain(mergeValues(x, x))).toEqual(plain(mergeValues(x)))));
  });
});

describe("valueAt", () => {
  test.each([
    ["a.b", 1],
    ["a", { b: 1 }],
    ["a.b.c", undefined],
    ["x.y", undefined],
  ])("finds %s", (path, expected) => {
    expect(valueAt({ a: { b: 1 } }, path)).toEqual(expected);
  });
});

describe("values that are too large", () => {
  const LARGEST = 10_000;
  const told = (values: unknown) => valueFaults(plainValues(values), "values").map(({ rule }) => rule);
  const wide = (levels: number): unknown => {
    let value: unknown = "leaf";
    for (let level = 0; level < levels; level++) value = { a: value, b: value };
    return value;
  };

  test.each([LARGEST - 1, LARGEST, LARGEST + 1])("%i keys are taken whole, or said to be too many", (keys) => {
    const values = Object.fromEntries(Array.from({ length: keys }, (_, key) => [`k${key}`, key]));
    const taken = Object.keys(plainValues(values)).length;
    // The map itself is one of them.
    expect(told(values)).toEqual(keys < LARGEST ? [] : [expect.stringContaining("too large")]);
    expect(taken).toBe(Math.min(keys, LARGEST));
  });

  test.each(Array.from({ length: 30 }, (_, levels) => levels))(
    "2 to the power of %i leaves never lose one in silence",
    (levels) => {
      expect(told({ deep: wide(levels) }).some((rule) => rule.includes("too large"))).toBe(2 ** (levels + 1) > LARGEST);
      expect(told({ list: { deep: [wide(levels)] } }).some((rule) => rule.includes("too large"))).toBe(
        2 ** (levels + 1) > LARGEST,
      );
    },
  );

  test("a list of gaps ends", () => {
    expect(told({ list: Array(100_000_000) }).at(-1)).toContain("too large");
  });
});
