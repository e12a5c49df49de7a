import { writeFileSync } from "node:fs";
import { ConfigurationError } from "../../validation/problems";
import { Secrets } from "../diff/secrets";
import type { Report } from "../model/report";
import { UnreadableError } from "../readers/unreadable";
import { renderHtml } from "../render/html";
import { renderMarkdown } from "../render/markdown";
import { renderTerminal, terminalStyle } from "../render/terminal";
import { buildReport } from "../report/build";
import { visible, visibleAll } from "../report/visible";
import {
  affectedCommand,
  applyCommand,
  commentCommand,
  renderCommand,
  reviewedRunCommand,
  rulesCommand,
  synthCommand,
} from "./commands";
import { type Format, HELP, type Output, parsePreviewOptions, UsageError } from "./options";
import { packageVersion } from "./package-version";
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
  const context = {
    app: process.cwd(),
    environment: process.env,
    onProgress,
    print: (text: string) => process.stdout.write(visible(text)),
  };
  switch (command) {
    case "render": {
      const { report, outputs, link } = renderCommand(rest);
      write(report, outputs, link);
      return EXIT_CODES[report.verdict];
    }
    case "synth":
      await synthCommand(rest, context);
      return 0;
    case "affected":
      await affectedCommand(rest, context);
      return 0;
    case "apply":
      return applyCommand(rest, context);
    case "comment":
      await commentCommand(rest, context);
      return 0;
    case "reviewed-run":
      await reviewedRunCommand(rest, context);
      return 0;
    case "rules":
      rulesCommand(rest, context);
      return 0;
  }
  throw new UsageError(`${command}: is no command`);
}

async function runPreview(args: readonly string[]): Promise<number> {
  const options = parsePreviewOptions(args);
  const today = new Date().toISOString().slice(0, 10);
  let report: Report;
  try {
    report = await preview(options, { app: process.cwd(), onProgress, today });
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof Error)) throw error;
    // Whoever reads only the report must not take a preview that died for one without changes.
    const problems = [error.message];
    const secrets = new Secrets();
    report = visibleAll(
      buildReport([], { version: packageVersion(), failOn: options.failOn, today, secrets, problems }),
    );
    process.stderr.write(`gke-cilium-preview: ${visible(error.message)}\n`);
    const files = options.outputs.filter(({ file, format }) => file !== undefined || format !== "terminal");
    write(report, files, options.link);
    return EXIT_CODES.error;
  }
  write(report, options.outputs, options.link);
  return EXIT_CODES[report.verdict];
}

function onProgress(text: string): void {
  process.stderr.write(`${visible(text)}\n`);
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
