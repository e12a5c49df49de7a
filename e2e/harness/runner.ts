import { appendFileSync } from "node:fs";
import type { Reporter } from "../../sandbox/terminal";
import type { Bench } from "../rig/bench";
import { PacketRig } from "../rig/packets/packet-rig";
import { LAYERS, type Layer } from "../rig/stacks";
import { diagnose } from "./diagnostics";
import { outcomeOf, type ScenarioResult, type StepResult } from "./results";
import { NotRun, type Scenario, type Step } from "./scenario";
import type { TimeLimit } from "./time-limit";

/** What a runner tells about. */
export interface RunnerOptions {
  readonly reporter: Reporter;
  /** File that everything about a failure is written to. */
  readonly failureFile: string;
  /** Set when the whole run is to stop after the current step. */
  readonly stopping: AbortSignal;
  readonly limit: TimeLimit;
}

/**
 * Carries out the scenarios of one environment, one after the other. After a failure the environment as it ships is
 * deployed again; where that does not work either, the rest is not run.
 */
export async function runScenarios(
  bench: Bench,
  scenarios: readonly Scenario[],
  options: RunnerOptions,
): Promise<ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  let blocked: string | undefined;
  for (const scenario of scenarios) {
    blocked ??= options.limit.reached;
    const result = await runScenario(bench, scenario, options, blocked);
    results.push(result);
    const isLast = scenario === scenarios.at(-1);
    if (result.outcome === "failed" && blocked === undefined && !isLast && !options.stopping.aborted)
      blocked = options.limit.reached ?? (await recover(bench, scenario, options.reporter));
  }
  return results;
}

/** @returns why the scenarios that follow cannot be run, if they cannot. */
async function recover(bench: Bench, scenario: Scenario, reporter: Reporter): Promise<string | undefined> {
  const task = reporter.task(`${bench.environment.padEnd(8)} ${scenario.id.padEnd(16)} deploying what ships, to go on`);
  bench.progress = (detail) => task.update(detail);
  try {
    await bench.cloud.clearFaults();
    bench.asShipped();
    const isReal = bench.cloud.realNodes(bench.cluster) !== undefined;
    const layers: readonly Layer[] = isReal ? ["cluster", "networking"] : LAYERS;
    await bench.deploy({ layers });
    await bench.expectEmptyPlans(layers);
    if (isReal) await (await PacketRig.of(bench)).cleanUp();
    task.done();
    return undefined;
  } catch (error) {
    task.fail((error as Error).message.split("\n")[0]);
    return `'${scenario.id}' failed before, and what ships could not be deployed after it`;
  }
}

async function runScenario(
  bench: Bench,
  scenario: Scenario,
  options: RunnerOptions,
  blocked: string | undefined,
): Promise<ScenarioResult> {
  const { reporter } = options;
  const steps: StepResult[] = [];
  const started = Date.now();
  let stopped = blocked;
  bench.scenario = scenario.id;
  for (const step of scenario.steps) {
    if (options.stopping.aborted) stopped ??= "the run was interrupted";
    if (stopped !== undefined) {
      steps.push({ title: step.title, outcome: "not run", seconds: 0, notes: [], reason: stopped });
      continue;
    }
    const result = await runStep(bench, scenario, step, options);
    steps.push(result);
    if (result.outcome === "failed") stopped = "an earlier step failed";
    else if (result.outcome === "not run") stopped = result.reason;
  }
  const outcome = outcomeOf(steps);
  if (blocked !== undefined) reporter.line(`- ${bench.environment.padEnd(8)} ${scenario.title}: not run, ${blocked}`);
  return {
    environment: bench.environment,
    id: scenario.id,
    title: scenario.title,
    shows: scenario.shows,
    outcome,
    seconds: (Date.now() - started) / 1000,
    steps,
    ...(scenario.proves ? { proves: scenario.proves } : {}),
  };
}

async function runStep(
  bench: Bench,
  scenario: Scenario,
  step: Step,
  { reporter, failureFile }: RunnerOptions,
): Promise<StepResult> {
  const started = Date.now();
  const task = reporter.task(`${bench.environment.padEnd(8)} ${scenario.id.padEnd(16)} ${step.title}`);
  bench.progress = (detail) => task.update(detail);
  bench.notes = [];
  const result = (outcome: StepResult["outcome"], reason?: string): StepResult => ({
    title: step.title,
    outcome,
    seconds: (Date.now() - started) / 1000,
    notes: bench.notes,
    ...(reason === undefined ? {} : { reason }),
  });
  try {
    await step.run(bench);
    task.done();
    return result("passed");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof NotRun) {
      task.done(`NOT RUN: ${reason}`);
      return result("not run", reason);
    }
    task.fail(reason.split("\n")[0]);
    const story = await diagnose(bench, error);
    appendFileSync(failureFile, `=== ${bench.environment} ${scenario.id}: ${step.title}\n${story}\n\n`);
    reporter.line(indent(story));
    return result("failed", reason);
  }
}

function indent(text: string): string {
  return text.replace(/^/gm, "    ");
}
