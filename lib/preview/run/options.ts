import { parseArgs } from "node:util";
import { SEVERITIES, type Severity } from "../model/report";
import { ALLOW_FILE } from "../report/allow-list";

export const FORMATS = ["terminal", "markdown", "html", "json"] as const;
export type Format = (typeof FORMATS)[number];

export interface Output {
  /** Left out for the standard output. */
  readonly file?: string;
  readonly format: Format;
}

/** What `gke-cilium-preview` was asked to do. */
export interface PreviewOptions {
  /** Git reference or synthesized directory to compare with. */
  readonly base?: string;
  /** Synthesized directory to look at. @default - the working tree is synthesized */
  readonly head?: string;
  readonly plan: boolean;
  /** Directory of `<stack>.json` files to read instead of planning. */
  readonly planJson?: string;
  readonly environments: readonly string[];
  readonly outputs: readonly Output[];
  readonly failOn: Severity | "never";
  readonly allow?: string;
  /** Plan every stack, not just those whose configuration differs from the base. */
  readonly all: boolean;
  readonly allDrift: boolean;
  readonly refresh: boolean;
  readonly parallel: number;
  /** Where reviewed plans are kept for the apply. */
  readonly keepPlans?: string;
  /** Commit that kept plans are bound to. */
  readonly commit?: string;
  /** Command that synthesizes the app. @default - `app` of cdktf.json */
  readonly synth?: string;
  readonly link?: string;
}

/** A wrong command line: told on standard error, exit code 1. */
export class UsageError extends Error {}

const OPTIONS = {
  base: { type: "string" },
  head: { type: "string" },
  plan: { type: "boolean" },
  "plan-json": { type: "string" },
  env: { type: "string", multiple: true },
  format: { type: "string" },
  out: { type: "string", multiple: true },
  "fail-on": { type: "string" },
  allow: { type: "string" },
  all: { type: "boolean" },
  "all-drift": { type: "boolean" },
  "no-refresh": { type: "boolean" },
  parallel: { type: "string" },
  "keep-plans": { type: "string" },
  commit: { type: "string" },
  synth: { type: "string" },
  link: { type: "string" },
} as const;

/** @throws UsageError */
export function parsePreviewOptions(args: readonly string[]): PreviewOptions {
  const values = parse(args);
  const planning = values.plan === true || values["plan-json"] !== undefined;
  const failOn = values["fail-on"] ?? "high";
  if (failOn !== "never" && !isSeverity(failOn)) {
    throw new UsageError(`--fail-on ${failOn}: choose ${[...SEVERITIES, "never"].join(", ")}`);
  }
  const parallel = Number(values.parallel ?? 4);
  if (!Number.isInteger(parallel) || parallel < 1)
    throw new UsageError(`--parallel ${values.parallel}: give a number from 1`);
  if (values["keep-plans"] !== undefined && values.plan !== true)
    throw new UsageError("--keep-plans: works with --plan only");
  return {
    // Offline there must be something to compare with; a plan compares with the state.
    base: values.base ?? (planning ? undefined : "HEAD"),
    head: values.head,
    plan: values.plan === true,
    planJson: values["plan-json"],
    environments: list(values.env),
    outputs: outputsOf(values.format, values.out ?? []),
    failOn,
    allow: values.allow,
    all: values.all === true,
    allDrift: values["all-drift"] === true,
    refresh: values["no-refresh"] !== true,
    parallel,
    keepPlans: values["keep-plans"],
    commit: values.commit,
    synth: values.synth,
    link: values.link,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Values given one by one or with commas. */
export function list(values: readonly string[] | undefined): readonly string[] {
  return (values ?? []).flatMap((value) => value.split(",")).filter((value) => value !== "");
}

/**
 * Without `--out` the report goes to standard output; with it the file's name says what it becomes, and a short
 * terminal report is printed as well.
 */
export function outputsOf(format: string | undefined, files: readonly string[]): readonly Output[] {
  if (format !== undefined && !isFormat(format))
    throw new UsageError(`--format ${format}: choose ${FORMATS.join(", ")}`);
  const outputs = files.map((file): Output => ({ file, format: formatOf(file) ?? format ?? "terminal" }));
  if (files.length === 0 || (format !== undefined && files.every((file) => formatOf(file) !== undefined))) {
    outputs.push({ format: format ?? "terminal" });
  }
  return outputs;
}

function formatOf(file: string): Format | undefined {
  const extension = /\.(\w+)$/.exec(file)?.[1];
  const formats: Readonly<Record<string, Format>> = {
    md: "markdown",
    html: "html",
    htm: "html",
    json: "json",
    txt: "terminal",
  };
  return extension === undefined ? undefined : formats[extension];
}

function isFormat(text: string): text is Format {
  return (FORMATS as readonly string[]).includes(text);
}

function isSeverity(text: string): text is Severity {
  return (SEVERITIES as readonly string[]).includes(text);
}

export const HELP = `gke-cilium-preview: what a change does to the network, before it does it

Usage
  gke-cilium-preview [options]              preview the working tree
  gke-cilium-preview affected [options]     environments that a change touches, as JSON
  gke-cilium-preview render <report.json>…  one report of several, in any format
  gke-cilium-preview apply [options]        apply exactly the plans that were reviewed
  gke-cilium-preview comment [options]      put a report on a pull request, always in the same comment
  gke-cilium-preview synth --out <dir>      synthesize the working tree, as data for another job
  gke-cilium-preview reviewed-run [options] workflow run whose plans were reviewed
  gke-cilium-preview rules                  every rule with what it means

What is compared
  --base <ref|directory>   git reference, or a synthesized directory        (HEAD; with --plan: nothing)
  --head <directory>       synthesized directory                            (synthesizes the working tree)
  --synth <command>        command that synthesizes the app                 (app of cdktf.json)
  --env <name>             only these environments; repeat or use commas    (all)

Real plans
  --plan                   run terraform plan in every stack that differs from the base
  --plan-json <directory>  read <stack>.json files of 'terraform show -json' instead
  --all                    plan the stacks that do not differ, too
  --no-refresh             plan against the state as it is
  --all-drift              show drift that the plan does not depend on, too
  --parallel <n>           stacks planned at a time                         (4)
  --keep-plans <directory> keep the plans for 'apply', bound to --commit <sha>

The report
  --format <name>          terminal, markdown, html, json                   (terminal)
  --out <file>             write to a file, its name says what: .md .html .json .txt; repeat for several
  --link <url>             where the whole report can be found, for a comment that must be cut
  --fail-on <severity>     critical, high, medium, info, never              (high)
  --allow <file>           accepted risks                                   (${ALLOW_FILE})

Exit codes: 0 nothing changes, 2 changes, 3 a risk at or above --fail-on, 1 error
`;
