import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { identify, isAlive, type ProcessIdentity } from "../processes";
import type { SandboxFiles } from "./files";

/** What other processes have to know of a sandbox that runs. */
export interface Instance extends ProcessIdentity {
  /** Address of the simulated Google Cloud. */
  readonly google: string;
  /** Address of the proxy. */
  readonly proxy: string;
  readonly accessToken: string;
  /** Directory of the user's chart archives. */
  readonly charts?: string;
}

/** Tells other processes about the sandbox of this one. */
export function writeInstance(files: SandboxFiles, instance: Omit<Instance, "pid" | "startedAt">): void {
  mkdirSync(dirname(files.instance), { recursive: true });
  const identity = identify(process.pid) ?? { pid: process.pid };
  writeFileSync(`${files.instance}.new`, `${JSON.stringify({ ...identity, ...instance }, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${files.instance}.new`, files.instance);
}

/** The last sandbox of a directory, whether it still runs or not. */
export function lastInstance(files: SandboxFiles): Instance | undefined {
  try {
    return JSON.parse(readFileSync(files.instance, "utf8")) as Instance;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The sandbox of a directory that runs now. */
export function runningInstance(files: SandboxFiles): Instance | undefined {
  const instance = lastInstance(files);
  return instance && isAlive(instance) ? instance : undefined;
}

/** Says that no sandbox of this directory runs any more; which ports it had stays known. */
export function endInstance(files: SandboxFiles): void {
  const instance = lastInstance(files);
  if (!instance) return;
  rmSync(files.instance, { force: true });
  // A process number of 0 is nobody's.
  writeFileSync(files.instance, `${JSON.stringify({ ...instance, pid: 0, startedAt: "ended" }, null, 2)}\n`, {
    mode: 0o600,
  });
}
