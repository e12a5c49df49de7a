import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Order, Report } from "../programs/runner";
import type { Ended } from "./namespace";

const PROGRAM = join(__dirname, "..", "programs", "runner.js");

/** What is run by now, and by whom. */
const waiting = new Map<number, (ended: Ended) => void>();
let runner: ChildProcess | undefined;
let orders = 0;

/**
 * Runs a program to its end. Never throws: failing is a result.
 *
 * Not this process starts it, but a small one of its own: to start a program is to fork, and a process of hundreds of
 * megabytes does nothing else for 40 ms then. Nodes are probed and looked at ten times a second.
 */
export function runCommand(
  command: readonly string[],
  options: { readonly input: string; readonly environment: NodeJS.ProcessEnv; readonly timeout: number },
): Promise<Ended> {
  const child = started();
  orders += 1;
  const id = orders;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    child.channel?.ref();
    child.send({ id, command, ...options } satisfies Order, (error) => {
      if (error) settle(id, { code: 127, stdout: "", stderr: error.message });
    });
  });
}

function settle(id: number, ended: Ended): void {
  waiting.get(id)?.(ended);
  waiting.delete(id);
  // Nobody has to stay for it who waits for nothing.
  if (waiting.size === 0) runner?.channel?.unref();
}

/** The process that runs programs; another one where somebody has killed it. */
function started(): ChildProcess {
  if (runner) return runner;
  const child = spawn(process.execPath, [PROGRAM], {
    env: { PATH: process.env["PATH"] },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  child.unref();
  child.on("message", ({ id, ...ended }: Report) => settle(id, ended));
  child.once("error", () => {});
  child.once("exit", (code, signal) => {
    if (runner === child) runner = undefined;
    const stderr = `what runs programs ended with ${signal ?? code}`;
    for (const id of [...waiting.keys()]) settle(id, { code: 127, stdout: "", stderr });
  });
  runner = child;
  return child;
}
