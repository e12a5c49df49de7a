import { spawn } from "node:child_process";

/** How a program that was run to its end came out. */
export interface RunResult {
  /** Exit code; 127 where there is no such program. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly directory?: string;
  /** The whole environment. @default the caller's */
  readonly environment?: NodeJS.ProcessEnv;
  /** Milliseconds after which it is ended. @default none */
  readonly timeout?: number;
}

/** Runs a program to its end and collects what it prints. Never throws: failing is a result. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve) => {
    const { directory, environment = process.env, timeout } = options;
    const child = spawn(command, args, {
      ...(directory ? { cwd: directory } : {}),
      ...(timeout ? { timeout } : {}),
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    child.once("error", (error) => resolve({ code: 127, stdout, stderr: error.message }));
    child.once("close", (code, signal) =>
      resolve({ code: code ?? 1, stdout, stderr: signal ? signal + stderr : stderr }),
    );
  });
}
