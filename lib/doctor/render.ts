import type { Finding } from "./finding";

const MARKS = { ok: "✓", missing: "✗", doubt: "?" } as const;
const COLOURS = { ok: 32, missing: 31, doubt: 33 } as const;

/** The findings for a person: by subject, each remedy below what it is for. */
export function renderFindings(findings: readonly Finding[], { colours }: { readonly colours: boolean }): string {
  const paint = (code: number, text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  const subjects = [...new Set(findings.map(({ subject }) => subject))];
  const lines = subjects.flatMap((subject) => [
    "",
    paint(1, subject),
    ...findings
      .filter((finding) => finding.subject === subject)
      .flatMap(({ title, state, detail, remedy }) => [
        `  ${paint(COLOURS[state], MARKS[state])} ${title}: ${detail}`,
        ...(remedy === undefined ? [] : [`      ${remedy}`]),
      ]),
  ]);
  return `${lines.join("\n").trimStart()}\n\n${verdict(findings)}\n`;
}

function verdict(findings: readonly Finding[]): string {
  const [lacking, unsure] = (["missing", "doubt"] as const).map(
    (state) => findings.filter((finding) => finding.state === state).length,
  ) as [number, number];
  const doubts = unsure === 0 ? "" : `, ${count(unsure, "thing")} to look at`;
  return lacking === 0 ? `Nothing is missing${doubts}.` : `${count(lacking, "thing")} missing${doubts}.`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
