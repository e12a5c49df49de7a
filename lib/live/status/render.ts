import { count } from "../objects";
import type { StatusFinding } from "./finding";

const MARKS = { ok: "✓", wrong: "✗", doubt: "?" } as const;
const COLOURS = { ok: 32, wrong: 31, doubt: 33 } as const;

/** The findings for a person: by subject, each remedy below what it is for. */
export function renderStatus(
  title: string,
  findings: readonly StatusFinding[],
  seconds: number,
  { colours }: { readonly colours: boolean },
): string {
  const paint = (code: number, text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  const subjects = [...new Set(findings.map(({ subject }) => subject))];
  const lines = subjects.flatMap((subject) => [
    paint(1, subject),
    ...findings
      .filter((finding) => finding.subject === subject)
      .flatMap((finding) => [
        `  ${paint(COLOURS[finding.state], MARKS[finding.state])} ${finding.title}: ${finding.detail}`,
        ...(finding.remedy === undefined ? [] : [`      ${finding.remedy}`]),
      ]),
  ]);
  return `${[paint(1, title), ...lines].join("\n")}\n\n${verdict(findings)} (${seconds.toFixed(1)} s)\n`;
}

function verdict(findings: readonly StatusFinding[]): string {
  const wrong = findings.filter(({ state }) => state === "wrong").length;
  const doubts = findings.filter(({ state }) => state === "doubt").length;
  const also = doubts === 0 ? "" : `, ${count(doubts, "thing")} to look at`;
  return wrong === 0 ? `The cluster is as asked${also}.` : `${count(wrong, "thing")} wrong${also}.`;
}
