import { appendFileSync, writeFileSync } from "node:fs";
import { maskByShape } from "../diff/secrets";
import type { Report } from "../model/report";
import { renderAnnotations } from "../render/annotations";
import { renderHtml } from "../render/html";
import { renderMarkdown, SUMMARY_LIMIT } from "../render/markdown";
import { renderSarif } from "../render/sarif";
import { renderTerminal, terminalStyle } from "../render/terminal";
import { visible } from "../report/visible";
import { UsageError } from "./command-line";
import type { Format, Presentation } from "./options";

/** Columns of a report in a file. */
const FILE_WIDTH = 100;

/** Writes a report to every place asked for; the screen comes last, so that it ends with what was written. */
export function write(report: Report, { outputs, full, link, jobSummary, annotate }: Presentation): void {
  const files = outputs.flatMap(({ file, format }) => (file === undefined ? [] : [{ file, format }]));
  for (const { file, format } of files) writeFile(file, render(report, format, { link, full: true, screen: false }));
  if (jobSummary) appendSummary(renderMarkdown(report, { link, limit: SUMMARY_LIMIT }));
  if (annotate) process.stdout.write(renderAnnotations(report));
  const screen = outputs.find(({ file }) => file === undefined);
  if (screen) print(render(report, screen.format, { link, full, screen: true }), screen.format, annotate);
  if (screen?.format === "terminal" && files.length > 0) {
    process.stdout.write(`\nWritten: ${files.map(({ file }) => visible(file)).join(", ")}\n`);
  }
}

/**
 * Within a job of GitHub Actions every line of the output that begins with `::` is a command to the runner, and the
 * author of a pull request decides about the values in it.
 */
function print(text: string, format: Format, annotate: boolean): void {
  const inActions = process.env["GITHUB_ACTIONS"] === "true" || annotate;
  process.stdout.write(inActions && format !== "json" && format !== "sarif" ? inert(text) : text);
}

/** Text in which no line is a workflow command, in the new or in the old spelling. */
export function inert(text: string): string {
  return text.replace(/^([\s\uFEFF]*)::/gm, "$1:\u200b:").replace(/##\[/g, "#\u200b#[");
}

/** A line about what is being done, with nothing in it that only a credential looks like. */
export function progress(text: string): void {
  process.stderr.write(`${inert(visible(maskByShape(text)))}\n`);
}

function render(
  report: Report,
  format: Format,
  { link, full, screen }: { readonly link?: string; readonly full: boolean; readonly screen: boolean },
): string {
  switch (format) {
    case "terminal": {
      if (!screen) return renderTerminal(report, { width: FILE_WIDTH, colour: false });
      const style = terminalStyle(process.stdout, process.env);
      return renderTerminal(report, full ? { ...style, rows: undefined } : style);
    }
    case "markdown":
      return renderMarkdown(report, { link });
    case "html":
      return renderHtml(report);
    case "json":
      return `${JSON.stringify(report, null, 2)}\n`;
    case "sarif":
      return renderSarif(report);
  }
}

function writeFile(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(
      `--out ${file}: cannot be written (${(error as NodeJS.ErrnoException).code}); name another file`,
    );
  }
}

function appendSummary(text: string): void {
  const file = process.env["GITHUB_STEP_SUMMARY"];
  if (!file)
    throw new UsageError("--job-summary: GITHUB_STEP_SUMMARY is not set; it is within a job of GitHub Actions");
  appendFileSync(file, text);
}
