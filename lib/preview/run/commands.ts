import { resolve } from "node:path";
import { Secrets } from "../diff/secrets";
import { findReviewedRun } from "../github/reviewed-run";
import type { Report } from "../model/report";
import { environmentOf } from "../readers/synth";
import { renderRules } from "../render/rules";
import { mergeReports } from "../report/merge";
import { readReport } from "../report/read";
import { applyReviewed } from "./apply";
import { parseCommand, UsageError } from "./command-line";
import { list, type Presentation, presentationOf, severityOf } from "./options";
import { openBase, openHead } from "./preview";
import { pairStacks } from "./read-stacks";
import { findSources, writeSources } from "./sources";
import type { CleanUp } from "./synthesize";

export interface CommandContext {
  readonly app: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onProgress: (text: string) => void;
  readonly print: (text: string) => void;
}

/** `render <report.json>…`: one report of several. */
export function renderCommand(args: readonly string[]): {
  readonly report: Report;
  readonly presentation: Presentation;
} {
  const given = parseCommand("render", args);
  const expected = expectedOf(given.many("expect"));
  // No report where none is expected is an answer: nothing is touched.
  if (given.operands.length === 0 && given.many("expect").length === 0)
    throw new UsageError("render: name at least one report.json");
  const report = mergeReports(given.operands.map(readReport), severityOf(given.one("fail-on")), expected);
  return { report, presentation: presentationOf(given) };
}

/** `affected`: environments whose configuration differs, as a JSON list for a job matrix. */
export async function affectedCommand(args: readonly string[], context: CommandContext): Promise<void> {
  const given = parseCommand("affected", args);
  const cleanUps: CleanUp[] = [];
  try {
    const command = given.one("synth");
    const synthesis = { app: context.app, command, onProgress: context.onProgress, cleanUps };
    const head = await openHead(given.one("head"), synthesis);
    const base = await openBase(given.one("base") ?? "HEAD", synthesis);
    const pairs = pairStacks({ base: base.synth, head: head.synth, secrets: new Secrets(), environments: [] });
    const touched = pairs.filter(({ same }) => given.has("all") || !same).map(({ entry }) => environmentOf(entry.name));
    context.print(`${JSON.stringify([...new Set(touched)])}\n`);
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }
}

/** `synth`: the working tree as data, for a job that may read it and must not run it. */
export async function synthCommand(args: readonly string[], context: CommandContext): Promise<void> {
  const given = parseCommand("synth", args);
  const out = given.one("out");
  if (out === undefined) throw new UsageError("synth: give --out <directory>");
  const synthesis = { app: context.app, command: given.one("synth"), onProgress: context.onProgress, cleanUps: [] };
  const { synth } = await openHead(undefined, synthesis, resolve(out));
  const environments = [...new Set(synth.stacks.map(({ name }) => environmentOf(name)))];
  writeSources(resolve(out), await findSources(context.app, environments));
}

/** `apply`: exactly the reviewed plans. @returns the exit code: 0 all applied, 2 more to preview, 1 refused or failed. */
export async function applyCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const given = parseCommand("apply", args);
  const [plans, commit] = [given.one("plans"), given.one("commit")];
  if (plans === undefined || commit === undefined)
    throw new UsageError("apply: give --plans <directory> and --commit <reviewed commit>");
  const outcome = await applyReviewed({
    app: context.app,
    plans,
    manifest: given.one("manifest"),
    commit,
    head: given.one("head"),
    synth: given.one("synth"),
    environments: list(given.many("env")),
    onProgress: context.onProgress,
  });
  for (const name of outcome.applied) context.print(`applied ${name}\n`);
  for (const problem of outcome.problems) context.print(`refused: ${problem}\n`);
  for (const name of outcome.unplanned) context.print(`${name} changes too and had no plan to review: preview again\n`);
  if (outcome.problems.length > 0) return 1;
  return outcome.unplanned.length > 0 ? 2 : 0;
}

/** `reviewed-run`: id of the workflow run whose plans were reviewed. */
export async function reviewedRunCommand(args: readonly string[], context: CommandContext): Promise<void> {
  const given = parseCommand("reviewed-run", args);
  const [commit, workflow] = [given.one("commit"), given.one("workflow")];
  const { GITHUB_TOKEN: token, GITHUB_API_URL, GITHUB_REPOSITORY } = context.environment;
  const repository = given.one("repo") ?? GITHUB_REPOSITORY;
  if (!token || !repository || commit === undefined || workflow === undefined) {
    throw new UsageError("reviewed-run: needs GITHUB_TOKEN, --repo, --commit and --workflow");
  }
  const api = GITHUB_API_URL ?? "https://api.github.com";
  const run = await findReviewedRun({ api, token, repository, commit, workflow });
  if (run === undefined) {
    throw new Error(
      `there is no successful run of ${workflow} for ${commit}: it was not reviewed, or its preview was red`,
    );
  }
  context.print(`${run}\n`);
}

/** `rules`: what each one means. */
export function rulesCommand(args: readonly string[], context: CommandContext): void {
  const format = parseCommand("rules", args).one("format");
  if (format !== undefined && format !== "markdown" && format !== "json")
    throw new UsageError(`--format ${format}: choose markdown or json`);
  context.print(renderRules(format));
}

/** Environments that must have a report: names with commas, or the JSON list that `affected` prints. */
export function expectedOf(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => {
    if (!value.trim().startsWith("[")) return list([value]);
    let parsed: unknown;
    try {
      parsed = JSON.parse(value);
    } catch {
      throw new UsageError(`--expect ${value.slice(0, 80)}: is not the JSON list that 'affected' prints`);
    }
    return Array.isArray(parsed) ? parsed.filter((name): name is string => typeof name === "string") : [];
  });
}
