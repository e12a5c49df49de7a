import { formatDuration, type Style } from "../../sandbox/terminal";
import { type Measurement, type Total, totals } from "./measurements";
import { type RunResult, type ScenarioResult, tally } from "./results";
import { ENVIRONMENTS, MESH, PROMISES, type Promised } from "./scenario";

/** The report for a terminal: what was shown, and what it cost. */
export function renderTerminal(run: RunResult, style: Style): string {
  const mark = { passed: style.green("✓"), failed: style.red("✗"), "not run": style.yellow("-") } as const;
  const lines: string[] = [""];
  for (const [promise, title] of Object.entries(PROMISES)) {
    const scenarios = run.scenarios.filter(({ shows }) => shows === promise);
    if (scenarios.length === 0) continue;
    lines.push(style.bold(title));
    for (const scenario of scenarios) {
      const seconds = style.dim(formatDuration(scenario.seconds * 1000));
      lines.push(`  ${mark[scenario.outcome]} ${scenario.environment.padEnd(8)} ${scenario.title}  ${seconds}`);
      const reason = reasonOf(scenario);
      if (reason !== undefined) lines.push(style.yellow(`      ${scenario.outcome}: ${reason.split("\n")[0]}`));
    }
  }
  lines.push("", style.bold("Requests to Google Cloud's API, and seconds, a stack"));
  lines.push(...table(costTable(run.measurements)).map((line) => `  ${line}`));
  for (const remark of run.remarks) lines.push("", style.yellow(remark));
  const { passed, failed, "not run": skipped } = tally(run.scenarios);
  lines.push("", `${passed} passed, ${failed} failed, ${skipped} not run in ${formatDuration(run.seconds * 1000)}`);
  for (const scenario of run.scenarios.filter(({ outcome }) => outcome === "failed"))
    lines.push("", ...failure(scenario).map((line, index) => (index === 0 ? style.red(line) : line)));
  return `${lines.join("\n")}\n`;
}

/** How much of a reason is told where only the end of an output is kept, as in the log of a CI: its beginning and its end. */
const FIRST_LINES = 4;
const LAST_LINES = 8;

/** What failed, once more at the end, where it is looked for: the step, and why. */
function failure({ environment, id, title, steps }: ScenarioResult): string[] {
  const failed = steps.find(({ outcome }) => outcome === "failed");
  const reason = (failed?.reason ?? "").trim().split("\n");
  const left = reason.length - FIRST_LINES - LAST_LINES;
  const told =
    left <= 1 ? reason : [...reason.slice(0, FIRST_LINES), `(${left} more lines)`, ...reason.slice(-LAST_LINES)];
  return [
    `✗ ${environment} ${id}: ${title}`,
    `  ${failed?.title ?? ""}, after ${formatDuration((failed?.seconds ?? 0) * 1000)}`,
    ...told.map((line) => `    ${line}`.trimEnd()),
  ];
}

/** The report for people who were not there. */
export function renderMarkdown(run: RunResult): string {
  const { passed, failed, "not run": skipped } = tally(run.scenarios);
  const lines = [
    "# End-to-end report",
    "",
    `${run.startedAt}: ${passed} scenarios passed, ${failed} failed, ${skipped} not run, in ${formatDuration(run.seconds * 1000)}.`,
    "",
    ...Object.entries(run.versions).map(([program, version]) => `- ${program} ${version}`),
    ...run.remarks.map((remark) => `- ${remark}`),
  ];
  for (const [promise, title] of Object.entries(PROMISES))
    lines.push(...promiseSection(run, promise as Promised, title));
  lines.push("", "## Requests to Google Cloud's API and wall time", "", "Sums over the whole run.", "");
  lines.push(...markdownTable(costTable(run.measurements)), "", "Each scenario:", "");
  lines.push(...markdownTable(scenarioTable(run.measurements)));
  return `${lines.join("\n")}\n`;
}

function promiseSection(run: RunResult, promise: Promised, title: string): string[] {
  const scenarios = run.scenarios.filter(({ shows }) => shows === promise);
  if (scenarios.length === 0) return [];
  const lines = ["", `## ${title}`];
  for (const environment of [...ENVIRONMENTS, ...MESH, "all"]) {
    for (const scenario of scenarios.filter((one) => one.environment === environment)) {
      lines.push(
        "",
        `### ${environment}: ${scenario.title} (${scenario.outcome}, ${formatDuration(scenario.seconds * 1000)})`,
        "",
      );
      for (const sentence of scenario.proves ?? []) lines.push(`Proves, in ${sentence}`, "");
      for (const step of scenario.steps) {
        lines.push(
          `- ${step.outcome === "passed" ? "" : `**${step.outcome}** `}${step.title}${step.reason ? `: ${step.reason.split("\n")[0]}` : ""}`,
        );
        for (const note of step.notes) lines.push(`  - ${note}`);
      }
    }
  }
  return lines;
}

function reasonOf(scenario: ScenarioResult): string | undefined {
  return scenario.steps.find(({ outcome }) => outcome === scenario.outcome && outcome !== "passed")?.reason;
}

type Table = readonly (readonly string[])[];

function costTable(measurements: readonly Measurement[]): Table {
  return [["stack", "command", "runs", "requests", "of them writes", "seconds"], ...totals(measurements).map(costRow)];
}

function scenarioTable(measurements: readonly Measurement[]): Table {
  const scenarios = [...new Set(measurements.map(({ environment, scenario }) => `${environment} ${scenario}`))];
  return [
    ["scenario", "stack", "command", "runs", "requests", "of them writes", "seconds"],
    ...scenarios.flatMap((name) =>
      totals(measurements.filter(({ environment, scenario }) => `${environment} ${scenario}` === name)).map((total) => [
        name,
        ...costRow(total),
      ]),
    ),
  ];
}

function costRow({ stack, command, runs, calls, writes, seconds }: Total): string[] {
  return [stack, command, String(runs), String(calls), String(writes), seconds.toFixed(1)];
}

/** Columns of equal width; those of numbers are right-aligned. */
function table(rows: Table): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  "),
  );
}

function markdownTable([head = [], ...rows]: Table): string[] {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [row(head), row(head.map(() => "---")), ...rows.map(row)];
}
