/**
 * How long a preview takes, as whole processes, beside tf-summarize and tfcmt on the same plan, in one run. They read
 * less (addresses and actions; Terraform's own text), so the ratio says what the rest costs. No timing passes or fails
 * anything. The tools are built through Go's modules into the user's cache, unless TF_SUMMARIZE or TFCMT names one; one
 * that cannot be had is reported as not run.
 *
 *   npm run bench:preview
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { InterruptedError, run } from "../lib/preview/run/process";
import { cacheDirectory } from "../sandbox/paths";

const root = resolve(__dirname, "..", "..");
const workspace = mkdtempSync(join(tmpdir(), "bench-preview-"));
const cli = join(root, "dist", "lib", "preview", "cli.js");
const RUNS = 5;

async function main(): Promise<void> {
  try {
    await offline();
    await plan();
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

/** 100 stacks made of the shipped ones, two thirds of the environments changed. */
async function offline(): Promise<void> {
  const shipped = join(workspace, "shipped");
  await must(["node", "dist/main.js"], [0], { CDKTF_OUTDIR: shipped });
  const [base, head] = [join(workspace, "base"), join(workspace, "head")];
  const [stacks, changed] = [multiply(shipped, base, false), multiply(shipped, head, true)];
  const outputs = ["md", "html", "json"].flatMap((kind) => ["--out", join(workspace, `offline.${kind}`)]);
  const seconds = await time(["node", cli, "--base", base, "--head", head, ...outputs], [2, 3]);
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

const RESOURCES = { document: 1000, object: 900, replaced: 100 };
const LINES = Array.from({ length: 40 }, (_, i) => `value ${i}`);

function values(generation: number) {
  return { replicas: generation, image: { tag: `v${generation}`, repository: "quay.io/cilium/cilium" }, lines: LINES };
}

function document(generation: number, index: number | string): string {
  return JSON.stringify(values(generation)).replace("value 0", `value ${index}`);
}

/** A thousand instances of a block: so many blocks would keep Terraform itself busy for minutes. */
function configuration(generation: number): object {
  const input = values(generation);
  const blocks = {
    document: { count: RESOURCES.document, input: document(generation, "${count.index}") },
    object: { count: RESOURCES.object, input },
    replaced: { count: RESOURCES.replaced, input, triggers_replace: generation },
  };
  return { resource: { terraform_data: blocks } };
}

/** What applying the first generation leaves behind. Terraform would write its state anew for each of them. */
function state(): object {
  const type = [
    "object",
    {
      image: ["object", { repository: "string", tag: "string" }],
      lines: ["tuple", LINES.map(() => "string")],
      replicas: "number",
    },
  ];
  const object = { value: values(1), type };
  const resource = (name: keyof typeof RESOURCES, input: (index: number) => object, trigger: object | null) => ({
    mode: "managed",
    type: "terraform_data",
    name,
    provider: 'provider["terraform.io/builtin/terraform"]',
    instances: Array.from({ length: RESOURCES[name] }, (_, index) => ({
      index_key: index,
      schema_version: 0,
      attributes: { id: `${name}-${index}`, input: input(index), output: input(index), triggers_replace: trigger },
    })),
  });
  const resources = [
    resource("document", (index) => ({ value: document(1, index), type: "string" }), null),
    resource("object", () => object, null),
    resource("replaced", () => object, { value: 1, type: "number" }),
  ];
  return { version: 4, terraform_version: "1.11.4", serial: 1, lineage: "bench", outputs: {}, resources };
}

/** A plan of 10 MB made by Terraform itself: resources with JSON and text in them, all of them changed. */
async function plan(): Promise<void> {
  const directory = join(workspace, "plan");
  mkdirSync(directory, { recursive: true });
  const terraform = async (...args: readonly string[]) => {
    const options = { cwd: directory, env: { CHECKPOINT_DISABLE: "1" } };
    const { code, stdout, stderr } = await run("terraform", [...args, "-no-color"], options);
    if (code !== 0) throw new Error(`terraform ${args[0]} ended with ${code}: ${stderr}`);
    return stdout;
  };
  if (!(await isThere("terraform", "version"))) {
    say("10 MB plan: not run, Terraform is not on the PATH");
    return;
  }
  writeFileSync(join(directory, "main.tf.json"), JSON.stringify(configuration(2)));
  writeFileSync(join(directory, "terraform.tfstate"), JSON.stringify(state()));
  await terraform("init");
  await terraform("plan", "-out=plan");
  const plans = join(workspace, "plans");
  mkdirSync(plans, { recursive: true });
  writeFileSync(join(plans, "big-cluster.json"), await terraform("show", "-json", "plan"));
  writeFileSync(join(workspace, "plan.txt"), await terraform("show", "plan"));
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
  const ours = await time(
    ["node", cli, "--head", head, "--plan-json", plans, "--out", join(workspace, "plan.md")],
    [2, 3],
  );
  say(`\nA plan of ${size} MB (2,000 resources) to a comment:`);
  say(`  gke-cilium-preview  ${median(ours)} s (${range(ours)}), ${kilobytes(join(workspace, "plan.md"))} kB`);
  const tools = [
    { name: "tf-summarize", env: {}, args: ["-md", json] },
    {
      name: "tfcmt",
      // It insists on a token, also where it only writes a file.
      env: { GITHUB_TOKEN: "none" },
      args: [
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
  for (const { name, env, args } of tools) {
    const program = await builtProgram(name);
    if (typeof program !== "string") {
      say(`  ${name.padEnd(19)} not run: ${program.reason}; name one in ${variableOf(name)}`);
      continue;
    }
    const theirs = await time([program, ...args], [0], env);
    say(
      `  ${name.padEnd(19)} ${median(theirs)} s (${range(theirs)}), ours takes ${(Number(median(ours)) / Number(median(theirs))).toFixed(1)} times as long`,
    );
  }
}

async function time(
  command: readonly string[],
  codes: readonly number[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<readonly number[]> {
  const seconds: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const start = process.hrtime.bigint();
    await must(command, codes, env);
    seconds.push(Number(process.hrtime.bigint() - start) / 1e9);
  }
  return seconds.sort((a, b) => a - b);
}

async function must(
  command: readonly string[],
  codes: readonly number[],
  env: Readonly<Record<string, string | undefined>> = {},
) {
  const { code, stdout, stderr } = await run(command[0]!, command.slice(1), { cwd: root, env });
  if (!codes.includes(code))
    throw new Error(`${command.join(" ")} ended with ${code}: ${(stderr || stdout).slice(0, 500)}`);
}

/** The tools beside ours, as their authors publish them. */
const MODULES: Readonly<Record<string, string>> = {
  "tf-summarize": "github.com/dineshba/tf-summarize@v0.3.20",
  tfcmt: "github.com/suzuki-shunsuke/tfcmt/v4/cmd/tfcmt@v4.14.18",
};

function variableOf(name: string): string {
  return name.toUpperCase().replace("-", "_");
}

/** Path of a tool: the one that a variable names, or one built once for the version above. */
async function builtProgram(name: string): Promise<string | { readonly reason: string }> {
  const named = process.env[variableOf(name)];
  if (named) return (await isThere(named, "--help")) ? named : { reason: `${named} does not run` };
  const module = MODULES[name]!;
  const directory = join(cacheDirectory(), "bench", module.replace(/.*@/, `${name}@`));
  const program = join(directory, name);
  if (existsSync(program)) return program;
  if (!(await isThere("go", "version"))) return { reason: "Go is not on the PATH, with which it is built" };
  const build = await run("go", ["install", module], { env: { GOBIN: directory } });
  return build.code === 0 ? program : { reason: build.stderr.trim().split("\n").pop() ?? "it cannot be built" };
}

async function isThere(command: string, argument: string): Promise<boolean> {
  try {
    await run(command, [argument]);
    return true;
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    return false;
  }
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
