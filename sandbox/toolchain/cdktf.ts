import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { cacheDirectory } from "../paths";
import { type Reporter, terminalReporter } from "../terminal";
import type { ToolchainOptions } from "./ensure";
import { ToolchainError } from "./errors";
import { withLock } from "./lock";
import { run } from "./run";

const PACKAGE = "cdktf-cli";
const ENTRY = join("bundle", "bin", "cdktf");

/**
 * The command line of cdktf in the version of the `cdktf` library: the project's own, else the one on PATH, else one that
 * is installed with npm outside the project, once (some 420 MB).
 *
 * @param project Directory of the project whose stacks are deployed.
 * @returns program and leading arguments.
 * @throws ToolchainError where it cannot be installed.
 */
export async function findCdktf(project: string, options: ToolchainOptions = {}): Promise<readonly string[]> {
  const version = libraryVersion(project);
  const candidates = [join(project, "node_modules", PACKAGE), ...packagesOnPath(options.environment ?? process.env)];
  const found = candidates.find((directory) => versionOf(directory) === version);
  if (found) return [process.execPath, join(found, ENTRY)];
  return [process.execPath, join(await install(version, options), ENTRY)];
}

/** Version of the `cdktf` library that a project uses. @throws ToolchainError where it has none installed. */
function libraryVersion(project: string): string {
  const version = versionOf(join(project, "node_modules", "cdktf"));
  if (version === undefined) throw new ToolchainError("cdktf", `is not installed in ${project}`, "run `npm ci` there");
  return version;
}

/** `cdktf` on PATH is a link into the package that it belongs to. */
function packagesOnPath(environment: NodeJS.ProcessEnv): string[] {
  return (environment["PATH"] ?? "")
    .split(delimiter)
    .map((directory) => join(directory, "cdktf"))
    .filter((file) => existsSync(file))
    .map((file) => resolve(realpathSync(file), "..", "..", ".."));
}

function versionOf(directory: string): string | undefined {
  const manifest = join(directory, "package.json");
  if (!existsSync(manifest)) return undefined;
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version?: string }).version;
}

async function install(version: string, options: ToolchainOptions): Promise<string> {
  const base = options.cache ?? cacheDirectory();
  const directory = join(base, `${PACKAGE}-${version}`);
  const installed = join(directory, "node_modules", PACKAGE);
  if (existsSync(installed)) return installed;
  const reporter: Reporter = options.reporter ?? terminalReporter();
  return withLock(
    `${directory}.lock`,
    async () => {
      if (existsSync(installed)) return installed;
      const task = reporter.task(`${PACKAGE} ${version}`);
      task.update("npm install, some 420 MB");
      const staging = `${directory}.${process.pid}`;
      mkdirSync(staging, { recursive: true });
      writeFileSync(join(staging, "package.json"), JSON.stringify({ private: true }));
      // Its terminal library comes with compiled programs; no script has to be run to install it.
      const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--omit=dev"];
      const { code, stderr } = await run("npm", [...args, `${PACKAGE}@${version}`], { directory: staging });
      if (code !== 0) {
        rmSync(staging, { recursive: true, force: true });
        task.fail();
        const lines = stderr
          .trim()
          .split("\n")
          .filter((line) => /ERR|error/.test(line));
        throw new ToolchainError(
          PACKAGE,
          `npm could not install version ${version}: ${lines.slice(0, 3).join(" ")}`,
          `make the npm registry reachable, or run \`npm install --global ${PACKAGE}@${version}\` yourself`,
        );
      }
      renameSync(staging, directory);
      task.done();
      return installed;
    },
    (pid) => reporter.line(reporter.style.dim(`  ${PACKAGE} is being installed by process ${pid}: waiting for it`)),
  );
}
