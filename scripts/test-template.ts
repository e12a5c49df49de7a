import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/**
 * What somebody does who takes this repository as a template: clones it into a folder with a space in its name, calls it
 * something else, keeps one environment under another name and with any one dataplane, writes a README of their own,
 * renews the snapshots and runs what the README names. And a checkout whose line endings are Windows' writes the same
 * Terraform.
 */
const root = resolve(__dirname, "..", "..");
const workspace = mkdtempSync(join(tmpdir(), "gke-cilium template-"));
const DATAPLANES = ["cniChaining", "kubeProxyFree", "v2"] as const;

try {
  for (const dataplane of DATAPLANES) {
    const clone = checkout(`clone ${dataplane}`);
    reduce(clone, dataplane);
    run(clone, "npm", ["run", "--silent", "synth"]);
    // What the workflows call: the clone's own program, which `npm ci` builds.
    run(clone, "npm", ["run", "--silent", "prepare"]);
    run(clone, "npx", ["--no-install", "gke-cilium-preview", "synth", "--out", join(workspace, `synth ${dataplane}`)]);
    run(clone, "npm", ["run", "--silent", "test:environments", "--", "-u"]);
    if (dataplane !== "v2") run(clone, "npm", ["run", "--silent", "test:environments", "--", "--ci"]);
    // The library's own tests and types do not depend on the environments: once, with one kind, is enough.
    else
      for (const script of ["lint", "test"])
        run(clone, "npm", ["run", "--silent", script, ...(script === "test" ? ["--", "--ci"] : [])]);
    rmSync(clone, { recursive: true });
  }
  compareLineEndings();
  process.stdout.write("A renamed and reduced clone is green, and Windows' line endings change nothing.\n");
} finally {
  rmSync(workspace, { recursive: true, force: true });
}

/** The files that git knows, as they lie in the working tree. */
function checkout(name: string): string {
  const directory = join(workspace, name);
  for (const file of files()) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    cpSync(join(root, file), join(directory, file));
  }
  symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
  // Biome reads .gitignore only within a repository.
  run(directory, "git", ["init", "--quiet"]);
  return directory;
}

function files(): string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root });
  return listed.toString().split("\0").filter(Boolean);
}

function reduce(clone: string, dataplane: (typeof DATAPLANES)[number]): void {
  edit(clone, "package.json", (text) => text.replace('"name": "cdktf-gke-cilium"', '"name": "@acme/our-platform"'));
  for (const name of readdirSync(join(clone, "environments"))) rmSync(join(clone, "environments", name));
  writeFileSync(
    join(clone, "environments", "index.ts"),
    `import { Dataplane } from "../lib/dataplane";
import { defineEnvironment } from "../lib/environment";

export const environments = [
  defineEnvironment({
    name: "shop",
    project: "acme-shop",
    location: "europe-west4",
    network: { nodes: "10.64.0.0/20", pods: "10.68.0.0/14", services: "10.72.0.0/20" },
    dataplane: Dataplane.${dataplane}(),
    nodePools: [{ name: "general", machineType: "e2-standard-4", minNodes: 3, maxNodes: 9 }],
  }),
];
`,
  );
  rmSync(join(clone, "__tests__/environments/__snapshots__"), { recursive: true });
  writeFileSync(join(clone, "README.md"), "# Our platform\n\n```ts\nthis is not even TypeScript\n```\n");
  rmSync(join(clone, "examples"), { recursive: true });
}

function compareLineEndings(): void {
  const [unix, windows] = ["unix", "windows"].map((name) => checkout(name)) as [string, string];
  // cdktf hashes the local chart's folder byte by byte; .gitattributes keeps that as it is.
  for (const file of files().filter((path) => !path.includes("-chart/")))
    edit(windows, file, (text) => text.replaceAll("\n", "\r\n"));
  for (const clone of [unix, windows]) run(clone, "npm", ["run", "--silent", "synth"]);
  const different = stacksOf(unix).filter((file) => read(unix, file) !== read(windows, file));
  if (different.length > 0) throw new Error(`line endings changed ${different.join(", ")}`);
  run(windows, "npx", ["jest", "--ci", "__tests__/(environments|docs|cilium|kube-proxy|preview/render)"]);
}

function stacksOf(clone: string): string[] {
  const stacks = readdirSync(join(clone, "cdktf.out/stacks"));
  if (stacks.length === 0) throw new Error("nothing was synthesized");
  return stacks.map((stack) => join("cdktf.out/stacks", stack, "cdk.tf.json"));
}

function read(clone: string, file: string): string {
  return readFileSync(join(clone, file), "utf8").replaceAll(clone, "");
}

function edit(clone: string, file: string, change: (text: string) => string): void {
  writeFileSync(join(clone, file), change(readFileSync(join(clone, file), "utf8")));
}

function run(cwd: string, program: string, args: readonly string[]): void {
  process.stdout.write(`$ ${program} ${args.join(" ")}\n`);
  execFileSync(program, args, { cwd, stdio: "inherit" });
}
