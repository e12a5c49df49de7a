import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { freemem } from "node:os";
import { join } from "node:path";
import { environments } from "../environments";
import { packageRoot } from "../sandbox/paths";
import { ProcessLedger } from "../sandbox/processes";
import { findTools, providersOf, readStacks, Sandbox, SandboxFiles, type Tools } from "../sandbox/runtime";
import { type Reporter, terminalReporter } from "../sandbox/terminal";
import { ToolchainError } from "../sandbox/toolchain";
import { parseArguments, type RunArguments, USAGE } from "./arguments";
import { renderMarkdown, renderTerminal } from "./harness/report";
import { outcomeOf, type RunResult, type ScenarioResult, tally } from "./harness/results";
import { runScenarios } from "./harness/runner";
import { type EnvironmentName, scenariosOf } from "./harness/scenario";
import { recordTraffic } from "./recording";
import { Bench } from "./rig/bench";
import { RunningCommand } from "./rig/command";
import { SandboxCloud, usersOf } from "./rig/sandbox-cloud";
import { SCENARIOS } from "./scenarios";

/** Exit status for "not run", as test harnesses have it since Automake. */
const NOT_RUN = 77;
/** Control plane, Terraform and providers of one environment at work. */
const MEMORY_PER_ENVIRONMENT = 2.5 * 1024 ** 3;

const ROOT = packageRoot();
const DIRECTORY = join(ROOT, ".sandbox", "e2e");
const REPORT = join(ROOT, ".sandbox", "e2e-report");

async function main(): Promise<number> {
  const options = parseArguments(process.argv.slice(2));
  if (options.list) return list(options);
  const reporter = terminalReporter();
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      reporter.line("interrupted: the current steps end, then everything is stopped");
      stopping.abort();
    });
  // The list of what a run before has left running, if it was killed, goes with the directory.
  await new ProcessLedger(new SandboxFiles(join(DIRECTORY, "cloud")).ledger).endLeftovers();
  rmSync(DIRECTORY, { recursive: true, force: true });
  mkdirSync(DIRECTORY, { recursive: true });

  const started = Date.now();
  const stacks = await synthesize(options);
  let tools: Tools;
  let sandbox: Sandbox;
  try {
    tools = await findTools(ROOT, providersOf(stacks), { reporter });
    sandbox = await Sandbox.start({
      directory: join(DIRECTORY, "cloud"),
      users: usersOf(options.environments),
      reporter,
    });
  } catch (error) {
    if (!(error instanceof ToolchainError)) throw error;
    process.stderr.write(`e2e: NOT RUN: ${error.message}\n`);
    return NOT_RUN;
  }
  try {
    const { standIns } = await sandbox.prepare(stacks);
    const side = atOnce(options);
    reporter.line(`${options.environments.join(", ")}: ${side} at a time; logs are in ${DIRECTORY}`);
    const benches = options.environments.map((name) => benchOf(name, sandbox, tools));
    const providers = Object.entries(providersOf(stacks))
      .map((provider) => provider.join(" "))
      .join(", ");
    const results = await inParallel(side, benches, async (bench) => {
      const save = options.record ? recordTraffic(sandbox, bench.environment, providers) : undefined;
      const ended = await run(bench, options, reporter, stopping.signal);
      if (save) reporter.line(`recorded: ${save()}`);
      return ended;
    });
    const result: RunResult = {
      startedAt: new Date(started).toISOString(),
      seconds: (Date.now() - started) / 1000,
      versions: { [tools.terraform.kind]: tools.terraform.version, ...providersOf(stacks) },
      remarks: standIns.map(
        (chart) => `${chart} could not be had: a stand-in with the same object names was installed.`,
      ),
      scenarios: results.flat(),
      measurements: benches.flatMap(({ measurements }) => measurements),
    };
    writeFileSync(`${REPORT}.json`, `${JSON.stringify(result, null, 2)}\n`);
    writeFileSync(`${REPORT}.md`, renderMarkdown(result));
    process.stdout.write(renderTerminal(result, reporter.style));
    process.stdout.write(`The whole report: ${REPORT}.md\n`);
    const failed = tally(result.scenarios).failed > 0;
    if (failed && options.keep && !stopping.signal.aborted) await untilInterrupted(reporter, stopping.signal);
    return failed || stopping.signal.aborted ? 1 : 0;
  } finally {
    await sandbox.stop();
  }
}

/** Synthesizes every environment, to learn which providers, charts, projects and buckets the run needs. */
async function synthesize({ environments: names }: RunArguments) {
  const output = join(DIRECTORY, "synth");
  mkdirSync(output);
  for (const name of names) {
    const result = await new RunningCommand(process.execPath, [appFile(), name], {
      cwd: DIRECTORY,
      environment: { ...process.env, CDKTF_OUTDIR: join(output, name) },
      log: join(DIRECTORY, "logs", `synth-${name}.log`),
      timeoutSeconds: 300,
    }).result;
    if (result.code !== 0) throw new Error(`'${name}' cannot be synthesized:\n${result.output}`);
  }
  return names.flatMap((name) => readStacks(join(output, name)));
}

function appFile(): string {
  const file = join(ROOT, "dist", "e2e", "app", "main.js");
  if (!existsSync(file)) throw new Error(`${file} is missing; run 'npm run build' first`);
  return file;
}

function benchOf(name: EnvironmentName, sandbox: Sandbox, tools: Tools): Bench {
  const definition = environments.find((environment) => environment.name === name);
  if (!definition) throw new Error(`there is no environment '${name}' in environments/`);
  return new Bench({
    environment: name,
    definition,
    cloud: new SandboxCloud(sandbox, tools, name, definition.project),
    directory: join(DIRECTORY, name),
    app: appFile(),
  });
}

async function run(bench: Bench, options: RunArguments, reporter: Reporter, stopping: AbortSignal) {
  const scenarios = scenariosOf(bench.environment, SCENARIOS, options.only, isAlone(options));
  const results = await runScenarios(bench, scenarios, {
    reporter,
    failureFile: join(DIRECTORY, `${bench.environment}-failures.txt`),
    stopping,
  });
  summary(reporter, results);
  return results;
}

function summary(reporter: Reporter, results: readonly ScenarioResult[]): void {
  const worst = outcomeOf(results.flatMap(({ steps }) => steps));
  reporter.line(`${results[0]?.environment ?? ""}: ${worst}`);
}

/** How many environments run side by side: as many as memory allows, but one where its traffic is recorded. */
function atOnce({ environments: names, record }: RunArguments): number {
  if (record) return 1;
  return Math.max(1, Math.min(names.length, Math.floor(freemem() / MEMORY_PER_ENVIRONMENT)));
}

async function inParallel<T, R>(width: number, items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...items.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

function isAlone({ environments: names }: RunArguments): boolean {
  return names.length === 1;
}

function list(options: RunArguments): number {
  for (const name of options.environments) {
    process.stdout.write(`${name}\n`);
    for (const { id, title } of scenariosOf(name, SCENARIOS, options.only, isAlone(options)))
      process.stdout.write(`  ${id.padEnd(20)} ${title}\n`);
  }
  return 0;
}

async function untilInterrupted(reporter: Reporter, signal: AbortSignal): Promise<void> {
  reporter.line("a scenario failed: the sandbox goes on until Ctrl-C");
  const keepAlive = setInterval(() => {}, 60_000);
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  clearInterval(keepAlive);
}

if (process.argv.includes("--help")) process.stdout.write(USAGE);
else
  main().then(
    (status) => {
      process.exitCode = status;
    },
    (error: Error) => {
      process.stderr.write(`e2e: ${error.stack ?? error.message}\n`);
      process.exitCode = 1;
    },
  );
