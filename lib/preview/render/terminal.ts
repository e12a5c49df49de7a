import type { Finding, Report, Severity, StackReport } from "../model/report";
import { type FindingGroup, groupFindings, seenAt } from "./groups";
import { type Paint, Painter, type TerminalStyle } from "./paint";
import { type ChangeDetail, changesOf, LONGEST_DIFF } from "./terminal-changes";
import { headline, modeWords, plural, revisionWords, statusWords } from "./words";

export { type TerminalStyle, terminalStyle } from "./paint";

const SEVERITY_PAINT: Readonly<Record<Severity, Paint>> = {
  critical: "red",
  high: "yellow",
  medium: "magenta",
  info: "blue",
};

/** How much is told; what fits on the screen first is taken. */
interface Detail {
  readonly changes: ChangeDetail;
  /** Places of each risk. */
  readonly places: number;
  /** Lowest severity whose consequence and remedy are told. */
  readonly explained: readonly Severity[];
  /** Stacks that change; the rest are counted. */
  readonly stacks: number;
  /** Lines of each problem. */
  readonly problem: number;
  /** Risks that are not explained take one line. */
  readonly terse?: true;
}

const ALL: readonly Severity[] = ["critical", "high", "medium", "info"];
const FULL: Detail = {
  changes: { diff: LONGEST_DIFF, resources: Number.POSITIVE_INFINITY },
  places: Number.POSITIVE_INFINITY,
  explained: ALL,
  stacks: Number.POSITIVE_INFINITY,
  problem: Number.POSITIVE_INFINITY,
};
const many = { places: 4, explained: ALL, stacks: 40, problem: 40 };
const DETAILS: readonly Detail[] = [
  FULL,
  { ...many, changes: { diff: 8, resources: 30 } },
  { ...many, changes: { diff: 0, resources: 30 } },
  { ...many, changes: { diff: 0, resources: 5 } },
  { ...many, changes: { diff: 0, resources: 0 }, explained: ["critical", "high", "medium"] },
  {
    ...many,
    changes: { diff: 0, resources: 0 },
    places: 2,
    explained: ["critical", "high"],
    stacks: 20,
    problem: 20,
    terse: true,
  },
  {
    ...many,
    changes: { diff: 0, resources: 0 },
    places: 1,
    explained: ["critical", "high"],
    stacks: 10,
    problem: 12,
    terse: true,
  },
  {
    ...many,
    changes: { diff: 0, resources: 0 },
    places: 1,
    explained: ["critical"],
    stacks: 5,
    problem: 8,
    terse: true,
  },
  { ...many, changes: { diff: 0, resources: 0 }, places: 1, explained: [], stacks: 5, problem: 4, terse: true },
];

/** The report for a terminal or a log: whole, or as much of it as the screen holds. */
export function renderTerminal(report: Report, style: TerminalStyle): string {
  const terminal = new Terminal(new Painter(style));
  if (style.rows === undefined) return `${terminal.report(report, FULL).join("\n")}\n`;
  const hint = terminal.more();
  for (const [i, detail] of DETAILS.entries()) {
    const lines = terminal.report(report, detail);
    const whole = i === 0 ? lines : [...lines, "", ...hint];
    if (whole.length <= style.rows || i === DETAILS.length - 1) return `${whole.join("\n")}\n`;
  }
  return "";
}

class Terminal {
  public constructor(private readonly painter: Painter) {}

  public report(report: Report, detail: Detail): readonly string[] {
    const { painter } = this;
    const paint: Paint = report.verdict === "unchanged" ? "green" : report.verdict === "changes" ? "yellow" : "red";
    const revisions = [revisionWords(report.base), revisionWords(report.head)].filter((text) => text !== undefined);
    return [
      ...painter.wrap(`Plan preview: ${headline(report)}`, 0).map((line) => painter.paint(line, "bold", paint)),
      ...(revisions.length > 0 ? painter.indent(revisions.join(" → "), 0, "dim") : []),
      ...report.problems.flatMap((text) => this.problem(text, detail.problem)),
      ...this.risks(report.findings, detail),
      ...this.stacks(report.stacks, detail),
      ...report.stacks.flatMap((stack) => changesOf(stack, detail.changes, painter)),
      ...this.footer(report, detail),
    ];
  }

  /** What to do for the rest. */
  public more(): readonly string[] {
    return this.painter.indent(
      "Shortened to one screen: --full prints everything, --out preview.html writes a page.",
      0,
      "dim",
    );
  }

  /** Terraform's own error keeps its lines. */
  private problem(text: string, most: number): readonly string[] {
    const [first = "", ...rest] = text.trimEnd().split("\n");
    const shown = rest.slice(0, most);
    const left = rest.length - shown.length;
    return [
      ...this.painter.wrap(`✖ ${first}`, 2).map((line) => this.painter.paint(line, "red")),
      ...shown.flatMap((line) => (line.trim() === "" ? [""] : this.painter.indent(line, 4))),
      ...(left > 0 ? this.painter.indent(`and ${plural(left, "more line", true)}`, 4, "dim") : []),
    ];
  }

  private risks(findings: readonly Finding[], detail: Detail): readonly string[] {
    const lines = groupFindings(findings).flatMap((group) => this.risk(group, detail));
    return lines.length > 0 ? ["", this.painter.heading("Risks"), ...lines] : [];
  }

  private risk({ first, findings }: FindingGroup, detail: Detail): readonly string[] {
    const { painter } = this;
    const explained = detail.explained.includes(first.severity);
    if (detail.terse && !explained) return this.terse(first, findings.length);
    const left = findings.length - detail.places;
    return [
      ...painter.flow(
        9,
        [first.severity.toUpperCase().padEnd(8), "bold", SEVERITY_PAINT[first.severity]],
        [first.title, "bold"],
        [first.rule, "dim"],
      ),
      ...findings.slice(0, detail.places).flatMap((finding) => {
        const { stack, address } = finding;
        const seen = seenAt(finding);
        const where = [stack, address].filter((part) => part !== undefined).join(" ");
        return painter.flow(11, [" ".repeat(8)], [where, "cyan"], [detail.places === 1 ? cut(seen, 160) : seen]);
      }),
      ...(left > 0 ? painter.indent(`and in ${plural(left, "more place", true)}`, 9, "dim") : []),
      ...(explained ? [...painter.indent(first.consequence, 9, "dim"), ...painter.indent(`→ ${first.remedy}`, 9)] : []),
    ];
  }

  /** A risk in one line: what it is called, and where. */
  private terse({ severity, title, rule, stack, address }: Finding, places: number): readonly string[] {
    const where = [address ?? stack ?? "", places > 1 ? `and ${places - 1} more` : ""].filter((part) => part !== "");
    const room = this.painter.width - 9 - title.length - rule.length - 4;
    const place = room < 12 ? "" : cut(where.join(" "), room);
    return this.painter.flow(
      9,
      [severity.toUpperCase().padEnd(8), "bold", SEVERITY_PAINT[severity]],
      [title, "bold"],
      [rule, "dim"],
      [place, "cyan"],
    );
  }

  private stacks(stacks: readonly StackReport[], detail: Detail): readonly string[] {
    const { painter } = this;
    const isQuiet = ({ status, added }: StackReport) => status === "unchanged" && !added;
    const loud = stacks.filter((stack) => !isQuiet(stack));
    const quiet = stacks.filter(isQuiet);
    const shown = loud.slice(0, detail.stacks);
    const longest = Math.min(Math.max(...shown.map(({ name }) => name.length), 5), Math.floor(painter.width / 2));
    const lines = shown.flatMap((stack) => [
      ...painter.flow(4, [`${stack.name.padEnd(longest)} `], [`${statusWords(stack)} (${modeWords(stack)})`]),
      ...stack.notes.flatMap((note) => painter.indent(note, Math.min(longest + 2, 24), "dim")),
    ]);
    if (loud.length > shown.length)
      lines.push(...painter.indent(`and ${loud.length - shown.length} more that change`, 0, "dim"));
    if (quiet.length > 0) {
      const names = quiet.slice(0, 12).map(({ name }) => name);
      if (quiet.length > 12) names.push(`and ${quiet.length - 12} more`);
      lines.push(
        ...painter.indent(`No changes in ${plural(quiet.length, "stack", true)}: ${names.join(", ")}`, 0, "dim"),
      );
    }
    return lines.length > 0 ? ["", painter.heading("Stacks"), ...lines] : [];
  }

  private footer(report: Report, detail: Detail): readonly string[] {
    const { painter } = this;
    const brief = detail.changes.resources === 0;
    const accepted = report.allowed
      .slice(0, brief ? 3 : undefined)
      .flatMap(({ rule, address, stack, reason, expires }) =>
        painter.indent(`${rule} ${address ?? stack ?? ""}: ${reason} (until ${expires})`, 2, "dim"),
      );
    const limits = brief ? [] : report.limits.flatMap((text) => painter.indent(text, 0, "dim"));
    return [
      ...(accepted.length > 0
        ? ["", painter.heading(plural(report.allowed.length, "accepted risk", true)), ...accepted]
        : []),
      ...(report.remarks ?? []).flatMap((text, i) => [...(i === 0 ? [""] : []), ...painter.indent(text, 0, "yellow")]),
      ...(limits.length > 0 ? ["", ...limits] : []),
    ];
  }
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
