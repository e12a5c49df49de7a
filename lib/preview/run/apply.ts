import { copyFileSync, existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { environmentOf, openSynth, type StackEntry, type Synth } from "../readers/synth";
import {
  configurationDigest,
  fileDigest,
  type KeptPlan,
  lockPath,
  MANIFEST,
  planPath,
  readManifest,
} from "./kept-plans";
import { type CleanUp, readProject, synthesizeWorkingTree } from "./synthesize";
import { applyPlan, initStack, terraformVersion } from "./terraform";

export interface ApplyOptions {
  readonly app: string;
  /** Directory of the saved plans. */
  readonly plans: string;
  /** `plans.json` from a place that can be trusted more than the plans'. @default - the one beside them */
  readonly manifest?: string;
  /** Commit that was reviewed and is to be applied. */
  readonly commit: string;
  /** @default - the working tree is synthesized */
  readonly head?: string;
  readonly synth?: string;
  readonly environments: readonly string[];
  readonly onProgress: (text: string) => void;
}

export interface ApplyOutcome {
  readonly applied: readonly string[];
  /** Why nothing, or nothing more, was applied. */
  readonly problems: readonly string[];
  /** Stacks that change and had no plan to review. */
  readonly unplanned: readonly string[];
}

/**
 * Applies exactly the plans that were reviewed. Everything is checked before anything is applied: the commit, the
 * plans' digests, that the code still synthesizes to what was planned, and Terraform's version. That the state did not
 * move since is Terraform's own check.
 */
export async function applyReviewed(options: ApplyOptions): Promise<ApplyOutcome> {
  const manifest = readManifest(options.manifest ?? join(options.plans, MANIFEST));
  const wanted = (stack: string) =>
    options.environments.length === 0 || options.environments.includes(environmentOf(stack));
  const plans = manifest.plans.filter(({ stack }) => wanted(stack));
  const unplanned = manifest.unplanned.filter(wanted);
  const none = { applied: [], unplanned };
  if (manifest.commit !== options.commit) {
    return {
      ...none,
      problems: [
        `the plans are of commit ${manifest.commit}, not of ${options.commit}; preview this commit, and have that reviewed`,
      ],
    };
  }
  const version = await terraformVersion();
  if (version !== manifest.terraform) {
    return {
      ...none,
      problems: [`the plans are of Terraform ${manifest.terraform}, and this is ${version}; use the same version`],
    };
  }
  const cleanUps: CleanUp[] = [];
  try {
    const synth = await openHead(options, cleanUps);
    const problems = plans.flatMap((plan) => problemsOf(plan, synth, options.plans));
    if (problems.length > 0) return { ...none, problems };
    return { ...(await applyAll(plans, synth, options)), unplanned };
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }
}

async function openHead(options: ApplyOptions, cleanUps: CleanUp[]): Promise<Synth> {
  if (options.head !== undefined) return openSynth(resolve(options.head));
  const { app, synth: command, onProgress } = options;
  const output = resolve(app, readProject(app).output);
  return (await synthesizeWorkingTree({ app, command, onProgress, cleanUps }, output)).synth;
}

function problemsOf(plan: KeptPlan, synth: Synth, directory: string): readonly string[] {
  const entry = synth.stacks.find(({ name }) => name === plan.stack);
  const file = planPath(directory, plan.sha256);
  if (!entry) return [`${plan.stack}: is not in the app any more; preview again`];
  if (!existsSync(file))
    return [`${plan.stack}: its plan (${file}) is missing; fetch it from where the preview put it`];
  if (fileDigest(file) !== plan.sha256)
    return [`${plan.stack}: the plan is not the one that was reviewed (its SHA-256 differs); preview again`];
  if (configurationDigest(synth, entry) !== plan.configuration) {
    return [`${plan.stack}: the code now synthesizes to something else than what was planned; preview again`];
  }
  return [];
}

async function applyAll(
  plans: readonly KeptPlan[],
  synth: Synth,
  options: ApplyOptions,
): Promise<Omit<ApplyOutcome, "unplanned">> {
  const planned = new Map(plans.map((plan) => [plan.stack, plan]));
  const applied: string[] = [];
  for (const entry of synth.stacks) {
    const plan = planned.get(entry.name);
    if (!plan) continue;
    options.onProgress(`applying ${entry.name}`);
    const problem = await applyOne(entry, plan, options);
    if (problem !== undefined) {
      const left = [...planned.keys()].filter((name) => name !== entry.name && !applied.includes(name));
      const rest = left.length > 0 ? `; not applied: ${left.join(", ")}` : "";
      return { applied, problems: [`${entry.name}: ${problem}${rest}`] };
    }
    applied.push(entry.name);
  }
  return { applied, problems: [] };
}

async function applyOne(entry: StackEntry, plan: KeptPlan, options: ApplyOptions): Promise<string | undefined> {
  const lock = lockPath(options.plans, plan.sha256);
  // The plan names the providers' checksums; without its lock file another build of them could be installed.
  if (existsSync(lock)) copyFileSync(lock, join(entry.directory, ".terraform.lock.hcl"));
  const failure = await initStack(entry.directory);
  if (failure !== undefined) return failure;
  const file = resolve(planPath(options.plans, plan.sha256));
  const error = await applyPlan(entry.directory, file, (line) => options.onProgress(`  ${line}`));
  if (error?.includes("Saved plan is stale")) {
    return "the state changed since the plan was reviewed (Terraform: saved plan is stale); preview again";
  }
  return error;
}
