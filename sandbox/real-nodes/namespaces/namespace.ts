import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { runCommand } from "./runner";

/** How a program in a namespace ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Text for its standard input. @default none */
  readonly input?: string;
  /** The whole environment. @default {@link BARE_ENVIRONMENT} */
  readonly environment?: NodeJS.ProcessEnv;
  /** Milliseconds after which it is killed. @default 60000 */
  readonly timeout?: number;
}

/** Kinds of namespaces, as nsenter has them. */
export type NamespaceKind = "net" | "mount" | "pid" | "uts" | "cgroup";

export const ALL_KINDS: readonly NamespaceKind[] = ["mount", "net", "pid", "uts", "cgroup"];

/** What programs get that are told nothing else: where programs lie, the sandbox's own first. */
export const BARE_ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  LANG: "C.UTF-8",
};

const TIMEOUT = 60_000;

/** The namespaces of one process: programs are run in them. They last as long as the process. */
export class Namespace {
  /**
   * @param pid The process, as this machine numbers it.
   * @param kinds Which of its namespaces are entered.
   */
  public constructor(
    public readonly pid: number,
    private readonly kinds: readonly NamespaceKind[] = ALL_KINDS,
  ) {}

  /** The same process with fewer of its namespaces: `only("net")` has the machine's own files and processes. */
  public only(...kinds: NamespaceKind[]): Namespace {
    return new Namespace(this.pid, kinds);
  }

  /** The command line that runs a command in here. */
  public command(command: readonly string[]): string[] {
    return ["nsenter", "--target", String(this.pid), ...this.kinds.map((kind) => `--${kind}`), "--", ...command];
  }

  /** Starts a program in here, in the background. */
  public spawn(command: readonly string[], options: SpawnOptions = {}): ChildProcess {
    const [program, ...args] = this.command(command) as [string, ...string[]];
    return spawn(program, args, { env: BARE_ENVIRONMENT, ...options });
  }

  /** Runs a program in here to its end. Never throws: failing is a result. */
  public run(command: readonly string[], options: CommandOptions = {}): Promise<Ended> {
    const { input = "", environment = BARE_ENVIRONMENT, timeout = TIMEOUT } = options;
    return runCommand(this.command(command), { input, environment, timeout });
  }

  /** Runs a program in here and expects it to succeed. @returns what it printed. @throws Error with its complaint. */
  public async check(command: readonly string[], options: CommandOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(command, options);
    if (code === 0) return stdout;
    throw new Error(`${command.join(" ").slice(0, 300)}: ${(stderr || stdout).trim() || `ended with ${code}`}`);
  }

  /** Runs lines of bash, which stop at the first that fails. @param args What it finds in `$0`, `$1` and so on. */
  public shell(script: string, ...args: readonly string[]): Promise<string> {
    return this.check(["bash", "--norc", "-euo", "pipefail", "-c", script, ...args]);
  }
}

/** Collects what a child prints until it ends. */
export function collect(child: ChildProcess, input: string, timeout: number): Promise<Ended> {
  return new Promise((resolve) => {
    let stdout = "";
    let stderr = "";
    const timer = setTimeout(() => {
      for (const pid of descendants(child.pid ?? 0)) endProcess(pid, "SIGKILL");
      child.kill("SIGKILL");
    }, timeout);
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    child.stdin?.on("error", () => {}).end(input);
    child.once("error", (error) => {
      clearTimeout(timer);
      resolve({ code: 127, stdout, stderr: error.message });
    });
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, stdout, stderr: signal ? `${stderr}ended by ${signal}` : stderr });
    });
  });
}

/** The children of a process, their children and so on, as the machine numbers them. */
export function descendants(pid: number): number[] {
  const children = childrenOf(pid);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/**
 * The process that nsenter and unshare have started in the end: each of them forks into new process namespaces, and the
 * last of the line is what was asked for.
 *
 * @param depth How many of them there are.
 */
export function innermost(pid: number, depth: number): number | undefined {
  let current: number | undefined = pid;
  for (let level = 0; level < depth && current !== undefined; level += 1) current = childrenOf(current)[0];
  return current;
}

/**
 * The processes that were started with a variable, or by one that was, as the machine numbers them.
 *
 * @param proc Where the kernel tells of processes.
 */
export function startedWith(variable: string, value: string, proc = "/proc"): number[] {
  const wanted = `${variable}=${value}`;
  return readdirSync(proc)
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`${proc}/${pid}/environ`, "utf8").split("\0").includes(wanted);
      } catch {
        return false; // It is gone.
      }
    })
    .map(Number);
}

/** Sends a signal; a process that is gone needs none. */
export function endProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return text === "" ? [] : text.split(" ").map(Number);
  } catch {
    return [];
  }
}
