import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { transformFileSync } from "@swc/core";
import { packageRoot } from "../../../sandbox/paths";
import type { runCommand as Run } from "../../../sandbox/real-nodes/namespaces/runner";

const directory = mkdtempSync(join(tmpdir(), "runner-"));
const compiled = join(directory, "namespaces", "runner.js");
let runCommand: typeof Run;

beforeAll(() => {
  for (const name of ["namespaces/namespace", "namespaces/runner", "programs/runner"]) {
    const { code } = transformFileSync(join(packageRoot(), `sandbox/real-nodes/${name}.ts`), {
      jsc: { parser: { syntax: "typescript" }, target: "es2022" },
      module: { type: "commonjs" },
    });
    mkdirSync(join(directory, name, ".."), { recursive: true });
    writeFileSync(join(directory, `${name}.js`), code);
  }
  ({ runCommand } = require(compiled));
});
afterAll(() => rmSync(directory, { recursive: true }));

const environment = { PATH: process.env["PATH"] };
const shell = (script: string, { input = "", timeout = 10_000 } = {}) =>
  runCommand(["sh", "-c", script], { input, environment, timeout });

/** Whether a process whose command line holds these words runs. */
function runs(words: string): boolean {
  return execFileSync("ps", ["-e", "-o", "args"], { encoding: "utf8" })
    .split("\n")
    .some((line) => line === words);
}

async function gone(words: string): Promise<void> {
  for (let tries = 0; runs(words) && tries < 100; tries += 1) await sleep(50);
  expect(runs(words)).toBe(false);
}

test("tells how a program ended, and what it printed", async () => {
  expect(await shell("cat; echo wrong >&2; exit 3", { input: "text" })).toEqual({
    code: 3,
    stdout: "text",
    stderr: "wrong\n",
  });
});

test("has the environment that is given, and no other", async () => {
  const ended = await runCommand(["env"], {
    input: "",
    environment: { ...environment, ONLY: "this" },
    timeout: 10_000,
  });
  expect(ended.stdout.split("\n").map((line) => line.split("=")[0])).toEqual(["PATH", "ONLY", ""]);
});

test("a program that is not there is a result", async () => {
  const ended = await runCommand(["/is/not/there"], { input: "", environment, timeout: 10_000 });
  expect(ended).toMatchObject({ code: 127, stderr: expect.stringContaining("ENOENT") });
});

test("many run at once, and each gets its own answer", async () => {
  const ended = await Promise.all(Array.from({ length: 40 }, (_, index) => shell(`sleep 0.2; echo ${index}`)));
  expect(ended.map(({ stdout }) => stdout.trim())).toEqual(Array.from({ length: 40 }, (_, index) => String(index)));
});

test("what takes too long is killed, with what it has started", async () => {
  const { code, stderr } = await shell("sleep 4711 & wait", { timeout: 300 });
  expect([code, stderr]).toEqual([1, "ended by SIGKILL"]);
  await gone("sleep 4711");
});

test("where the process that runs them is killed, that is told, and the next program runs", async () => {
  const waiting = shell("echo $PPID; sleep 30");
  const runner = Number((await shell("echo $PPID")).stdout);
  process.kill(runner, "SIGKILL");
  expect(await waiting).toMatchObject({ code: 127, stderr: "what runs programs ended with SIGKILL" });
  expect((await shell("echo again")).stdout).toBe("again\n");
});

describe("with whoever gives the orders", () => {
  const orders = (
    script: string,
  ) => `require(${JSON.stringify(compiled)}).runCommand(["sh", "-c", ${JSON.stringify(script)}],
    { input: "", environment: process.env, timeout: 60_000 }).then(({ stdout }) => process.stdout.write(stdout))`;
  const start = (script: string): ChildProcess =>
    spawn(process.execPath, ["-e", orders(script)], { stdio: ["ignore", "pipe", "inherit"] });

  test("everything ends, also by SIGKILL", async () => {
    const child = start("sleep 4712 & wait");
    for (let tries = 0; !runs("sleep 4712") && tries < 100; tries += 1) await sleep(50);
    expect(runs("sleep 4712")).toBe(true);
    child.kill("SIGKILL");
    await gone("sleep 4712");
  });

  test("and nobody has to stay who waits for nothing", async () => {
    const child = start("echo done");
    const line = once(createInterface({ input: child.stdout! }), "line");
    expect(await line).toEqual(["done"]);
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
