import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { providersOf, readStacks } from "../sandbox/runtime";
import { ensure, findTerraform, ToolchainError } from "../sandbox/toolchain";
import { CDKTN } from "./deployment/cdktn";
import { type Proof, prove, ROOT } from "./deployment/in-sandbox";
import { inOrder } from "./deployment/synthesized";
import { Terraform } from "./deployment/terraform";

/**
 * Without a program of HashiCorp's but the providers: one environment, synthesized by CDK Terrain in cdktf's place, is
 * deployed by OpenTofu, planned empty and destroyed in the sandbox.
 *
 * Exit code 77: not run, because CDK Terrain, OpenTofu or a provider cannot be had.
 */
const proof: Proof = {
  name: "opentofu",
  write: (scratch) => {
    installCdktn(scratch);
    execFileSync(process.execPath, ["--preserve-symlinks", "--preserve-symlinks-main", app(scratch), scratch], {
      cwd: scratch,
      stdio: "inherit",
    });
    return [readStacks(join(scratch, "cdktf.out"))];
  },
  async run({ environments: [env = {}], tools: [tools] }, scratch) {
    if (tools?.terraform.kind !== "opentofu") throw new Error(`this is ${tools?.terraform.kind}, not OpenTofu`);
    const terraform = new Terraform(scratch, env);
    const facts = readStacks(join(scratch, "cdktf.out"));
    const stacks = inOrder(facts);
    for (const stack of stacks) await terraform.apply(stack);
    for (const stack of stacks) await terraform.mustBeEmpty(stack);
    for (const stack of [...stacks].reverse()) await terraform.destroy(stack);
    const providers = Object.entries(providersOf(facts)).map((pair) => pair.join(" "));
    return `${stacks.length} stacks of ${CDKTN} are deployed, planned empty and destroyed by OpenTofu ${tools.terraform.version} with ${providers.join(", ")}.`;
  },
};

function app(scratch: string): string {
  return join(scratch, "dist", "scripts", "deployment", "app.js");
}

/** What was compiled, with this checkout's packages but for CDK Terrain under the name of cdktf. */
function installCdktn(scratch: string): void {
  const packed = join(scratch, "packed");
  mkdirSync(packed);
  const install = ["install", "--silent", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
  if (spawnSync("npm", [...install, "--prefix", packed, CDKTN], { cwd: packed }).status !== 0)
    throw new ToolchainError(CDKTN, "cannot be installed", "make it available in the registry that npm asks");
  cpSync(join(ROOT, "dist"), join(scratch, "dist"), { recursive: true });
  // Data beside the code, and what is compiled of it, are found from where the code lies.
  for (const file of ["lib", "package.json", "sandbox"])
    cpSync(join(ROOT, file), join(scratch, file), { recursive: true });
  const modules = join(ROOT, "node_modules");
  for (const name of readdirSync(modules).filter((each) => !each.startsWith(".") && each !== "cdktf"))
    link(join(modules, name), join(scratch, "node_modules", name));
  cpSync(join(packed, "node_modules", CDKTN.split("@")[0] as string), join(scratch, "node_modules", "cdktf"), {
    recursive: true,
  });
  rmSync(packed, { recursive: true });
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

/** OpenTofu, whatever else is on the PATH. */
async function main(): Promise<number> {
  try {
    process.env["TERRAFORM_BINARY_NAME"] = (await ensure(["tofu"])).tofu;
    await findTerraform();
  } catch (error) {
    if (!(error instanceof ToolchainError)) throw error;
    process.stderr.write(`opentofu: NOT RUN. ${error.message}\n`);
    return 77;
  }
  return prove(proof);
}

main().then((code) => {
  process.exitCode = code;
});
