import { RULES } from "../rules";

/** Every rule as Markdown (the default), or as JSON. */
export function renderRules(format: string | undefined): string {
  if (format === "json")
    return `${JSON.stringify(
      RULES.map(({ check, ...rule }) => rule),
      null,
      2,
    )}\n`;
  return `${rulesTable().join("\n")}\n`;
}

/** The table in the documentation; a test holds the two together. */
export function rulesTable(): readonly string[] {
  const rows = RULES.map(({ id, severity, modes, title, consequence, remedy }) => {
    const how = modes.length === 2 ? "both" : modes[0];
    return `| ${id} | ${severity} | ${how} | **${escapeCell(title)}** ${escapeCell(consequence)} | ${escapeCell(remedy)} |`;
  });
  return ["| Rule | Severity | Preview | What happens | What to do |", "|---|---|---|---|---|", ...rows];
}

function escapeCell(text: string): string {
  return text.replace(/[<>]/g, (c) => `&#${c.codePointAt(0)};`).replaceAll("|", "\\|");
}
