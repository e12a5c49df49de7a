import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identify, isAlive, ProcessLedger, Program } from "../../../sandbox/processes";

describe("programs of the sandbox", () => {
  let directory: string;
  let ledger: ProcessLedger;
  let strangers: ChildProcess[] = [];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "programs-"));
    ledger = new ProcessLedger(join(directory, "processes.json"));
  });
  afterEach(() => {
    for (const stranger of strangers) stranger.kill("SIGKILL");
    strangers = [];
    rmSync(directory, { recursive: true });
  });

  const program = (script: string) =>
    new Program({
      name: "test",
      command: process.execPath,
      args: ["-e", script],
      environment: { PATH: process.env["PATH"] },
      log: join(directory, "logs", "test.log"),
      ledger,
    });
  const entries = () => JSON.parse(readFileSync(join(directory, "processes.json"), "utf8")) as { pid: number }[];

  test("stand in the ledger as long as they run", async () => {
    const running = program("setInterval(() => {}, 1000)");
    await running.start();
    expect(entries()).toMatchObject([{ name: "test", pid: running.pid }]);
    await running.stop();
    expect(entries()).toEqual([]);
    expect(running.isRunning).toBe(false);
  });

  test("that end while they start are an error with the end of their log", async () => {
    const failing = program("console.error('port taken'); process.exit(3)");
    await failing.start();
    await expect(failing.ready(async () => false, 10_000)).rejects.toThrow(
      /test ended while it started.*\n {2}port taken/s,
    );
  });

  test("that were left running are ended by the next sandbox, and a stranger with an old number is not", async () => {
    const left = program("setInterval(() => {}, 1000)");
    await left.start();
    const pid = left.pid!;
    const stranger = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    strangers.push(stranger);
    writeFileSync(
      join(directory, "processes.json"),
      JSON.stringify([...entries(), { name: "old", pid: stranger.pid, startedAt: "1" }]),
    );
    const ended = await new ProcessLedger(join(directory, "processes.json")).endLeftovers();
    expect(ended).toEqual(["test"]);
    expect(identify(pid)).toBeUndefined();
    expect(isAlive(identify(stranger.pid!)!)).toBe(true);
  });

  test("that cannot be started at all are an error", async () => {
    const missing = new Program({
      name: "missing",
      command: join(directory, "nothing"),
      args: [],
      environment: {},
      log: join(directory, "log"),
      ledger,
    });
    await expect(missing.start()).rejects.toThrow("ENOENT");
  });
});
