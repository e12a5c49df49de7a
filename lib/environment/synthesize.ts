import { App } from "cdktf";
import { ConfigurationError } from "../validation";
import type { EnvironmentDefinition } from "./definition";
import { describeEnvironments } from "./describe";
import { Environment } from "./environment";
import { renderSummary, summarize } from "./summary";
import { withoutTokenTraces } from "./token-traces";

/**
 * Writes the Terraform of all environments to `cdktf.out` and prints a table of what was written.
 *
 * Every problem of every environment is reported together, before anything is written; the exit code then is 1.
 */
export function synthesize(definitions: readonly EnvironmentDefinition[]): void {
  try {
    const app = withoutTokenTraces(() => buildApp(definitions));
    process.stdout.write(renderSummary(summarize(app), process.stdout));
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n\nNothing was written.\n`);
    process.exitCode = 1;
  }
}

function buildApp(definitions: readonly EnvironmentDefinition[]): App {
  const { environments, problems } = describeEnvironments(definitions);
  if (problems.length > 0) throw new ConfigurationError(problems);
  const app = new App({ stackTraces: false });
  for (const environment of environments) new Environment(app, environment);
  app.synth();
  return app;
}
