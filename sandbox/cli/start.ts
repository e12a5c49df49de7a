import { findTools, namedCharts, providersOf, runningInstance, Sandbox, type StackFacts } from "../runtime";
import { formatDuration, type Style, silentReporter } from "../terminal";
import { toolchainStatus } from "../toolchain";
import { prepareAndTell } from "./commands";
import type { Context } from "./context";
import { environmentsOf } from "./selection";
import { synthesize } from "./synth";

/** `start`: looks for everything first, starts the sandbox on this terminal and runs it until Ctrl-C. */
export async function startCommand(context: Context): Promise<number> {
  const { reporter, files, project } = context;
  const other = runningInstance(files);
  if (other) {
    reporter.line(`the sandbox runs already (process ${other.pid}); ${context.command} stop ends it`);
    return 1;
  }
  const startedAt = Date.now();
  // What the user got wrong is said before anything that takes time.
  toolchainStatus();
  namedCharts(process.env);
  const stacks = await synthesize(context);
  await findTools(project, providersOf(stacks), { reporter });
  const sandbox = await Sandbox.start({ directory: files.directory, reporter });
  const stopped = untilSignal();
  try {
    await prepareAndTell(context, { ...instanceOf(sandbox), pid: process.pid }, stacks);
    for (const line of guide(context, stacks, Date.now() - startedAt)) reporter.line(line);
    await stopped;
  } finally {
    const task = reporter.task("sandbox");
    task.update("stopping");
    await sandbox.stop();
    task.done("stopped; its state is kept");
  }
  return 0;
}

/** The sandbox in the background: runs until it is told to end. */
export async function serveCommand(context: Context): Promise<number> {
  const sandbox = await Sandbox.start({ directory: context.files.directory, reporter: silentReporter() });
  await untilSignal();
  await sandbox.stop();
  return 0;
}

/** What to type, for somebody who has never seen it. */
export function guide(context: Context, stacks: readonly StackFacts[], took: number): string[] {
  const { style } = context.reporter;
  const [first = "dev"] = environmentsOf(stacks);
  const rows: [command: string, meaning: string][] = [
    [`deploy ${first}`, "all stacks of the environment, by cdktf and Terraform"],
    [`diff ${first}`, "what another deployment would change"],
    [`kubectl ${first} get pods -A`, "look into its cluster"],
    [`destroy ${first}`, "everything of it away again"],
    ["status", "what runs here"],
    ["stop", "end the sandbox and keep its state; so does Ctrl-C here"],
  ];
  const width = Math.max(...rows.map(([command]) => `${context.command} ${command}`.length));
  return [
    "",
    `${style.bold("The sandbox runs.")} ${style.dim(formatDuration(took))} Nothing in it leaves this machine. In another terminal:`,
    "",
    ...rows.map(([command, meaning]) => `  ${row(style, `${context.command} ${command}`.padEnd(width), meaning)}`),
    "",
    `Environments: ${environmentsOf(stacks).join(", ")}`,
  ];
}

function row(style: Style, command: string, meaning: string): string {
  return `${style.cyan(command)}  ${style.dim(meaning)}`;
}

function instanceOf(sandbox: Sandbox) {
  return { google: sandbox.url, proxy: sandbox.proxyUrl, accessToken: sandbox.accessToken };
}

/** Resolves at the first signal to end. A second Ctrl-C ends the process at once; the next sandbox cleans up. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
}
