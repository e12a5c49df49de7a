/**
 * How long a preview takes, as whole processes, beside tf-summarize and tfcmt on the same plan, in one run. They read
 * less (addresses and actions; Terraform's own text), so the ratio says what the rest costs. No timing passes or fails
 * anything. A tool that is neither on the PATH nor named in TF_SUMMARIZE or TFCMT is reported as not run.
 *
 *   npm run bench:preview
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "..", "..");
const workspace = mkdtempSync(join(tmpdir(), "bench-preview-"));
const cli = join(root, "dist", "lib", "preview", "cli.js");
const RUNS = 5;

function main(): void {
  try {
    offline();
    plan();
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

/** 100 stacks made of the shipped ones, two thirds of the environments changed. */
function offline(): void {
  const shipped = join(workspace, "shipped");
  run(["node", "dist/main.js"], { CDKTF_OUTDIR: shipped });
  const [base, head] = [join(workspace, "base"), join(workspace, "head")];
  const [stacks, changed] = [multiply(shipped, base, false), multiply(shipped, head, true)];
  const outputs = ["md", "html", "json"].flatMap((kind) => ["--out", join(workspace, `offline.${kind}`)]);
  const seconds = time(["node", cli, "--base", base, "--head", head, ...outputs], [2, 3]);
  say(
    `${stacks} stacks offline, ${changed} of them changed, to Markdown, HTML and JSON: ${median(seconds)} s (${range(seconds)})`,
  );
}

function multiply(shipped: string, target: string, change: boolean): number {
  const manifest = JSON.parse(readFileSync(join(shipped, "manifest.json"), "utf8"));
  const names = Object.keys(manifest.stacks);
  const stacks: Record<string, unknown> = {};
  let changed = 0;
  for (let i = 0; Object.keys(stacks).length < 100; i++) {
    const source = names[i % names.length]!;
    const environment = source.split("-")[0]!;
    const rename = (text: string) => text.replaceAll(environment, `${environment}${Math.floor(i / names.length)}`);
    let text = rename(readFileSync(join(shipped, "stacks", source, "cdk.tf.json"), "utf8"));
    if (change && Math.floor(i / names.length) % 3 !== 0) {
      const edited = text
        .replace(/"machine_type": "e2-/g, '"machine_type": "n2-')
        .replace(/"version": "1\.20\.2"/g, '"version": "1.19.6"');
      if (edited !== text) changed++;
      text = edited;
    }
    mkdirSync(join(target, "stacks", rename(source)), { recursive: true });
    writeFileSync(join(target, "stacks", rename(source), "cdk.tf.json"), text);
    stacks[rename(source)] = JSON.parse(rename(JSON.stringify(manifest.stacks[source])));
  }
  writeFileSync(join(target, "manifest.json"), JSON.stringify({ stacks, version: manifest.version }));
  return change ? changed : Object.keys(stacks).length;
}

/** A plan of 10 MB made by Terraform itself: resources with JSON and text in them, most of them updated. */
function plan(): void {
  const directory = join(workspace, "plan");
  mkdirSync(directory, { recursive: true });
  // A thousand instances of a block: so many blocks would keep Terraform itself busy for minutes.
  const write = (generation: number) => {
    const lines = Array.from({ length: 30 }, (_, i) => `value ${i}`);
    const values = {
      replicas: generation,
      image: { tag: `v${generation}`, repository: "quay.io/cilium/cilium" },
      lines,
    };
    const text = JSON.stringify(values).replace("value 0", "value ${count.index}");
    const blocks = {
      document: { count: 1000, input: text },
      object: { count: 900, input: values },
      replaced: { count: 100, input: values, triggers_replace: generation },
    };
    writeFileSync(join(directory, "main.tf.json"), JSON.stringify({ resource: { terraform_data: blocks } }));
  };
  const terraform = (args: readonly string[]) =>
    spawnSync("terraform", [...args, "-no-color"], {
      cwd: directory,
      encoding: "utf8",
      maxBuffer: 2 ** 30,
      env: { ...process.env, CHECKPOINT_DISABLE: "1" },
    });
  if (terraform(["version"]).error) {
    say("10 MB plan: not run, Terraform is not on the PATH");
    return;
  }
  write(1);
  const must = (args: readonly string[]) => {
    const { status, signal, stderr } = terraform(args);
    if (status !== 0) throw new Error(`terraform ${args[0]} ended with ${status ?? signal}: ${stderr}`);
  };
  must(["init"]);
  must(["apply", "-auto-approve"]);
  write(2);
  must(["plan", "-out=plan"]);
  const plans = join(workspace, "plans");
  mkdirSync(plans, { recursive: true });
  writeFileSync(join(plans, "big-cluster.json"), terraform(["show", "-json", "plan"]).stdout);
  writeFileSync(join(workspace, "plan.txt"), terraform(["show", "plan"]).stdout);
  const head = join(workspace, "big");
  mkdirSync(join(head, "stacks", "big-cluster"), { recursive: true });
  cpSync(join(directory, "main.tf.json"), join(head, "stacks", "big-cluster", "cdk.tf.json"));
  const stack = {
    synthesizedStackPath: "stacks/big-cluster/cdk.tf.json",
    workingDirectory: "stacks/big-cluster",
    dependencies: [],
    annotations: [],
  };
  writeFileSync(join(head, "manifest.json"), JSON.stringify({ stacks: { "big-cluster": stack }, version: "0.21.0" }));

  const json = join(plans, "big-cluster.json");
  const size = (statSync(json).size / 1e6).toFixed(1);
  const ours = time(["node", cli, "--head", head, "--plan-json", plans, "--out", join(workspace, "plan.md")], [2, 3]);
  say(`\nA plan of ${size} MB (2,000 resources) to a comment:`);
  say(`  gke-cilium-preview  ${median(ours)} s (${range(ours)}), ${kilobytes(join(workspace, "plan.md"))} kB`);
  const tools = [
    { name: "tf-summarize", command: [process.env["TF_SUMMARIZE"] ?? "tf-summarize", "-md", json] },
    {
      name: "tfcmt",
      command: [
        process.env["TFCMT"] ?? "tfcmt",
        "-owner",
        "o",
        "-repo",
        "r",
        "-output",
        join(workspace, "tfcmt.md"),
        "plan",
        "--",
        "cat",
        join(workspace, "plan.txt"),
      ],
    },
  ];
  for (const { name, command } of tools) {
    if (spawnSync(command[0]!, ["--help"]).error) {
      say(`  ${name.padEnd(19)} not run: put it on the PATH, or name it in ${name.toUpperCase().replace("-", "_")}`);
      continue;
    }
    const theirs = time(command, [0]);
    say(
      `  ${name.padEnd(19)} ${median(theirs)} s (${range(theirs)}), ${(Number(median(ours)) / Number(median(theirs))).toFixed(1)} times faster than ours`,
    );
  }
}

function time(command: readonly string[], codes: readonly number[]): readonly number[] {
  return Array.from({ length: RUNS }, () => {
    const start = process.hrtime.bigint();
    run(command, {}, codes);
    return Number(process.hrtime.bigint() - start) / 1e9;
  }).sort((a, b) => a - b);
}

function run(command: readonly string[], env: Readonly<Record<string, string>>, codes: readonly number[] = [0]): void {
  const { status, stderr, stdout } = spawnSync(command[0]!, command.slice(1), {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (!codes.includes(status ?? -1))
    throw new Error(`${command.join(" ")} ended with ${status}: ${(stderr || stdout).slice(0, 500)}`);
}

function median(seconds: readonly number[]): string {
  return seconds[Math.floor(seconds.length / 2)]!.toFixed(2);
}

function range(seconds: readonly number[]): string {
  return `${seconds[0]!.toFixed(2)} to ${seconds.at(-1)!.toFixed(2)}`;
}

function kilobytes(file: string): string {
  return (statSync(file).size / 1e3).toFixed(0);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main();
