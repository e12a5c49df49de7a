import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CDKTN } from "./deployment/cdktn";
import { copyRepository, reduce } from "./deployment/clone";
import { ROOT } from "./deployment/in-sandbox";

/**
 * The same code on CDK Terrain (`cdktn`), put in cdktf's place by npm's `overrides` as docs/decisions/0005-cdktf.md says:
 * stacks that are the same but for the version in their metadata, and then types and all tests in a clone that somebody has
 * made their own (`test-template.ts`), so that one run of them shows both. Where a test fails, `npm test` tells whose fault it is.
 */
const ALIAS = `npm:${CDKTN}`;
/** Tests that draw thousands of definitions to judge: nothing in them depends on cdktf, nor on whose clone it is. */
const DRAWN = ["/fuzz.test", "/environment/tokens.test", "/preview/secrets/", "/preview/corpus/"];
const workspace = mkdtempSync(join(tmpdir(), "gke-cilium-cdktn-"));

try {
  copyRepository(workspace);
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
  writeFileSync(join(workspace, "package.json"), JSON.stringify(onCdktn(manifest), null, 2));
  rmSync(join(workspace, "package-lock.json"));
  run(workspace, "npm", ["install", "--silent", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"]);
  const { name, version } = JSON.parse(
    readFileSync(join(workspace, "node_modules/cdktf/package.json"), "utf8"),
  ) as Package;
  if (name !== "cdktn") throw new Error(`cdktf is still ${name} ${version}`);
  for (const directory of [ROOT, workspace]) run(directory, "npm", ["run", "--silent", "synth"]);
  compare(version);
  reduce(workspace, "v2");
  run(workspace, "npx", ["tsc"]);
  run(workspace, "npm", ["run", "--silent", "test:environments", "--", "-u"]);
  run(workspace, "npx", [
    "jest",
    "--ci",
    "--silent",
    "--testPathIgnorePatterns",
    ...DRAWN,
    "--",
    ...process.argv.slice(2),
  ]);
  process.stdout.write("Types and all tests pass in a renamed and reduced clone, too.\n");
} finally {
  rmSync(workspace, { recursive: true, force: true });
}

interface Package {
  readonly name: string;
  readonly version: string;
}

interface Manifest {
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

function onCdktn(manifest: Manifest): object {
  const { cdktf: _, ...peerDependencies } = manifest.peerDependencies;
  return {
    ...manifest,
    peerDependencies,
    devDependencies: { ...manifest.devDependencies, cdktf: ALIAS },
    overrides: { cdktf: ALIAS },
  };
}

function compare(version: string): void {
  const stacks = readdirSync(join(ROOT, "cdktf.out/stacks"));
  if (stacks.length === 0) throw new Error("nothing was synthesized");
  const read = (directory: string, stack: string) => {
    const text = readFileSync(join(directory, "cdktf.out/stacks", stack, "cdk.tf.json"), "utf8");
    return JSON.stringify(JSON.parse(text, (key, value) => (key === "version" && isCore(value) ? "" : value)));
  };
  const isCore = (value: unknown) => value === version || value === "0.21.0";
  const different = stacks.filter((stack) => read(ROOT, stack) !== read(workspace, stack));
  if (different.length > 0) throw new Error(`cdktn ${version} synthesizes otherwise: ${different.join(", ")}`);
  process.stdout.write(`${stacks.length} stacks are the same with cdktn ${version}.\n`);
}

function run(cwd: string, program: string, args: readonly string[]): void {
  process.stdout.write(`$ ${program} ${args.join(" ")}\n`);
  execFileSync(program, args, { cwd, stdio: "inherit" });
}
