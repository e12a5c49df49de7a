import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Tells one process from another that has its number later on. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in whatever unit the system has; undefined where the system does not tell. */
  readonly startedAt?: string;
}

/** What has ended but has not been waited for by its parent: it runs no more. */
const ZOMBIE = "zombie";

/** The identity of a living process, or undefined where there is none with this number. */
export function identify(pid: number): ProcessIdentity | undefined {
  if (!exists(pid)) return undefined;
  const startedAt = startOf(pid);
  if (startedAt === ZOMBIE) return undefined;
  return startedAt === undefined ? { pid } : { pid, startedAt };
}

/** Whether exactly this process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return exists(identity.pid) && startOf(identity.pid) === identity.startedAt;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function startOf(pid: number): string | undefined {
  if (process.platform !== "linux") return startByPs(pid);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command in field 2 may hold spaces and brackets: count from its last bracket on. Field 3 is the state.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? ZOMBIE : fields[19];
  } catch {
    return undefined;
  }
}

function startByPs(pid: number): string | undefined {
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}
