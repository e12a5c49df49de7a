import { ensure, type ToolchainOptions } from "./ensure";
import { ToolchainError } from "./errors";
import { run } from "./run";

/** Oldest Terraform that the stacks accept. */
const OLDEST: readonly [major: number, minor: number] = [1, 11];
/** Oldest OpenTofu that can do what Terraform 1.11 can. */
const OLDEST_TOFU: readonly [major: number, minor: number] = [1, 10];

/** The program that applies the stacks. */
export interface TerraformProgram {
  /** Path, or name found on PATH. */
  readonly command: string;
  readonly version: string;
  readonly kind: "terraform" | "opentofu";
}

/**
 * The Terraform to use: the one that `TERRAFORM_BINARY_NAME` names (cdktf's own variable), else `terraform` on PATH, else
 * OpenTofu, which is built from its Go module.
 *
 * @throws ToolchainError where the named one does not run, or the one found is too old.
 */
export async function findTerraform(options: ToolchainOptions = {}): Promise<TerraformProgram> {
  const named = (options.environment ?? process.env)["TERRAFORM_BINARY_NAME"];
  if (named) {
    const program = await inspect(named);
    if (!program)
      throw new ToolchainError(
        "TERRAFORM_BINARY_NAME",
        `'${named}' does not answer to 'version'`,
        "name a Terraform or OpenTofu, or unset it",
      );
    return checked(program);
  }
  const found = await inspect("terraform");
  if (found) return checked(found);
  const { tofu } = await ensure(["tofu"], options);
  const built = await inspect(tofu);
  if (!built) throw new ToolchainError("tofu", `${tofu} does not answer to 'version'`, "delete it and run again");
  return built;
}

/** What a program says of itself, or undefined where it is neither Terraform nor OpenTofu. */
async function inspect(command: string): Promise<TerraformProgram | undefined> {
  const { code, stdout } = await run(command, ["version", "-json"], {
    environment: { ...process.env, CHECKPOINT_DISABLE: "1" },
  });
  const json = /\{[\s\S]*\}/.exec(stdout)?.[0];
  if (code !== 0 || json === undefined) return undefined;
  const { terraform_version: version } = JSON.parse(json) as { terraform_version?: string };
  if (version === undefined) return undefined;
  const text = (await run(command, ["version"])).stdout;
  return { command, version, kind: /opentofu/i.test(text) ? "opentofu" : "terraform" };
}

function checked(program: TerraformProgram): TerraformProgram {
  const [major = 0, minor = 0] = program.version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = program.kind === "opentofu" ? OLDEST_TOFU : OLDEST;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return program;
  throw new ToolchainError(
    program.command,
    `is ${program.kind} ${program.version}, and the stacks need ${oldestMajor}.${oldestMinor} or newer`,
    "install a newer one, or name one in TERRAFORM_BINARY_NAME",
  );
}
