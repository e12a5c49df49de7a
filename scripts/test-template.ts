import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyRepository, DATAPLANES, editFile, reduce, repositoryFiles } from "./deployment/clone";
import { ROOT } from "./deployment/in-sandbox";

/**
 * What somebody does who takes this repository as a template: clones it into a folder with a space in its name, calls it
 * something else, keeps one environment under another name and with any one dataplane, writes a README of their own,
 * renews the snapshots and runs what the README names. And a checkout whose line endings are Windows' writes the same
 * Terraform. That all of the library's own tests pass in such a clone, `test-cdktn.ts` shows: on CDK Terrain, in one run.
 */
const workspace = mkdtempSync(join(tmpdir(), "gke-cilium template-"));

try {
  for (const dataplane of DATAPLANES) {
    const clone = checkout(`clone ${dataplane}`);
    reduce(clone, dataplane);
    run(clone, "npm", ["run", "--silent", "synth"]);
    // What the workflows call: the clone's own program, which `npm ci` builds.
    run(clone, "npm", ["run", "--silent", "prepare"]);
    run(clone, "npx", ["--no-install", "gke-cilium-preview", "synth", "--out", join(workspace, `synth ${dataplane}`)]);
    run(clone, "npm", ["run", "--silent", "test:environments", "--", "-u"]);
    run(clone, "npm", ["run", "--silent", "test:environments", "--", "--ci"]);
    // Types and style do not depend on the environments: once, with one kind, is enough.
    if (dataplane === "v2") run(clone, "npm", ["run", "--silent", "lint"]);
    rmSync(clone, { recursive: true });
  }
  compareLineEndings();
  process.stdout.write("A renamed and reduced clone is green, and Windows' line endings change nothing.\n");
} finally {
  rmSync(workspace, { recursive: true, force: true });
}

/** A copy of the repository with its packages. */
function checkout(name: string): string {
  const directory = join(workspace, name);
  copyRepository(directory);
  symlinkSync(join(ROOT, "node_modules"), join(directory, "node_modules"));
  // Biome reads .gitignore only within a repository.
  run(directory, "git", ["init", "--quiet"]);
  return directory;
}

function compareLineEndings(): void {
  const [unix, windows] = ["unix", "windows"].map((name) => checkout(name)) as [string, string];
  // cdktf hashes the local chart's folder byte by byte; .gitattributes keeps that as it is.
  for (const file of repositoryFiles().filter((path) => !path.includes("-chart/")))
    editFile(windows, file, (text) => text.replaceAll("\n", "\r\n"));
  for (const clone of [unix, windows]) run(clone, "npm", ["run", "--silent", "synth"]);
  const different = stacksOf(unix).filter((file) => read(unix, file) !== read(windows, file));
  if (different.length > 0) throw new Error(`line endings changed ${different.join(", ")}`);
  // Not what draws definitions: nothing in it reads a page.
  const reading = "__tests__/(environments|docs|cilium|kube-proxy|preview/render)";
  run(windows, "npx", ["jest", "--ci", "--testPathIgnorePatterns", "/fuzz.test", "--", reading]);
}

function stacksOf(clone: string): string[] {
  const stacks = readdirSync(join(clone, "cdktf.out/stacks"));
  if (stacks.length === 0) throw new Error("nothing was synthesized");
  return stacks.map((stack) => join("cdktf.out/stacks", stack, "cdk.tf.json"));
}

function read(clone: string, file: string): string {
  return readFileSync(join(clone, file), "utf8").replaceAll(clone, "");
}

function run(cwd: string, program: string, args: readonly string[]): void {
  process.stdout.write(`$ ${program} ${args.join(" ")}\n`);
  execFileSync(program, args, { cwd, stdio: "inherit" });
}
