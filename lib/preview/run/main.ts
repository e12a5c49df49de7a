import { writeFileSync } from "node:fs";
import { ConfigurationError } from "../../validation";
import type { Report } from "../model/report";
import { UnreadableError } from "../readers/unreadable";
import { renderHtml } from "../render/html";
import { renderMarkdown } from "../render/markdown";
import { renderTerminal, terminalStyle } from "../render/terminal";
import { visible } from "../report/visible";
import { type Format, HELP, type Output, parsePreviewOptions, UsageError } from "./options";
import { preview } from "./preview";

/** Exit codes: a verdict each. */
export const EXIT_CODES = { unchanged: 0, error: 1, changes: 2, risk: 3 } as const;

/** Runs the command line. @returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const known = [UsageError, UnreadableError, ConfigurationError].some((kind) => error instanceof kind);
    process.stderr.write(`gke-cilium-preview: ${visible(error.message)}\n`);
    if (error instanceof UsageError) process.stderr.write("gke-cilium-preview --help lists every option\n");
    else if (!known && process.env["DEBUG"]) process.stderr.write(`${error.stack}\n`);
    return EXIT_CODES.error;
  }
}

async function dispatch(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (args.includes("--help") || args.includes("-h") || command === "help") {
    process.stdout.write(HELP);
    return 0;
  }
  if (command === "preview") return runPreview(rest);
  if (command === undefined || command.startsWith("-")) return runPreview(args);
  throw new UsageError(`${command}: is no command`);
}

async function runPreview(args: readonly string[]): Promise<number> {
  const options = parsePreviewOptions(args);
  const report = await preview(options, {
    app: process.cwd(),
    onProgress: (text) => process.stderr.write(`${visible(text)}\n`),
    today: new Date().toISOString().slice(0, 10),
  });
  write(report, options.outputs, options.link);
  return EXIT_CODES[report.verdict];
}

/** Writes a report to every place asked for. */
export function write(report: Report, outputs: readonly Output[], link?: string): void {
  for (const { file, format } of outputs) {
    const text = render(report, format, link, file === undefined);
    if (file === undefined) process.stdout.write(text);
    else writeFileSync(file, text);
  }
}

function render(report: Report, format: Format, link: string | undefined, toScreen: boolean): string {
  switch (format) {
    case "terminal":
      return renderTerminal(
        report,
        toScreen ? terminalStyle(process.stdout, process.env) : { width: 100, colour: false },
      );
    case "markdown":
      return renderMarkdown(report, { link });
    case "html":
      return renderHtml(report);
    case "json":
      return `${JSON.stringify(report, null, 2)}\n`;
  }
}
