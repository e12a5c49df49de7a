import { UsageError } from "../../../lib/preview/run/command-line";
import { parsePreviewOptions } from "../../../lib/preview/run/options";

test("without options the working tree is compared with the last commit", () => {
  expect(parsePreviewOptions([])).toMatchObject({
    base: "HEAD",
    plan: false,
    failOn: "high",
    outputs: [{ format: "terminal" }],
  });
});

test("a plan compares with the state, unless a base is given", () => {
  expect(parsePreviewOptions(["--plan"]).base).toBeUndefined();
  expect(parsePreviewOptions(["--plan", "--base", "main"]).base).toBe("main");
  expect(parsePreviewOptions(["--plan-json", "plans"])).toMatchObject({
    base: undefined,
    plan: false,
    planJson: "plans",
  });
});

test("environments are given one by one or with commas", () => {
  expect(parsePreviewOptions(["--env", "dev,staging", "--env", "prod"]).environments).toEqual([
    "dev",
    "staging",
    "prod",
  ]);
});

test.each<[args: string[], outputs: object[]]>([
  [["--format", "json"], [{ format: "json" }]],
  [
    ["--out", "a.md", "--out", "b.html"],
    [{ file: "a.md", format: "markdown" }, { file: "b.html", format: "html" }, { format: "terminal" }],
  ],
  [
    ["--out", "a.json", "--format", "terminal"],
    [{ file: "a.json", format: "json" }, { format: "terminal" }],
  ],
  [
    ["--out", "report", "--format", "markdown"],
    [{ file: "report", format: "markdown" }, { format: "terminal" }],
  ],
])("%j writes %j", (args, outputs) => expect(parsePreviewOptions(args).outputs).toEqual(outputs));

test.each<[args: string[], problem: RegExp]>([
  [["--bogus"], /--bogus: .* has no such option; see .*--help/],
  [["--pln"], /--pln: .*did you mean --plan\?/],
  [["--base"], /--base/],
  [["--format", "pdf"], /--format pdf: choose terminal, markdown, html, json, sarif/],
  [["--fail-on", "severe"], /--fail-on severe: choose critical/],
  [["--parallel", "0"], /--parallel 0: give a number from 1/],
  [["--keep-plans", "p"], /--keep-plans: works with --plan only/],
  [["stray"], /stray/],
])("%j is refused", (args, problem) => {
  expect(() => parsePreviewOptions(args)).toThrow(UsageError);
  expect(() => parsePreviewOptions(args)).toThrow(problem);
});
