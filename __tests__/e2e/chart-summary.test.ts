import { chartSummary } from "../../e2e/chart/summary";

const found = (version: string) => ({ version, chart: "/x", origin: "here" });
const missing = { version: "1.18.14", missing: "nobody gives it" };

test("every chart there and passed: passed", () => {
  const { lines, exitCode } = chartSummary([found("1.19.7"), found("1.20.2")], 0);
  expect(exitCode).toBe(0);
  expect(lines.at(-1)).toBe("test:chart: passed, with 2 charts");
});

test("a chart missing: not run for that one, and not passed as a whole", () => {
  const { lines, exitCode } = chartSummary([missing, found("1.20.2")], 0);
  expect(exitCode).toBe(77);
  expect(lines).toEqual([
    "test:chart: Cilium 1.18.14: NOT RUN, because nobody gives it",
    "test:chart: Cilium 1.20.2: passed",
    "test:chart: NOT RUN as a whole: 1 of 2 charts passed, not 1.18.14",
  ]);
});

test("a failure is a failure, whatever is missing", () => {
  const { lines, exitCode } = chartSummary([missing, found("1.20.2")], 1);
  expect(exitCode).toBe(1);
  expect(lines.at(-1)).toBe("test:chart: FAILED");
});
