import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { cacheDirectory } from "../paths";
import { type Reporter, terminalReporter } from "../terminal";
import type { ToolchainOptions } from "./ensure";
import { ToolchainError } from "./errors";
import { run } from "./run";
import type { TerraformProgram } from "./terraform";

/** `required_providers` of a stack: a version by source, e.g. `{ google: "6.50.0" }`. */
export type RequiredProviders = Readonly<Record<string, string>>;

/** Providers that were found. */
export interface ProviderMirror {
  /** CLI configuration file that makes Terraform take them from here, without asking any registry. */
  readonly cliConfig: string;
}

/** Registries under whose names a provider is offered: Terraform and OpenTofu read `hashicorp/x` differently. */
const REGISTRIES = ["registry.terraform.io", "registry.opentofu.org"];
const CLI_CONFIG = "cli.tfrc";
const TIMEOUT = 600_000;
const REMEDY =
  "they come from the registry, or from a mirror that the CLI configuration names " +
  "(https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation); make them available there";

/**
 * Finds providers in Terraform's own ways (registry, mirrors of the user's CLI configuration, the implied local mirror)
 * by a real `terraform init`, and offers what that brought to every later run as a mirror. That takes a second where the
 * providers are on this machine, and nothing at all the next time.
 *
 * @throws ToolchainError where a provider cannot be found.
 */
export async function findProviders(
  terraform: TerraformProgram,
  required: RequiredProviders,
  options: ToolchainOptions = {},
): Promise<ProviderMirror> {
  const wanted = Object.entries(required).sort();
  const key = createHash("sha256").update(JSON.stringify(wanted)).digest("hex").slice(0, 12);
  const base = join(options.cache ?? cacheDirectory(), "providers");
  const mirror = join(base, key);
  const cliConfig = join(mirror, CLI_CONFIG);
  if (isWhole(mirror)) return { cliConfig };

  const reporter: Reporter = options.reporter ?? terminalReporter();
  const task = reporter.task(`providers ${wanted.map(([name, version]) => `${name} ${version}`).join(", ")}`);
  mkdirSync(base, { recursive: true });
  const staging = mkdtempSync(join(base, ".init-"));
  try {
    await initialize(terraform, wanted, staging, options.environment ?? process.env);
    const offer = join(staging, "mirror");
    linkProviders(join(staging, ".terraform", "providers"), offer);
    writeFileSync(join(offer, CLI_CONFIG), takenFrom(mirror));
    // The links lead to where a provider was found; where it was downloaded that is the staging directory, which stays.
    rmSync(mirror, { recursive: true, force: true });
    renameSync(offer, mirror);
    task.done();
    return { cliConfig };
  } catch (error) {
    task.fail();
    throw error;
  } finally {
    if (!isWhole(mirror)) rmSync(staging, { recursive: true, force: true });
  }
}

/** A mirror that is still where its configuration says, with all of its providers. */
function isWhole(mirror: string): boolean {
  const cliConfig = join(mirror, CLI_CONFIG);
  if (!existsSync(cliConfig) || readFileSync(cliConfig, "utf8") !== takenFrom(mirror)) return false;
  return platforms(mirror).every((path) => existsSync(path));
}

async function initialize(
  terraform: TerraformProgram,
  wanted: readonly (readonly [string, string])[],
  directory: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const providers = Object.fromEntries(
    wanted.map(([source, version]) => [source.split("/").pop()!, { source, version }]),
  );
  writeFileSync(
    join(directory, "main.tf.json"),
    JSON.stringify({ terraform: { required_providers: providers } }, null, 2),
  );
  const init = (more: NodeJS.ProcessEnv) =>
    run(terraform.command, ["init", "-backend=false", "-input=false", "-no-color"], {
      directory,
      environment: { ...environment, CHECKPOINT_DISABLE: "1", TF_DATA_DIR: "", TF_WORKSPACE: "", ...more },
      timeout: TIMEOUT,
    });
  let result = await init({});
  // OpenTofu looks for `google` under its own registry's name, where a mirror made for Terraform has nothing.
  if (result.code !== 0 && terraform.kind === "opentofu" && existsSync(impliedMirror())) {
    linkProviders(impliedMirror(), join(directory, "implied"));
    const config = join(directory, "implied.tfrc");
    writeFileSync(config, takenFrom(join(directory, "implied")));
    result = await init({ TF_CLI_CONFIG_FILE: config });
  }
  if (result.code === 0) return;
  const reason = /Error: ([\s\S]*?)(?:\n\n\n|$)/.exec(result.stderr)?.[1] ?? result.stderr;
  const [text = ""] = reason
    .replace(/^[│╷╵ ]+/gm, "")
    .replace(/\s+/g, " ")
    .split("To see which modules");
  throw new ToolchainError("Terraform providers", `cannot be found: ${text.trim()}`, REMEDY);
}

/** CLI configuration by which providers come from one mirror and from nowhere else. */
function takenFrom(mirror: string): string {
  return `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`;
}

function impliedMirror(): string {
  return join(homedir(), ".terraform.d", "plugins");
}

/** Links every provider of a directory in the layout of a mirror, under the names of both registries. */
function linkProviders(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const path of platforms(from)) {
    const [namespace, name, version, platform] = path.split("/").slice(-4) as [string, string, string, string];
    for (const registry of REGISTRIES) {
      const directory = join(to, registry, namespace, name, version);
      mkdirSync(directory, { recursive: true });
      const link = join(directory, platform);
      if (!existsSync(link)) symlinkSync(realpathSync(path), link);
    }
  }
}

/** Directories `<registry>/<namespace>/<name>/<version>/<platform>` below one. */
function platforms(directory: string): string[] {
  let level = [directory];
  for (let depth = 0; depth < 5; depth += 1)
    level = level.flatMap((path) =>
      readdirSync(path, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
        .map((entry) => join(path, entry.name)),
    );
  return level;
}
