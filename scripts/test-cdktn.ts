import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { CDKTN } from "./deployment/cdktn";

/**
 * The same code on CDK Terrain (`cdktn`), put in cdktf's place by npm's `overrides` as docs/decisions/0005-cdktf.md says:
 * types, tests, and stacks that are the same but for the version in their metadata.
 */
const ALIAS = `npm:${CDKTN}`;
const root = resolve(__dirname, "..", "..");
const workspace = mkdtempSync(join(tmpdir(), "gke-cilium-cdktn-"));

try {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root });
  for (const file of listed.toString().split("\0").filter(Boolean)) {
    mkdirSync(dirname(join(workspace, file)), { recursive: true });
    cpSync(join(root, file), join(workspace, file));
  }
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
  writeFileSync(join(workspace, "package.json"), JSON.stringify(onCdktn(manifest), null, 2));
  rmSync(join(workspace, "package-lock.json"));
  run(workspace, "npm", ["install", "--silent", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"]);
  const { name, version } = JSON.parse(
    readFileSync(join(workspace, "node_modules/cdktf/package.json"), "utf8"),
  ) as Package;
  if (name !== "cdktn") throw new Error(`cdktf is still ${name} ${version}`);
  run(workspace, "npx", ["tsc"]);
  run(workspace, "npx", ["jest", "--ci", "--silent", ...process.argv.slice(2)]);
  for (const directory of [root, workspace]) run(directory, "npm", ["run", "--silent", "synth"]);
  compare(version);
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
  const stacks = readdirSync(join(root, "cdktf.out/stacks"));
  if (stacks.length === 0) throw new Error("nothing was synthesized");
  const read = (directory: string, stack: string) => {
    const text = readFileSync(join(directory, "cdktf.out/stacks", stack, "cdk.tf.json"), "utf8");
    return JSON.stringify(JSON.parse(text, (key, value) => (key === "version" && isCore(value) ? "" : value)));
  };
  const isCore = (value: unknown) => value === version || value === "0.21.0";
  const different = stacks.filter((stack) => read(root, stack) !== read(workspace, stack));
  if (different.length > 0) throw new Error(`cdktn ${version} synthesizes otherwise: ${different.join(", ")}`);
  process.stdout.write(`Types, tests and ${stacks.length} stacks are the same with cdktn ${version}.\n`);
}

function run(cwd: string, program: string, args: readonly string[]): void {
  process.stdout.write(`$ ${program} ${args.join(" ")}\n`);
  execFileSync(program, args, { cwd, stdio: "inherit" });
}
