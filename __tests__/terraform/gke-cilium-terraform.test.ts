import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../../package.json";

const SCRIPT = join(__dirname, "../..", manifest.bin["gke-cilium-terraform"]);

describe("gke-cilium-terraform", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "terraform-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** A program that stands in for Terraform. */
  function program(name: string, text: string): string {
    const file = join(directory, name);
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  test("is terraform with its arguments, its input and its exit code", () => {
    program("terraform", 'read -r line; echo "$# $2 $line"; exit 7');
    const environment = { PATH: `${directory}:${process.env["PATH"]}` };
    const { stdout, status } = spawnSync(SCRIPT, ["apply", "a b"], { input: "yes\n", env: environment });
    expect([stdout.toString(), status]).toEqual(["2 a b yes\n", 7]);
  });

  test("is another program where one is named", () => {
    const tofu = program("tofu", "echo tofu");
    const { stdout } = spawnSync(SCRIPT, { env: { ...process.env, GKE_CILIUM_TERRAFORM: tofu } });
    expect(stdout.toString()).toBe("tofu\n");
  });

  test.each([
    ["SIGHUP", "the terminal is gone", 3, null],
    ["SIGTERM", "somebody ends it", null, "SIGTERM"],
  ] as const)("%s: %s", async (signal, _why, code, by) => {
    // Ends by itself when its input does, so the signal is through by then.
    const waiting = program("waiting", "echo ready; cat; exit 3");
    const child = spawn(SCRIPT, { env: { ...process.env, GKE_CILIUM_TERRAFORM: waiting } });
    await once(child.stdout, "data");
    child.kill(signal);
    const ended = once(child, "exit");
    if (by === null) child.stdin.end();
    expect(await ended).toEqual([code, by]);
    child.stdin.destroy();
  });
});
