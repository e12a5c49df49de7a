import type { Finding, Report, ResourceReport, Severity, StackReport } from "../model/report";
import { Budget } from "./budget";
import { type FindingGroup, groupFindings } from "./groups";
import { chartSummary, type DiffLine, diffLinesOf } from "./lines";
import { cell, code, fence, htmlCode } from "./markdown-escape";
import { mermaid } from "./mermaid";
import { ACTION_WORDS, countWords, headline, modeWords, plural, revisionWords, SYMBOLS, statusWords } from "./words";

export interface MarkdownOptions {
  /** Most characters; GitHub refuses a comment above 65,536. */
  readonly limit?: number;
  /** Where the whole report is, for what does not fit. */
  readonly link?: string;
  /** Hidden first line by which a comment is found again. */
  readonly marker?: string;
}

/** GitHub's own limit is 65,536 characters, and what counts as one there is not quite known. */
export const COMMENT_LIMIT = 60_000;

const DOTS: Readonly<Record<Severity, string>> = { critical: "🔴", high: "🟠", medium: "🟡", info: "🔵" };
const VERDICT_DOTS = { unchanged: "✅", changes: "📝", risk: "⛔", error: "❌" } as const;
/** Lines of one resource before the rest is only counted. */
const LONGEST_DIFF = 120;

/** The report for a comment or a job summary: risks first, detail dropped from the bottom where it does not fit. */
export function renderMarkdown(report: Report, options: MarkdownOptions = {}): string {
  const budget = new Budget(options.limit ?? COMMENT_LIMIT, options.link);
  if (options.marker) budget.must(`<!-- ${options.marker.replace(/[^\w.:= /-]/g, "")} -->`);
  budget.must(`## ${VERDICT_DOTS[report.verdict]} Plan preview: ${headline(report)}`);
  const revisions = [revisionWords(report.base), revisionWords(report.head)].filter((text) => text !== undefined);
  if (revisions.length > 0) budget.must(revisions.map(code).join(" → "));
  for (const problem of problems(report)) budget.must(problem);
  risks(report, budget);
  budget.should(stackTable(report), "the table of stacks");
  const touched = report.stacks.filter(({ resources }) => resources.length > 0);
  const risky = touched.flatMap((stack) =>
    stack.resources.filter(({ severity }) => severity).map((r) => ({ stack, r })),
  );
  if (risky.length > 0) {
    budget.should("### Changes behind the risks");
    for (const { stack, r } of risky) budget.should(resource(r, stack, true), "resource");
  }
  if (report.stacks.length > 1) budget.should(diagram(report), "the diagram");
  explanations(report, budget);
  rest(touched, budget);
  notes(report, budget);
  return `${budget.text()}\n`;
}

function problems(report: Report): readonly string[] {
  if (report.problems.length === 0) return [];
  const shown = report.problems.slice(0, 20).map((text) => `> - ${code(text.slice(0, 600))}`);
  if (report.problems.length > 20) shown.push(`> - and ${report.problems.length - 20} more`);
  return [
    ["> [!CAUTION]", "> **This preview is not complete. Do not take it for a green one.**", ">", ...shown].join("\n"),
  ];
}

/** The table is never dropped: where it would not fit, places and then rows are told by their number. */
function risks({ findings }: Report, budget: Budget): void {
  if (findings.length === 0) return;
  const head = "### Risks\n\n| | Risk |\n|---|---|";
  const groups = groupFindings(findings);
  for (const places of [100, 20, 6, 2, 1]) {
    const table = [head, ...groups.map((group) => row(group, places))].join("\n");
    if (table.length > budget.left * 0.7) continue;
    budget.must(table);
    return;
  }
  const byRule = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.rule} ${finding.severity}`;
    byRule.set(key, [...(byRule.get(key) ?? []), finding]);
  }
  budget.must([head, ...[...byRule.values()].map((group) => row({ first: group[0]!, findings: group }, 1))].join("\n"));
}

/** Two columns only: addresses and values are long, and a comment is narrow. */
function row({ first, findings }: FindingGroup, places: number): string {
  const lines = findings.slice(0, places).flatMap(({ stack, address, detail }) => {
    const where = [stack, address].flatMap((part) => (part === undefined ? [] : [cell(part.slice(0, 160))]));
    return [where.join(" "), cell(detail.slice(0, 500))];
  });
  const more = findings.length > places ? [`and in ${plural(findings.length - places, "more place", true)}`] : [];
  const title = `**${prose(first.title)}** <sub>${first.rule}</sub>`;
  return `| ${DOTS[first.severity]}&nbsp;${first.severity} | ${[title, ...lines, ...more].join("<br>")} |`;
}

function stackTable({ stacks }: Report): string {
  const changed = stacks.filter(({ status, added }) => status !== "unchanged" || added);
  const quiet = stacks.filter((stack) => !changed.includes(stack));
  const parts: string[] = [];
  if (changed.length > 0) {
    const noted = changed.some(({ notes }) => notes.length > 0);
    const rows = changed.map((stack) => {
      const remarks = stack.notes.map((note) => cell(note.slice(0, 240))).join("<br>");
      return `| ${cell(stack.name)} | ${statusWords(stack)} | ${modeWords(stack)} |${noted ? ` ${remarks} |` : ""}`;
    });
    const head = ["| Stack | Changes | How known |", "|---|---|---|"].map((line, i) =>
      noted ? `${line}${[" Notes |", "---|"][i]}` : line,
    );
    parts.push(["### Stacks", "", ...head, ...rows].join("\n"));
  }
  if (quiet.length > 0) {
    const names = quiet.slice(0, 60).map(({ name }) => code(name));
    if (quiet.length > 60) names.push(`${quiet.length - 60} more`);
    parts.push(`No changes in ${plural(quiet.length, "stack", true)}: ${names.join(", ")}.`);
  }
  return parts.join("\n\n");
}

function resource(resource: ResourceReport, stack: StackReport, open: boolean): string {
  const dot = resource.severity ? `${DOTS[resource.severity]} ` : "";
  const title = `${dot}${SYMBOLS[resource.action]} ${htmlCode(resource.address)} ${ACTION_WORDS[resource.action]}`;
  const place =
    resource.constructPath && resource.constructPath !== `${stack.name}/${resource.address}`
      ? ` <sub>${htmlCode(resource.constructPath)}</sub>`
      : "";
  const parts = [`<details${open ? " open" : ""}><summary>${title}${place}</summary>`, ""];
  if (resource.why.length > 0) parts.push(...resource.why.map((line) => `- ${code(line)}`), "");
  const lines = diffLinesOf(resource);
  if (lines.length > 0) parts.push(diffBlock(lines), "");
  if (resource.chart) parts.push(chart(resource.chart), "");
  return [...parts, "</details>"].join("\n");
}

const SIGNS: Readonly<Record<DiffLine["kind"], string>> = {
  added: "+ ",
  removed: "- ",
  context: "  ",
  hunk: "@@ ",
  note: "# ",
  forces: "! ",
};

function diffBlock(lines: readonly DiffLine[]): string {
  const shown = lines
    .slice(0, LONGEST_DIFF)
    .map(({ kind, text }) => `${SIGNS[kind]}${text}${kind === "hunk" && !text.endsWith("@@") ? " @@" : ""}`);
  if (lines.length > LONGEST_DIFF) shown.push(`# and ${lines.length - LONGEST_DIFF} more lines`);
  return fence(shown, "diff");
}

function chart(upgrade: NonNullable<ResourceReport["chart"]>): string {
  const title = `Chart ${htmlCode(upgrade.chart)} ${htmlCode(upgrade.from)} → ${htmlCode(upgrade.to)}`;
  const summary = chartSummary(upgrade).map((line) => `- ${code(line)}`);
  const defaults = upgrade.changedDefaults
    .slice(0, 40)
    .map(({ key, before, after }) => `| ${cell(key)} | ${cell(before.slice(0, 80))} | ${cell(after.slice(0, 80))} |`);
  const table = defaults.length > 0 ? ["", "| Default | before | after |", "|---|---|---|", ...defaults] : [];
  return [`<details><summary>${title}</summary>`, "", ...summary, ...table, "", "</details>"].join("\n");
}

function diagram(report: Report): string {
  return [
    "<details><summary>Stacks and what is touched</summary>",
    "",
    fence(mermaid(report), "mermaid"),
    "",
    "</details>",
  ].join("\n");
}

function explanations({ findings }: Report, budget: Budget): void {
  const seen = new Set<string>();
  const texts = findings.flatMap(({ rule, title, consequence, remedy, source }) => {
    if (seen.has(rule + consequence)) return [];
    seen.add(rule + consequence);
    return [
      `**${rule} ${prose(title)}.** ${prose(consequence)} _What to do:_ ${prose(remedy)} <sub>${prose(source)}</sub>`,
    ];
  });
  if (texts.length === 0) return;
  budget.should(
    [
      "<details><summary>What these risks mean, and what to do</summary>",
      "",
      texts.join("\n\n"),
      "",
      "</details>",
    ].join("\n"),
    "the explanations",
  );
}

/** Our own sentences: a stray underscore must not turn into markup, and an address stays one. */
function prose(text: string): string {
  const parts = text.split(/(https:\/\/[\w./?=%~+#-]*\w)/);
  const escaped = parts.map((part, i) =>
    i % 2 === 1
      ? `<${part}>`
      : part.replace(/[<>&]/g, (c) => `&#${c.codePointAt(0)};`).replace(/[_*[\]#@`|\\]/g, "\\$&"),
  );
  return escaped.join("");
}

function rest(stacks: readonly StackReport[], budget: Budget): void {
  const calm = stacks.map((stack) => ({ stack, resources: stack.resources.filter(({ severity }) => !severity) }));
  if (calm.every(({ resources }) => resources.length === 0)) return;
  budget.should("### Other changes");
  for (const { stack, resources } of calm) {
    if (resources.length === 0) continue;
    const title = `<details><summary>${htmlCode(stack.name)}: ${plural(resources.length, "resource", true)} (${countWords(countOf(resources)) || "other"})</summary>`;
    const whole = [title, "", ...resources.map((r) => resource(r, stack, false)), "", "</details>"].join("\n");
    if (budget.fits(whole)) {
      budget.should(whole);
      continue;
    }
    const list = resources.map((r) => `- ${SYMBOLS[r.action]} ${code(r.address)} ${ACTION_WORDS[r.action]}`);
    budget.list(title, list, "</details>", (left) => `${plural(left, "resource", true)} of a stack`);
  }
}

function countOf(resources: readonly ResourceReport[]): StackReport["counts"] {
  const counts = {
    create: 0,
    update: 0,
    replace: 0,
    delete: 0,
    forget: 0,
    import: 0,
    move: 0,
    configure: 0,
    invoke: 0,
    other: 0,
  };
  for (const { action } of resources) if (action in counts) counts[action as keyof typeof counts]++;
  return counts;
}

function notes(report: Report, budget: Budget): void {
  for (const { name, drift } of report.stacks.filter((stack) => stack.drift.length > 0)) {
    const list = drift.map((r) => `- ${code(r.address)} ${r.action === "delete" ? "is gone" : "was changed"}`);
    budget.should(
      [`<details><summary>${htmlCode(name)}: changed outside Terraform</summary>`, "", ...list, "", "</details>"].join(
        "\n",
      ),
      "drift",
    );
  }
  if (report.allowed.length > 0) {
    const list = report.allowed.map(
      (finding) =>
        `- **${finding.rule}** ${code(finding.address ?? finding.stack ?? "")}: ${code(finding.reason)}, until ${code(finding.expires)}`,
    );
    budget.should(
      [`<details><summary>Accepted risks: ${report.allowed.length}</summary>`, "", ...list, "", "</details>"].join(
        "\n",
      ),
      "the accepted risks",
    );
  }
  if (report.limits.length > 0)
    budget.should(report.limits.map((text) => `<sub>${prose(text)}</sub>`).join("<br>"), "the limits");
}
