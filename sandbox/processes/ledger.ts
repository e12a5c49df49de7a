import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { identify, isAlive, type ProcessIdentity } from "./identity";

/** A process that the sandbox started. */
export interface LedgerEntry extends ProcessIdentity {
  readonly name: string;
}

/** How long a left-over process gets to end by itself. */
const GRACE = 5_000;

/**
 * The processes that a sandbox has started and that may still run, in a file: if the sandbox itself is killed, the
 * next one ends exactly these and no others.
 */
export class ProcessLedger {
  private entries: LedgerEntry[];

  public constructor(private readonly file: string) {
    this.entries = readEntries(file);
  }

  public add(name: string, pid: number): void {
    const identity = identify(pid);
    if (identity) this.write([...this.entries, { ...identity, name }]);
  }

  public remove(pid: number): void {
    this.write(this.entries.filter((entry) => entry.pid !== pid));
  }

  /** Ends what an earlier sandbox left running, newest first, and returns the names. */
  public async endLeftovers(): Promise<string[]> {
    const left = this.entries.filter(isAlive).reverse();
    for (const entry of left) signal(entry, "SIGTERM");
    const deadline = Date.now() + GRACE;
    while (left.some(isAlive) && Date.now() < deadline) await sleep(50);
    for (const entry of left.filter(isAlive)) signal(entry, "SIGKILL");
    this.write([]);
    return left.map((entry) => entry.name);
  }

  private write(entries: LedgerEntry[]): void {
    this.entries = entries;
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(`${this.file}.new`, JSON.stringify(entries, null, 2));
    renameSync(`${this.file}.new`, this.file);
  }
}

function readEntries(file: string): LedgerEntry[] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as LedgerEntry[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function signal(entry: LedgerEntry, name: NodeJS.Signals): void {
  try {
    process.kill(entry.pid, name);
  } catch {
    // It ended in between.
  }
}
