import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Secrets } from "../diff/secrets";
import { hasComment, marker, upsertComment } from "../github/comment";
import { findPullRequest } from "../github/pull-request";
import { findReviewedRun } from "../github/reviewed-run";
import type { Report, Severity } from "../model/report";
import { SEVERITIES } from "../model/report";
import { environmentOf } from "../readers/synth";
import { renderMarkdown } from "../render/markdown";
import { renderRules } from "../render/rules";
import { mergeReports } from "../report/merge";
import { readReport } from "../report/read";
import { applyReviewed } from "./apply";
import { list, type Output, outputsOf, UsageError } from "./options";
import { openBase, openHead } from "./preview";
import { pairStacks } from "./read-stacks";
import type { CleanUp } from "./synthesize";

/** Room for a comment's short form: the risks and the table of stacks. */
const SHORT_COMMENT = 20_000;

export interface CommandContext {
  readonly app: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onProgress: (text: string) => void;
  readonly print: (text: string) => void;
}

/** `render <report.json>…`: one report of several. */
export function renderCommand(args: readonly string[]): {
  readonly report: Report;
  readonly outputs: readonly Output[];
  readonly link?: string;
} {
  const { values, positionals } = parse(args, {
    format: { type: "string" },
    out: { type: "string", multiple: true },
    link: { type: "string" },
    "fail-on": { type: "string" },
    expect: { type: "string", multiple: true },
  });
  const expected = expectedOf(values.expect);
  // No report where none is expected is an answer: nothing is touched.
  if (positionals.length === 0 && values.expect === undefined)
    throw new UsageError("render: name at least one report.json");
  const report = mergeReports(positionals.map(readReport), severityOf(values["fail-on"]), expected);
  return { report, outputs: outputsOf(values.format, values.out ?? []), link: values.link };
}

/** `affected`: environments whose configuration differs, as a JSON list for a job matrix. */
export async function affectedCommand(args: readonly string[], context: CommandContext): Promise<void> {
  const { values } = parse(args, {
    base: { type: "string" },
    head: { type: "string" },
    synth: { type: "string" },
    all: { type: "boolean" },
  });
  const cleanUps: CleanUp[] = [];
  try {
    const synthesis = { app: context.app, command: values.synth, onProgress: context.onProgress, cleanUps };
    const head = await openHead(values.head, synthesis);
    const base = await openBase(values.base ?? "HEAD", synthesis);
    const pairs = pairStacks({ base: base.synth, head: head.synth, secrets: new Secrets(), environments: [] });
    const touched = pairs
      .filter(({ same }) => values.all === true || !same)
      .map(({ entry }) => environmentOf(entry.name));
    context.print(`${JSON.stringify([...new Set(touched)])}\n`);
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }
}

/** `synth`: the working tree as data, for a job that may read it and must not run it. */
export async function synthCommand(args: readonly string[], context: CommandContext): Promise<void> {
  const { values } = parse(args, { out: { type: "string" }, synth: { type: "string" } });
  if (!values.out) throw new UsageError("synth: give --out <directory>");
  const synthesis = { app: context.app, command: values.synth, onProgress: context.onProgress, cleanUps: [] };
  await openHead(undefined, synthesis, resolve(values.out));
}

/** `apply`: exactly the reviewed plans. @returns the exit code: 0 all applied, 2 more to preview, 1 refused or failed. */
export async function applyCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { values } = parse(args, {
    plans: { type: "string" },
    manifest: { type: "string" },
    commit: { type: "string" },
    head: { type: "string" },
    synth: { type: "string" },
    env: { type: "string", multiple: true },
  });
  if (!values.plans || !values.commit)
    throw new UsageError("apply: give --plans <directory> and --commit <reviewed commit>");
  const outcome = await applyReviewed({
    app: context.app,
    plans: values.plans,
    manifest: values.manifest,
    commit: values.commit,
    head: values.head,
    synth: values.synth,
    environments: list(values.env),
    onProgress: context.onProgress,
  });
  for (const name of outcome.applied) context.print(`applied ${name}\n`);
  for (const problem of outcome.problems) context.print(`refused: ${problem}\n`);
  for (const name of outcome.unplanned) context.print(`${name} changes too and had no plan to review: preview again\n`);
  if (outcome.problems.length > 0) return 1;
  return outcome.unplanned.length > 0 ? 2 : 0;
}

/** `comment`: puts a report on a pull request. */
export async function commentCommand(args: readonly string[], context: CommandContext): Promise<void> {
  const { values, positionals } = parse(args, {
    repo: { type: "string" },
    pr: { type: "string" },
    head: { type: "string" },
    commit: { type: "string" },
    key: { type: "string" },
    link: { type: "string" },
    expect: { type: "string", multiple: true },
  });
  const { GITHUB_TOKEN, GITHUB_API_URL, GITHUB_REPOSITORY } = context.environment;
  const repository = values.repo ?? GITHUB_REPOSITORY ?? "";
  if (!GITHUB_TOKEN) throw new UsageError("comment: GITHUB_TOKEN is not set");
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) throw new UsageError("comment: give --repo <owner>/<name>");
  const api = GITHUB_API_URL ?? "https://api.github.com";
  const found =
    values.pr ??
    (await findPullRequest({ api, token: GITHUB_TOKEN, repository, head: values.head, commit: values.commit }));
  const pullRequest = Number(found);
  if (!Number.isSafeInteger(pullRequest) || pullRequest < 1) {
    throw new UsageError(
      "comment: give --pr <number>, or --head <owner:branch> and --commit <sha> of an open pull request",
    );
  }
  const report = mergeReports(positionals.map(readReport), undefined, expectedOf(values.expect));
  const key = values.key ?? "preview";
  const target = { api, token: GITHUB_TOKEN, repository, pullRequest, key };
  // Nothing to say, and nothing said before that would now be wrong.
  if (report.verdict === "unchanged" && !(await hasComment(target))) return;
  const options = { marker: marker(key), link: values.link };
  const url = await upsertComment(
    target,
    renderMarkdown(report, options),
    renderMarkdown(report, { ...options, limit: SHORT_COMMENT }),
  );
  context.print(`${url}\n`);
}

/** `reviewed-run`: id of the workflow run whose plans were reviewed. */
export async function reviewedRunCommand(args: readonly string[], context: CommandContext): Promise<void> {
  const { values } = parse(args, {
    repo: { type: "string" },
    commit: { type: "string" },
    workflow: { type: "string" },
  });
  const { GITHUB_TOKEN, GITHUB_API_URL, GITHUB_REPOSITORY } = context.environment;
  const repository = values.repo ?? GITHUB_REPOSITORY;
  if (!GITHUB_TOKEN || !repository || !values.commit || !values.workflow) {
    throw new UsageError("reviewed-run: needs GITHUB_TOKEN, --repo, --commit and --workflow");
  }
  const api = GITHUB_API_URL ?? "https://api.github.com";
  const run = await findReviewedRun({
    api,
    token: GITHUB_TOKEN,
    repository,
    commit: values.commit,
    workflow: values.workflow,
  });
  if (run === undefined) {
    throw new Error(
      `no successful run of ${values.workflow} for ${values.commit}: it was not reviewed, or its preview was red`,
    );
  }
  context.print(`${run}\n`);
}

/** `rules`: what each one means. */
export function rulesCommand(args: readonly string[], context: CommandContext): void {
  const { values } = parse(args, { format: { type: "string" } });
  context.print(renderRules(values.format));
}

function severityOf(text: string | undefined): Severity | "never" | undefined {
  if (text === undefined || text === "never") return text;
  const severity = SEVERITIES.find((name) => name === text);
  if (!severity) throw new UsageError(`--fail-on ${text}: choose ${[...SEVERITIES, "never"].join(", ")}`);
  return severity;
}

/** Environments that must have a report: names with commas, or the JSON list that `affected` prints. */
function expectedOf(values: readonly string[] | undefined): readonly string[] {
  return (values ?? []).flatMap((value) => {
    if (!value.trim().startsWith("[")) return list([value]);
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed.filter((name): name is string => typeof name === "string") : [];
  });
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>["options"]>;

function parse<const T extends Options>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
