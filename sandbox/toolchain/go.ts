import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { ToolchainError } from "./errors";

/** What a run of `go` printed. */
export interface GoResult {
  readonly stdout: string;
  readonly stderr: string;
}

export interface GoOptions {
  readonly directory: string;
  /** Called with every line of standard error while it runs. */
  readonly onLine?: (line: string) => void;
  /** File that gets all of standard error. */
  readonly log?: string;
}

const MISSING = new ToolchainError(
  "Go",
  "the `go` command was not found on PATH",
  "install Go 1.26 or newer (an older one from 1.21 on fetches the release it needs), or name programs of your own (`npm run toolchain -- --list` shows which)",
);

/**
 * Runs the `go` command away from the caller's own Go settings (`GOFLAGS`, workspaces, cgo), which must not change
 * what is built. Proxy, checksum database and caches stay the caller's.
 *
 * @throws ToolchainError where Go is missing or the command fails.
 */
export function runGo(args: readonly string[], options: GoOptions): Promise<GoResult> {
  return new Promise((resolve, reject) => {
    const child = spawn("go", args, {
      cwd: options.directory,
      env: { ...process.env, GOFLAGS: "", GOWORK: "off", CGO_ENABLED: "0", GOOS: "", GOARCH: "" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const log = options.log ? createWriteStream(options.log, { flags: "a" }) : undefined;
    let stdout = "";
    const lines: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    createInterface({ input: child.stderr }).on("line", (line) => {
      lines.push(line);
      log?.write(`${line}\n`);
      options.onLine?.(line);
    });
    child.once("error", (error: NodeJS.ErrnoException) => {
      log?.end();
      reject(error.code === "ENOENT" ? MISSING : error);
    });
    child.once("close", (code, signal) => {
      log?.end();
      if (code === 0) return resolve({ stdout, stderr: lines.join("\n") });
      const tail = lines.filter((line) => !/^[\w./-]+$/.test(line)).slice(-12);
      const ending = signal ? `was ended by ${signal}` : `failed with code ${code}`;
      reject(
        new ToolchainError(
          `go ${args[0]}`,
          [ending, ...tail].join("\n  "),
          options.log ? `read ${options.log} and run again: what is built already is kept` : "run again",
        ),
      );
    });
  });
}

/** @throws ToolchainError where Go is missing. */
export async function assertGo(): Promise<void> {
  await runGo(["version"], { directory: "/" });
}
