import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { ProcessLedger } from "./ledger";

export interface ProgramOptions {
  /** What it is called in messages and in the ledger. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment: nothing of the caller's is inherited but what stands here. */
  readonly environment: NodeJS.ProcessEnv;
  /** File that its output is appended to. */
  readonly log: string;
  readonly ledger: ProcessLedger;
}

/** How long a program gets to end by itself before it is killed. */
const GRACE = 10_000;

/**
 * A long-running program in the background. It has a process group of its own, so that Ctrl-C in the terminal reaches
 * only the sandbox, which then ends its programs in the right order.
 */
export class Program {
  private child: ChildProcess | undefined;
  private exited: Promise<void> = Promise.resolve();

  public constructor(private readonly options: ProgramOptions) {}

  public get name(): string {
    return this.options.name;
  }

  public get pid(): number | undefined {
    return this.isRunning ? this.child?.pid : undefined;
  }

  public get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** @throws Error where it cannot be started at all. */
  public async start(): Promise<void> {
    if (this.isRunning) return;
    const { command, args, environment, log, ledger, name } = this.options;
    mkdirSync(dirname(log), { recursive: true });
    const output = openSync(log, "a");
    const child = spawn(command, args, { env: environment, stdio: ["ignore", output, output], detached: true });
    closeSync(output);
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    const pid = child.pid ?? 0;
    ledger.add(name, pid);
    this.exited = new Promise((resolve) => {
      child.once("exit", () => {
        ledger.remove(pid);
        resolve();
      });
    });
  }

  /** Ends it: asks first, and kills what does not listen. */
  public async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.child?.kill("SIGTERM");
    const timer = setTimeout(() => this.child?.kill("SIGKILL"), GRACE);
    await this.exited;
    clearTimeout(timer);
  }

  /** Ends it without asking, as a crash would. For tests of what happens then. */
  public async kill(): Promise<void> {
    if (!this.isRunning) return;
    this.child?.kill("SIGKILL");
    await this.exited;
  }

  /**
   * Waits until `isReady` says so.
   *
   * @throws Error with the end of the log where the program ends before, or takes longer than `timeout` milliseconds.
   */
  public async ready(isReady: () => Promise<boolean>, timeout: number): Promise<void> {
    const deadline = Date.now() + timeout;
    while (!(await isReady())) {
      if (!this.isRunning) throw new Error(`${this.name} ended while it started${this.tail()}`);
      if (Date.now() > deadline) throw new Error(`${this.name} is not ready after ${timeout / 1000} s${this.tail()}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private tail(): string {
    const lines = readFileSync(this.options.log, "utf8").trimEnd().split("\n").slice(-8);
    return `; the end of ${this.options.log} is\n  ${lines.join("\n  ")}`;
  }
}
