import { App } from "cdktf";
import { ConfigurationError } from "../validation";
import type { EnvironmentDefinition } from "./definition";
import { Environment } from "./environment";
import { environmentsProblems } from "./rules";
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
  const problems = environmentsProblems(definitions);
  if (problems.length > 0) throw new ConfigurationError(problems);
  const app = new App({ stackTraces: false });
  for (const definition of definitions) new Environment(app, definition);
  app.synth();
  return app;
}
