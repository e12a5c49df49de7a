import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheDirectory, packageRoot } from "../paths";
import type { Reporter } from "../terminal";
import { recipeChecksum } from "./checksum";
import { runGo } from "./go";
import { withLock } from "./lock";
import { type ProgramName, RECIPES, type Recipe } from "./recipes";

/** Where a program lies once it is built. */
export function programPath(name: ProgramName, cache: string = cacheDirectory()): string {
  const recipe = RECIPES[name];
  return join(cache, "toolchain", `${name}-${recipeChecksum(recipe, moduleDirectory(recipe))}`, name);
}

/** The directory whose go.mod and go.sum a recipe is built from. */
export function moduleDirectory(recipe: Recipe): string {
  return join(packageRoot(), "sandbox", "toolchain", "modules", recipe.module);
}

/**
 * The program's path, after building it if no earlier run did. Two callers at once build it once: the second waits.
 * A build that is interrupted leaves nothing half done and goes on from Go's own cache.
 */
export async function build(name: ProgramName, reporter: Reporter, cache: string = cacheDirectory()): Promise<string> {
  const path = programPath(name, cache);
  if (existsSync(path)) return path;
  const lock = join(cache, "toolchain", `${name}.lock`);
  return withLock(
    lock,
    async () => {
      if (!existsSync(path)) await compile(name, path, reporter, cache);
      return path;
    },
    (pid) => reporter.line(reporter.style.dim(`  ${name} is being built by process ${pid}: waiting for it`)),
  );
}

async function compile(name: ProgramName, path: string, reporter: Reporter, cache: string): Promise<void> {
  const recipe: Recipe = RECIPES[name];
  const directory = moduleDirectory(recipe);
  const logs = join(cache, "logs");
  mkdirSync(logs, { recursive: true });
  const log = join(logs, `${name}.log`);
  rmSync(log, { force: true });

  const task = reporter.task(`${name} ${recipe.version}`);
  try {
    task.update("fetching modules");
    const fetched = (line: string) => {
      if (line.startsWith("go: downloading ")) task.update(line.slice("go: ".length));
    };
    const listed = await runGo(["list", "-deps", recipe.package], { directory, log, onLine: fetched });
    const total = listed.stdout.trimEnd().split("\n").length;

    let compiled = 0;
    task.update(`building (${recipe.purpose})`);
    const staging = join(cache, "toolchain", `.${name}.${process.pid}`);
    mkdirSync(staging, { recursive: true });
    try {
      await runGo(
        [
          "build",
          "-v",
          "-trimpath",
          "-ldflags",
          ["-s", "-w", ...recipe.linkerFlags].join(" "),
          "-o",
          join(staging, name),
          recipe.package,
        ],
        {
          directory,
          log,
          onLine: (line) => {
            if (/\s/.test(line)) return fetched(line);
            compiled += 1;
            task.update(`${compiled} of at most ${total} packages compiled`);
          },
        },
      );
      // The directory moves as a whole: a program is there complete or not at all.
      rmSync(dirname(path), { recursive: true, force: true });
      renameSync(staging, dirname(path));
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
    task.done(compiled > 0 ? `${compiled} packages compiled` : "linked");
  } catch (error) {
    task.fail();
    throw error;
  }
}
