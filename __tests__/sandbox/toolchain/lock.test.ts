import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "../../../sandbox/toolchain/lock";

describe("withLock", () => {
  let directory: string;
  let file: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "lock-"));
    file = join(directory, "a", "program.lock");
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test("lets a second caller wait until the first is done, and tells it who it waits for", async () => {
    const events: string[] = [];
    const first = withLock(file, async () => {
      events.push("first in");
      await new Promise((resolve) => setTimeout(resolve, 50));
      events.push("first out");
    });
    const second = withLock(
      file,
      async () => {
        events.push("second in");
      },
      (pid) => events.push(`waiting for ${pid}`),
    );
    await Promise.all([first, second]);
    expect(events).toEqual(["first in", `waiting for ${process.pid}`, "first out", "second in"]);
  });

  test("is free again after the work threw", async () => {
    await expect(withLock(file, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(existsSync(file)).toBe(false);
  });

  test("takes over at once from a process that has died", async () => {
    await withLock(file, async () => {});
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    writeFileSync(file, JSON.stringify({ id: "x", pid: dead, host: hostname() }));
    const holder = await withLock(file, async () => JSON.parse(readFileSync(file, "utf8")) as { pid: number });
    expect(holder.pid).toBe(process.pid);
  });

  test("does not take a process number that was used again for the holder", async () => {
    await withLock(file, async () => {});
    writeFileSync(file, JSON.stringify({ id: "x", pid: process.pid, startedAt: "1", host: hostname() }));
    await expect(withLock(file, async () => "in")).resolves.toBe("in");
  });
});
