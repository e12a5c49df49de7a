import { dirname, join } from "node:path";
import { App } from "cdktf";
import { BootstrapStack } from "../../../lib/bootstrap";
import { Dataplane } from "../../../lib/dataplane";
import { Environment, type EnvironmentDefinition } from "../../../lib/environment";
import { Monitoring } from "../../../lib/monitoring";
import { packageFile } from "../../../lib/package-files";
import { openSynth } from "../../../lib/preview/readers/synth";
import { environmentVariables } from "../../../sandbox/gcp/environment";
import type { ProjectOptions } from "../../../sandbox/gcp/projects/projects";
import { GoogleCloudSimulator } from "../../../sandbox/gcp/simulator";
import { findTools, providersOf, readStacks, Sandbox, stackDirectory } from "../../../sandbox/runtime";
import { silentReporter } from "../../../sandbox/terminal";
import { BOOTSTRAP_REPLACEMENTS } from "./bootstrap-replacements";
import { CLUSTER_REPLACEMENTS } from "./cluster-replacements";
import { type Checks, NotRun } from "./harness";
import { MONITORING_REPLACEMENTS, NETWORKING_REPLACEMENTS } from "./platform-replacements";
import { ReplacedStack } from "./replaced-stack";
import type { Replacement, Template } from "./replacement";

const ROOT = dirname(packageFile("package.json"));

/** One zone and Cilium chained; not one of the environments that ship, which are their owner's to change. */
const CHAINED: EnvironmentDefinition = {
  name: "dev",
  project: "acme-dev",
  location: "asia-northeast1-a",
  network: { nodes: "10.0.0.0/22", pods: "10.4.0.0/16", services: "10.8.0.0/20", natAddresses: 1 },
  dataplane: Dataplane.cniChaining({ hubble: { relay: true, ui: true } }),
  nodePools: [{ name: "general", machineType: "e2-standard-4", minNodes: 2, maxNodes: 4, spot: true }],
  cluster: { deletionProtection: false },
};

/** As it is before its bootstrap: with the APIs that docs/first-deployment.md enables by hand. */
const NEW_PROJECT: ProjectOptions = {
  id: CHAINED.project,
  services: ["cloudresourcemanager.googleapis.com", "serviceusage.googleapis.com"],
};

/** Between its stacks every type of resource that an environment makes in Kubernetes and Cloud Monitoring. */
const WHOLE: EnvironmentDefinition = {
  ...CHAINED,
  dataplane: Dataplane.kubeProxyFree({ hubble: { relay: true, ui: true }, existingPods: {} }),
  monitoring: Monitoring.managedPrometheus({ alerts: { emails: ["ops@example.com"] }, grafana: {} }),
};

/** In the order in which they are deployed. */
const PLATFORM: readonly (readonly [stack: string, replacements: readonly Replacement[]])[] = [
  ["dev-cluster", []],
  ["dev-networking", NETWORKING_REPLACEMENTS],
  ["dev-monitoring", MONITORING_REPLACEMENTS],
];

/** A stack that needs no more than Google's API. */
interface Deployment {
  readonly project: ProjectOptions;
  readonly template: Template;
  readonly replacements: readonly Replacement[];
}

/**
 * What is predicted of a replacement, what Terraform plans, and what an apply then does: for every resource of a cluster
 * stack that can be replaced, against the simulated cloud.
 */
export function checkReplacements(checks: Checks): Promise<void> {
  return checks.group("replacements in a cluster stack: predicted, planned and applied", (scratch) =>
    inSimulatedCloud(checks, scratch, {
      project: { id: CHAINED.project },
      template: synthesize(join(scratch, "synth"), CHAINED)("dev-cluster"),
      replacements: CLUSTER_REPLACEMENTS,
    }),
  );
}

/** The same for what lies around it: the bootstrap stack, and those above, against the API server of a sandbox. */
export async function checkOtherReplacements(checks: Checks): Promise<void> {
  await checks.group("replacements in a bootstrap stack: predicted, planned and applied", (scratch) =>
    inSimulatedCloud(checks, scratch, {
      project: NEW_PROJECT,
      template: bootstrap(join(scratch, "synth")),
      replacements: BOOTSTRAP_REPLACEMENTS,
    }),
  );
  await checks.group("replacements in the stacks above it: predicted, planned and applied", async (scratch) => {
    const output = join(scratch, "synth");
    const template = synthesize(output, WHOLE);
    const stacks = readStacks(output);
    const tools = await findTools(ROOT, providersOf(stacks)).catch((error: Error) => {
      throw new NotRun(error.message);
    });
    const sandbox = await Sandbox.start({ directory: join(scratch, "sandbox"), reporter: silentReporter() });
    try {
      await sandbox.prepare(
        stacks.map((stack) => ({ ...stack, projects: [...stack.projects, `${WHOLE.project}-two`] })),
      );
      const terraform = { command: tools.terraform.command, environment: sandbox.env(tools) };
      for (const [name, replacements] of PLATFORM) {
        const stack = new ReplacedStack(stackDirectory(output, name), name, terraform);
        await stack.start(template(name));
        for (const replacement of replacements) await stack.check(checks, replacement);
      }
    } finally {
      await sandbox.stop();
    }
  });
}

async function inSimulatedCloud(
  checks: Checks,
  scratch: string,
  { project, template, replacements }: Deployment,
): Promise<void> {
  const cloud = new GoogleCloudSimulator({ projects: [project] });
  const { url } = await cloud.listen();
  try {
    const environment = { ...environmentVariables(url), CHECKPOINT_DISABLE: "1" };
    const stack = new ReplacedStack(join(scratch, "stack"), "dev-cluster", { command: "terraform", environment });
    await stack.start(template);
    for (const replacement of replacements) await stack.check(checks, replacement);
  } finally {
    await cloud.close();
  }
}

function bootstrap(outdir: string): Template {
  const { project } = CHAINED;
  const app = new App({ outdir, stackTraces: false });
  new BootstrapStack(app, "bootstrap", {
    project,
    location: "asia-northeast1",
    stateBucket: `${project}-terraform-state`,
    planBucket: `${project}-terraform-plans`,
    deployers: ["group:platform@example.com"],
    github: { repository: "acme/platform", repositoryId: "123456", environments: ["dev"] },
  });
  app.synth();
  return openSynth(outdir).template("bootstrap") as Template;
}

function synthesize(outdir: string, definition: EnvironmentDefinition): (stack: string) => Template {
  const app = new App({ outdir, stackTraces: false });
  new Environment(app, definition);
  app.synth();
  return (stack) => openSynth(outdir).template(stack) as Template;
}
