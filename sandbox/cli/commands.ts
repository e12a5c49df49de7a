import { rmSync } from "node:fs";
import { ProcessLedger } from "../processes";
import {
  ChartArchives,
  findTools,
  GoogleAdmin,
  type Instance,
  prepare,
  providersOf,
  readStacks,
  runningInstance,
  type StackFacts,
  sandboxEnvironment,
  sandboxVariables,
  type Tools,
} from "../runtime";
import { ciliumChart, ensure, type ToolchainOptions } from "../toolchain";
import { ensureRunning, stopRunning } from "./background";
import { runInForeground } from "./child";
import type { Context } from "./context";
import { cdktfRuns } from "./runs";
import { selectStacks } from "./selection";
import { synthesize } from "./synth";

/** `deploy`, `diff` and `destroy`, by cdktf itself. Returns the exit code. */
export async function cdktfCommand(
  context: Context,
  verb: "deploy" | "diff" | "destroy",
  args: readonly string[],
): Promise<number> {
  const { reporter, project, files } = context;
  const names = args.filter((arg) => !arg.startsWith("-"));
  const flags = args.filter((arg) => arg.startsWith("-"));
  const stacks = await synthesize(context);
  const selected = selectStacks(stacks, names);
  const tools = await findTools(project, providersOf(stacks), { reporter });
  const { instance, isNew } = await ensureRunning(context);
  await prepareAndTell(context, instance, selected);

  const environment = environmentOf(context, instance, tools);
  const common = ["--skip-synth", "--skip-provider-lock", "--output", files.output, ...flags];
  const [command, ...leading] = tools.cdktf as [string, ...string[]];
  const cdktf = (more: readonly string[]) =>
    runInForeground(command, [...leading, verb, ...more, ...common], { directory: project, environment });

  let worst = 0;
  for (const run of cdktfRuns(verb, selected, stacks)) {
    const { code, interrupted } = await cdktf(run);
    worst = Math.max(worst, code);
    if (interrupted) {
      if (isNew) await stopRunning(context);
      return 130;
    }
    if (code !== 0 && verb === "destroy") tellProtection(context, selected);
    // The next stack stands on this one, or this one on the next; a diff changes nothing.
    if (code !== 0 && verb !== "diff") break;
  }
  return worst;
}

/** Says what Terraform said as its last words, which cdktf may end before it has passed on. */
function tellProtection({ reporter }: Context, stacks: readonly StackFacts[]): void {
  const names = stacks.filter(({ isProtected }) => isProtected).map(({ name }) => name);
  if (names.length === 0) return;
  reporter.line(
    `${reporter.style.yellow("!")} ${names.join(", ")}: 'deletionProtection' is true, and Terraform refuses to destroy what is protected; set it to false, deploy, then destroy (docs/destroy.md)`,
  );
}

/** `kubectl <environment> ...`: kubectl of the sandbox, logged in to the cluster of an environment. */
export async function kubectlCommand(context: Context, args: readonly string[]): Promise<number> {
  const [environment, ...rest] = args;
  if (!environment) throw new Error(`name an environment: ${context.command} kubectl dev get pods --all-namespaces`);
  if (!runningInstance(context.files))
    throw new Error(`the sandbox does not run; start it with ${context.command} start`);
  const clusters = selectStacks(readStacks(context.files.output), [environment]).flatMap((stack) => stack.clusters);
  const cluster = clusters[0];
  if (!cluster) throw new Error(`no stack of '${environment}' creates a cluster`);
  const files = context.files.clusterFiles(cluster);
  if (!files.exists)
    throw new Error(
      `the cluster of '${environment}' is not there yet; deploy it with ${context.command} deploy ${environment}`,
    );
  const { kubectl } = await ensure(["kubectl"], { reporter: context.reporter });
  const { code } = await runInForeground(kubectl, ["--kubeconfig", files.kubeconfig, ...rest], {
    directory: process.cwd(),
    environment: process.env,
  });
  return code;
}

/** `env`: prints what a shell needs to run cdktf, terraform, helm or kubectl in the sandbox by hand. */
export async function envCommand(context: Context): Promise<number> {
  const instance = runningInstance(context.files);
  if (!instance) throw new Error(`the sandbox does not run; start it with ${context.command} start`);
  const stacks = readStacks(context.files.output);
  const tools = await findTools(context.project, providersOf(stacks), { reporter: context.reporter });
  const variables = variablesOf(context, instance, tools);
  for (const [name, value] of Object.entries(variables)) console.log(`export ${name}=${quote(value)}`);
  console.log(`export PATH=${quote(context.files.bin)}:"$PATH"`);
  return 0;
}

/** `stop`: ends the sandbox and keeps its state. */
export async function stopCommand(context: Context): Promise<number> {
  if (await stopRunning(context)) return 0;
  const ended = await new ProcessLedger(context.files.ledger).endLeftovers();
  context.reporter.line(
    ended.length > 0 ? `ended what a killed sandbox left running: ${ended.join(", ")}` : "no sandbox runs here",
  );
  return 0;
}

/** `reset`: ends the sandbox and deletes everything in it. */
export async function resetCommand(context: Context): Promise<number> {
  await stopCommand(context);
  rmSync(context.files.directory, { recursive: true, force: true });
  context.reporter.line("the sandbox is empty");
  return 0;
}

/** Makes what the stacks take for granted, and says so of every chart that is not the real one. */
export async function prepareAndTell(
  context: Context,
  instance: Instance,
  stacks: readonly StackFacts[],
): Promise<void> {
  const { reporter, files } = context;
  const options: ToolchainOptions = { reporter };
  const { archive } = await ciliumChart(options);
  const charts = new ChartArchives([archive], [...(instance.charts ? [instance.charts] : []), files.charts]);
  const admin = new GoogleAdmin(instance.google, instance.accessToken);
  const { standIns } = await prepare(admin, stacks, charts, files, options);
  for (const chart of standIns)
    reporter.line(
      `${reporter.style.yellow("!")} ${chart} is the sandbox's stand-in: the real chart's objects that matter here, under its names`,
    );
}

function environmentOf(context: Context, instance: Instance, tools: Tools): NodeJS.ProcessEnv {
  return sandboxEnvironment(variablesOf(context, instance, tools), context.files);
}

function variablesOf({ files }: Context, instance: Instance, tools: Tools): Record<string, string> {
  const { google, proxy, accessToken } = instance;
  const { cliConfig, terraform } = tools;
  return sandboxVariables({ files, google, proxy, accessToken, cliConfig, terraform: terraform.command });
}

function quote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
