import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Packs the library, installs the archive into a project of its own beside a stock cdktf set-up (TypeScript 5.9, jest,
 * its peers from npm) and runs that project's type check and snapshot tests: what a module user gets, and nothing else.
 * With `--update` the snapshots are written anew and copied back.
 */
const SNAPSHOTS = "__tests__/__snapshots__";
const ESBUILD = "0.25.12";
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
  checkVersions();
  const manifest = join(workspace, "package.json");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace("file:../..", `file:./${archive}`));
  writeFileSync(join(workspace, ".npmrc"), "audit=false\nfund=false\nprefer-offline=true\nignore-scripts=true\n");
  run(workspace, "npm", ["install", "--silent"]);
  run(workspace, "npm", ["run", "--silent", "build"]);
  run(workspace, "npx", ["ts-node", "main.ts"]);
  run(workspace, "npx", update ? ["jest", "--updateSnapshot"] : ["jest", "--ci"]);
  bundled();
  if (update) cpSync(join(workspace, SNAPSHOTS), join(consumer, SNAPSHOTS), { recursive: true });
  process.stdout.write(
    "The packed library compiles, synthesizes and passes the snapshots of a project that installs it.\n",
  );
} finally {
  rmSync(workspace, { recursive: true, force: true });
}

/** Bundled into one file, the app finds the package's files and writes the same. */
function bundled(): void {
  run(workspace, "npm", ["install", "--silent", "--no-save", `esbuild@${ESBUILD}`]);
  const written = stacksOf("cdktf.out");
  for (const format of ["cjs", "esm"]) {
    const file = join("bundle", format, format === "esm" ? "main.mjs" : "main.js");
    // cdktf itself requires modules of Node at run time, which an ES module has to be given a way to.
    const banner =
      format === "esm"
        ? [
            "--banner:js=import { createRequire } from 'node:module'; import { fileURLToPath } from 'node:url'; const require = createRequire(import.meta.url); const __filename = fileURLToPath(import.meta.url);",
          ]
        : [];
    run(workspace, "npx", [
      "esbuild",
      "main.ts",
      "--bundle",
      "--platform=node",
      `--format=${format}`,
      `--outfile=${file}`,
      "--log-level=error",
      ...banner,
    ]);
    rmSync(join(workspace, "cdktf.out"), { recursive: true });
    run(workspace, "node", [file]);
    if (JSON.stringify(stacksOf("cdktf.out")) !== JSON.stringify(written))
      throw new Error(`the ${format} bundle writes otherwise`);
  }
}

function stacksOf(output: string): Record<string, string> {
  const stacks = join(workspace, output, "stacks");
  const names = readdirSync(stacks).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(stacks, name, "cdk.tf.json"), "utf8")]));
}

/** The example is built on what this package is tested with; its compiler is the one that cdktf users have. */
function checkVersions(): void {
  const { dependencies, devDependencies: tools } = JSON.parse(readFileSync(join(consumer, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  const differing = Object.entries({ ...dependencies, ...tools }).filter(
    ([name, version]) =>
      name !== "typescript" && devDependencies[name] !== undefined && devDependencies[name] !== version,
  );
  if (differing.length > 0) throw new Error(`the example has other versions: ${differing.join("; ")}`);
}

function run(cwd: string, program: string, args: readonly string[]): void {
  process.stdout.write(`$ ${program} ${args.join(" ")}\n`);
  execFileSync(program, args, { cwd, stdio: "inherit" });
}
