import type { Finding, Report, ResourceReport, Severity, StackReport } from "../model/report";
import { groupFindings } from "./groups";
import { chartSummary, type DiffLine, diffLinesOf } from "./lines";
import { ACTION_WORDS, headline, modeWords, plural, revisionWords, SYMBOLS, statusWords } from "./words";

export interface TerminalStyle {
  /** Columns to wrap at. */
  readonly width: number;
  readonly colour: boolean;
}

const NARROWEST = 40;
const WIDEST = 140;
/** Lines of one resource before the rest is only counted. */
const LONGEST_DIFF = 60;

/** Columns of the terminal, and colours unless NO_COLOR asks for none or nobody would see them. */
export function terminalStyle(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: Readonly<Record<string, string | undefined>>,
): TerminalStyle {
  const { NO_COLOR, FORCE_COLOR, COLUMNS, TERM } = environment;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== "0";
  const colour = !NO_COLOR && FORCE_COLOR !== "0" && TERM !== "dumb" && (forced || stream.isTTY === true);
  const columns = Number(COLUMNS) || stream.columns || 100;
  return { width: Math.min(Math.max(columns, NARROWEST), WIDEST), colour };
}

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 } as const;
type Paint = keyof typeof CODES;

const SEVERITY_PAINT: Readonly<Record<Severity, Paint>> = {
  critical: "red",
  high: "yellow",
  medium: "magenta",
  info: "blue",
};
const ACTION_PAINT: Readonly<Partial<Record<ResourceReport["action"], Paint>>> = {
  create: "green",
  update: "yellow",
  replace: "red",
  delete: "red",
  forget: "magenta",
  other: "red",
};
const LINE: Readonly<Record<DiffLine["kind"], { readonly sign: string; readonly paint?: Paint }>> = {
  added: { sign: "+", paint: "green" },
  removed: { sign: "-", paint: "red" },
  context: { sign: " ", paint: "dim" },
  hunk: { sign: "·", paint: "cyan" },
  note: { sign: "·", paint: "dim" },
  forces: { sign: "!", paint: "magenta" },
};

/** The report for a terminal or a log. */
export function renderTerminal(report: Report, style: TerminalStyle): string {
  return `${new Terminal(style).report(report).join("\n")}\n`;
}

class Terminal {
  public constructor(private readonly style: TerminalStyle) {}

  public report(report: Report): readonly string[] {
    const paint: Paint = report.verdict === "unchanged" ? "green" : report.verdict === "changes" ? "yellow" : "red";
    const revisions = [revisionWords(report.base), revisionWords(report.head)].filter((text) => text !== undefined);
    return [
      ...this.wrap(`Plan preview: ${headline(report)}`, 0).map((line) => this.paint(line, "bold", paint)),
      ...(revisions.length > 0 ? this.indent(revisions.join(" → "), 0, "dim") : []),
      ...report.problems.flatMap((text) => this.wrap(`✖ ${text}`, 2).map((line) => this.paint(line, "red"))),
      ...this.risks(report.findings),
      ...this.stacks(report.stacks),
      ...report.stacks.flatMap((stack) => this.changes(stack)),
      ...this.footer(report),
    ];
  }

  private risks(findings: readonly Finding[]): readonly string[] {
    const lines = groupFindings(findings).flatMap(({ first, findings: places }) => [
      "",
      ...this.flow(
        9,
        [first.severity.toUpperCase().padEnd(8), "bold", SEVERITY_PAINT[first.severity]],
        [first.title, "bold"],
        [first.rule, "dim"],
      ),
      ...places.flatMap(({ stack, address, detail }) => [
        ...this.indent([stack, address].filter((part) => part !== undefined).join(" "), 9, "cyan"),
        ...this.indent(detail, 9),
      ]),
      ...this.indent(first.consequence, 9, "dim"),
      ...this.indent(`→ ${first.remedy}`, 9),
    ]);
    return lines.length > 0 ? ["", this.heading("Risks"), ...lines.slice(1)] : [];
  }

  private stacks(stacks: readonly StackReport[]): readonly string[] {
    const longest = Math.min(Math.max(...stacks.map(({ name }) => name.length), 5), Math.floor(this.style.width / 2));
    const lines = stacks.flatMap((stack) => {
      const words = `${statusWords(stack)} (${modeWords(stack)})`;
      const quiet = stack.status === "unchanged" && !stack.added;
      const lines = this.flow(4, [`${stack.name.padEnd(longest)} `], quiet ? [words, "dim"] : [words]);
      return [...lines, ...(quiet ? [] : stack.notes.flatMap((note) => this.indent(note, longest + 2, "dim")))];
    });
    return lines.length > 0 ? ["", this.heading("Stacks"), ...lines] : [];
  }

  private changes(stack: StackReport): readonly string[] {
    if (stack.resources.length === 0 && stack.drift.length === 0) return [];
    return [
      "",
      this.heading(stack.name),
      ...stack.resources.flatMap((resource) => this.resource(resource)),
      ...stack.drift.flatMap(({ address, action }) =>
        this.indent(
          `changed outside Terraform: ${address} ${action === "delete" ? "is gone" : "was edited"}`,
          0,
          "yellow",
        ),
      ),
    ];
  }

  private resource(resource: ResourceReport): readonly string[] {
    const lines = diffLinesOf(resource);
    const shown = lines.slice(0, LONGEST_DIFF).map(({ kind, text }) => {
      const { sign, paint } = LINE[kind];
      const [first = "", ...more] = this.wrap(`${sign} ${text}`, 2, this.style.width - 4);
      return [first, ...more].map((line) => `    ${paint ? this.paint(line, paint) : line}`);
    });
    return [
      ...this.flow(
        4,
        [SYMBOLS[resource.action], "bold", ACTION_PAINT[resource.action] ?? "dim"],
        [resource.address, "bold"],
        [ACTION_WORDS[resource.action]],
        [resource.rules.join(" "), "dim"],
      ),
      ...(resource.constructPath ? this.indent(resource.constructPath, 4, "dim") : []),
      ...resource.why.flatMap((line) => this.indent(line, 4, "magenta")),
      ...shown.flat(),
      ...(lines.length > LONGEST_DIFF ? this.indent(`and ${lines.length - LONGEST_DIFF} more lines`, 4, "dim") : []),
      ...this.chart(resource.chart),
    ];
  }

  private chart(chart: ResourceReport["chart"]): readonly string[] {
    if (!chart) return [];
    const defaults = chart.changedDefaults
      .slice(0, 12)
      .map(({ key, before, after }) => `${key}: ${cut(before)} → ${cut(after)}`);
    const more = chart.changedDefaults.length - defaults.length;
    return [
      ...this.indent(`chart ${chart.chart} ${chart.from} → ${chart.to}`, 4, "cyan"),
      ...chartSummary(chart).flatMap((line) => this.indent(line, 6)),
      ...defaults.flatMap((line) => this.indent(line, 8, "dim")),
      ...(more > 0 ? this.indent(`and ${more} more defaults`, 8, "dim") : []),
    ];
  }

  private footer(report: Report): readonly string[] {
    const accepted = report.allowed.flatMap(({ rule, address, stack, reason, expires }) =>
      this.indent(`${rule} ${address ?? stack ?? ""}: ${reason} (until ${expires})`, 2, "dim"),
    );
    return [
      ...(accepted.length > 0
        ? ["", this.heading(plural(report.allowed.length, "accepted risk", true)), ...accepted]
        : []),
      ...(report.limits.length > 0 ? ["", ...report.limits.flatMap((text) => this.indent(text, 0, "dim"))] : []),
    ];
  }

  private heading(text: string): string {
    return this.paint(text, "bold");
  }

  /** Pieces side by side, as far as they fit into a line. */
  private flow(hanging: number, ...pieces: readonly (readonly [string, ...Paint[]])[]): readonly string[] {
    const lines: string[] = [];
    let [line, length] = ["", 0];
    for (const [text, ...paints] of pieces.filter(([piece]) => piece !== "")) {
      if (length > 0 && length + 1 + text.length > this.style.width) {
        lines.push(line);
        [line, length] = ["", 0];
      }
      const room = this.style.width - (lines.length > 0 ? hanging : 0);
      const wrapped = length === 0 ? this.wrap(text, 0, room) : [text];
      const margin = lines.length > 0 && length === 0 ? " ".repeat(hanging) : "";
      for (const part of wrapped.slice(0, -1)) lines.push(margin + this.paint(part, ...paints));
      const last = wrapped.at(-1)!;
      line += `${length > 0 ? " " : margin}${this.paint(last, ...paints)}`;
      length += (length > 0 ? 1 : margin.length) + last.length;
    }
    return line === "" ? lines : [...lines, line];
  }

  private indent(text: string, columns: number, paint?: Paint): readonly string[] {
    const room = Math.max(this.style.width - columns, 20);
    return this.wrap(text, 0, room).map((line) => " ".repeat(columns) + (paint ? this.paint(line, paint) : line));
  }

  /** Breaks at spaces, and within a word that is longer than a line. */
  private wrap(text: string, hanging: number, width = this.style.width): readonly string[] {
    const lines: string[] = [];
    let rest = text.replace(/\s*\n\s*/g, " ");
    while (rest.length > width) {
      const space = rest.lastIndexOf(" ", width);
      const at = space > hanging + 8 ? space : width;
      lines.push(rest.slice(0, at));
      rest = " ".repeat(hanging) + rest.slice(at).trimStart();
    }
    return [...lines, rest];
  }

  private paint(text: string, ...paints: readonly Paint[]): string {
    if (!this.style.colour || text === "" || paints.length === 0) return text;
    return `\u001b[${paints.map((paint) => CODES[paint]).join(";")}m${text}\u001b[0m`;
  }
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
