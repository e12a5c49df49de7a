import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { packageFile } from "../../../lib/package-files";
import type { Outcome } from "../../../lib/preview/run/process";
import { CLI, type Platform } from "./platform";

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly env?: Readonly<Record<string, unknown>>; readonly steps: readonly Step[] }>
  >;
}

export interface StepOutcome extends Outcome {
  /** What the step wrote to GITHUB_OUTPUT. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Runs the scripts of the committed workflows as a runner does: own temporary directory, bash, only the step's own variables. */
export class WorkflowJob {
  private readonly steps: readonly Step[];
  private readonly jobEnvironment: readonly string[];

  /** @param temporary RUNNER_TEMP of the job. */
  public constructor(
    file: string,
    job: string,
    private readonly platform: Platform,
    public readonly temporary: string,
    private readonly tools: string,
  ) {
    const root = dirname(packageFile("package.json"));
    const workflow: Workflow = parse(readFileSync(join(root, ".github/workflows", file), "utf8"));
    this.steps = workflow.jobs[job]!.steps;
    this.jobEnvironment = Object.keys(workflow.jobs[job]!.env ?? {});
    mkdirSync(temporary, { recursive: true });
  }

  /** @param env A value for each variable that step and job declare, neither more nor less. */
  public async run(name: string, env: Readonly<Record<string, string>> = {}): Promise<StepOutcome> {
    const step = this.steps.find((candidate) => candidate.name === name);
    if (!step?.run) throw new Error(`no step '${name}' with a script`);
    const declared = [...Object.keys(step.env ?? {}), ...this.jobEnvironment].sort();
    const given = Object.keys(env).sort();
    if (declared.join() !== given.join())
      throw new Error(`step '${name}' declares ${declared.join()}, the check gives ${given.join()}`);
    const [output, summary] = [join(this.temporary, "output"), join(this.temporary, "summary")];
    for (const file of [output, summary]) writeFileSync(file, "");
    const runner = {
      PATH: `${this.tools}:${process.env["PATH"]}`,
      RUNNER_TEMP: this.temporary,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_RUN_ID: "4711",
      GITHUB_REPOSITORY: "acme/platform",
      ...env,
    };
    const outcome = await this.platform.run(
      "bash",
      ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run],
      runner,
    );
    const lines = readFileSync(output, "utf8").split("\n").filter(Boolean);
    const outputs = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
    return { ...outcome, outputs, summary: readFileSync(summary, "utf8") };
  }
}

/** Stand-ins for what the scripts call beside the preview: npm has nothing to install, the bucket is a directory. */
export function installTools(directory: string, bucket: string): void {
  mkdirSync(directory, { recursive: true });
  const tools = {
    npm: "exit 0",
    npx: `shift 2\nexec "${process.execPath}" "${CLI}" "$@"`,
    gcloud: [
      '[ "$1 $2" = "storage cp" ] || exit 64',
      `local_path() { case "$1" in gs://*) printf '%s' "${bucket}/\${1#gs://}" ;; *) printf '%s' "$1" ;; esac; }`,
      'from=$(local_path "$3") to=$(local_path "$4")',
      'mkdir -p "$to"',
      // The wildcard is gcloud's own, not the shell's.
      'for file in $from; do cp "$file" "$to"; done',
    ].join("\n"),
  };
  for (const [name, script] of Object.entries(tools)) {
    writeFileSync(join(directory, name), `#!/usr/bin/env bash\nset -eu\n${script}\n`);
    chmodSync(join(directory, name), 0o755);
  }
}
