import { chartSummary } from "../../e2e/chart/summary";

const found = (version: string) => ({ version, chart: "/x", origin: "here" });
const missing = { version: "1.18.14", missing: "nobody gives it" };
const none = () => undefined;
const record = (version: string) => (version === "1.18.14" ? "1.18.12" : undefined);

test("every chart there and passed: passed", () => {
  const { lines, exitCode } = chartSummary([found("1.19.7"), found("1.20.2")], 0, none);
  expect(exitCode).toBe(0);
  expect(lines.at(-1)).toBe("test:chart: passed, with 2 charts");
});

test("a chart missing, but recorded: passed by its record, and said so", () => {
  const { lines, exitCode } = chartSummary([missing, found("1.20.2")], 0, record);
  expect(exitCode).toBe(0);
  expect(lines).toEqual([
    "test:chart: Cilium 1.18.14: passed by the record of 1.18.12; not rendered anew, because nobody gives it",
    "test:chart: Cilium 1.20.2: passed",
    "test:chart: passed, with 1 chart and 1 recorded",
  ]);
});

test("neither chart nor record: not run for that one, and not passed as a whole", () => {
  const { lines, exitCode } = chartSummary([missing, found("1.20.2")], 0, none);
  expect(exitCode).toBe(77);
  expect(lines).toEqual([
    "test:chart: Cilium 1.18.14: NOT RUN, because nobody gives it",
    "test:chart: Cilium 1.20.2: passed",
    "test:chart: NOT RUN as a whole: neither a chart nor a record of 1.18.14",
  ]);
});

test.each([none, record])("a failure is a failure, whatever is missing", (recorded) => {
  const { lines, exitCode } = chartSummary([missing, found("1.20.2")], 1, recorded);
  expect(exitCode).toBe(1);
  expect(lines.at(-1)).toBe("test:chart: FAILED");
});
