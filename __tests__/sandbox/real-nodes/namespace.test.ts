import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startedWith } from "../../../sandbox/real-nodes/namespaces/namespace";

const proc = mkdtempSync(join(tmpdir(), "proc-"));
afterAll(() => rmSync(proc, { recursive: true }));

/** What the kernel tells of a process; nothing but the directory of one that is just going. */
function process(pid: string, ...environment: string[]): void {
  mkdirSync(join(proc, pid));
  if (environment.length > 0) writeFileSync(join(proc, pid, "environ"), `${environment.join("\0")}\0`);
}

// That a container leaves nothing behind on real nodes is shown by packets-destroy.
test("what a program has started is found by its environment, and nothing else is", () => {
  process("12", "PATH=/bin", "MARK=abc");
  process("345", "MARK=abc", "HOME=/");
  process("6", "MARK=abcd", "XMARK=abc", "TEXT=MARK=abc");
  process("7");
  process("self", "MARK=abc");
  expect(startedWith("MARK", "abc", proc).sort((a, b) => a - b)).toEqual([12, 345]);
  expect(startedWith("MARK", "ab", proc)).toEqual([]);
});
