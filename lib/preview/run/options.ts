import { SEVERITIES, type Severity } from "../model/report";
import { type Arguments, parseCommand, UsageError } from "./command-line";

export const FORMATS = ["terminal", "markdown", "html", "json", "sarif"] as const;
export type Format = (typeof FORMATS)[number];

export interface Output {
  /** Left out for the standard output. */
  readonly file?: string;
  readonly format: Format;
}

/** Where a report goes and in which form. */
export interface Presentation {
  readonly outputs: readonly Output[];
  /** Nothing is left out for want of room on the screen. */
  readonly full: boolean;
  readonly link?: string;
  readonly jobSummary: boolean;
  readonly annotate: boolean;
}

/** What `gke-cilium-preview` was asked to do. */
export interface PreviewOptions extends Presentation {
  /** Git reference or synthesized directory to compare with. */
  readonly base?: string;
  /** Synthesized directory to look at. @default - the working tree is synthesized */
  readonly head?: string;
  readonly plan: boolean;
  /** Directory of `<stack>.json` files to read instead of planning. */
  readonly planJson?: string;
  readonly environments: readonly string[];
  /** Only these stacks. Empty for all. */
  readonly stacks: readonly string[];
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
}

/** @throws UsageError */
export function parsePreviewOptions(args: readonly string[]): PreviewOptions {
  const given = parseCommand("preview", args);
  const plan = given.has("plan");
  const planJson = given.one("plan-json");
  const count = given.one("parallel") ?? "4";
  const parallel = Number(count);
  if (!Number.isInteger(parallel) || parallel < 1) throw new UsageError(`--parallel ${count}: give a number from 1`);
  if (given.one("keep-plans") !== undefined && !plan) throw new UsageError("--keep-plans: works with --plan only");
  return {
    // Offline there must be something to compare with; a plan compares with the state.
    base: given.one("base") ?? (plan || planJson !== undefined ? undefined : "HEAD"),
    head: given.one("head"),
    plan,
    planJson,
    environments: list(given.many("env")),
    stacks: list(given.many("stack")),
    failOn: severityOf(given.one("fail-on")) ?? "high",
    allow: given.one("allow"),
    all: given.has("all"),
    allDrift: given.has("all-drift"),
    refresh: !given.has("no-refresh"),
    parallel,
    keepPlans: given.one("keep-plans"),
    commit: given.one("commit"),
    synth: given.one("synth"),
    ...presentationOf(given),
  };
}

export function presentationOf(given: Arguments): Presentation {
  return {
    outputs: outputsOf(given.one("format"), given.many("out")),
    full: given.has("full"),
    link: given.one("link"),
    jobSummary: given.has("job-summary"),
    annotate: given.has("annotate"),
  };
}

export function severityOf(text: string | undefined): Severity | "never" | undefined {
  if (text === undefined || text === "never") return text;
  const severity = SEVERITIES.find((name) => name === text);
  if (!severity) throw new UsageError(`--fail-on ${text}: choose ${[...SEVERITIES, "never"].join(", ")}`);
  return severity;
}

/** Values given one by one or with commas. */
export function list(values: readonly string[] | undefined): readonly string[] {
  return (values ?? []).flatMap((value) => value.split(",")).filter((value) => value !== "");
}

/** Files by their ending, and on the screen what `--format` says; beside files a short report, so that one sees it run. */
export function outputsOf(format: string | undefined, files: readonly string[]): readonly Output[] {
  if (format !== undefined && !isFormat(format))
    throw new UsageError(`--format ${format}: choose ${FORMATS.join(", ")}`);
  const outputs = files.map((file): Output => ({ file, format: formatOf(file) ?? format ?? "terminal" }));
  // A file whose ending says nothing is what --format is meant for.
  const taken = format !== undefined && files.some((file) => formatOf(file) === undefined);
  return [...outputs, { format: taken ? "terminal" : (format ?? "terminal") }];
}

function formatOf(file: string): Format | undefined {
  const extension = /\.(\w+)$/.exec(file)?.[1];
  const formats: Readonly<Record<string, Format>> = {
    md: "markdown",
    markdown: "markdown",
    html: "html",
    htm: "html",
    json: "json",
    sarif: "sarif",
    txt: "terminal",
  };
  return extension === undefined ? undefined : formats[extension.toLowerCase()];
}

function isFormat(text: string): text is Format {
  return (FORMATS as readonly string[]).includes(text);
}
