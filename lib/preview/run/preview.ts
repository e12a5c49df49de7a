import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { Secrets } from "../diff/secrets";
import type { Report, Revision } from "../model/report";
import { environmentOf, openSynth } from "../readers/synth";
import { UnreadableError } from "../readers/unreadable";
import { ALLOW_FILE, readAllowList } from "../report/allow-list";
import { buildReport } from "../report/build";
import { type Sources, withSources } from "../report/location";
import { visibleAll } from "../report/visible";
import { RULES } from "../rules";
import type { PreviewOptions } from "./options";
import { packageVersion } from "./package-version";
import { planAll } from "./plan-all";
import { offline, pairStacks, type StackPair } from "./read-stacks";
import { findSources, readSources } from "./sources";
import {
  type CleanUp,
  readProject,
  type Side,
  type SynthesizeOptions,
  synthesizeCommit,
  synthesizeWorkingTree,
} from "./synthesize";

export interface Surroundings {
  /** Directory of the app. */
  readonly app: string;
  readonly onProgress: (text: string) => void;
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

/** Does a whole preview. What is temporary is gone when it returns, however it ends. */
export async function preview(options: PreviewOptions, surroundings: Surroundings): Promise<Report> {
  const cleanUps: CleanUp[] = [];
  try {
    return await withCleanUps(options, surroundings, cleanUps);
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }
}

async function withCleanUps(options: PreviewOptions, surroundings: Surroundings, cleanUps: CleanUp[]): Promise<Report> {
  const { app, onProgress, today } = surroundings;
  const rules = RULES.map(({ id }) => id);
  const allow = readAllowList(options.allow ?? join(app, ALLOW_FILE), rules, options.allow !== undefined);
  const secrets = new Secrets();
  const synthesis = { app, command: options.synth, onProgress, cleanUps };
  // Terraform works in the directory that cdktf itself uses, so that providers are installed once.
  const output = options.plan ? resolve(app, readProject(app).output) : undefined;
  const head = await openHead(options.head, synthesis, output);
  const base = options.base === undefined ? undefined : await openBase(options.base, synthesis);
  const every = pairStacks({ base: base?.synth, head: head.synth, secrets, environments: options.environments });
  const pairs = every.filter(({ entry }) => options.stacks.length === 0 || options.stacks.includes(entry.name));
  assertAllThere(options, every, head.synth.directory);
  const stacks =
    options.plan || options.planJson !== undefined
      ? await planAll({ pairs, secrets, options, head, compared: base !== undefined, onProgress, cleanUps })
      : pairs.map((pair) => offline(pair, secrets));
  const report = buildReport(stacks, {
    version: packageVersion(),
    base: base && revision(base),
    head: { ...revision(head), ...(options.commit ? { commit: options.commit } : {}) },
    failOn: options.failOn,
    whole: options.environments.length === 0 && options.stacks.length === 0,
    allow,
    today,
    secrets,
  });
  return withSources(visibleAll(report), await sourcesOf(options, app, head, report));
}

/** A name that is misspelt must not look like a stack without changes. @throws UnreadableError */
function assertAllThere(
  { environments, stacks }: PreviewOptions,
  pairs: readonly StackPair[],
  directory: string,
): void {
  const names = new Set(pairs.map(({ entry }) => entry.name));
  const known = new Set([...names].map(environmentOf));
  const lost = environments.filter((name) => !known.has(name));
  const missing = stacks.filter((name) => !names.has(name));
  if (lost.length > 0) throw new UnreadableError(directory, `has no stacks of ${lost.join(", ")}`, "check --env");
  if (missing.length > 0) throw new UnreadableError(directory, `has no stack ${missing.join(", ")}`, "check --stack");
  if (pairs.length === 0) throw new UnreadableError(directory, "has no stacks", "is this the app's output directory?");
}

/** A synth of another job says itself where its environments are defined; the working tree is searched. */
async function sourcesOf(options: PreviewOptions, app: string, head: Side, report: Report): Promise<Sources> {
  if (options.head !== undefined) return readSources(head.synth.directory);
  if (report.findings.length === 0) return new Map();
  return findSources(app, [...new Set(report.stacks.map(({ environment }) => environment))]);
}

function openDirectory(directory: string): Side {
  return { synth: openSynth(resolve(directory)), name: directory };
}

/** The head of a comparison: a synthesized directory, or the working tree. */
export function openHead(
  head: string | undefined,
  synthesis: SynthesizeOptions,
  output?: string,
): Promise<Side> | Side {
  return head === undefined ? synthesizeWorkingTree(synthesis, output) : openDirectory(head);
}

/** The base of a comparison: a synthesized directory, or a git reference. */
export async function openBase(base: string, synthesis: SynthesizeOptions): Promise<Side> {
  const isDirectory = existsSync(base) && statSync(base).isDirectory() && existsSync(join(base, "manifest.json"));
  return isDirectory ? openDirectory(base) : synthesizeCommit(base, synthesis);
}

function revision({ name, commit }: Side): Revision {
  return commit === undefined ? { name } : { name, commit };
}
