import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./deployment/in-sandbox";

/**
 * The packed library in projects of all kinds that use it: the oldest and the newest TypeScript, CommonJS and ES modules, each
 * with the runner that goes with it, and Yarn's Plug'n'Play, where only what is declared can be imported. How long a first
 * snapshot test takes is reported.
 */
const VERSIONS = { oldest: "5.4.5", newest: "7.0.2", jest: "30.5.2", vitest: "3.2.4", yarn: "4.18.1" };
const { devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  devDependencies: Record<string, string>;
};
const PEERS = Object.fromEntries(
  ["@cdktf/provider-google", "@cdktf/provider-helm", "@cdktf/provider-kubernetes", "cdktf", "constructs"].map(
    (name) => [name, devDependencies[name] ?? ""],
  ),
);

const ENVIRONMENT = `import { Dataplane, defineEnvironment, Monitoring } from "cdktf-gke-cilium";

export const staging = defineEnvironment({
  name: "staging",
  project: "acme-staging",
  location: "asia-northeast1",
  network: { nodes: "10.16.0.0/20", pods: "10.20.0.0/14", services: "10.24.0.0/20" },
  dataplane: Dataplane.kubeProxyFree({ hubble: { relay: true } }),
  nodePools: [{ name: "general", minNodes: 3, maxNodes: 9 }],
  monitoring: Monitoring.prometheus(),
});
`;

/** The same test in the words of each runner. */
const test = (runner: string, environment: string) => `${runner}
import { environmentMatchers, expectNoReplacements, invalidEnvironments, synthEnvironment } from "cdktf-gke-cilium/testing";
import { environmentsProblems } from "cdktf-gke-cilium";
import { staging } from "${environment}";

expect.extend(environmentMatchers);

test("staging is what was reviewed", () => {
  expect(Object.keys(synthEnvironment(staging))).toEqual(["staging-cluster", "staging-monitoring", "staging-networking"]);
  expect(synthEnvironment(staging)).toMatchSnapshot();
});

test("matchers hold, and fail where they should", () => {
  (expect(staging) as any).toBeSound();
  (expect({ ...staging, name: "NO" }) as any).toHaveProblem("'name'");
  expect(() => (expect({ ...staging, name: "NO" }) as any).toBeSound()).toThrow("'name'");
  expectNoReplacements(staging, { ...staging, labels: { team: "network" } });
});

test("mistakes are refused", () => {
  for (const { property, spoil } of invalidEnvironments)
    expect(environmentsProblems([spoil(staging)]).join("\\n")).toContain(property);
});
`;

const workspace = mkdtempSync(join(tmpdir(), "cdktf-gke-cilium-consumers-"));
try {
  run(ROOT, "npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", workspace]);
  const archive = readdirSync(workspace).find((name) => name.endsWith(".tgz"));
  if (archive === undefined) throw new Error("npm pack wrote no archive");
  const installed = join(workspace, "npm");
  project(installed, {
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
  writeFileSync(join(installed, ".npmrc"), "audit=false\nfund=false\nprefer-offline=true\n");
  run(installed, "npm", ["install", "--silent"]);
  commonJs(join(installed, "cjs"));
  esModules(join(installed, "esm"));
  plugAndPlay(join(workspace, "pnp"), archive);
  process.stdout.write("The packed library works in every kind of project that was tried.\n");
} finally {
  rmSync(workspace, { recursive: true, force: true });
}

/** As `cdktf init` sets a project up: CommonJS, jest. */
function commonJs(directory: string): void {
  project(directory, {});
  write(directory, "staging.ts", ENVIRONMENT);
  write(directory, "staging.test.ts", test("", "./staging"));
  write(directory, "jest.config.js", 'module.exports = { transform: { "\\\\.ts$": "@swc/jest" } };\n');
  compiles(directory, { module: "CommonJS", moduleResolution: "Node10", types: ["jest", "node"] }, ["oldest"]);
  compiles(directory, { module: "Node16", moduleResolution: "Node16", types: ["jest", "node"] }, ["oldest", "newest"]);
  timed("jest, CommonJS", () => run(directory, bin("jest"), ["--ci=false"]));
  deepImportIsRefused(directory);
}

/** ES modules, vitest. */
function esModules(directory: string): void {
  project(directory, { type: "module" });
  write(directory, "staging.ts", ENVIRONMENT);
  write(directory, "staging.test.ts", test('import { expect, test } from "vitest";', "./staging.js"));
  // Vitest's own declarations clash with each other under the newest compiler.
  const options = { types: ["node"], skipLibCheck: true };
  compiles(directory, { module: "NodeNext", moduleResolution: "NodeNext", ...options }, ["oldest", "newest"]);
  compiles(directory, { module: "ESNext", moduleResolution: "Bundler", ...options }, ["oldest", "newest"]);
  timed("vitest, ES modules", () => run(directory, bin("vitest"), ["run", "--update"]));
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
const staging = {
  name: "staging", project: "acme-staging", location: "asia-northeast1",
  network: { nodes: "10.16.0.0/20", pods: "10.20.0.0/14", services: "10.24.0.0/20" },
  dataplane: Dataplane.v2({ policyLogging: { deny: { log: true } } }),
  nodePools: [{ name: "general", minNodes: 3, maxNodes: 9 }],
};
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
  return join(workspace, "npm/node_modules/.bin", name);
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
