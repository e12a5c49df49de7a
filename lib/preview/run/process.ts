import { spawn } from "node:child_process";
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
}

/** Most output kept of one command; a plan in JSON may be large, but not this large. */
const LARGEST_OUTPUT = 512 * 1024 * 1024;

/**
 * Runs a program without a shell and waits for it. What it starts ends with this process: a signal that ends us is
 * passed on.
 *
 * @throws Error where the program cannot be started at all.
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const streams = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let size = 0;
    const take = (name: "stdout" | "stderr") => (chunk: Buffer) => {
      size += chunk.length;
      if (size > LARGEST_OUTPUT) child.kill();
      else streams[name].push(chunk);
      if (options.onLine) for (const line of chunk.toString().split("\n")) if (line.trim() !== "") options.onLine(line);
    };
    const forward = (signal: NodeJS.Signals) => child.kill(signal);
    const signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM"];
    for (const signal of signals) process.once(signal, forward);
    const done = () => {
      for (const signal of signals) process.removeListener(signal, forward);
    };
    child.stdout.on("data", take("stdout"));
    child.stderr.on("data", take("stderr"));
    child.on("error", (error: NodeJS.ErrnoException) => {
      done();
      reject(error.code === "ENOENT" ? new Error(`${command} is not installed, or not on the PATH`) : error);
    });
    child.on("close", (code, signal) => {
      done();
      const text = (name: "stdout" | "stderr") => Buffer.concat(streams[name]).toString("utf8");
      if (size > LARGEST_OUTPUT) reject(new Error(`${command} wrote more than ${LARGEST_OUTPUT} bytes`));
      else resolve({ code: code ?? (signal ? 128 : 1), stdout: text("stdout"), stderr: text("stderr") });
    });
  });
}

/** The error a program told, cut to what a person reads: no colours, no boxes, the first lines. */
export function firstLines(text: string, lines = 6): string {
  const plain = stripVTControlCharacters(text).replace(/^[╷│╵ ]+/gm, "");
  const meaningful = plain.split("\n").filter((line) => line.trim() !== "");
  const start = meaningful.findIndex((line) => line.startsWith("Error"));
  return meaningful.slice(Math.max(start, 0), Math.max(start, 0) + lines).join(" ");
}
