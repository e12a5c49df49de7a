import { suggestPaths } from "../../lib/cilium/suggestions";
import { editDistance } from "../../lib/validation/suggest";
import fc from "../support/fast-check";

describe("editDistance", () => {
  test.each([
    ["", "", 0],
    ["relay", "relay", 0],
    ["rellay", "relay", 1],
    ["realy", "relay", 1],
    ["ray", "relay", 2],
    ["", "abc", 3],
  ])("from %j to %j is %i", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  test("is symmetric, and never more than the longer text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });
});

describe("suggestPaths", () => {
  const paths = new Set(["hubble", "hubble.relay", "hubble.relay.enabled", "hubble.ui", "hubble.ui.enabled", "cni"]);
  const below: Readonly<Record<string, string[]>> = { "": ["hubble", "cni"], hubble: ["relay", "ui"] };
  const known = { paths, namesBelow: (path: string) => below[path] ?? [] };

  test.each([
    ["hubble.rellay", ["hubble.relay"]],
    ["huble", ["hubble"]],
    ["relay", ["hubble.relay"]],
    ["hubble.relay.ui.enabled", ["hubble.ui.enabled"]],
    ["zebra", []],
  ])("for %s gives %j", (path, suggested) => {
    expect(suggestPaths(path, known)).toEqual(suggested);
  });
});
