import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { NOT_RUN } from "../../e2e/harness/not-run";
import { findTools, providersOf, Sandbox, type StackFacts, type Tools } from "../../sandbox/runtime";
import { ToolchainError } from "../../sandbox/toolchain";

/** Root of this checkout, seen from the compiled script. */
export const ROOT = resolve(__dirname, "..", "..", "..");

/** What a deployment script has at hand. */
export interface Surroundings {
  readonly sandbox: Sandbox;
  /** Variables for each of the lists of stacks, in which their providers are found. */
  readonly environments: readonly NodeJS.ProcessEnv[];
  readonly tools: readonly Tools[];
}

/** A proof: folders in which it works, stacks that are there before it begins, and what it does with them. */
export interface Proof {
  /** As it is called in messages. */
  readonly name: string;
  /**
   * Writes the stacks into a scratch directory.
   *
   * @returns Lists of stacks, one a set of providers.
   */
  readonly write: (scratch: string) => readonly (readonly StackFacts[])[];
  /** @returns One sentence that says what was shown. */
  readonly run: (surroundings: Surroundings, scratch: string) => Promise<string>;
  /** Projects and buckets that the sandbox has before. @default those of all stacks */
  readonly prepared?: (stacks: readonly StackFacts[]) => readonly StackFacts[];
}

/**
 * Runs a proof in a sandbox of its own, which is gone afterwards.
 *
 * @returns Exit code: 0, 1, or 77 where a program or a provider cannot be had on this machine.
 */
export async function prove(proof: Proof): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), `gke-cilium-${proof.name}-`));
  let sandbox: Sandbox | undefined;
  try {
    const sets = proof.write(scratch);
    const tools: Tools[] = [];
    for (const stacks of sets) tools.push(await findTools(ROOT, providersOf(stacks)));
    const started = await Sandbox.start({ directory: join(scratch, "sandbox") });
    sandbox = started;
    const all = sets.flat();
    await started.prepare(proof.prepared?.(all) ?? all);
    const environments = tools.map((each) => started.env(each));
    process.stdout.write(`${await proof.run({ sandbox: started, environments, tools }, scratch)}\n`);
    return 0;
  } catch (error) {
    if (error instanceof ToolchainError) {
      process.stderr.write(`${proof.name}: NOT RUN. ${error.message}\n`);
      return NOT_RUN;
    }
    process.stderr.write(`${proof.name}: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  } finally {
    await sandbox?.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}
