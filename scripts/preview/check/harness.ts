import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InterruptedError, type Outcome, run } from "../../../lib/preview/run/process";

/** A check could not run here: why, and what would make it run. Never taken for passed. */
export class NotRun extends Error {}

export class Checks {
  private passed = 0;
  private readonly failed: string[] = [];
  private readonly notRun: string[] = [];

  /** Runs a group of checks in a scratch directory of its own. */
  public async group(name: string, body: (scratch: string) => Promise<void>): Promise<void> {
    process.stdout.write(`\n${name}\n`);
    const scratch = mkdtempSync(join(tmpdir(), "preview-check-"));
    const started = Date.now();
    try {
      await body(scratch);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (error instanceof NotRun) {
        this.notRun.push(`${name}: ${text}`);
        process.stdout.write(`  not run: ${text}\n`);
      } else {
        this.failed.push(`${name}: ${error instanceof Error ? (error.stack ?? text) : text}`);
        process.stdout.write(`  FAILED: ${text}\n`);
      }
    } finally {
      rmSync(scratch, { recursive: true, force: true });
      process.stdout.write(`  (${((Date.now() - started) / 1000).toFixed(0)} s)\n`);
    }
  }

  /** One thing that must hold. The first that does not ends its group. */
  public holds(what: string, condition: boolean, seen = ""): void {
    if (!condition) throw new Error(`${what}${seen === "" ? "" : `\n--- seen:\n${seen}\n---`}`);
    this.passed++;
    process.stdout.write(`  ✓ ${what}\n`);
  }

  /** Exit code: 77 where nothing failed and something could not run. */
  public end(): number {
    process.stdout.write(
      `\n${this.passed} passed, ${this.failed.length} groups failed, ${this.notRun.length} not run\n`,
    );
    for (const text of this.failed) process.stdout.write(`\nFAILED ${text}\n`);
    for (const text of this.notRun) process.stdout.write(`not run: ${text}\n`);
    if (this.failed.length > 0) return 1;
    return this.notRun.length > 0 ? 77 : 0;
  }
}

/** Runs a program that must succeed, and gives its standard output. */
export async function succeed(command: string, args: readonly string[], cwd: string, env = {}): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, { cwd, env });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}: ${stderr || stdout}`);
  return stdout;
}

/** @throws NotRun where a program is missing. */
export async function need(command: string, args: readonly string[], remedy: string): Promise<Outcome> {
  try {
    return await run(command, args);
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    throw new NotRun(`${command} is missing; ${remedy}`);
  }
}
