import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Checks, succeed } from "./harness";
import { CLI, Platform } from "./platform";

/** Stands in for Terraform only while it is slow: notes its process, and waits for a signal. */
const SLOW = `#!/bin/sh
trap 'echo "$1 interrupted" >> "$NOTES/signals"; exit 1' INT
echo $$ > "$NOTES/pid"
while :; do sleep 1; done
`;

/** A preview that is interrupted ends what it started, tidies up, and is red. */
export async function checkInterruption(checks: Checks): Promise<void> {
  await checks.group("an interrupted preview", async (scratch) => {
    const platform = new Platform(scratch);
    await platform.create({ "dev-cluster": { data: { a: { input: "x" } } }, "prod-cluster": { data: {} } });
    const [temporary, notes] = [join(scratch, "temporary"), join(scratch, "notes")];
    for (const directory of [temporary, notes]) mkdirSync(directory);
    const slow = join(scratch, "slow-terraform");
    writeFileSync(slow, SLOW, { mode: 0o755 });
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const { code, report } = await interrupted(platform, signal, { temporary, notes, slow });
      checks.holds(`${signal}: the preview is red (1), and says why`, code === 1 && /interrupted/.test(report), report);
      const pid = Number(readFileSync(join(notes, "pid"), "utf8"));
      checks.holds(`${signal}: what it started has ended`, !isAlive(pid), String(pid));
      const told = readFileSync(join(notes, "signals"), "utf8");
      checks.holds(
        `${signal}: it was interrupted once, and nothing was started after it`,
        told === "init interrupted\n",
        told,
      );
      checks.holds(
        `${signal}: nothing temporary is left`,
        readdirSync(temporary).length === 0,
        readdirSync(temporary).join(),
      );
      const worktrees = await succeed("git", ["worktree", "list"], platform.root);
      checks.holds(`${signal}: no worktree is left`, worktrees.trim().split("\n").length === 1, worktrees);
    }
  });
}

async function interrupted(
  platform: Platform,
  signal: NodeJS.Signals,
  { temporary, notes, slow }: Readonly<Record<"temporary" | "notes" | "slow", string>>,
): Promise<{ readonly code: number | null; readonly report: string }> {
  for (const name of ["pid", "signals"]) writeFileSync(join(notes, name), "");
  const out = join(notes, "report.md");
  const args = [CLI, "--plan", "--all", "--parallel", "1", "--base", "HEAD", "--out", out];
  const env = { ...platform.environment, TMPDIR: temporary, NOTES: notes, TERRAFORM_BINARY_NAME: slow };
  const child = spawn(process.execPath, args, { cwd: platform.root, env: { ...process.env, ...env }, stdio: "ignore" });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  // Ends by itself, whatever does not come.
  const limit = setTimeout(() => child.kill("SIGKILL"), 60_000);
  while (child.exitCode === null && readFileSync(join(notes, "pid"), "utf8") === "")
    await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill(signal);
  const code = await ended;
  clearTimeout(limit);
  return { code, report: existsSync(out) ? readFileSync(out, "utf8") : "no report" };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
