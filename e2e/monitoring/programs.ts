import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { terminalReporter } from "../../sandbox/terminal";
import { ensure, type ProgramName, ToolchainError } from "../../sandbox/toolchain";

/**
 * Paths of programs: those that the user names (`SANDBOX_PROMTOOL`), else those on PATH if `fromPath` names them, else
 * built from their Go modules.
 *
 * @returns a sentence that says what is missing and what to do about it, where one cannot be had.
 */
export async function programs<N extends ProgramName>(
  names: readonly N[],
  fromPath: readonly N[] = [],
): Promise<Record<N, string> | string> {
  const environment = { ...process.env };
  for (const name of fromPath) {
    const variable = `SANDBOX_${name.toUpperCase().replaceAll("-", "_")}`;
    environment[variable] ??= onPath(name) ?? "";
  }
  try {
    return await ensure(names, { reporter: terminalReporter(), environment });
  } catch (error) {
    if (error instanceof ToolchainError) return error.message;
    throw error;
  }
}

function onPath(name: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((directory) => directory.startsWith("/"))
    .map((directory) => join(directory, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
