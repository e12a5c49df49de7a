import { join } from "node:path";
import type { Secrets } from "../diff/secrets";
import { isEffective, type StackChanges } from "../model/changes";
import { UsageError } from "./command-line";
import { type KeptPlan, keepPlan, writeManifest } from "./kept-plans";
import type { PreviewOptions } from "./options";
import { fromPlan, offline, planFile, type StackPair, untouched } from "./read-stacks";
import type { CleanUp, Side } from "./synthesize";
import { type PlanOutcome, planStack, privateDirectory, terraformVersion } from "./terraform";

interface Planning {
  readonly pairs: readonly StackPair[];
  readonly secrets: Secrets;
  readonly options: PreviewOptions;
  readonly head: Side;
  /** There is a base, so stacks that do not differ from it need no plan. */
  readonly compared: boolean;
  readonly onProgress: (text: string) => void;
  readonly cleanUps: CleanUp[];
}

/** Plans what has to be planned, some stacks at a time, and reads the results in the order of deployment. */
export async function planAll(work: Planning): Promise<readonly StackChanges[]> {
  const { pairs, secrets, options, compared, head } = work;
  const outcomes = await planStacks(work);
  const read = new Map<string, StackChanges>();
  const kept: KeptPlan[] = [];
  for (const pair of pairs) {
    const { name, dependencies } = pair.entry;
    const outcome = outcomes.get(pair);
    const below = dependencies.flatMap((dependency) => read.get(dependency) ?? []);
    const changes = outcome
      ? fromPlan({ pair, secrets, outcome, allDrift: options.allDrift, compared, below })
      : pair.same
        ? untouched(pair, secrets)
        : offline(pair, secrets);
    read.set(name, changes);
    if (options.keepPlans === undefined || outcome?.kind !== "planned" || !isWhole(changes)) continue;
    kept.push(keepPlan(options.keepPlans, head.synth, pair.entry, outcome.file));
  }
  const stacks = [...read.values()];
  if (options.keepPlans !== undefined) await publish(options.keepPlans, kept, stacks, options.commit ?? head.commit);
  return stacks;
}

async function publish(
  directory: string,
  plans: readonly KeptPlan[],
  stacks: readonly StackChanges[],
  commit?: string,
) {
  if (commit === undefined) throw new UsageError("--keep-plans: say which commit the plans are of (--commit <sha>)");
  const kept = new Set(plans.map(({ stack }) => stack));
  const unplanned = stacks
    .filter((stack) => stack.presence !== "removed" && !kept.has(stack.name))
    .filter((stack) => stack.failure !== undefined || stack.partial !== undefined || stack.resources.some(isEffective))
    .map(({ name }) => name);
  writeManifest(directory, { commit, terraform: await terraformVersion(), plans, unplanned });
}

async function planStacks({ pairs, options, compared, onProgress, cleanUps }: Planning) {
  const plans = privateDirectory();
  cleanUps.push(plans.remove);
  const queue = pairs.filter(
    (pair) => pair.head && pair.failure === undefined && (options.all || !compared || !pair.same),
  );
  const outcomes = new Map<StackPair, PlanOutcome>();
  let started = 0;
  const worker = async (): Promise<void> => {
    for (let pair = queue.shift(); pair; pair = queue.shift()) {
      const { name, directory } = pair.entry;
      if (options.planJson === undefined) onProgress(`planning ${name}`);
      // Not by the stack's name, which may be anything, also a path that leads out of here.
      const file = join(plans.path, `${started++}.tfplan`);
      outcomes.set(
        pair,
        options.planJson === undefined
          ? await planStack({ directory, file, refresh: options.refresh })
          : planFile(options.planJson, name),
      );
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, worker));
  return outcomes;
}

/** Whether a stack's plan is worth keeping: it is all there, and it does something. */
function isWhole(stack: StackChanges): boolean {
  if (stack.mode !== "plan" || stack.failure !== undefined || stack.partial !== undefined) return false;
  return stack.resources.some(isEffective) || stack.outputs.length > 0;
}
