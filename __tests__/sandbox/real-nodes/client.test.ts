import { nextAfter } from "../../../sandbox/real-nodes/programs/client";

test("a client keeps its pace, and slows down with the machine, but never beyond a second", () => {
  expect(nextAfter(50, 50, 50)).toBe(50);
  expect(nextAfter(50, 54, 50)).toBe(50);
  expect(nextAfter(50, 80, 50)).toBe(150);
  expect(nextAfter(50, 150, 150)).toBe(50);
  expect(nextAfter(50, 5_000, 50)).toBe(1_000);
  expect(nextAfter(2_000, 9_000, 2_000)).toBe(2_000);
});
