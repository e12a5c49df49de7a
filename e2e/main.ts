import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../sandbox/paths";
import { ProcessLedger } from "../sandbox/processes";
import { NODES_VARIABLE, RealNodesUnavailable } from "../sandbox/real-nodes";
import { findTools, providersOf, readStacks, Sandbox, SandboxFiles, type Tools } from "../sandbox/runtime";
import { type Reporter, terminalReporter } from "../sandbox/terminal";
import { ToolchainError } from "../sandbox/toolchain";
import { E2E_ENVIRONMENTS } from "./app/environments";
import { parseArguments, USAGE, UsageError } from "./arguments";
import { NOT_RUN } from "./harness/not-run";
import { runProofs } from "./harness/proof-runner";
import { renderMarkdown, renderTerminal } from "./harness/report";
import { outcomeOf, type RunResult, type ScenarioResult, tally } from "./harness/results";
import { runScenarios } from "./harness/runner";
import { type EnvironmentName, meshedWith, type Scenario } from "./harness/scenario";
import { TimeLimit } from "./harness/time-limit";
import { atOnce, type Lane, lanesOf, notRun, proofsOf, realNodesOf } from "./lanes";
import { listing, unknownNames } from "./listing";
import type { Proof } from "./proofs";
import { recordTraffic } from "./recording";
import { Bench } from "./rig/bench";
import { RunningCommand } from "./rig/command";
import { SandboxCloud, usersOf } from "./rig/sandbox-cloud";

const ROOT = packageRoot();
const DIRECTORY = join(ROOT, ".sandbox", "e2e");
const REPORT = join(ROOT, ".sandbox", "e2e-report");

async function main(): Promise<number> {
  const options = parseArguments(process.argv.slice(2));
  const unknown = unknownNames(options);
  if (unknown.length > 0) throw new UsageError(unknown.join("\n"));
  if (options.list) {
    process.stdout.write(`${listing(options).join("\n")}\n`);
    return 0;
  }
  const reporter = terminalReporter();
  const stopping = new AbortController();
  const limit = new TimeLimit(options.minutes);
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      reporter.line("interrupted: the current steps end, then everything is stopped");
      stopping.abort();
    });
  await endLeftovers();
  rmSync(DIRECTORY, { recursive: true, force: true });
  mkdirSync(DIRECTORY, { recursive: true });

  const started = Date.now();
  const lanes = lanesOf(options);
  const names = [...new Set(lanes.map(({ environment }) => environment))];
  const stacks = await synthesize(names);
  const proofs = proofsOf(options);
  const sandboxes = new Map<string, Sandbox>();
  const stop = () => Promise.all([...sandboxes.values()].map((sandbox) => sandbox.stop()));
  let tools: Tools | undefined;
  let unavailable = "";
  try {
    if (lanes.length > 0) tools = await findTools(ROOT, providersOf(stacks), { reporter });
    const users = usersOf(names.flatMap((name) => [name, ...meshedWith(name)]));
    for (const { cloud, real } of lanes) {
      if (sandboxes.has(cloud)) continue;
      const start = () =>
        Sandbox.start({
          directory: join(DIRECTORY, cloud),
          users,
          reporter,
          environment: real ? withRealNodes(realNodesOf(options)) : withPlayedNodes(),
        });
      try {
        sandboxes.set(cloud, await start());
      } catch (error) {
        if (!(error instanceof RealNodesUnavailable)) throw error;
        reporter.line(error.message);
        unavailable = error.missing.map(({ what, remedy }) => `${what}; ${remedy}`).join(". ");
      }
    }
  } catch (error) {
    await stop();
    if (!(error instanceof ToolchainError)) throw error;
    reporter.line(`nothing can be deployed here: ${error.message}`);
    unavailable = error.message;
    sandboxes.clear();
  }
  try {
    const standIns = new Set<string>();
    const prepare = async (sandbox: Sandbox, wanted: typeof stacks) => {
      for (const chart of (await sandbox.prepare(wanted)).standIns) standIns.add(chart);
    };
    if (!options.record) await Promise.all([...sandboxes.values()].map((sandbox) => prepare(sandbox, stacks)));
    // One after the other proofs take longest of all, so they begin first.
    const proofLanes = [proofs.filter(({ long }) => long), proofs.filter(({ long }) => !long)];
    const work: (Lane | readonly Proof[])[] = [...proofLanes.filter(({ length }) => length > 0), ...lanes];
    const side = atOnce(work.length, options);
    const titles = work.map((one) => ("name" in one ? one.name : one.map(({ id }) => id).join(" ")));
    reporter.line(`${titles.join(", ")}: ${side} at a time; logs are in ${DIRECTORY}`);
    const providers = Object.entries(providersOf(stacks))
      .map((provider) => provider.join(" "))
      .join(", ");
    const benches: Bench[] = [];
    const results = await inParallel(side, work, async (lane) => {
      if (!("name" in lane)) return await prove(lane, reporter, stopping.signal, limit);
      const sandbox = sandboxes.get(lane.cloud);
      if (!sandbox || !tools) return notRun(lane, unavailable);
      const bench = benchOf(lane, sandbox, tools);
      benches.push(bench, ...bench.meshed);
      const save = options.record ? recordTraffic(sandbox, lane.environment, providers) : undefined;
      // What an environment takes for granted, such as the bucket of its states, belongs into its recording.
      if (save)
        await prepare(
          sandbox,
          stacks.filter(({ name }) => name.startsWith(`${lane.environment}-`)),
        );
      const ended = await run(bench, lane.scenarios, reporter, stopping.signal, limit);
      if (save) reporter.line(`recorded: ${save()}`);
      return ended;
    });
    const result: RunResult = {
      startedAt: new Date(started).toISOString(),
      seconds: (Date.now() - started) / 1000,
      versions: { ...(tools && { [tools.terraform.kind]: tools.terraform.version }), ...providersOf(stacks) },
      remarks: [...standIns].map(
        (chart) => `${chart} could not be had: a stand-in with the same object names was installed.`,
      ),
      scenarios: results.flat(),
      measurements: benches.flatMap(({ measurements }) => measurements),
    };
    writeFileSync(`${REPORT}.json`, `${JSON.stringify(result, null, 2)}\n`);
    writeFileSync(`${REPORT}.md`, renderMarkdown(result));
    process.stdout.write(renderTerminal(result, reporter.style));
    process.stdout.write(`The whole report: ${REPORT}.md\n`);
    const counts = tally(result.scenarios);
    const failed = counts.failed > 0;
    if (failed && options.keep && !stopping.signal.aborted) await untilInterrupted(reporter, stopping.signal);
    if (failed || stopping.signal.aborted) return 1;
    return counts.passed === 0 ? NOT_RUN : 0;
  } finally {
    await stop();
  }
}

/** The environment of a sandbox with real nodes: as many as the caller's own variable says, or these. */
function withRealNodes(nodes: string): NodeJS.ProcessEnv {
  const wanted = process.env[NODES_VARIABLE] ?? "";
  return { ...process.env, [NODES_VARIABLE]: wanted.startsWith("real") ? wanted : nodes };
}

function withPlayedNodes(): NodeJS.ProcessEnv {
  const { [NODES_VARIABLE]: _, ...others } = process.env;
  return others;
}

/** Ends what a run before has left running, if it was killed: the lists of it go with the directory. */
async function endLeftovers(): Promise<void> {
  const clouds = existsSync(DIRECTORY) ? readdirSync(DIRECTORY).filter((name) => name.startsWith("cloud")) : [];
  for (const cloud of clouds) await new ProcessLedger(new SandboxFiles(join(DIRECTORY, cloud)).ledger).endLeftovers();
}

/** Synthesizes every environment, to learn which providers, charts, projects and buckets the run needs. */
async function synthesize(names: readonly EnvironmentName[]) {
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

function benchOf({ name, environment }: Lane, sandbox: Sandbox, tools: Tools): Bench {
  const bench = (one: EnvironmentName, directory: string, meshed: readonly Bench[]) => {
    const definition = E2E_ENVIRONMENTS.find((each) => each.name === one);
    if (!definition) throw new Error(`there is no environment '${one}'`);
    const cloud = new SandboxCloud(sandbox, tools, one, definition.project);
    return new Bench({
      environment: one,
      definition,
      cloud,
      directory: join(DIRECTORY, directory),
      app: appFile(),
      meshed,
    });
  };
  return bench(
    environment,
    name,
    meshedWith(environment).map((other) => bench(other, `${name}-${other}`, [])),
  );
}

function prove(
  proofs: readonly Proof[],
  reporter: Reporter,
  stopping: AbortSignal,
  limit: TimeLimit,
): Promise<ScenarioResult[]> {
  return runProofs(proofs, {
    reporter,
    programs: join(ROOT, "dist"),
    directory: ROOT,
    logs: join(DIRECTORY, "logs"),
    stopping,
    limit,
  });
}

async function run(
  bench: Bench,
  scenarios: readonly Scenario[],
  reporter: Reporter,
  stopping: AbortSignal,
  limit: TimeLimit,
) {
  const results = await runScenarios(bench, scenarios, {
    reporter,
    failureFile: join(DIRECTORY, `${bench.environment}-failures.txt`),
    stopping,
    limit,
  });
  summary(reporter, results);
  return results;
}

function summary(reporter: Reporter, results: readonly ScenarioResult[]): void {
  const worst = outcomeOf(results.flatMap(({ steps }) => steps));
  reporter.line(`${results[0]?.environment ?? ""}: ${worst}`);
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
      process.stderr.write(`e2e: ${(error instanceof UsageError ? undefined : error.stack) ?? error.message}\n`);
      process.exitCode = 1;
    },
  );
