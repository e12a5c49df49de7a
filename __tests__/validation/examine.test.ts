import { Fn, Lazy, Token } from "cdktf";
import {
  type CheckTable,
  cidr,
  describeProblem,
  examine,
  falseOr,
  flag,
  isKnown,
  listOf,
  madeBy,
  nested,
  number,
  oneOf,
  recordOf,
  required,
  text,
  wholeNumber,
} from "../../lib/validation";
import fc from "../support/fast-check";

interface Inner {
  readonly type: string;
  readonly count?: number;
}

interface Options {
  readonly name: string;
  readonly range: string;
  readonly size?: number;
  readonly share?: number;
  readonly mode?: "fast" | "slow";
  readonly enabled?: boolean;
  readonly items?: readonly Inner[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly extra?: Inner | false;
  readonly made?: Date;
}

const INNER: CheckTable<Inner> = { type: required(text(), "name one"), count: wholeNumber({ from: 1 }) };
const TABLE: CheckTable<Options> = {
  name: required(
    text({ matches: /^[a-z]+$/, rule: "is not lower case", remedy: "use lower case letters" }),
    "give one",
  ),
  range: required(cidr(), "give a range"),
  size: wholeNumber({ from: 8, to: 256 }),
  share: number({ above: 0, to: 1 }),
  mode: oneOf(["fast", "slow"]),
  enabled: flag(),
  items: listOf(nested(INNER), { most: 3 }),
  labels: recordOf(text()),
  extra: falseOr(nested(INNER)),
  made: madeBy((value) => value instanceof Date, "new Date()"),
};

const RIGHT = { name: "a", range: "10.0.0.0/8" };
const told = (options: unknown) => examine(options, TABLE).problems.map((problem) => describeProblem("x", problem));

describe("examine", () => {
  test.each<[string, unknown, string]>([
    ["missing", { range: "10.0.0.0/8" }, "x: 'name' is missing; give one"],
    ["undefined", { ...RIGHT, name: undefined }, "x: 'name' is missing; give one"],
    ["null", { ...RIGHT, size: null }, "x: 'size' (null) is not a whole number from 8 to 256; give"],
    ["text that does not match", { ...RIGHT, name: "A" }, "x: 'name' (A) is not lower case; use lower case letters"],
    ["a number for text", { ...RIGHT, name: 3 }, "x: 'name' (3) is not text; use lower case letters"],
    ["NaN", { ...RIGHT, size: Number.NaN }, "x: 'size' (not a number) is not a whole number from 8 to 256"],
    ["text for a number", { ...RIGHT, size: "8" }, "x: 'size' (8) is not a whole number from 8 to 256"],
    ["a fraction", { ...RIGHT, size: 8.5 }, "x: 'size' (8.5) is not a whole number"],
    ["the excluded limit", { ...RIGHT, share: 0 }, "x: 'share' (0) is not a number above 0 and at most 1"],
    ["none of several", { ...RIGHT, mode: "fats" }, "x: 'mode' (fats) is not one of fast, slow; did you mean fast?"],
    ["far from all", { ...RIGHT, mode: "x" }, "x: 'mode' (x) is not one of fast, slow; choose one of them"],
    ["text for a flag", { ...RIGHT, enabled: "true" }, "x: 'enabled' (true) is neither true nor false; write true or"],
    ["no list", { ...RIGHT, items: {} }, "x: 'items' is not a list; write it in square brackets"],
    ["within an item", { ...RIGHT, items: [{ type: "a", count: 0 }] }, "x: 'items[0].count' (0) is not a whole number"],
    ["missing in an item", { ...RIGHT, items: [{}] }, "x: 'items[0].type' is missing; name one"],
    ["a gap", { ...RIGHT, items: [undefined] }, "x: 'items[0]' is missing; give it, or take the gap out of the list"],
    [
      "too many",
      { ...RIGHT, items: "abcd".split("").map((type) => ({ type })) },
      "x: 'items' (4 of them) is longer than",
    ],
    ["in a record", { ...RIGHT, labels: { team: 3 } }, "x: 'labels.team' (3) is not text"],
    ["in a record, odd key", { ...RIGHT, labels: { "a b": 3 } }, `x: 'labels["a b"]' (3) is not text`],
    [
      "true for options",
      { ...RIGHT, extra: true },
      "x: 'extra' (true) is not an object; give an object with type, count",
    ],
    ["not made by its factory", { ...RIGHT, made: {} }, "x: 'made' is not what it must be; make it with new Date()"],
    ["not an address range", { ...RIGHT, range: "hello" }, "x: 'range' (hello) is not an IPv4 CIDR such as"],
    ["a misspelt name", { ...RIGHT, sise: 8 }, "x: 'sise' (8) is no option; did you mean size?"],
    ["an unknown name", { ...RIGHT, colour: "red" }, "x: 'colour' (red) is no option; give an object with name, range"],
    ["no object at all", "text", "x: 'options' (text) is not an object; give an object with name, range"],
  ])("%s", (_case, options, message) => {
    expect(told(options)).toEqual([expect.stringContaining(message)]);
  });

  test("says nothing about what is right, left out, or only known to Terraform", () => {
    expect(told(RIGHT)).toEqual([]);
    expect(told({ ...RIGHT, extra: false, items: [], enabled: false, size: undefined })).toEqual([]);
    const tokens = {
      name: Fn.upper("a"),
      range: Lazy.stringValue({ produce: () => "x" }),
      size: Token.asNumber(Fn.max([1, 2])),
      items: Token.asList(Fn.flatten([])) as unknown,
      labels: Token.asStringMap(Fn.merge([{}])),
      enabled: Token.asAny(Fn.can(true)),
    };
    expect(told(tokens)).toEqual([]);
    expect(told({ ...RIGHT, labels: { team: Fn.upper("a") }, items: [{ type: Fn.upper("a") }] })).toEqual([]);
  });

  test("lists everything at once", () => {
    expect(told({ size: 1, items: [{ count: 0 }], colour: 1 })).toHaveLength(6);
  });

  test("what is wrong is unknown to the rules that follow, everything else is as it was", () => {
    const { options } = examine({ name: "A", range: "10.0.0.0/8", items: [{ count: 2 }] }, TABLE);
    expect(isKnown(options.name)).toBe(false);
    expect(options.range).toBe("10.0.0.0/8");
    expect(isKnown(options.items?.[0]?.type)).toBe(false);
    expect(options.items?.[0]?.count).toBe(2);
    expect(options.size).toBeUndefined();
  });

  test("never throws and always says what is wrong, whatever it is given", () => {
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    const anything = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withSparseArray: true }),
      fc.constantFrom<unknown>(cycle, [cycle], Symbol("s"), () => 1, 1n, Number.NaN, -0, null),
    );
    const names = fc.constantFrom(...Object.keys(TABLE), "unheard-of");
    fc.assert(
      fc.property(fc.oneof(anything, fc.dictionary(names, anything)), (options) => {
        for (const message of told(options)) expect(message).toMatch(/^x: '.+' .+; .+/);
      }),
      { numRuns: 500 },
    );
  });
});
