import type { Measurement } from "./measurements";
import type { EnvironmentName, Promised } from "./scenario";

export type Outcome = "passed" | "failed" | "not run";

/** How a step ended. */
export interface StepResult {
  readonly title: string;
  readonly outcome: Outcome;
  readonly seconds: number;
  /** What was seen, for the reader of the report. */
  readonly notes: readonly string[];
  /** Why it failed or was not run. */
  readonly reason?: string;
}

/** How a scenario ended in one environment. */
export interface ScenarioResult {
  /** `all` where no environment is deployed for it. */
  readonly environment: EnvironmentName | "all";
  readonly id: string;
  readonly title: string;
  readonly shows: Promised;
  readonly outcome: Outcome;
  readonly seconds: number;
  readonly steps: readonly StepResult[];
  /** Sentences of docs that it proves where it passes. */
  readonly proves?: readonly string[];
}

/** Everything that a run has shown. */
export interface RunResult {
  readonly startedAt: string;
  readonly seconds: number;
  readonly versions: Readonly<Record<string, string>>;
  /** What the reader must know to judge it, e.g. stand-ins. */
  readonly remarks: readonly string[];
  readonly scenarios: readonly ScenarioResult[];
  readonly measurements: readonly Measurement[];
}

/** A scenario is what its worst step is. */
export function outcomeOf(steps: readonly StepResult[]): Outcome {
  if (steps.some(({ outcome }) => outcome === "failed")) return "failed";
  return steps.some(({ outcome }) => outcome === "not run") ? "not run" : "passed";
}

/** How many scenarios ended in which way. */
export function tally(results: readonly ScenarioResult[]): Readonly<Record<Outcome, number>> {
  const count = (wanted: Outcome) => results.filter(({ outcome }) => outcome === wanted).length;
  return { passed: count("passed"), failed: count("failed"), "not run": count("not run") };
}
