import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Packs the library, installs the archive into a project of its own beside a stock cdktf set-up (TypeScript 5.9, jest,
 * its peers from npm) and runs that project's type check and snapshot tests: what a module user gets, and nothing else.
 * With `--update` the snapshots are written anew and copied back.
 */
const SNAPSHOTS = "__tests__/__snapshots__";
const update = process.argv.includes("--update");
const root = resolve(__dirname, "..", "..");
const consumer = join(root, "examples", "platform-repository");
const { devDependencies } = require(join(root, "package.json")) as { devDependencies: Record<string, string> };

const workspace = mkdtempSync(join(tmpdir(), "cdktf-gke-cilium-package-"));
try {
  cpSync(consumer, workspace, { recursive: true, filter: (path) => !/node_modules|cdktf\.out/.test(path) });
  run(root, "npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", workspace]);
  const archive = readdirSync(workspace).find((name) => name.endsWith(".tgz"));
  if (archive === undefined) throw new Error("npm pack wrote no archive");
  const peers = ["cdktf", "constructs", "@cdktf/provider-google", "@cdktf/provider-helm", "@cdktf/provider-kubernetes"];
  const tools = ["@types/jest", "@types/node", "jest", "@swc/core", "@swc/jest"];
  writeFileSync(join(workspace, ".npmrc"), "audit=false\nfund=false\n");
  run(workspace, "npm", [
    "install",
    "--no-save",
    "--ignore-scripts",
    "--prefer-offline",
    `./${archive}`,
    ...[...peers, ...tools].map((name) => `${name}@${devDependencies[name]}`),
    "typescript@5.9.3",
  ]);
  run(workspace, "npx", ["tsc", "--noEmit"]);
  run(workspace, "npx", update ? ["jest", "--updateSnapshot"] : ["jest", "--ci"]);
  if (update) cpSync(join(workspace, SNAPSHOTS), join(consumer, SNAPSHOTS), { recursive: true });
  process.stdout.write(
    "The packed library compiles, synthesizes and passes the snapshots of a project that installs it.\n",
  );
} finally {
  rmSync(workspace, { recursive: true, force: true });
}

function run(cwd: string, program: string, args: readonly string[]): void {
  process.stdout.write(`$ ${program} ${args.join(" ")}\n`);
  execFileSync(program, args, { cwd, stdio: "inherit" });
}
