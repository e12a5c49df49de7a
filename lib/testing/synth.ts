import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { Environment, type EnvironmentDefinition, withoutTokenTraces } from "../environment";
import { normalizeStack, type SynthesizedStack } from "./normalize";

/** The parsed Terraform of stacks, by stack id. */
export type SynthesizedStacks = Readonly<Record<string, SynthesizedStack>>;

/**
 * Synthesizes whatever `build` puts into an app, as `cdktf synth` would, validations included, and returns it parsed:
 * without cdktf's metadata, with Helm values as objects, the same on every machine.
 *
 * @example
 * const { platform } = synthStacks((app) => new PlatformStack(app, "platform"));
 * expect(platform.resource["helm_release"]).toMatchSnapshot();
 */
export function synthStacks(build: (app: App) => void): SynthesizedStacks {
  const outdir = mkdtempSync(join(tmpdir(), "cdktf-gke-cilium-"));
  try {
    withoutTokenTraces(() => {
      const app = new App({ outdir, stackTraces: false });
      build(app);
      app.synth();
    });
    const stacks = join(outdir, "stacks");
    return Object.fromEntries(
      readdirSync(stacks)
        .sort()
        .map((id) => [id, normalizeStack(JSON.parse(readFileSync(join(stacks, id, "cdk.tf.json"), "utf8")))]),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/**
 * The three stacks of an environment, parsed, by stack id (`<name>-cluster`, `<name>-networking`, `<name>-monitoring`).
 *
 * @throws ConfigurationError with every problem of the definition.
 */
export function synthEnvironment(definition: EnvironmentDefinition): SynthesizedStacks {
  return synthStacks((app) => new Environment(app, definition));
}
