import { join } from "node:path";
import type { Reporter } from "../../sandbox/terminal";
import type { Proof } from "../proofs";
import { RunningCommand } from "../rig/command";
import { lastLines } from "./check";
import { NOT_RUN } from "./not-run";
import type { Outcome, ScenarioResult, StepResult } from "./results";
import type { TimeLimit } from "./time-limit";

/** A proof that hangs is one that failed. */
const TIMEOUT_SECONDS = 3600;
/** How long a proof that is stopped may take to end what it started. */
const ENDING_MS = 30_000;
/** As much of a failure's output as a reader wants at once; the log has the rest. */
const TAIL_LINES = 40;

export interface ProofRunnerOptions {
  readonly reporter: Reporter;
  /** Directory of the compiled programs. */
  readonly programs: string;
  /** Directory that they run in. */
  readonly directory: string;
  /** Directory of their logs. */
  readonly logs: string;
  /** Set when the whole run is to stop after the current proof. */
  readonly stopping: AbortSignal;
  readonly limit: TimeLimit;
}

/** Carries out proofs one after the other, each in processes of its own. */
export async function runProofs(proofs: readonly Proof[], options: ProofRunnerOptions): Promise<ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  for (const proof of proofs) results.push(await runProof(proof, options));
  return results;
}

async function runProof(proof: Proof, options: ProofRunnerOptions): Promise<ScenarioResult> {
  const started = Date.now();
  const task = options.reporter.task(`${"all".padEnd(8)} ${proof.id.padEnd(16)} ${proof.title}`);
  const { outcome, reason } = await carryOut(proof, options).catch((error: Error) => ({
    outcome: "failed" as const,
    reason: error.message,
  }));
  if (outcome === "passed") task.done();
  else if (outcome === "not run") task.done(`NOT RUN: ${reason}`);
  else {
    task.fail(reason?.split("\n")[0]);
    options.reporter.line((reason ?? "").replace(/^/gm, "    "));
  }
  const seconds = (Date.now() - started) / 1000;
  const step: StepResult = {
    title: `npm run ${scriptOf(proof)}`,
    outcome,
    seconds,
    notes: [],
    ...(reason === undefined ? {} : { reason }),
  };
  return { environment: "all", id: proof.id, title: proof.title, shows: "programs", outcome, seconds, steps: [step] };
}

async function carryOut(
  proof: Proof,
  { programs, directory, logs, stopping, limit }: ProofRunnerOptions,
): Promise<{ readonly outcome: Outcome; readonly reason?: string }> {
  const { reached } = limit;
  if (reached) return { outcome: "not run", reason: reached };
  for (const program of proof.programs) {
    if (stopping.aborted) return { outcome: "not run", reason: "the run was interrupted" };
    const log = join(logs, `${proof.id}.log`);
    const command = new RunningCommand(process.execPath, [join(programs, program)], {
      cwd: directory,
      environment: process.env,
      log,
      timeoutSeconds: TIMEOUT_SECONDS,
    });
    let late: string | undefined;
    const callOff = limit.onOver((why) => {
      late = why;
      command.signal("SIGTERM");
      setTimeout(() => command.signal("SIGKILL"), ENDING_MS).unref();
    });
    const { code, output } = await command.result.finally(callOff);
    if (late !== undefined && code !== 0) return { outcome: "not run", reason: late };
    if (code === NOT_RUN) return { outcome: "not run", reason: whyNot(output) };
    if (code !== 0)
      return {
        outcome: "failed",
        reason: `exit status ${code}; ${log} has all of it\n${lastLines(output, TAIL_LINES)}`,
      };
  }
  return { outcome: "passed" };
}

/** The script of package.json that carries out a proof alone. */
export function scriptOf({ id }: Proof): string {
  return id === "validate" ? id : `test:${id}`;
}

/** The line in which a program says why it could not run. */
function whyNot(output: string): string {
  const lines = output.trim().split("\n");
  return lines.findLast((line) => /not run/i.test(line)) ?? lines.at(-1) ?? "it did not say why";
}
