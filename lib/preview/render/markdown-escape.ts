/**
 * Untrusted text for Markdown. Everything that comes from a plan or a repository goes into a code span, a fence, or
 * `<code>`: there neither Markdown nor HTML nor a mention or an issue number is read. What is written here never relies
 * on backslashes alone.
 */

/** A code span whose fence is longer than any run of backticks inside. */
export function code(text: string): string {
  const line = oneLine(text);
  if (line === "") return "` `";
  const marks = "`".repeat(longestRun(line) + 1);
  // A space keeps a leading or trailing backtick away from the fence; Markdown takes one such space off again.
  const pad = /^[` ]|[` ]$/.test(line) ? " " : "";
  return `${marks}${pad}${line}${pad}${marks}`;
}

/** The same within a table, where a pipe ends the cell even in code unless a backslash stands before it. */
export function cell(text: string): string {
  return code(text).replaceAll("|", "\\|");
}

/** A fenced block; the fence is longer than any run of backticks inside. */
export function fence(lines: readonly string[], language: string): string {
  const body = lines.join("\n");
  const marks = "`".repeat(Math.max(3, longestRun(body) + 1));
  return `${marks}${language}\n${body}\n${marks}`;
}

/** Text within an HTML tag such as `<summary>`: no tag, no entity, no line break (a blank line would end the block). */
export function htmlCode(text: string): string {
  return `<code>${escapeHtml(oneLine(text))}</code>`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (c) => `&#${c.codePointAt(0)};`);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
