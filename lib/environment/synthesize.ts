import { App } from "cdktf";
import { ConfigurationError } from "../validation";
import type { EnvironmentDefinition } from "./definition";
import { describeEnvironments } from "./describe";
import { Environment } from "./environment";
import { renderSummary, summarize } from "./summary";
import { withoutTokenTraces } from "./token-traces";

/** What {@link synthesize} made. */
export interface Synthesized {
  readonly app: App;
  /** In the order of their definitions. */
  readonly environments: readonly Environment[];
}

/**
 * Writes the Terraform of all environments to `cdktf.out` and prints a table of what was written.
 *
 * Every problem of every environment is reported together, before anything is written; the exit code then is 1.
 *
 * @param customize Adds what is yours, before anything is written: resources to the stacks, stacks to the app, aspects,
 *   overrides. What it throws is thrown.
 * @returns The app and its environments; undefined where something is wrong.
 */
export function synthesize(
  definitions: readonly EnvironmentDefinition[],
  customize?: (made: Synthesized) => void,
): Synthesized | undefined {
  try {
    const made = withoutTokenTraces(() => build(definitions));
    assertFinished(customize?.(made));
    withoutTokenTraces(() => made.app.synth());
    process.stdout.write(renderSummary(summarize(made.app), process.stdout));
    return made;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n\nNothing was written.\n`);
    process.exitCode = 1;
    return undefined;
  }
}

/** What an asynchronous function adds after its first `await` would be added when everything is written. */
function assertFinished(returned: unknown): void {
  if (typeof returned !== "object" || returned === null || !("then" in returned)) return;
  // Its own error is not what is told.
  if ("catch" in returned && typeof returned.catch === "function") returned.catch(() => {});
  throw new ConfigurationError([
    "synthesize: 'customize' is asynchronous, so that what it adds later would be in no stack; fetch what it needs before, and hand it a function that is not",
  ]);
}

function build(definitions: readonly EnvironmentDefinition[]): Synthesized {
  const { environments, problems } = describeEnvironments(definitions);
  if (problems.length > 0) throw new ConfigurationError(problems);
  const app = new App({ stackTraces: false });
  return { app, environments: environments.map((environment) => new Environment(app, environment)) };
}
