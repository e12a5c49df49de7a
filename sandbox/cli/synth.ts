import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { readStacks, type StackFacts } from "../runtime";
import { run } from "../toolchain";
import type { Context } from "./context";
import { environmentsOf } from "./selection";

/**
 * Synthesizes the project's stacks into the sandbox's directory, with the project's own command: what `cdktf synth` does.
 *
 * @throws Error with the end of what the command printed where it fails.
 */
export async function synthesize(context: Context): Promise<StackFacts[]> {
  const { files, reporter, app, appContext, project } = context;
  const task = reporter.task("stacks");
  task.update("synthesizing");
  mkdirSync(files.output, { recursive: true });
  const { code, stdout, stderr } = await run("sh", ["-c", app], {
    directory: project,
    environment: { ...process.env, CDKTF_OUTDIR: files.output, CDKTF_CONTEXT_JSON: JSON.stringify(appContext) },
  });
  const log = files.log("synth");
  mkdirSync(dirname(log), { recursive: true });
  writeFileSync(log, stdout + stderr);
  if (code !== 0) {
    task.fail();
    throw new Error(
      `'${app}' failed with code ${code}:\n${(stdout + stderr).trimEnd().split("\n").slice(-20).join("\n")}`,
    );
  }
  const stacks = readStacks(files.output);
  if (stacks.length === 0) {
    task.fail();
    throw new Error(`'${app}' synthesized no stack into ${files.output}; does it honour CDKTF_OUTDIR?`);
  }
  task.done(`${stacks.length}, of ${environmentsOf(stacks).join(", ")}`);
  return stacks;
}
