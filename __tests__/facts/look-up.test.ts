import { lookUp } from "../../lib/facts/look-up";

test.each(["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"])("%s is no row of a table", (name) => {
  expect(lookUp({ a: 1 }, name)).toBeUndefined();
});

test("a row is found, one without content too", () => {
  expect(lookUp({ a: 1 }, "a")).toBe(1);
  expect(lookUp({ a: undefined }, "a")).toBeUndefined();
});
