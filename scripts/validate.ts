import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { NOT_RUN } from "../e2e/harness/not-run";
import { writeStacks } from "./deployment/synthesized";
import { HARDENED } from "./hardening/environments";

/**
 * `terraform init` and `terraform validate` of every synthesized stack, and of the hardened profile on every dataplane, with
 * the real providers, found the way every Terraform user finds them. Works on copies: what is in cdktf.out stays as synth left it.
 *
 * Exit code 0: every stack is valid. 1: one is not. 77: not run, because Terraform or a provider cannot be found.
 */
const terraform = process.env["TERRAFORM_BINARY_NAME"] ?? "terraform";
const synthesized = resolve(process.env["CDKTF_OUTDIR"] ?? "cdktf.out", "stacks");

interface Result {
  readonly code: number;
  readonly output: string;
}

async function main(): Promise<number> {
  const workspace = mkdtempSync(join(tmpdir(), "cdktf-gke-cilium-validate-"));
  try {
    const stacksDirectory = join(workspace, "stacks");
    cpSync(synthesized, stacksDirectory, {
      recursive: true,
      filter: (path) => !/\.terraform(\.lock\.hcl)?$/.test(path),
    });
    writeStacks(workspace, HARDENED);
    cpSync(join(workspace, "cdktf.out/stacks"), stacksDirectory, { recursive: true });
    const reason = await missing(workspace, stacksDirectory);
    if (reason !== undefined) {
      process.stderr.write(`validate: NOT RUN. ${reason}\n`);
      return NOT_RUN;
    }
    const stacks = readdirSync(stacksDirectory).sort();
    const results = new Map<string, Result>();
    const queue = [...stacks];
    const worker = async () => {
      for (let stack = queue.shift(); stack !== undefined; stack = queue.shift())
        results.set(stack, await validate(join(stacksDirectory, stack)));
    };
    await Promise.all(cpus().map(worker));
    for (const stack of stacks) {
      const { code, output } = results.get(stack) as Result;
      process.stdout.write(code === 0 ? `valid    ${stack}\n` : `INVALID  ${stack}\n${output}\n`);
    }
    const invalid = stacks.filter((stack) => results.get(stack)?.code !== 0);
    process.stdout.write(
      invalid.length === 0
        ? `\n${stacks.length} stacks are valid for ${await version()}.\n`
        : `\n${invalid.length} of ${stacks.length} stacks are not valid.\n`,
    );
    return invalid.length === 0 ? 0 : 1;
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

/** Why nothing can be validated here, with the remedy; undefined where everything is there. */
async function missing(workspace: string, stacksDirectory: string): Promise<string | undefined> {
  if ((await run(workspace, ["version"])).code !== 0)
    return `There is no program '${terraform}'. Install Terraform 1.11 or later, or name OpenTofu in TERRAFORM_BINARY_NAME.`;
  const directory = join(workspace, "providers");
  mkdirSync(directory);
  const providers: Record<string, unknown> = {};
  for (const stack of readdirSync(stacksDirectory)) {
    const { terraform: settings } = JSON.parse(readFileSync(join(stacksDirectory, stack, "cdk.tf.json"), "utf8")) as {
      terraform: { required_providers: Record<string, unknown> };
    };
    Object.assign(providers, settings.required_providers);
  }
  writeFileSync(join(directory, "main.tf.json"), JSON.stringify({ terraform: { required_providers: providers } }));
  const { code, output } = await run(directory, ["init", "-input=false", "-no-color"]);
  if (code === 0) return undefined;
  const reason = output.split("\n").find((line) => line.includes("Error")) ?? "";
  return (
    `The providers cannot be found: ${reason.replace(/^\W+/, "")}. They come from the registry, or from a mirror that ` +
    "Terraform's CLI configuration names (https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation)."
  );
}

async function validate(directory: string): Promise<Result> {
  const init = await run(directory, ["init", "-backend=false", "-input=false", "-no-color"]);
  return init.code === 0 ? run(directory, ["validate", "-no-color"]) : init;
}

async function version(): Promise<string> {
  return (await run(".", ["version"])).output.split("\n").find((line) => / v\d/.test(line)) ?? terraform;
}

function run(cwd: string, args: readonly string[]): Promise<Result> {
  return new Promise((done) => {
    const child = spawn(terraform, args, { cwd, env: { ...process.env, CHECKPOINT_DISABLE: "1" } });
    let output = "";
    child.stdout.on("data", (data) => {
      output += data;
    });
    child.stderr.on("data", (data) => {
      output += data;
    });
    child.on("error", (error) => done({ code: 127, output: error.message }));
    child.on("close", (code) => done({ code: code ?? 1, output }));
  });
}

main().then((code) => {
  process.exitCode = code;
});
