import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { endProcess, startedWith } from "../../../sandbox/real-nodes/namespaces/namespace";

const onLinux = process.platform === "linux" ? test : test.skip;

onLinux("what a program has started and left behind is found by its environment, and nothing else is", async () => {
  const mark = randomUUID();
  // A program of its own session, whose parent ends: nothing but its environment tells where it comes from.
  const parent = spawn("sh", ["-c", "setsid sleep 60 >/dev/null 2>&1 & echo started"], {
    env: { PATH: process.env["PATH"], MARK: mark },
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(parent, "close");
  try {
    expect(startedWith("MARK", mark)).toHaveLength(1);
    expect(startedWith("MARK", mark.slice(1))).toEqual([]);
    expect(startedWith("ARK", mark)).toEqual([]);
  } finally {
    for (const pid of startedWith("MARK", mark)) endProcess(pid, "SIGKILL");
  }
  for (let tries = 0; startedWith("MARK", mark).length > 0 && tries < 100; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(startedWith("MARK", mark)).toEqual([]);
});
