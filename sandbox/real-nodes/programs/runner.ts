/**
 * Runs programs to their end for the sandbox, and is small: see {@link runCommand}. It takes its orders as messages, and ends
 * what still runs when whoever sends them has ended.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { collect, descendants, type Ended, endProcess } from "../namespaces/namespace";

/** A program to be run. */
export interface Order {
  readonly id: number;
  readonly command: readonly string[];
  readonly input: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly timeout: number;
}

/** How it ended. */
export interface Report extends Ended {
  readonly id: number;
}

function main(): void {
  const running = new Set<ChildProcess>();
  process.on("message", async ({ id, command, input, environment, timeout }: Order) => {
    const [program = "", ...args] = command;
    const child = spawn(program, args, { env: environment, stdio: ["pipe", "pipe", "pipe"] });
    running.add(child);
    const ended = await collect(child, input, timeout);
    running.delete(child);
    if (process.connected) process.send?.({ id, ...ended } satisfies Report);
  });
  process.on("disconnect", () => {
    // One that could not be started has no number, and 0 would mean everybody of this process's group.
    const pids = [...running].flatMap(({ pid }) => (pid === undefined ? [] : [...descendants(pid), pid]));
    for (const pid of pids) endProcess(pid, "SIGKILL");
    process.exit(0);
  });
  // Whoever gives the orders decides what is ended, also where a terminal tells everybody.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});
}

if (require.main === module) main();
