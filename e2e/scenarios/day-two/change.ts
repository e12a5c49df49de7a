import { check, checkMatches } from "../../harness/check";
import type { Step } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import type { CommandResult } from "../../rig/command";
import { LAYERS, type Layer } from "../../rig/stacks";

/** One edit of an environment's file, and what must come of it. */
export interface Change {
  readonly title: string;
  /** Edits to make; those in effect stay. */
  readonly edits?: readonly string[];
  /** Names of edits to take back. */
  readonly takeBack?: readonly string[];
  /** The stacks that it is for. @default all three */
  readonly layers?: readonly Layer[];
  /** What Terraform's own summary must say of these stacks: `Plan: 0 to add, 1 to change, 0 to destroy.` */
  readonly plan?: RegExp;
  /** Looks at what came of it. */
  verify?(bench: Bench, result: CommandResult): void | Promise<void>;
}

/** Only updates in place. */
export const IN_PLACE = /Plan: 0 to add, [1-9]\d* to change, 0 to destroy\./;

/** Deploys the edit, looks at what came of it, and asks for empty plans of the stacks that it is for. */
export function change(options: Change): Step {
  return { title: options.title, run: (bench) => carryOut(bench, options) };
}

/** @throws CheckFailed where anything is not as it must be. */
export async function carryOut(bench: Bench, change: Omit<Change, "title">): Promise<void> {
  const { edits = [], takeBack = [], layers = LAYERS, plan, verify } = change;
  bench.takeBack(...takeBack);
  bench.edit(...edits);
  const result = await bench.deploy({ layers });
  const summary = /Plan: \d+ to add, \d+ to change, \d+ to destroy\./.exec(result.output)?.[0];
  check(summary !== undefined, `'${[...edits, ...takeBack].join(" ")}' changed nothing`);
  if (plan) checkMatches(summary, plan, "what Terraform did");
  bench.note(summary.replace("Plan: ", ""));
  await verify?.(bench, result);
  await bench.expectEmptyPlans(layers);
}
