import { accessSync, constants, existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { cacheDirectory } from "../paths";
import { type Reporter, terminalReporter } from "../terminal";
import { build, programPath } from "./build";
import { ToolchainError } from "./errors";
import { assertGo } from "./go";
import { overrideVariable, PROGRAM_NAMES, type ProgramName, RECIPES } from "./recipes";

export interface ToolchainOptions {
  /** Where progress goes. @default a terminal reporter on standard error */
  readonly reporter?: Reporter;
  /** Where built programs are kept. @default {@link cacheDirectory} */
  readonly cache?: string;
  /** Where `SANDBOX_<PROGRAM>` variables are read. @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * The paths of programs, building those that are missing, one after the other.
 * A program that the user names (`SANDBOX_KUBECTL=/usr/bin/kubectl`) is taken instead of building it.
 *
 * @throws ToolchainError naming the program, what is wrong and the remedy.
 */
export async function ensure<N extends ProgramName>(
  names: readonly N[],
  options: ToolchainOptions = {},
): Promise<Record<N, string>> {
  const { reporter = terminalReporter(), cache = cacheDirectory(), environment = process.env } = options;
  // What the user got wrong is said before anything is built.
  const own = new Map(names.map((name) => [name, ownProgram(name, environment)]));
  if (names.some((name) => !own.get(name) && !existsSync(programPath(name, cache)))) await assertGo();
  const paths: Partial<Record<N, string>> = {};
  for (const name of PROGRAM_NAMES.filter((name): name is N => own.has(name as N)))
    paths[name] = own.get(name) ?? (await build(name, reporter, cache));
  return paths as Record<N, string>;
}

/** How a program stands before anything is done about it. */
export interface ProgramStatus {
  readonly name: ProgramName;
  readonly version: string;
  readonly path: string;
  readonly origin: "built" | "own" | "missing";
}

/** What is there, what the user named and what would have to be built. */
export function toolchainStatus(options: ToolchainOptions = {}): ProgramStatus[] {
  const { cache = cacheDirectory(), environment = process.env } = options;
  return PROGRAM_NAMES.map((name) => {
    const own = ownProgram(name, environment);
    const path = own ?? programPath(name, cache);
    const origin = own ? "own" : existsSync(path) ? "built" : "missing";
    return { name, version: RECIPES[name].version, path, origin };
  });
}

/** The program that the user names for this one, if any. */
function ownProgram(name: ProgramName, environment: NodeJS.ProcessEnv): string | undefined {
  const variable = overrideVariable(name);
  const path = environment[variable];
  if (!path) return undefined;
  const remedy = `set ${variable} to the program's absolute path, or unset it to have ${name} built`;
  if (!isAbsolute(path)) throw new ToolchainError(variable, `'${path}' is not an absolute path`, remedy);
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw new ToolchainError(variable, `'${path}' is not a program that can be run`, remedy);
  }
  return path;
}
