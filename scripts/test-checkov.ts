import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { NOT_RUN } from "../e2e/harness/not-run";
import { cacheDirectory } from "../sandbox/paths";
import { writeStacks } from "./deployment/synthesized";
import { HARDENED } from "./hardening/environments";
import { CHECKOV_BLIND, CHECKOV_EXEMPTIONS } from "./hardening/rules";

/**
 * checkov over every synthesized stack, and over the hardened profile on every dataplane. Exit code 0: it finds nothing but
 * what is exempted, with a reason; of the profile, nothing but what it cannot see. 1: something else. 77: not run, because
 * checkov cannot be had.
 */
const VERSION = "3.3.30";

interface Answer {
  readonly summary: { readonly passed: number; readonly failed: number; readonly parsing_errors: number };
  readonly results: {
    readonly failed_checks: readonly { check_id: string; check_name: string; resource: string; file_path: string }[];
  };
}

function main(): number {
  const program = checkov();
  if (program === undefined) {
    process.stderr.write(`checkov: NOT RUN. Neither is checkov on the PATH nor can pip install checkov==${VERSION}.\n`);
    return NOT_RUN;
  }
  const workspace = mkdtempSync(join(tmpdir(), "gke-cilium-checkov-"));
  try {
    const shipped = resolve(process.env["CDKTF_OUTDIR"] ?? "cdktf.out", "stacks");
    writeStacks(workspace, HARDENED);
    return Math.max(
      judge("what is synthesized", program, shipped, join(workspace, "shipped"), Object.keys(CHECKOV_EXEMPTIONS)),
      judge("hardened()", program, join(workspace, "cdktf.out/stacks"), join(workspace, "hardened"), CHECKOV_BLIND),
    );
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

/** @returns 0 where checkov finds nothing but what is exempted. */
function judge(what: string, program: string, from: string, to: string, exempted: readonly string[]): number {
  mkdirSync(to);
  const stacks = copyStacks(from, to);
  const flags = ["--skip-download", "--framework", "terraform_json", "--compact", "--quiet", "--output", "json"];
  const { stdout, stderr } = spawnSync(program, ["--directory", to, ...flags], { encoding: "utf8", maxBuffer: 1e9 });
  if (!stdout.trimStart().startsWith("{")) throw new Error(`checkov says nothing that can be read: ${stdout}${stderr}`);
  const { summary, results } = JSON.parse(stdout) as Answer;
  const unexpected = results.failed_checks.filter(({ check_id: id }) => !exempted.includes(id));
  const unneeded = exempted.filter((id) => !results.failed_checks.some(({ check_id: found }) => found === id));
  for (const { check_id: id, check_name: name, resource, file_path: file } of unexpected)
    process.stdout.write(`FAILED    ${id} ${name}: ${resource} in ${file}\n`);
  for (const id of unneeded) process.stdout.write(`unneeded  ${id} is exempted, and nothing here fails it\n`);
  if (summary.parsing_errors > 0) process.stdout.write(`UNREAD    ${summary.parsing_errors} stacks\n`);
  process.stdout.write(
    `checkov ${VERSION} over ${what}, ${stacks} stacks: ${summary.passed} passed, ${summary.failed - unexpected.length} exempted, ${unexpected.length} failed.\n`,
  );
  const nothingRead = summary.passed === 0;
  return unexpected.length + summary.parsing_errors > 0 || nothingRead ? 1 : 0;
}

/** checkov reads resources and providers; it stumbles over a `terraform` block that holds texts. */
function copyStacks(from: string, to: string): number {
  const names = existsSync(from) ? readdirSync(from) : [];
  if (names.length === 0) throw new Error(`there are no stacks in ${from}; run npm run synth first`);
  for (const name of names) {
    const {
      "//": _,
      terraform: __,
      output: ___,
      ...rest
    } = JSON.parse(readFileSync(join(from, name, "cdk.tf.json"), "utf8"));
    mkdirSync(join(to, name));
    writeFileSync(join(to, name, "cdk.tf.json"), JSON.stringify(rest, null, 1));
  }
  return names.length;
}

/** checkov of the PATH in our version, else one of our own outside every checkout, made once. */
function checkov(): string | undefined {
  if (versionOf("checkov") === VERSION) return "checkov";
  const environment = join(cacheDirectory(), `checkov-${VERSION}`);
  const program = join(environment, "bin", "checkov");
  if (versionOf(program) === VERSION) return program;
  try {
    execFileSync("python3", ["-m", "venv", environment], { stdio: "ignore" });
    execFileSync(join(environment, "bin", "pip"), ["install", "--quiet", `checkov==${VERSION}`], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  return versionOf(program) === VERSION ? program : undefined;
}

function versionOf(program: string): string | undefined {
  const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

process.exitCode = main();
