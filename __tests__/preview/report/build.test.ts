import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "../../../lib/preview/model/report";
import { mergeReports } from "../../../lib/preview/report/merge";
import { readReport } from "../../../lib/preview/report/read";
import { readChange, reportOf, ruleFixtures } from "../support";

const fixture = (rule: string) => ruleFixtures().find((candidate) => candidate.rule === rule)!;
const fires = (rule: string, mode: "plan" | "offline" = "plan") => readChange(fixture(rule).fires, mode);

describe("verdict", () => {
  test.each<[what: string, report: () => Report, verdict: string]>([
    ["a risk at the threshold", () => reportOf(fires("NP3"), { failOn: "high" }), "risk"],
    ["a risk below it", () => reportOf(fires("NP3"), { failOn: "critical" }), "changes"],
    ["a risk where none fails", () => reportOf(fires("GK1"), { failOn: "never" }), "changes"],
    [
      "a guard that is dropped, though no object changes",
      () => reportOf(fires("ST6", "offline"), { failOn: "critical" }),
      "changes",
    ],
    ["no stack at all", () => reportOf([]), "unchanged"],
    [
      "a stack that could not be read",
      () => reportOf([{ ...fires("NP3")[0]!, failure: "terraform init failed", resources: [] }]),
      "error",
    ],
    ["a problem of the preview itself", () => reportOf([], { problems: ["no"] }), "error"],
    ["a plan that is not whole", () => reportOf(fires("ST9"), { failOn: "critical" }), "error"],
    ["a stack that leaves the app", () => reportOf(fires("ST1", "offline"), { failOn: "never" }), "changes"],
  ])("%s", (_, make, verdict) => expect(make().verdict).toBe(verdict));
});

test("an accepted risk does not fail the preview, and is shown with its reason", () => {
  const address = reportOf(fires("GK1")).findings[0]?.address ?? "";
  const allow = [{ rule: "GK1", address, expires: "2026-12-31", reason: "rebuilt on Friday" }];
  const report = reportOf(fires("GK1"), { allow, failOn: "critical" });
  expect(report.findings.map(({ rule }) => rule)).not.toContain("GK1");
  expect(report.allowed).toMatchObject([{ rule: "GK1", reason: "rebuilt on Friday", expires: "2026-12-31" }]);
  const late = reportOf(fires("GK1"), { allow, failOn: "critical", today: "2027-01-01" });
  expect(late.verdict).toBe("risk");
  expect(late.findings.find(({ rule }) => rule === "GK1")!.detail).toMatch(/allowed until 2026-12-31, which is over/);
});

test("stacks come in the order of their risk, resources in the order of theirs", () => {
  const calm = { ...fires("ST10")[1]!, name: "a-calm", resources: [] };
  const failed = { ...fires("NP3")[0]!, name: "z-failed", failure: "no", resources: [] };
  const report = reportOf([calm, ...fires("GK1"), failed]);
  expect(report.stacks.map(({ name }) => name)).toEqual(["z-failed", "dev-cluster", "a-calm"]);
});

test("anchors are unique and stay the same from run to run", () => {
  const ids = (report: Report) => report.stacks.flatMap(({ resources }) => resources.map(({ id }) => id));
  const [first, second] = [ids(reportOf(fires("ST10"))), ids(reportOf(fires("ST10")))];
  expect(first).toEqual(second);
  expect(new Set(first).size).toBe(first.length);
});

describe("several reports as one", () => {
  const environment = (name: string, rule: string) =>
    reportOf(fires(rule).map((stack) => ({ ...stack, environment: name, name: stack.name.replace("dev", name) })));

  test("is as bad as its worst part", () => {
    const merged = mergeReports([environment("dev", "CI2"), environment("prod", "GK1")]);
    expect(merged.verdict).toBe("risk");
    expect(merged.stacks.map(({ environment }) => environment)).toEqual(["dev", "prod"]);
    expect(merged.findings[0]!.severity).toBe("critical");
  });

  test("an environment that left no report is a problem, never no change", () => {
    const merged = mergeReports([environment("dev", "CI2")], "never", ["dev", "prod"]);
    expect(merged.verdict).toBe("error");
    expect(merged.problems).toEqual(["prod: its preview left no report; look at its job"]);
  });

  test("nothing expected and nothing there is no change; one stack told twice is a problem", () => {
    expect(mergeReports([]).verdict).toBe("unchanged");
    expect(mergeReports([environment("dev", "CI2"), environment("dev", "CI2")]).problems[0]).toMatch(
      /is in two reports/,
    );
  });
});

describe("a report from elsewhere", () => {
  const directory = mkdtempSync(join(tmpdir(), "report-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const write = (value: unknown) => {
    const file = join(directory, "report.json");
    writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
    return file;
  };
  const whole = () => JSON.parse(JSON.stringify(reportOf([...fires("GK1"), ...fires("CI2")])));

  test("is read as it was written", () => {
    expect(readReport(write(whole()))).toEqual(whole());
  });

  test.each<[what: string, change: (report: ReturnType<typeof whole>) => unknown]>([
    ["text", () => "x"],
    ["half a file", (report) => JSON.stringify(report).slice(0, 500)],
    ["another version", (report) => ({ ...report, schema: "gke-cilium-preview/2" })],
    ["no findings", (report) => ({ ...report, findings: undefined })],
    ["a verdict nobody knows", (report) => ({ ...report, verdict: "perfect" })],
    ["a rule nobody knows", (report) => ({ ...report, findings: [{ ...report.findings[0], rule: "XX1" }] })],
    [
      "a rule under another title",
      (report) => ({ ...report, findings: [{ ...report.findings[0], title: "All is well" }] }),
    ],
    [
      "a remedy with a mention",
      (report) => ({ ...report, findings: [{ ...report.findings[0], remedy: "Ask @octocat." }] }),
    ],
    [
      "a consequence with a link",
      (report) => ({ ...report, findings: [{ ...report.findings[0], consequence: "[x](y)" }] }),
    ],
    ["limits with a tag", (report) => ({ ...report, limits: ["`<img>`"] })],
    [
      "an anchor that is markup",
      (report) => ({
        ...report,
        stacks: [{ ...report.stacks[0], resources: [{ ...report.stacks[0].resources[0], id: '"><script>' }] }],
      }),
    ],
    [
      "a count that is text",
      (report) => ({
        ...report,
        stacks: [{ ...report.stacks[0], counts: { ...report.stacks[0].counts, create: "1" } }],
      }),
    ],
    [
      "a field without a path",
      (report) => ({
        ...report,
        stacks: [
          { ...report.stacks[0], resources: [{ ...report.stacks[0].resources[0], fields: [{ kind: "added" }] }] },
        ],
      }),
    ],
  ])("is refused with %s", (_, change) => {
    expect(() => readReport(write(change(whole())))).toThrow(
      /give a file that 'gke-cilium-preview --format json' wrote/,
    );
  });

  test("shows what would steer a terminal", () => {
    const report = whole();
    report.stacks[0].notes = ["a\u001b[2Jb"];
    expect(readReport(write(report)).stacks[0]!.notes).toEqual(["a\\u{1b}[2Jb"]);
  });
});
