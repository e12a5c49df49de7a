import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeDirectories } from "../lib/make-directories";

test("makes what is missing, and is content with what is there", () => {
  const root = mkdtempSync(join(tmpdir(), "directories-"));
  try {
    makeDirectories(join(root, "a/b/c"));
    makeDirectories(join(root, "a/b/c"));
    expect(statSync(join(root, "a/b/c")).isDirectory()).toBe(true);
    writeFileSync(join(root, "file"), "");
    expect(() => makeDirectories(join(root, "file/below"))).toThrow("ENOTDIR");
    makeDirectories(join(root, "for/me"), 0o700);
    for (const made of ["for", "for/me"]) expect(statSync(join(root, made)).mode & 0o777).toBe(0o700);
  } finally {
    rmSync(root, { recursive: true });
  }
});

test("ends where a directory above refuses, as that of a process that is gone", () => {
  expect(() => makeDirectories("/proc/no-such-process/root/etc")).toThrow("/proc/no-such-process");
});
