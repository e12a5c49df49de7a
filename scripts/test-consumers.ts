import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFINITION, declarations, ENVIRONMENT, PLAIN, test } from "./consumers/fixtures";
import { ROOT } from "./deployment/in-sandbox";

/**
 * The packed library in projects of all kinds that use it: the oldest and the newest TypeScript, CommonJS and ES modules, each
 * with the runners that go with it, Yarn's Plug'n'Play, where only what is declared can be imported, and a webpack bundle. The
 * declarations of the matchers are those of docs/module.md. What an import costs, and a first snapshot test, is reported.
 */
const VERSIONS = {
  oldest: "5.4.5",
  newest: "7.0.2",
  jest: "30.5.2",
  vitest: "3.2.4",
  newerVitest: "4.1.12",
  newestVitest: "5.1.2",
  newestNode: "26.12.1",
  yarn: "4.18.1",
  webpack: "5.113.0",
};
/** Node.js as a package: the newest vitest does not run on the oldest that the library does. */
const NODE = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;

const { devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  devDependencies: Record<string, string>;
};
const PEERS = Object.fromEntries(
  ["@cdktf/provider-google", "@cdktf/provider-helm", "@cdktf/provider-kubernetes", "cdktf", "constructs"].map(
    (name) => [name, devDependencies[name] ?? ""],
  ),
);

const workspace = mkdtempSync(join(tmpdir(), "cdktf-gke-cilium-consumers-"));
try {
  run(ROOT, "npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", workspace]);
  const archive = readdirSync(workspace).find((name) => name.endsWith(".tgz"));
  if (archive === undefined) throw new Error("npm pack wrote no archive");
  project(installed(), {
    dependencies: { ...PEERS, "cdktf-gke-cilium": `file:../${archive}` },
    devDependencies: {
      "@swc/core": devDependencies["@swc/core"],
      "@swc/jest": devDependencies["@swc/jest"],
      "@types/jest": devDependencies["@types/jest"],
      "@types/node": devDependencies["@types/node"],
      jest: VERSIONS.jest,
      "typescript-newest": `npm:typescript@${VERSIONS.newest}`,
      "typescript-oldest": `npm:typescript@${VERSIONS.oldest}`,
      vitest: VERSIONS.vitest,
    },
  });
  writeFileSync(join(installed(), ".npmrc"), "audit=false\nfund=false\nprefer-offline=true\n");
  run(installed(), "npm", ["install", "--silent"]);
  commonJs(join(installed(), "cjs"));
  esModules(join(installed(), "esm"), { vitest: VERSIONS.vitest, matchers: "T" });
  esModules(newerVitest("esm-newer-vitest", VERSIONS.newerVitest), { vitest: VERSIONS.newerVitest, matchers: "T" });
  const newest = newerVitest("esm-newest-vitest", VERSIONS.newestVitest, { [NODE]: VERSIONS.newestNode });
  const node = join(newest, "node_modules", NODE, "bin/node");
  esModules(newest, { vitest: VERSIONS.newestVitest, matchers: "R, T", node });
  bundled(join(installed(), "webpack"));
  imports(join(installed(), "cjs"));
  plugAndPlay(join(workspace, "pnp"), archive);
  process.stdout.write("The packed library works in every kind of project that was tried.\n");
} finally {
  rmSync(workspace, { recursive: true, force: true });
}

/** A project with a vitest of its own, and what that needs besides. */
function newerVitest(name: string, vitest: string, more: Readonly<Record<string, string>> = {}): string {
  const directory = join(installed(), name);
  project(directory, { type: "module", devDependencies: { vitest, ...more } });
  run(directory, "npm", ["install", "--silent", "--no-engine-strict", "--userconfig", join(installed(), ".npmrc")]);
  return directory;
}

/** As `cdktf init` sets a project up: CommonJS, jest. */
function commonJs(directory: string): void {
  project(directory, {});
  write(directory, "staging.ts", ENVIRONMENT);
  write(directory, "staging.test.ts", test("", "./staging"));
  write(directory, "matchers.ts", declarations("declare global", "namespace jest"));
  write(
    directory,
    "jest.config.js",
    'module.exports = { transform: { "\\\\.ts$": "@swc/jest" }, testTimeout: 60_000 };\n',
  );
  compiles(directory, { module: "CommonJS", moduleResolution: "Node10", types: ["jest", "node"] }, ["oldest"]);
  compiles(directory, { module: "Node16", moduleResolution: "Node16", types: ["jest", "node"] }, ["oldest", "newest"]);
  timed("jest, CommonJS", () => run(directory, bin("jest"), ["--ci=false"]));
  deepImportIsRefused(directory);
}

interface Vitest {
  readonly vitest: string;
  /** Type parameters of what matchers are declared in. */
  readonly matchers: string;
  /** @default the Node.js that runs this */
  readonly node?: string;
}

/** ES modules, vitest. */
function esModules(directory: string, { vitest, matchers, node = process.execPath }: Vitest): void {
  write(directory, "package.json", JSON.stringify({ name: "esm", private: true, type: "module" }));
  write(directory, "staging.ts", ENVIRONMENT);
  write(directory, "staging.test.ts", test('import { expect, test } from "vitest";', "./staging.js"));
  write(directory, "matchers.ts", declarations('declare module "vitest"', `Matchers<${matchers}>`));
  // Vitest's own declarations clash with each other under the newest compiler.
  const options = { types: ["node"], skipLibCheck: true };
  compiles(directory, { module: "NodeNext", moduleResolution: "NodeNext", ...options }, ["oldest", "newest"]);
  compiles(directory, { module: "ESNext", moduleResolution: "Bundler", ...options }, ["oldest", "newest"]);
  const own = join(directory, "node_modules/vitest");
  const program = join(existsSync(own) ? own : join(installed(), "node_modules/vitest"), "vitest.mjs");
  timed(`vitest ${vitest}, ES modules`, () =>
    run(directory, node, [program, "run", "--update", "--testTimeout", "60000"]),
  );
}

/** One file by webpack, what is read late included, writes what the modules write. */
function bundled(directory: string): void {
  project(directory, { devDependencies: { webpack: VERSIONS.webpack } });
  run(directory, "npm", ["install", "--silent", "--userconfig", join(installed(), ".npmrc")]);
  write(
    directory,
    "main.js",
    `const { Dataplane, synthesize } = require("cdktf-gke-cilium");
const { replacementsBetween } = require("cdktf-gke-cilium/testing");
${DEFINITION.replace("DATAPLANE", "Dataplane.kubeProxyFree({ existingPods: {} })")}
const spot = { ...staging, nodePools: [{ ...staging.nodePools[0], spot: true }] };
if (replacementsBetween(staging, spot).length !== 1) throw new Error("one pool is replaced");
synthesize([staging]);
`,
  );
  write(
    directory,
    "bundle.js",
    `require("webpack")(
  { mode: "development", target: "node", entry: "./main.js", output: { path: __dirname, filename: "bundled.js" } },
  (error, stats) => {
    if (error ?? stats.hasErrors()) throw error ?? new Error(stats.toString("errors-warnings"));
  },
);
`,
  );
  run(directory, process.execPath, ["bundle.js"]);
  const [modules, bundle] = ["main.js", "bundled.js"].map((file) => {
    run(directory, process.execPath, [file]);
    const stacks = join(directory, "cdktf.out/stacks");
    const written = readdirSync(stacks).map((stack) => readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8"));
    rmSync(join(directory, "cdktf.out"), { recursive: true });
    return written.join("\n");
  });
  if (modules !== bundle) throw new Error("webpack's bundle writes otherwise");
}

/**
 * What a snapshot test of one environment reads: neither the preview, nor a reader of YAML, nor bindings of what is not there.
 * The time is reported beside that of cdktf with the same bindings, and decides nothing.
 */
function imports(directory: string): void {
  write(
    directory,
    "imports.js",
    `const { Dataplane } = require("cdktf-gke-cilium");
const { synthEnvironment } = require("cdktf-gke-cilium/testing");
${DEFINITION.replace("DATAPLANE", "Dataplane.kubeProxyFree()")}
synthEnvironment(staging);
const late = /gke-cilium.dist.lib.preview|node_modules.yaml.|job-v1|node_modules.diff./;
const read = Object.keys(require.cache).filter((file) => late.test(file));
if (read.length > 0) throw new Error("a snapshot test reads " + read.join(", "));
`,
  );
  run(directory, process.execPath, ["imports.js"]);
  const [ours, theirs] = alternate(directory, ["cdktf-gke-cilium/testing"], PLAIN);
  process.stdout.write(
    `import of cdktf-gke-cilium/testing: ${ours.toFixed(2)} s, of cdktf and bindings alone: ${theirs.toFixed(2)} s (${(ours / theirs).toFixed(1)} times)\n`,
  );
}

/** Seconds of the quickest process that imports one list of modules, and the other, in turn. */
function alternate(directory: string, ...lists: readonly (readonly string[])[]): [number, number] {
  const [first, second] = lists.map((modules) => modules.map((name) => `require("${name}");`).join(""));
  let best: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const seconds = (program = "") => {
    const from = process.hrtime.bigint();
    execFileSync(process.execPath, ["-e", program], { cwd: directory });
    return Number(process.hrtime.bigint() - from) / 1e9;
  };
  for (let round = 0; round < 7; round++)
    best = [Math.min(best[0], seconds(first)), Math.min(best[1], seconds(second))];
  return best;
}

/** Plug'n'Play refuses every import of what a package does not declare. */
function plugAndPlay(directory: string, archive: string): void {
  project(directory, { dependencies: { ...PEERS, "cdktf-gke-cilium": `file:../${archive}` } });
  const registry = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();
  write(
    directory,
    ".yarnrc.yml",
    `nodeLinker: pnp\nenableTelemetry: false\nenableImmutableInstalls: false\nnpmRegistryServer: "${registry}"\n` +
      `unsafeHttpWhitelist: ["${new URL(registry).hostname}"]\n`,
  );
  write(directory, "yarn.lock", "");
  write(
    directory,
    "main.js",
    `const { Dataplane, synthesize } = require("cdktf-gke-cilium");
const { synthEnvironment } = require("cdktf-gke-cilium/testing");
${DEFINITION.replace("DATAPLANE", "Dataplane.v2({ policyLogging: { deny: { log: true } } })")}
if (Object.keys(synthEnvironment(staging)).length !== 3) throw new Error("three stacks were expected");
synthesize([staging]);
`,
  );
  const tool = join(workspace, "yarn");
  project(tool, {});
  run(tool, "npm", ["install", "--silent", `@yarnpkg/cli-dist@${VERSIONS.yarn}`]);
  const yarn = join(tool, "node_modules/@yarnpkg/cli-dist/bin/yarn.js");
  run(directory, process.execPath, [yarn, "install"]);
  run(directory, process.execPath, [yarn, "node", "main.js"]);
}

/** What is not public cannot be imported. */
function deepImportIsRefused(directory: string): void {
  const script =
    'try { require("cdktf-gke-cilium/lib/cilium"); process.exitCode = 1 } catch (e) { if (e.code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") throw e }';
  run(directory, process.execPath, ["-e", script]);
}

function compiles(directory: string, options: object, compilers: readonly ("oldest" | "newest")[]): void {
  for (const compiler of compilers) {
    const compilerOptions = { strict: true, noEmit: true, target: "ES2022", skipLibCheck: false, ...options };
    write(directory, "tsconfig.json", JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    process.stdout.write(`TypeScript ${VERSIONS[compiler]}, ${JSON.stringify(options)}\n`);
    run(directory, process.execPath, [join(directory, `../node_modules/typescript-${compiler}/bin/tsc`)]);
  }
}

function timed(title: string, work: () => void): void {
  const from = process.hrtime.bigint();
  work();
  process.stdout.write(`${title}: ${(Number(process.hrtime.bigint() - from) / 1e9).toFixed(1)} s from nothing\n`);
}

function bin(name: string): string {
  return join(installed(), "node_modules/.bin", name);
}

/** The project whose packages those in its folders use, too. */
function installed(): string {
  return join(workspace, "npm");
}

function project(directory: string, manifest: object): void {
  write(directory, "package.json", JSON.stringify({ name: "consumer", version: "1.0.0", private: true, ...manifest }));
}

function write(directory: string, name: string, text: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), text);
}

function run(cwd: string, program: string, args: readonly string[]): void {
  process.stdout.write(`$ ${[program.split("/").pop(), ...args].join(" ").slice(0, 120)}\n`);
  execFileSync(program, args, { cwd, stdio: "inherit" });
}
