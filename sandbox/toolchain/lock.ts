import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { identify, isAlive, type ProcessIdentity } from "../processes/identity";

/** Who holds a lock. Written into the lock file as JSON. */
interface Holder extends ProcessIdentity {
  readonly id: string;
  readonly host: string;
}

const POLL = 250;
const HEARTBEAT = 5_000;
/** A holder on another machine (shared home directory) that has not touched its lock for this long is gone. */
const SILENCE = 60_000;

/**
 * Runs `work` while no other process on this lock file does; another caller waits meanwhile, it is not refused.
 * A lock whose process has died is taken over at once.
 *
 * @param onWait Called once with the process number of the holder if there is something to wait for.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  onWait: (pid: number) => void = () => {},
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const me: Holder = { id: randomUUID(), ...(identify(process.pid) ?? { pid: process.pid }), host: hostname() };
  let waited = false;
  while (!take(file, me)) {
    const holder = read(file);
    if (holder && isGone(holder, file)) {
      discard(file, holder);
      continue;
    }
    if (holder && !waited) onWait(holder.pid);
    waited ||= holder !== undefined;
    await sleep(POLL);
  }
  const heartbeat = setInterval(() => touch(file), HEARTBEAT).unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if (read(file)?.id === me.id) rmSync(file, { force: true });
  }
}

function take(file: string, me: Holder): boolean {
  try {
    writeFileSync(file, JSON.stringify(me), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** The holder, or undefined while there is none or it is still writing its name. */
function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}

function isGone(holder: Holder, file: string): boolean {
  if (holder.host !== hostname()) return Date.now() - modifiedAt(file) > SILENCE;
  return !isAlive(holder);
}

/** Takes a dead holder's file away, unless another process was faster and the file is a living one's by now. */
function discard(file: string, dead: Holder): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = read(aside);
  if (moved && moved.id !== dead.id) renameSync(aside, file);
  else rmSync(aside, { force: true });
}

function modifiedAt(file: string): number {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return Date.now();
  }
}

function touch(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // The cache was deleted under us: nothing left to keep alive.
  }
}
