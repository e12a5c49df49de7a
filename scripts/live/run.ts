import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { accessToken, type Finding, GoogleClient, runOnPath } from "../../lib/doctor";
import type { EnvironmentDefinition } from "../../lib/environment";
import { providersOf } from "../../sandbox/runtime";
import { inOrder, writeStacks } from "../deployment/synthesized";
import { answerOf, Terraform } from "../deployment/terraform";
import { leftovers, readCluster } from "./google";
import type { LiveOptions, OptionalStep } from "./options";
import { brokenPromises } from "./promises";
import type { LiveReport } from "./report";
import { LiveRun, NotPossible } from "./steps";
import type { ThrowAway } from "./throw-away";

/** Where a live run happens. */
export interface LivePlace {
  /** Folder of its own: stacks and states. */
  readonly directory: string;
  /** Variables that name the cloud, the login and the programs. */
  readonly variables: NodeJS.ProcessEnv;
  /** The compiled command line of this package. */
  readonly cli: string;
  /** What the cloud is called in the report. */
  readonly cloud: string;
  /** Options of `gke-cilium connectivity` there. @default none */
  readonly connectivity?: readonly string[];
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** How long agents may take until everything is as it was asked for. */
const SETTLE_MINUTES = 10;
const PAUSE_MS = 15_000;

/** What a run ended with: its report, and what is left in the project. */
export interface LiveResult {
  readonly report: LiveReport;
  readonly failed: boolean;
  /** Undefined where nobody could look. */
  readonly left: readonly string[] | undefined;
}

/** Deploys, tries, upgrades, destroys, and looks whether anything is left; whatever happens, it destroys. */
export async function liveRun(thing: ThrowAway, options: LiveOptions, place: LivePlace): Promise<LiveResult> {
  const { definition, before } = thing;
  const { directory, variables, signal, say } = place;
  mkdirSync(directory, { recursive: true });
  const startedAt = new Date();
  const run = new LiveRun(startedAt.getTime() + options.hours * 3_600_000, say);
  signal.addEventListener("abort", () => run.stop("interrupted"), { once: true });
  // A token lasts an hour, and a run may last longer.
  const google = () => new GoogleClient(accessToken(runOnPath(variables), variables).token ?? "", variables);
  const terraform = new Terraform(directory, variables);
  const { name, project, location } = definition;
  const there = { name, project, location };
  const begun = before === undefined || options.without.includes("upgrade") ? definition : before;
  const stacks = inOrder(writeStacks(directory, [begun]));
  const versions: Record<string, string> = {
    ...providersOf(writeStacks(directory, [begun])),
  };
  const optional = (step: OptionalStep, title: string, work: () => Promise<string>) =>
    run.step(title, () => {
      if (options.without.includes(step)) throw new NotPossible(`left out by --without ${step}`);
      return work();
    });
  const command = (...args: readonly string[]) => commandOf(place, args);
  const settled = () => untilItHolds(signal, () => command("status", name));

  await optional("doctor", "nothing is missing for a deployment", () => doctor(place, name));
  await run.step("all stacks deploy from nothing", async () => {
    for (const stack of stacks) await terraform.apply(stack);
    versions["GKE"] = (await readCluster(google(), there)).currentMasterVersion;
    return `${stacks.length} stacks, GKE ${versions["GKE"]}`;
  });
  await run.step("a second plan is empty", () => emptyPlans(terraform, stacks));
  await run.step("the cluster has what its dataplane promises", async () => {
    const broken = brokenPromises(begun, await readCluster(google(), there));
    if (broken.length > 0) throw new Error(broken.join("\n"));
    return `${definition.dataplane.kind}: its datapath, source NAT, Calico and startup taints`;
  });
  await optional("status", "the cluster is what was asked for", settled);
  await optional("connectivity", "the network does what it should, tried from inside", () =>
    command("connectivity", name, ...(place.connectivity ?? [])),
  );
  await optional("upgrade", "GKE goes to the environment's minor, in place", async () => {
    const wanted = definition.cluster?.minVersion;
    if (begun === definition || wanted === undefined)
      throw new NotPossible("the environment pins no minor of GKE (cluster.minVersion)");
    writeStacks(directory, [definition]);
    await upgrade(terraform, stacks[0] ?? "", definition);
    const { currentMasterVersion: now } = await readCluster(google(), there);
    if (!now.startsWith(`${wanted}.`)) throw new Error(`the control plane runs ${now}, not ${wanted}`);
    await emptyPlans(terraform, stacks);
    versions["GKE after the upgrade"] = now;
    return `${versions["GKE"]} to ${now}`;
  });
  await optional("status", "the cluster is what was asked for, after the upgrade", settled);

  const ends = { always: true };
  await run.step("everything is destroyed", () => destroyAll(terraform, stacks, say), ends);
  let left: readonly string[] | undefined;
  await run.step(
    "nothing is left in the project",
    async () => {
      left = await leftovers(google(), there);
      if (left.length > 0) throw new Error(`${left.join(", ")}; states are in ${directory}`);
      return "no cluster, network, subnetwork, router, address, firewall rule, disk, service account or role of its name";
    },
    ends,
  );
  return {
    failed: run.failed,
    left,
    report: {
      environment: options.environment,
      dataplane: definition.dataplane.kind,
      location,
      startedAt,
      steps: run.steps,
      versions,
      costBound: (thing.hourly ?? 0) * options.hours,
      cloud: place.cloud,
      hidden: { [project]: "<project>", [directory]: "<directory>" },
    },
  };
}

async function emptyPlans(terraform: Terraform, stacks: readonly string[]): Promise<string> {
  for (const stack of stacks) await terraform.mustBeEmpty(stack);
  return `${stacks.length} plans`;
}

/** @throws Error where anything would be replaced or deleted. */
async function upgrade(terraform: Terraform, stack: string, { name }: EnvironmentDefinition): Promise<void> {
  const harsh = (await terraform.plan(stack)).filter(({ actions }) => actions.includes("delete"));
  if (harsh.length > 0) throw new Error(`the upgrade of ${name} plans ${JSON.stringify(harsh)}`);
  await terraform.apply(stack);
}

/** From the last stack to the first. What an operation of Google's was in the way of is tried once more. */
async function destroyAll(
  terraform: Terraform,
  stacks: readonly string[],
  say: (text: string) => void,
): Promise<string> {
  for (const stack of [...stacks].reverse()) {
    try {
      await terraform.destroy(stack);
    } catch (error) {
      say(`${stack}: ${error instanceof Error ? error.message.split("\n")[0] : error}; once more`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      // A cluster that does not answer cannot keep what it costs: its own stack goes without the others.
      if (stack === stacks[0]) await terraform.destroy(stack);
      else await terraform.destroy(stack).catch(() => say(`${stack} goes with the cluster`));
    }
  }
  return `${stacks.length} stacks`;
}

/** A command of this package on what was written. @throws Error with what it said; NotPossible where it lacks a program. */
async function commandOf({ cli, directory, variables }: LivePlace, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await answerOf(process.execPath, [cli, ...args], directory, variables);
  if (code === 0) return lastLine(stdout);
  if (code === 3 && args[0] !== "doctor") throw new NotPossible(lastLine(stderr));
  throw new Error(`gke-cilium ${args[0]} ended with ${code}\n${stdout}${stderr}`);
}

/** What the doctor finds missing. cdktf's command line is not: Terraform is run on what was synthesized. */
async function doctor({ cli, directory, variables }: LivePlace, name: string): Promise<string> {
  const { stdout, stderr } = await answerOf(
    process.execPath,
    [cli, "doctor", "--json", "--env", name],
    directory,
    variables,
  );
  if (!stdout.trimStart().startsWith("[")) throw new Error(`gke-cilium doctor says ${stdout}${stderr}`);
  const findings = JSON.parse(stdout) as readonly (Finding & { readonly detail?: string })[];
  const missing = findings.filter(({ state, title }) => state === "missing" && title !== "cdktf");
  if (missing.length === 0) return `${findings.length} findings`;
  throw new Error(missing.map(({ subject, title, detail }) => `${subject}, ${title}: ${detail}`).join("\n"));
}

async function untilItHolds(signal: AbortSignal, work: () => Promise<string>): Promise<string> {
  const deadline = Date.now() + SETTLE_MINUTES * 60_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof NotPossible || signal.aborted || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

/** Where the states of a run are, so that it can be destroyed by hand. */
export function liveDirectory(root: string, name: string): string {
  return join(root, ".live", name);
}
