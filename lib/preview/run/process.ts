import { type ChildProcess, spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Called with each line of standard error and output as it comes, for progress. */
  readonly onLine?: (line: string) => void;
  /** Takes something back, so it also runs after a signal. @default false */
  readonly cleansUp?: boolean;
}

/** Most output kept of one command; a plan in JSON may be large, but not this large. */
const LARGEST_OUTPUT = 512 * 1024 * 1024;

/** Nothing more is started after a signal that ends us. */
export class InterruptedError extends Error {}

/**
 * Runs a program without a shell and waits for it. What it starts ends before this process: a signal that would end us
 * interrupts the program and all it started, waits until they have ended, and lets nothing else start.
 *
 * @throws Error where the program cannot be started at all.
 * @throws InterruptedError after a signal, unless it cleans up.
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    if (interrupted !== undefined && options.cleansUp !== true)
      throw new InterruptedError(`interrupted (${interrupted})`);
    const child = spawn(command, [...args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: one Ctrl-C in a terminal must not reach Terraform twice, which then leaves at once and
      // loses what it was applying.
      detached: true,
    });
    const streams = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let size = 0;
    const take = (name: "stdout" | "stderr") => (chunk: Buffer) => {
      size += chunk.length;
      if (size > LARGEST_OUTPUT) child.kill();
      else streams[name].push(chunk);
      if (options.onLine) for (const line of chunk.toString().split("\n")) if (line.trim() !== "") options.onLine(line);
    };
    enter(child);
    child.stdout.on("data", take("stdout"));
    child.stderr.on("data", take("stderr"));
    child.on("error", (error: NodeJS.ErrnoException) => {
      leave(child);
      reject(error.code === "ENOENT" ? new Error(`${command} is not installed, or not on the PATH`) : error);
    });
    child.on("close", (code, signal) => {
      leave(child);
      const text = (name: "stdout" | "stderr") => Buffer.concat(streams[name]).toString("utf8");
      if (size > LARGEST_OUTPUT) reject(new Error(`${command} wrote more than ${LARGEST_OUTPUT} bytes`));
      else if (code !== null) resolve({ code, stdout: text("stdout"), stderr: text("stderr") });
      else resolve({ code: 128, stdout: text("stdout"), stderr: text("stderr") || `ended by ${signal}` });
    });
  });
}

const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
const running = new Set<ChildProcess>();
let interrupted: NodeJS.Signals | undefined;

function enter(child: ChildProcess): void {
  if (running.size === 0) for (const signal of SIGNALS) process.on(signal, interrupt);
  running.add(child);
}

function leave(child: ChildProcess): void {
  running.delete(child);
  if (running.size === 0) for (const signal of SIGNALS) process.off(signal, interrupt);
}

function interrupt(signal: NodeJS.Signals): void {
  interrupted = signal;
  for (const { pid } of running) {
    if (pid === undefined) continue;
    try {
      // Whatever we got: Terraform's providers die of SIGTERM while it still needs them, and all leave on this one.
      process.kill(-pid, "SIGINT");
    } catch {
      // It has just ended by itself.
    }
  }
}

/** Longer errors are a provider's dump of something. */
const LONGEST_ERROR = 20_000;

/** The whole error a program told, line by line, without colours and boxes and without what it said before. */
export function wholeError(text: string): string {
  const plain = stripVTControlCharacters(text)
    .replace(/^[╷│╵ ]+/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
  const start = plain.search(/^Error/m);
  const error = plain.slice(Math.max(start, 0));
  return error.length > LONGEST_ERROR ? `${error.slice(0, LONGEST_ERROR)} … (${error.length} characters)` : error;
}

/** The error a program told, cut to what a person reads: no colours, no boxes, the first lines. */
export function firstLines(text: string, lines = 6): string {
  const plain = stripVTControlCharacters(text).replace(/^[╷│╵ ]+/gm, "");
  const meaningful = plain.split("\n").filter((line) => line.trim() !== "");
  const start = meaningful.findIndex((line) => line.startsWith("Error"));
  return meaningful.slice(Math.max(start, 0), Math.max(start, 0) + lines).join(" ");
}
