import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "../processes";
import { type Instance, runningInstance } from "../runtime";
import { ciliumChart, ciliumCrds, ensure, kwokStages, SANDBOX_PROGRAMS } from "../toolchain";
import type { Context } from "./context";

/** The command by which the CLI calls itself for the sandbox in the background. */
export const SERVE = "serve";

/** Three clusters that start again on a busy machine take a while. */
const START_TIMEOUT = 300_000;
const STOP_TIMEOUT = 120_000;

/** The sandbox that runs on this project, or a new one in the background. */
export async function ensureRunning(
  context: Context,
): Promise<{ readonly instance: Instance; readonly isNew: boolean }> {
  const running = runningInstance(context.files);
  if (running) return { instance: running, isNew: false };
  const { reporter, files } = context;
  // What takes long happens here, where it is seen, and not in the background.
  await ensure(SANDBOX_PROGRAMS, { reporter });
  await Promise.all([ciliumChart({ reporter }), ciliumCrds({ reporter }), kwokStages({ reporter })]);

  const task = reporter.task("sandbox");
  task.update("starting in the background");
  const log = files.log("sandbox");
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, "w");
  const child = spawn(process.execPath, [process.argv[1]!, SERVE], {
    cwd: context.project,
    stdio: ["ignore", output, output],
    detached: true,
  });
  closeSync(output);
  child.unref();
  let ended = false;
  child.once("exit", () => {
    ended = true;
  });
  const deadline = Date.now() + START_TIMEOUT;
  for (;;) {
    const instance = runningInstance(files);
    if (instance) {
      task.done(`in the background, process ${instance.pid}`);
      return { instance, isNew: true };
    }
    if (ended || Date.now() > deadline) {
      task.fail();
      if (!ended) child.kill("SIGTERM");
      throw new Error(
        `the sandbox did not start; the end of ${log} is\n${readFileSync(log, "utf8").trimEnd().split("\n").slice(-12).join("\n")}`,
      );
    }
    await sleep(100);
  }
}

/** Ends the sandbox that runs on this project, if one does, and waits until it has. */
export async function stopRunning(context: Context): Promise<boolean> {
  const instance = runningInstance(context.files);
  if (!instance) return false;
  const task = context.reporter.task("sandbox");
  task.update("stopping");
  process.kill(instance.pid, "SIGTERM");
  const deadline = Date.now() + STOP_TIMEOUT;
  while (isAlive(instance)) {
    if (Date.now() > deadline) {
      task.fail();
      throw new Error(
        `process ${instance.pid} did not end in ${STOP_TIMEOUT / 1000} s; read ${context.files.log("sandbox")}`,
      );
    }
    await sleep(100);
  }
  task.done("stopped; its state is kept");
  return true;
}
