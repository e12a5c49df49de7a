import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NOT_RUN } from "../e2e/harness/not-run";
import { ROOT } from "./deployment/in-sandbox";

/**
 * The shipped environments as HCL (`cdktf synth --hcl`): every stack is valid with the real providers, so that whoever leaves
 * cdktf takes plain Terraform along.
 *
 * Exit code 77: not run, because Terraform or a provider cannot be found.
 */
const terraform = process.env["TERRAFORM_BINARY_NAME"] ?? "terraform";
const workspace = mkdtempSync(join(tmpdir(), "gke-cilium-hcl-"));
try {
  run(process.execPath, [join(ROOT, "dist/main.js")], workspace, { SYNTH_HCL_OUTPUT: "true" });
  const stacks = join(workspace, "cdktf.out", "stacks");
  const invalid = readdirSync(stacks).filter((stack) => !isValid(join(stacks, stack), stack));
  if (invalid.length > 0) throw new Error(`not valid as HCL: ${invalid.join(", ")}`);
} catch (error) {
  process.stderr.write(`hcl: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = process.exitCode === NOT_RUN ? NOT_RUN : 1;
} finally {
  rmSync(workspace, { recursive: true, force: true });
}

function isValid(directory: string, stack: string): boolean {
  if (!readFileSync(join(directory, "cdk.tf"), "utf8").includes("required_version"))
    throw new Error(`${stack} has lost its version of Terraform`);
  run(terraform, ["init", "-backend=false", "-input=false", "-no-color"], directory);
  const { status, stdout, stderr } = spawnSync(terraform, ["validate", "-no-color"], {
    cwd: directory,
    encoding: "utf8",
  });
  process.stdout.write(status === 0 ? `valid    ${stack}\n` : `INVALID  ${stack}\n${stdout}${stderr}\n`);
  return status === 0;
}

function run(program: string, args: readonly string[], cwd: string, variables: Readonly<Record<string, string>> = {}) {
  const env = { ...process.env, CHECKPOINT_DISABLE: "1", ...variables };
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, encoding: "utf8" });
  if (status === 0) return;
  // Neither is a fault of what was synthesized.
  if (error !== undefined || /Failed to query available provider|could not connect to registry/.test(stderr))
    process.exitCode = NOT_RUN;
  throw new Error(error?.message ?? `${program} ${args[0]} ended with ${status}\n${stdout}${stderr}`);
}
