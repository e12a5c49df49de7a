import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./deployment/in-sandbox";
import { compileAndRun, linkPackages } from "./deployment/repository";

/**
 * Each construct by itself, on a cluster that is none of this library's: compiled, synthesized, and every stack validated
 * with the real providers.
 *
 * Exit code 77: not run, because Terraform or a provider cannot be found.
 */
const PARTS = 9;

const workspace = mkdtempSync(join(tmpdir(), "gke-cilium-single-parts-"));
try {
  cpSync(join(ROOT, "examples", "single-parts"), workspace, {
    recursive: true,
    filter: (path) => !/node_modules|cdktf\.out|dist/.test(path),
  });
  linkPackages(workspace);
  compileAndRun(workspace, ["--outDir", "dist", "--rootDir", "."], "dist/main.js");
  const output = join(workspace, "cdktf.out");
  const stacks = readdirSync(join(output, "stacks"));
  if (stacks.length !== PARTS) throw new Error(`${PARTS} parts were expected, there are ${stacks.join(", ")}`);
  const { status } = spawnSync(process.execPath, [join(ROOT, "dist/scripts/validate.js")], {
    env: { ...process.env, CDKTF_OUTDIR: output },
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
