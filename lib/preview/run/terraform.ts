import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { firstLines, type Outcome, run, wholeError } from "./process";

/** Another program may take Terraform's place, as for cdktf itself. */
export function terraformBinary(): string {
  return process.env["TERRAFORM_BINARY_NAME"] ?? "terraform";
}

const ENVIRONMENT = { TF_IN_AUTOMATION: "1", TF_INPUT: "0", CHECKPOINT_DISABLE: "1", TF_CLI_ARGS: undefined };

export type PlanOutcome =
  | { readonly kind: "planned"; readonly json: string; readonly file: string; readonly stderr?: string }
  | { readonly kind: "failed"; readonly error: string };

export interface PlanRequest {
  /** The stack's directory. */
  readonly directory: string;
  /** Where the saved plan goes. */
  readonly file: string;
  readonly refresh: boolean;
}

/** One `init` at a time: Terraform's plugin cache does not stand two. */
let initialising: Promise<unknown> = Promise.resolve();

/** Runs `terraform init` in a stack's directory. @returns what went wrong, or nothing. */
export async function initStack(directory: string): Promise<string | undefined> {
  const turn = initialising.then(() => terraform(directory, ["init", "-input=false", "-no-color"]));
  initialising = turn.catch(() => undefined);
  const { code, stderr, stdout } = await turn;
  return code === 0 ? undefined : `terraform init failed: ${wholeError(stderr || stdout)}`;
}

/**
 * Plans a stack and reads the plan back as JSON. The state is not locked: a preview changes nothing, and an identity
 * that may only read could not lock it. JSON goes through a pipe, never to disk.
 */
export async function planStack(request: PlanRequest): Promise<PlanOutcome> {
  const { directory, file, refresh } = request;
  const failure = await initStack(directory);
  if (failure !== undefined) return { kind: "failed", error: failure };
  const args = ["plan", "-input=false", "-no-color", "-lock=false", "-detailed-exitcode", `-out=${file}`];
  const planned = await terraform(directory, refresh ? args : [...args, "-refresh=false"]);
  // 1 is an error, but Terraform may still have written what it got to; that plan says of itself that it is not whole.
  const error = planned.code === 0 || planned.code === 2 ? undefined : wholeError(planned.stderr || planned.stdout);
  const shown = await terraform(directory, ["show", "-json", "-no-color", file]);
  if (shown.code !== 0 || (error !== undefined && !shown.stdout.includes('"errored":true'))) {
    return { kind: "failed", error: `terraform plan failed: ${error ?? wholeError(shown.stderr)}` };
  }
  return { kind: "planned", json: shown.stdout, file, stderr: error };
}

/** Applies a saved plan. @returns what went wrong, or nothing. */
export async function applyPlan(
  directory: string,
  file: string,
  onLine: (line: string) => void,
): Promise<string | undefined> {
  const args = ["apply", "-input=false", "-no-color", "-lock-timeout=10m", file];
  const { code, stderr, stdout } = await terraform(directory, args, onLine);
  return code === 0 ? undefined : firstLines(stderr || stdout);
}

/** `terraform version -json`, the version alone. */
export async function terraformVersion(): Promise<string> {
  const { code, stdout } = await terraform(".", ["version", "-json"]);
  const version: unknown = code === 0 ? JSON.parse(stdout)["terraform_version"] : undefined;
  return typeof version === "string" ? version : "unknown";
}

/** A directory that only this user can read: a saved plan holds the state with every secret in the clear. */
export function privateDirectory(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "gke-cilium-preview-plan-"));
  chmodSync(path, 0o700);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function terraform(directory: string, args: readonly string[], onLine?: (line: string) => void): Promise<Outcome> {
  return run(terraformBinary(), args, { cwd: directory, env: ENVIRONMENT, onLine });
}
