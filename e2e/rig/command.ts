import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { plainText } from "./plain-text";

/** What a command is run with. */
export interface CommandOptions {
  readonly cwd: string;
  /** The whole environment of the command. */
  readonly environment: NodeJS.ProcessEnv;
  /** File that its output is written to, without colours. */
  readonly log: string;
  /** Called for each complete line, without colours. */
  readonly onLine?: (line: string) => void;
  /** Seconds after which it is ended and reported as hanging. */
  readonly timeoutSeconds: number;
}

/** How a command ended. */
export interface CommandResult {
  /** The command as a person would type it. */
  readonly command: string;
  /** Exit code; 128 plus the signal's number where a signal ended it, as shells count. */
  readonly code: number;
  /** Both streams as they came, without colours. */
  readonly output: string;
  /** Standard output alone, untouched. */
  readonly stdout: string;
  readonly seconds: number;
  readonly log: string;
}

/** A command that did not end within its time. */
export class CommandTimeout extends Error {
  public constructor(command: string, seconds: number, log: string) {
    super(`'${command}' still ran after ${seconds} s and was ended; its output is in ${log}`);
    this.name = "CommandTimeout";
  }
}

/** A command that runs, in a process group of its own. */
export class RunningCommand {
  /** Resolves when it ended, however it ended. @throws CommandTimeout */
  public readonly result: Promise<CommandResult>;
  private readonly child: ChildProcess;

  public constructor(program: string, args: readonly string[], options: CommandOptions) {
    const started = Date.now();
    const command = [program.split("/").pop(), ...args].join(" ");
    mkdirSync(dirname(options.log), { recursive: true });
    const log = createWriteStream(options.log);
    log.write(`$ ${command}\n`);
    this.child = spawn(program, args, {
      cwd: options.cwd,
      env: options.environment,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let output = "";
    let stdout = "";
    const follow = (stream: NodeJS.ReadableStream, isStdout: boolean) => {
      let rest = "";
      stream.setEncoding("utf8");
      stream.on("data", (chunk: string) => {
        if (isStdout) stdout += chunk;
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines.map(plainText)) {
          output += `${line}\n`;
          log.write(`${line}\n`);
          options.onLine?.(line);
        }
      });
      stream.on("end", () => {
        if (rest === "") return;
        output += plainText(rest);
        log.write(plainText(rest));
        options.onLine?.(plainText(rest));
      });
    };
    follow(this.child.stdout!, true);
    follow(this.child.stderr!, false);
    this.result = new Promise((resolve, reject) => {
      let timedOut = false;
      const timer = setTimeout(() => {
        timedOut = true;
        this.signal("SIGKILL");
      }, options.timeoutSeconds * 1000);
      this.child.once("error", (error) => {
        clearTimeout(timer);
        reject(error);
      });
      this.child.once("close", (code, signal) => {
        clearTimeout(timer);
        log.end();
        if (timedOut) return reject(new CommandTimeout(command, options.timeoutSeconds, options.log));
        const exit = code ?? 128 + (SIGNAL_NUMBERS[signal ?? ""] ?? 0);
        const seconds = (Date.now() - started) / 1000;
        resolve({ command, code: exit, output, stdout, seconds, log: options.log });
      });
    });
  }

  /** Sends a signal to the command and everything it started, as Ctrl-C in a terminal does. */
  public signal(name: NodeJS.Signals): void {
    const { pid } = this.child;
    if (pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null) return;
    try {
      process.kill(-pid, name);
    } catch (error) {
      // It ended in between.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

/** Those that end a process here, https://man7.org/linux/man-pages/man7/signal.7.html. */
const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
