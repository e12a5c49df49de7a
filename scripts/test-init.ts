import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Makes new platform repositories with the packed library's own command, as somebody does who has nothing but npm:
 * installs, checks types, tests, synthesizes and previews each, and lets Terraform, where there is one with the
 * providers, validate every stack, those that make the projects ready included.
 */
const root = resolve(__dirname, "..", "..");
const workspace = mkdtempSync(join(tmpdir(), "gke-cilium init-"));
const KINDS: readonly (readonly string[])[] = [
  ["--environment", "dev=acme-dev", "--environment", "prod=acme-prod", "--location", "asia-northeast1"],
  [
    "--environment",
    "only=acme-only",
    "--location",
    "europe-west4",
    "--dataplane",
    "kube-proxy-free",
    "--state",
    "local",
  ],
  [
    ...["--environment", "ab=acme-one", "--environment", "pre-prod=acme-one", "--location", "us-central1-a"],
    ...["--dataplane", "cni-chaining", "--monitoring", "none", "--owner", "@acme/platform"],
    ...["--github", "acme/platform", "--github-id", "123456", "--name", "@acme/platform"],
  ],
];

try {
  run(root, "npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", workspace]);
  const archive = readdirSync(workspace).find((name) => name.endsWith(".tgz"));
  if (archive === undefined) throw new Error("npm pack wrote no archive");
  const launcher = join(workspace, "launcher");
  mkdirSync(launcher);
  const npmrc = "audit=false\nfund=false\nprefer-offline=true\n";
  writeFileSync(join(launcher, ".npmrc"), npmrc);
  writeFileSync(join(launcher, "package.json"), '{ "private": true }\n');
  run(launcher, "npm", ["install", "--silent", "--no-save", "--ignore-scripts", join(workspace, archive)]);
  // The packages are the same in all of them, and are installed once.
  let installed: string | undefined;
  for (const [index, flags] of KINDS.entries()) {
    const repository = join(workspace, `platform ${index}`);
    run(launcher, "npx", ["--no-install", "cdktf-gke-cilium", "init", repository, ...flags]);
    if (installed === undefined) install(repository, join(workspace, archive), npmrc);
    else
      for (const path of ["node_modules", "package-lock.json"])
        renameSync(join(installed, path), join(repository, path));
    installed = repository;
    check(repository);
  }
  process.stdout.write(
    "A repository that the packed library makes installs, compiles, passes its tests and is valid.\n",
  );
} finally {
  rmSync(workspace, { recursive: true, force: true });
}

function install(repository: string, archive: string, npmrc: string): void {
  const manifest = join(repository, "package.json");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  edit(manifest, (text) => text.replace(`"cdktf-gke-cilium": "${version}"`, `"cdktf-gke-cilium": "file:${archive}"`));
  edit(join(repository, ".npmrc"), (text) => `${text}${npmrc}`);
  run(repository, "npm", ["install", "--silent"]);
}

function check(repository: string): void {
  run(repository, "npm", ["run", "--silent", "lint"]);
  // The first run writes the snapshots, which jest does only where nothing says that this is CI.
  run(repository, "npm", ["test", "--silent", "--", "--ci=false"]);
  run(repository, "npm", ["test", "--silent", "--", "--ci"]);
  run(repository, "npm", ["run", "--silent", "synth"]);
  run(repository, "npm", ["run", "--silent", "bootstrap:synth"]);
  run(repository, "git", ["init", "--quiet"]);
  run(repository, "git", ["add", "--all"]);
  run(repository, "git", ["-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "-m", "init"]);
  run(repository, "npx", ["--no-install", "gke-cilium-preview", "--base", "HEAD"]);
  validate(repository, "cdktf.out");
  validate(repository, "cdktf.bootstrap");
}

function validate(repository: string, output: string): void {
  try {
    execFileSync("node", [join(root, "dist/scripts/validate.js")], {
      env: { ...process.env, CDKTF_OUTDIR: join(repository, output) },
      stdio: "inherit",
    });
  } catch (error) {
    // 77: no Terraform or no provider here, said by the script itself.
    if ((error as { status?: number }).status !== 77) throw error;
  }
}

function edit(file: string, change: (text: string) => string): void {
  const before = readFileSync(file, "utf8");
  const after = change(before);
  if (after === before) throw new Error(`nothing to change in ${file}`);
  writeFileSync(file, after);
}

function run(cwd: string, program: string, args: readonly string[]): void {
  process.stdout.write(`$ ${program} ${args.join(" ")}\n`);
  execFileSync(program, args, { cwd, stdio: "inherit" });
}
