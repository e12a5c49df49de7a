import { pauseOf } from "../../../sandbox/real-nodes/programs/pace";

test("a program of the tests keeps its pace, and slows down where more wants to run than can, but never beyond a second", () => {
  expect(pauseOf(50, 0.2)).toBe(50);
  expect(pauseOf(50, 1)).toBe(50);
  expect(pauseOf(50, 3)).toBe(150);
  expect(pauseOf(100, 12)).toBe(1_000);
  expect(pauseOf(2_000, 12)).toBe(2_000);
});
