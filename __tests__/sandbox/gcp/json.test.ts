import {
  at,
  type JsonObject,
  mergePatch,
  mergePatchBetween,
  sameJson,
  setAt,
  withAbsent,
  withDefaults,
} from "../../../sandbox/gcp/json";
import { applyFieldMask, printProto } from "../../../sandbox/gcp/proto-json";
import fc from "../../support/fast-check";

describe("filling in", () => {
  test("withDefaults goes into objects, withAbsent takes what is present as it is", () => {
    const given = { a: {}, b: null, c: 1 };
    const defaults = { a: { x: 1 }, b: 2, c: 3, d: 4 };
    expect(withDefaults(given, defaults)).toEqual({ a: { x: 1 }, b: 2, c: 1, d: 4 });
    expect(withAbsent(given, defaults)).toEqual({ a: {}, b: 2, c: 1, d: 4 });
  });

  test("neither changes what it was given", () => {
    const defaults = { a: { x: 1 } };
    const filled = withDefaults({ a: { y: 2 } }, defaults);
    (filled["a"] as JsonObject)["x"] = 9;
    expect(defaults).toEqual({ a: { x: 1 } });
  });
});

describe("paths", () => {
  test("are read and set, made on the way and removed", () => {
    const root: JsonObject = {};
    setAt(root, "a.b.c", 1);
    expect(at(root, "a.b.c")).toBe(1);
    setAt(root, "a.b.c", undefined);
    setAt(root, "x.y", undefined);
    expect(root).toEqual({ a: { b: {} } });
    expect(at(root, "a.q.r")).toBeUndefined();
  });
});

describe("merge patches", () => {
  test("merge objects, remove nulls and replace the rest", () => {
    expect(mergePatch({ a: { x: 1, y: 2 }, b: [1] }, { a: { x: null, z: 3 }, b: [2], c: 4 })).toEqual({
      a: { y: 2, z: 3 },
      b: [2],
      c: 4,
    });
  });

  test("the patch between two objects makes the one of the other", () => {
    const json = fc.letrec<{ value: unknown; object: JsonObject }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.integer(),
        fc.string(),
        fc.boolean(),
        fc.array(fc.integer()),
        tie("object"),
      ),
      object: fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value")) as fc.Arbitrary<JsonObject>,
    })).object;
    fc.assert(
      fc.property(json, json, (before, after) => {
        expect(sameJson(mergePatch(before, mergePatchBetween(before, after)), after)).toBe(true);
      }),
    );
  });
});

describe("protocol buffers in JSON", () => {
  test("print no zero values, but empty messages and fields that are optional", () => {
    const value = { a: false, b: 0, c: "", d: [], e: null, f: {}, g: { h: false, i: true }, list: [{ j: false }] };
    expect(printProto(value, new Set(["g.h"]))).toEqual({ f: {}, g: { h: false, i: true }, list: [{}] });
    expect(printProto({ x: { j: false } }, new Set(["*.j"]))).toEqual({ x: { j: false } });
  });

  test("a field mask takes and removes what it names, in either case", () => {
    const masked = applyFieldMask(
      { displayName: "a", labels: { x: "y" }, kept: 1 },
      { displayName: "b" },
      "display_name,labels",
    );
    expect(masked).toEqual({ displayName: "b", kept: 1 });
    expect(applyFieldMask({ a: { b: 1, c: 2 } }, { a: { b: 3 } }, "a.b")).toEqual({ a: { b: 3, c: 2 } });
  });
});
