import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import { Dataplane } from "../../../lib/dataplane";
import { Environment, type EnvironmentDefinition } from "../../../lib/environment";
import { Secrets } from "../../../lib/preview/diff/secrets";
import type { ResourceChange, StackChanges } from "../../../lib/preview/model/changes";
import { readOffline } from "../../../lib/preview/readers/offline";
import { readPlan } from "../../../lib/preview/readers/plan";
import { openSynth, type StackEntry } from "../../../lib/preview/readers/synth";
import { readTemplate } from "../../../lib/preview/readers/template";
import { whatIsTaken } from "../../../lib/preview/rules/outcome";
import { run, wholeError } from "../../../lib/preview/run/process";
import { environmentVariables } from "../../../sandbox/gcp/environment";
import { GoogleCloudSimulator } from "../../../sandbox/gcp/simulator";
import type { Checks } from "./harness";
import { REPLACEMENTS, type Replacement, type Template } from "./replacement-cases";

/** One zone and Cilium chained; not one of the environments that ship, which are their owner's to change. */
const dev: EnvironmentDefinition = {
  name: "dev",
  project: "acme-dev",
  location: "asia-northeast1-a",
  network: { nodes: "10.0.0.0/22", pods: "10.4.0.0/16", services: "10.8.0.0/20", natAddresses: 1 },
  dataplane: Dataplane.cniChaining({ hubble: { relay: true, ui: true } }),
  nodePools: [{ name: "general", machineType: "e2-standard-4", minNodes: 2, maxNodes: 4, spot: true }],
  cluster: { deletionProtection: false },
};

/**
 * What is predicted of a replacement, what Terraform plans, and what an apply then does: for every resource of a cluster
 * stack that can be replaced, against the simulated cloud.
 */
export async function checkReplacements(checks: Checks): Promise<void> {
  await checks.group("replacements: predicted, planned and applied", async (scratch) => {
    const cloud = new GoogleCloudSimulator({ projects: [dev.project] });
    const { url } = await cloud.listen();
    try {
      const stack = new Stack(scratch, { ...environmentVariables(url), CHECKPOINT_DISABLE: "1" });
      await stack.start(synthesize(join(scratch, "synth"), dev));
      for (const replacement of REPLACEMENTS) await stack.check(checks, replacement);
    } finally {
      await cloud.close();
    }
  });
}

function synthesize(outdir: string, definition: EnvironmentDefinition): Template {
  const app = new App({ outdir, stackTraces: false });
  new Environment(app, definition);
  app.synth();
  return openSynth(outdir).template(`${definition.name}-cluster`) as Template;
}

const ENTRY: StackEntry = { name: "dev-cluster", dependencies: [], directory: ".", annotations: [] };

class Stack {
  private readonly directory: string;
  private template: Template = {};

  public constructor(
    scratch: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {
    this.directory = join(scratch, "stack");
    mkdirSync(this.directory, { recursive: true });
  }

  public async start(template: Template): Promise<void> {
    this.template = {
      ...template,
      terraform: { ...(template["terraform"] as object), backend: { local: { path: "s.tfstate" } } },
    };
    this.write(this.template);
    await this.terraform(["init", "-input=false"], [0]);
    await this.terraform(["apply", "-input=false", "-auto-approve"], [0]);
  }

  public async check(checks: Checks, { what, change, stays }: Replacement): Promise<void> {
    const head = structuredClone(this.template);
    change(head["resource"] as never);
    const state = join(this.directory, "s.tfstate");
    copyFileSync(state, `${state}.before`);
    const predicted = this.predict(head);
    this.write(head);
    const planned = await this.plan(head);
    checks.holds(
      `${what}: predicted as it is planned`,
      told(predicted) === told(planned),
      `predicted\n${told(predicted)}\nplanned\n${told(planned)}`,
    );
    const taken = [predicted, planned].map(
      (stack) => stack.resources.flatMap((resource) => whatIsTaken(resource) ?? []).length > 0,
    );
    checks.holds(
      `${what}: ${stays ? "something is taken" : "nothing is taken"}, in both`,
      taken.every((is) => is === stays),
      told(planned),
    );
    // What was looked at, not what another plan would say.
    const applied = await this.terraform(["apply", "-input=false", this.planFile], [0, 1]);
    // Terraform breaks lines where its frame ends.
    const said = applied.output.replace(/[\s│]+/g, " ");
    const refused = /already (exists|configured|in use)|alreadyExists|409/i.test(said);
    checks.holds(
      `${what}: ${stays ? "the apply fails on it" : "the apply succeeds"}`,
      stays ? applied.code === 1 && refused : applied.code === 0,
      wholeError(applied.output).slice(0, 3000),
    );
    if (!stays) {
      this.template = head;
      return;
    }
    // Nothing of what was there may be gone.
    this.write(this.template);
    const back = await this.terraform(["plan", "-input=false", "-detailed-exitcode"], [0, 2]);
    checks.holds(
      `${what}: and what was there is there still`,
      !/will be created|must be replaced/.test(back.output),
      back.output.slice(-3000),
    );
    if (back.code === 2) await this.terraform(["apply", "-input=false", "-auto-approve"], [0]);
  }

  private get planFile(): string {
    return join(this.directory, "planned");
  }

  private predict(head: Template): StackChanges {
    const secrets = new Secrets();
    const read = (template: Template) => readTemplate(structuredClone(template), secrets);
    return readOffline(read(this.template), read(head), { ...ENTRY, secrets });
  }

  private async plan(head: Template): Promise<StackChanges> {
    await this.terraform(["plan", "-input=false", `-out=${this.planFile}`], [0]);
    const { output } = await this.terraform(["show", "-json", this.planFile], [0]);
    const secrets = new Secrets();
    return readPlan(output, "plan", { stack: ENTRY, secrets, head: readTemplate(structuredClone(head), secrets) });
  }

  private write(template: Template): void {
    writeFileSync(join(this.directory, "cdk.tf.json"), JSON.stringify(template));
  }

  private async terraform(
    args: readonly string[],
    codes: readonly number[],
  ): Promise<{ code: number; output: string }> {
    const { code, stdout, stderr } = await run("terraform", [...args, "-no-color"], {
      cwd: this.directory,
      env: this.environment,
    });
    const output = args[0] === "show" ? stdout : `${stdout}${stderr}`;
    if (!codes.includes(code))
      throw new Error(`terraform ${args.join(" ")} ended with ${code}: ${output.slice(-4000)}`);
    return { code, output };
  }
}

/** What happens to each object, and in which order it is replaced. Updates are told where a prediction can know them. */
function told({ resources }: StackChanges): string {
  const says = ({ address, action, order }: ResourceChange) => `${address} ${action}${order ? ` ${order}` : ""}`;
  return resources
    .filter(({ kind, action }) => kind === "managed" && !["no-op", "read", "configure"].includes(action))
    .map(says)
    .sort()
    .join("\n");
}
