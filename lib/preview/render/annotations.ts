import type { Report, Severity } from "../model/report";
import { groupFindings } from "./groups";
import { plural } from "./words";

/** GitHub shows ten of each kind for a step. */
const MOST_OF_A_KIND = 10;

const KINDS: Readonly<Record<Severity, "error" | "warning" | "notice">> = {
  critical: "error",
  high: "error",
  medium: "warning",
  info: "notice",
};

/** Findings as workflow commands of GitHub Actions: shown in the log, in the summary, and at the line of the file. */
export function renderAnnotations(report: Report): string {
  const used = new Map<string, number>();
  const lines = [...report.problems.map((text) => command("error", { title: "Plan preview" }, text))];
  for (const { first, findings } of groupFindings(report.findings)) {
    const kind = KINDS[first.severity];
    const count = (used.get(kind) ?? 0) + 1;
    used.set(kind, count);
    if (count > MOST_OF_A_KIND) continue;
    const { location, title, rule, detail, stack, address, consequence, remedy } = first;
    const where = [stack, address].filter((part) => part !== undefined).join(" ");
    const more = findings.length > 1 ? ` (and ${plural(findings.length - 1, "more place", true)})` : "";
    const text = `${where}: ${detail}${more}\n${consequence}\nWhat to do: ${remedy}`;
    const place: Readonly<Record<string, string>> = location
      ? { file: location.file, line: String(location.line) }
      : {};
    lines.push(command(kind, { ...place, title: `${rule} ${title}` }, text));
  }
  return lines.map((line) => `${line}\n`).join("");
}

function command(kind: string, properties: Readonly<Record<string, string>>, message: string): string {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return `::${kind} ${list.join(",")}::${escapeMessage(message)}`;
}

/** As the runner reads them back: nothing of a plan ends the line or begins a command of its own. */
function escapeMessage(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
