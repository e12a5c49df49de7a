import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { writeStockProject } from "./stock-project";

/**
 * How long a synth takes, as whole processes, beside a stock cdktf project (TypeScript 5.9, ts-node) that declares the
 * same resources, in one run. Ratios are what counts: no timing here passes or fails anything.
 */
const root = resolve(__dirname, "..", "..");
const workspace = join(root, ".bench");
const stock = join(workspace, "stock");
/** A copy of this repository's app, whose environments can be changed. */
const ours = join(workspace, "app");
const RUNS = 5;

interface Sample {
  readonly seconds: number;
  readonly megabytes: number;
}

function main(): void {
  rmSync(workspace, { recursive: true, force: true });
  mkdirSync(stock, { recursive: true });
  say("Building, and writing the shipped environments as a stock project ...");
  run(root, ["node", "dist/main.js"], { CDKTF_OUTDIR: join(workspace, "ours") });
  writeStockProject(join(workspace, "ours"), stock);
  writeFileSync(join(stock, "package.json"), '{ "private": true }\n');
  writeFileSync(join(stock, "tsconfig.json"), JSON.stringify(STOCK_TSCONFIG));
  run(
    stock,
    [
      "npm",
      "install",
      "--no-save",
      "--silent",
      "--ignore-scripts",
      "typescript@5.9.3",
      "ts-node@10.9.2",
      "@types/node@20",
    ],
    {},
  );
  run(stock, ["npx", "tsc"], {});

  copyOurs();
  const fromSource = (edit: boolean): Candidate[] => [
    {
      cwd: ours,
      command: ["sh", "-c", appCommand()],
      env: { CDKTF_OUTDIR: join(workspace, "a") },
      ...(edit ? { edits: join(ours, "environments", "staging.ts") } : {}),
    },
    { cwd: stock, command: ["npx", "ts-node", "main.ts"], env: { CDKTF_OUTDIR: join(workspace, "b") } },
  ];
  const names = ["ours: type check, compile, synth", "stock: ts-node"];
  say("\nThree environments, from source to cdktf.out, after a change of one:");
  table(names, alternate(RUNS, fromSource(true)));
  say("\nThe same again, without a change:");
  table(names, alternate(RUNS, fromSource(false)));

  say("\nImport alone, of what one environment takes:");
  const importing = (...modules: readonly string[]) => [
    "node",
    "-e",
    modules.map((name) => `require("${name}");`).join(""),
  ];
  const imported = alternate(RUNS, [
    { cwd: root, command: importing(join(root, "dist/lib/testing"), join(root, "dist/lib")), env: {} },
    {
      cwd: root,
      command: importing(
        "cdktf",
        "@cdktf/provider-google/lib/container-cluster",
        "@cdktf/provider-google/lib/container-node-pool",
        "@cdktf/provider-google/lib/data-google-container-cluster",
        "@cdktf/provider-helm/lib/release",
        "@cdktf/provider-kubernetes/lib/daemon-set-v1",
      ),
      env: {},
    },
    { cwd: root, command: importing("cdktf"), env: {} },
  ]);
  table(["ours, with the testing kit", "cdktf and its bindings", "cdktf alone"], imported);

  say("\nEach further environment (three stacks), compiled JavaScript on both sides:");
  const rows: string[][] = [["environments", "ours", "per env.", "plain cdktf", "per env.", "ratio of cost"]];
  let base: readonly Sample[] | undefined;
  for (const environments of [1, 10, 100, 1000]) {
    const [ours, plain] = alternate(environments >= 1000 ? 1 : 3, [
      {
        cwd: root,
        command: ["node", "dist/bench/many.js"],
        env: { COPIES: String(environments), CDKTF_OUTDIR: join(workspace, "c") },
      },
      {
        cwd: stock,
        command: ["node", "out/main.js"],
        env: { COPIES: String(environments / 3), CDKTF_OUTDIR: join(workspace, "d") },
      },
    ]) as [Sample, Sample];
    base ??= [ours, plain];
    const cost = (sample: Sample, first: Sample) => (sample.seconds - first.seconds) / Math.max(1, environments - 1);
    const costs = [cost(ours, base[0]!), cost(plain, base[1]!)] as const;
    const each = (value: number) => (environments === 1 ? "" : `${(value * 1000).toFixed(1)} ms`);
    rows.push([
      String(environments),
      show(ours),
      each(costs[0]),
      show(plain),
      each(costs[1]),
      environments === 1 ? "" : (costs[0] / costs[1]).toFixed(2),
    ]);
  }
  print(rows);
  rmSync(workspace, { recursive: true, force: true });
}

function copyOurs(): void {
  for (const name of [
    "main.ts",
    "environments",
    "lib",
    "package.json",
    "tsconfig.json",
    "tsconfig.lib.json",
    "tsconfig.app.json",
  ])
    cpSync(join(root, name), join(ours, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(ours, "node_modules"), "junction");
}

/** What cdktf itself runs. */
function appCommand(): string {
  return (JSON.parse(readFileSync(join(root, "cdktf.json"), "utf8")) as { app: string }).app;
}

/** The cdktf template's, with an output directory for the compiled variant. */
const STOCK_TSCONFIG = {
  compilerOptions: {
    alwaysStrict: true,
    experimentalDecorators: true,
    lib: ["es2018"],
    module: "CommonJS",
    noEmitOnError: true,
    outDir: "out",
    resolveJsonModule: true,
    skipLibCheck: true,
    strict: true,
    target: "ES2018",
    types: ["node"],
  },
  files: ["main.ts"],
};

interface Candidate {
  readonly cwd: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A file that gets another line before each run. */
  readonly edits?: string;
}

/** Runs the candidates in turn, one warm-up each, and returns the median of each. */
function alternate(runs: number, candidates: readonly Candidate[]): Sample[] {
  const samples: Sample[][] = candidates.map(() => []);
  for (let round = runs > 1 ? -1 : 0; round < runs; round++)
    candidates.forEach(({ cwd, command, env, edits }, index) => {
      if (edits !== undefined) appendFileSync(edits, `// ${round}\n`);
      const sample = run(cwd, command, env);
      if (round >= 0) samples[index]!.push(sample);
    });
  return samples.map((list) => [...list].sort((a, b) => a.seconds - b.seconds)[Math.floor(list.length / 2)]!);
}

function run(cwd: string, command: readonly string[], env: Readonly<Record<string, string>>): Sample {
  const started = process.hrtime.bigint();
  const [program, ...args] = ["/usr/bin/env", "time", "-f", "%M", ...command] as const;
  const hasTime = spawnSync("sh", ["-c", "command -v time"]).status === 0;
  const result = hasTime
    ? spawnSync(program, args, { cwd, env: { ...process.env, ...env }, encoding: "utf8" })
    : spawnSync(command[0]!, command.slice(1), { cwd, env: { ...process.env, ...env }, encoding: "utf8" });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (result.status !== 0) throw new Error(`${command.join(" ")} failed:\n${result.stdout}${result.stderr}`);
  const kilobytes = hasTime ? Number(result.stderr.trim().split("\n").pop()) : Number.NaN;
  return { seconds, megabytes: kilobytes / 1024 };
}

function table(names: readonly string[], samples: readonly Sample[]): void {
  print([
    ["", "median", "ratio"],
    ...names.map((name, index) => [
      name,
      show(samples[index]!),
      (samples[index]!.seconds / samples[0]!.seconds).toFixed(1),
    ]),
  ]);
}

function show({ seconds, megabytes }: Sample): string {
  return `${seconds.toFixed(2)} s${Number.isFinite(megabytes) ? ` ${megabytes.toFixed(0)} MB` : ""}`;
}

function print(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows)
    say(
      `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join("  ")}`,
    );
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main();
