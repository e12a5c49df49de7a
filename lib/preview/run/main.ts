import { ConfigurationError } from "../../validation";
import { closest } from "../../validation/suggest";
import { maskByShape, Secrets } from "../diff/secrets";
import type { Report } from "../model/report";
import { UnreadableError } from "../readers/unreadable";
import { buildReport } from "../report/build";
import { visible, visibleAll } from "../report/visible";
import { COMMANDS, UsageError } from "./command-line";
import {
  affectedCommand,
  applyCommand,
  type CommandContext,
  renderCommand,
  reviewedRunCommand,
  rulesCommand,
  synthCommand,
} from "./commands";
import { commentCommand } from "./comment-command";
import { commandHelp, helpText } from "./help";
import { parsePreviewOptions } from "./options";
import { inert, progress, write } from "./output";
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
    complain(error);
    return EXIT_CODES.error;
  }
}

function complain(error: Error): void {
  const known = [UsageError, UnreadableError, ConfigurationError].some((kind) => error instanceof kind);
  process.stderr.write(`gke-cilium-preview: ${inert(visible(maskByShape(error.message)))}\n`);
  if (error instanceof UsageError) process.stderr.write("gke-cilium-preview --help lists every option\n");
  else if (!known && process.env["DEBUG"]) process.stderr.write(`${error.stack}\n`);
}

type Run = (args: readonly string[], context: CommandContext) => Promise<number> | number;

const done = (run: (args: readonly string[], context: CommandContext) => Promise<void> | void): Run => {
  return async (args, context) => {
    await run(args, context);
    return 0;
  };
};

const RUNS: Readonly<Record<string, Run>> = {
  preview: runPreview,
  render: (args) => {
    const { report, presentation } = renderCommand(args);
    write(report, presentation);
    return EXIT_CODES[report.verdict];
  },
  synth: done(synthCommand),
  affected: done(affectedCommand),
  apply: applyCommand,
  comment: done(commentCommand),
  "reviewed-run": done(reviewedRunCommand),
  rules: done(rulesCommand),
};

async function dispatch(args: readonly string[]): Promise<number> {
  const [first = "preview", ...rest] = args;
  const name = first.startsWith("-") ? "preview" : first;
  if (name === "version" || args.includes("--version")) {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  if (name === "help" || args.includes("--help") || args.includes("-h")) return help(name === "help" ? rest[0] : name);
  const run = RUNS[name];
  if (!run) throw unknownCommand(name);
  return run(first.startsWith("-") ? args : rest, {
    app: process.cwd(),
    environment: process.env,
    onProgress: progress,
    print: (text) => process.stdout.write(visible(text)),
  });
}

function help(name: string | undefined): number {
  const command = COMMANDS.find((one) => one.name === name);
  if (name !== undefined && !command) throw unknownCommand(name);
  process.stdout.write(command && name !== "preview" ? commandHelp(command) : helpText());
  return 0;
}

function unknownCommand(name: string): UsageError {
  const names = COMMANDS.map((command) => command.name);
  const near = closest(name, names)[0];
  const hint = near === undefined ? `the commands are ${names.join(", ")}` : `did you mean '${near}'?`;
  return new UsageError(`${name}: there is no such command; ${hint}`);
}

async function runPreview(args: readonly string[]): Promise<number> {
  const options = parsePreviewOptions(args);
  const today = new Date().toISOString().slice(0, 10);
  let report: Report;
  try {
    report = await preview(options, { app: process.cwd(), onProgress: progress, today });
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof Error)) throw error;
    // Whoever reads only the report must not take a preview that died for one without changes.
    const problems = [error.message];
    const secrets = new Secrets();
    report = visibleAll(
      buildReport([], { version: packageVersion(), failOn: options.failOn, today, secrets, problems }),
    );
    complain(error);
    const outputs = options.outputs.filter(({ file, format }) => file !== undefined || format !== "terminal");
    write(report, { ...options, outputs });
    return EXIT_CODES.error;
  }
  write(report, options);
  return EXIT_CODES[report.verdict];
}
