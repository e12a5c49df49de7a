import type { Report, StackReport } from "../model/report";
import { Budget } from "./budget";
import { FLAVOURS, type Flavour, type FlavourName } from "./flavour";
import { changes } from "./markdown-changes";
import { cell, code, fence } from "./markdown-escape";
import { background, prose, remarks, risks } from "./markdown-risks";
import { mermaid } from "./mermaid";
import { headline, modeWords, plural, revisionWords, statusWords } from "./words";

export interface MarkdownOptions {
  /** Most characters. @default - what the host takes */
  readonly limit?: number;
  /** Where the whole report is, for what does not fit. */
  readonly link?: string;
  /** Hidden first line by which a comment is found again. */
  readonly marker?: string;
  /** @default "github" */
  readonly flavour?: FlavourName;
}

/** GitHub cuts the summary of a step off above a mebibyte, all of it. */
export const SUMMARY_LIMIT = 900_000;

const VERDICT_DOTS = { unchanged: "✅", changes: "📝", risk: "⛔", error: "❌" } as const;

/** Lines of one error; Terraform's own are whole below that. */
const LONGEST_ERROR = 60;

/**
 * The report for a comment or a job summary, in the order in which it is read: the verdict, what went wrong, the risks
 * with what happens and what to do, the stacks by numbers, and everything else folded. Detail is dropped from the bottom
 * where it does not fit.
 */
export function renderMarkdown(report: Report, options: MarkdownOptions = {}): string {
  const flavour: Flavour = FLAVOURS[options.flavour ?? "github"];
  const budget = new Budget(options.limit ?? flavour.limit, options.link);
  if (options.marker) budget.must(flavour.marker(options.marker));
  budget.must(`## ${VERDICT_DOTS[report.verdict]} Plan preview: ${headline(report)}`);
  const revisions = [revisionWords(report.base), revisionWords(report.head)].filter((text) => text !== undefined);
  if (revisions.length > 0) budget.must(revisions.map(code).join(" → "));
  for (const problem of problems(report, flavour)) budget.must(problem);
  risks(report, budget, flavour);
  remarks(report, budget, flavour);
  budget.should(stackTable(report, flavour), "the table of stacks");
  changes(report.stacks, budget, flavour);
  if (flavour.diagrams && report.stacks.length > 1) {
    budget.should(flavour.fold({ before: "Diagram of the stacks" }, fence(mermaid(report), "mermaid")), "the diagram");
  }
  background(report, budget, flavour);
  notes(report, budget, flavour);
  return `${budget.text()}\n`;
}

function problems({ problems: texts }: Report, flavour: Flavour): readonly string[] {
  if (texts.length === 0) return [];
  const head = "**This preview is not complete. Do not read it as a green one.**";
  const short = texts.filter((text) => !text.includes("\n"));
  const list = short.slice(0, 20).map((text) => `- ${code(text.slice(0, 600))}`);
  if (short.length > 20) list.push(`- and ${short.length - 20} more`);
  const alert = flavour.alert(list.length > 0 ? [head, "", ...list] : [head]);
  // What Terraform says in several lines stands as it says it.
  const long = texts.filter((text) => text.includes("\n")).slice(0, 10);
  return [alert, ...long.map(failure)];
}

/** `dev-networking: terraform plan failed: Error: …` */
function failure(text: string): string {
  const [, stack, rest = text] = /^([\w.-]+): ([\s\S]*)$/.exec(text) ?? [];
  const lines = rest.split("\n").map((line) => line.slice(0, 2000));
  const shown = lines.slice(0, LONGEST_ERROR);
  if (lines.length > shown.length) shown.push(`… and ${lines.length - shown.length} more lines in the job's log`);
  return [`### Plan failed${stack === undefined ? "" : `: ${code(stack)}`}`, fence(shown, "")].join("\n\n");
}

function stackTable({ stacks }: Report, flavour: Flavour): string {
  const changed = stacks.filter(({ status, added }) => status !== "unchanged" || added);
  const quiet = stacks.filter((stack) => !changed.includes(stack));
  const parts: string[] = [];
  if (changed.length > 0) {
    const noted = changed.some(({ notes: texts }) => texts.length > 0);
    const rows = changed.map((stack) => {
      const remarksOf = stack.notes.map((note) => cell(note.slice(0, 240))).join(flavour.lineBreak);
      return `| ${cell(stack.name)} | ${statusWords(stack)} | ${modeWords(stack)} |${noted ? ` ${remarksOf} |` : ""}`;
    });
    const head = ["| Stack | Changes | Known by |", "|---|---|---|"].map((line, i) =>
      noted ? `${line}${[" Notes |", "---|"][i]}` : line,
    );
    parts.push(["### Stacks", "", ...head, ...rows].join("\n"));
  }
  if (quiet.length > 0) parts.push(quietLine(quiet));
  return parts.join("\n\n");
}

function quietLine(quiet: readonly StackReport[]): string {
  const names = quiet.slice(0, 60).map(({ name }) => code(name));
  if (quiet.length > 60) names.push(`${quiet.length - 60} more`);
  return `No changes in ${plural(quiet.length, "stack", true)}: ${names.join(", ")}.`;
}

function notes(report: Report, budget: Budget, flavour: Flavour): void {
  for (const { name, drift } of report.stacks.filter((stack) => stack.drift.length > 0)) {
    const list = drift.map((r) => `- ${code(r.address)} ${r.action === "delete" ? "is gone" : "was changed"}`);
    budget.should(flavour.fold({ code: name, after: "changed outside Terraform" }, list.join("\n")), "drift");
  }
  if (report.allowed.length > 0) {
    const list = report.allowed.map(
      ({ rule, title, stack, address, reason, expires }) =>
        `- **${rule} ${prose(title)}** ${code(address ?? stack ?? "")}: ${code(reason)}, until ${code(expires)}`,
    );
    budget.should(
      flavour.fold({ before: plural(list.length, "accepted risk", true) }, list.join("\n")),
      "the accepted risks",
    );
  }
  const said = report.remarks ?? [];
  if (said.length > 0) budget.should(said.map((text) => `- ${code(text)}`).join("\n"), "remarks on the allow list");
  if (report.limits.length > 0) {
    budget.should(report.limits.map((text) => flavour.small(prose(text))).join(`${flavour.lineBreak}\n`), "the limits");
  }
}
