import { join } from "node:path";
import { App } from "cdktf";
import { Environment, type EnvironmentDefinition } from "../../lib/environment";
import { readStacks, type StackFacts } from "../../sandbox/runtime";

/**
 * Writes environments as `cdktf synth` would, into `<app>/cdktf.out`.
 *
 * @param customize Called for each before anything is written.
 */
export function writeStacks(
  app: string,
  definitions: readonly EnvironmentDefinition[],
  customize: (environment: Environment) => void = () => {},
): readonly StackFacts[] {
  const outdir = join(app, "cdktf.out");
  const made = new App({ outdir, stackTraces: false });
  for (const definition of definitions) customize(new Environment(made, definition));
  made.synth();
  return readStacks(outdir);
}

/** Stacks in the order in which they are deployed. */
export function inOrder(stacks: readonly StackFacts[]): readonly string[] {
  return ["cluster", "networking", "monitoring"].flatMap((layer) =>
    stacks.filter(({ name }) => name.endsWith(`-${layer}`)).map(({ name }) => name),
  );
}
