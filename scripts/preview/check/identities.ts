import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { App } from "cdktf";
import { BootstrapStack, PREVIEWER_PERMISSIONS, PREVIEWER_ROLE_ID } from "../../../lib/bootstrap";
import { packageFile } from "../../../lib/package-files";
import type { Report } from "../../../lib/preview/model/report";
import { openSynth } from "../../../lib/preview/readers/synth";
import type { Outcome } from "../../../lib/preview/run/process";
import { findTools, providersOf, readStacks, Sandbox, type Tools } from "../../../sandbox/runtime";
import { silentReporter } from "../../../sandbox/terminal";
import { DeployedStack } from "../corpus/terraform";
import { type Checks, NotRun } from "./harness";
import { CLI, Platform } from "./platform";

const ROOT = dirname(packageFile("package.json"));
const PROJECT = "acme-dev";
const [STATE, PLANS] = ["acme-dev-terraform-state", "acme-dev-terraform-plans"];
const PREVIEWER = `gke-cilium-previewer@${PROJECT}.iam.gserviceaccount.com`;
const DEPLOYER = `gke-cilium-deployer@${PROJECT}.iam.gserviceaccount.com`;
/** Access tokens that open nothing but the sandbox. */
const TOKENS = { previewer: "sandbox-token-of-the-previewer", deployer: "sandbox-token-of-the-deployer" };

/** Between them every type of resource that the stacks make. */
const APP = `
const { Environment, StateBackend } = require("${ROOT}/dist/lib/environment");
const { Dataplane } = require("${ROOT}/dist/lib/dataplane");
const { Monitoring } = require("${ROOT}/dist/lib/monitoring");
const { App } = require("cdktf");
const { labels } = require("./change.json");
const app = new App();
new Environment(app, {
  name: "dev",
  project: "${PROJECT}",
  location: "asia-northeast1-a",
  network: { nodes: "10.0.0.0/22", pods: "10.4.0.0/16", services: "10.8.0.0/20", natAddresses: 1 },
  nodePools: [{ name: "general", machineType: "e2-standard-4", minNodes: 2, maxNodes: 3, labels }],
  cluster: { deletionProtection: false },
  dataplane: Dataplane.kubeProxyFree({ hubble: { relay: true, ui: true }, existingPods: {} }),
  monitoring: Monitoring.managedPrometheus({ alerts: { emails: ["ops@example.com"] }, grafana: {} }),
  backend: StateBackend.gcs({ bucket: "${STATE}" }),
});
app.synth();
`;

/**
 * The two accounts that `BootstrapStack` makes, as whoever plans and whoever deploys: the simulated API and the clusters
 * refuse them what their roles lack.
 */
export async function checkIdentities(checks: Checks): Promise<void> {
  await checks.group("identities: what the previewer and the deployer may do, and no more", async (scratch) => {
    const platform = new Platform(scratch);
    await platform.create({}, { "app.js": APP, "change.json": '{"labels":{}}' });
    const synth = await platform.preview("synth", "--out", join(scratch, "synth"));
    checks.holds("an environment with every kind of resource synthesizes", synth.code === 0, told(synth));
    const stacks = readStacks(join(scratch, "synth"));
    const tools = await findTools(ROOT, providersOf(stacks)).catch((error: Error) => {
      throw new NotRun(error.message);
    });
    const accounts = { [TOKENS.previewer]: PREVIEWER, [TOKENS.deployer]: DEPLOYER };
    const sandbox = await Sandbox.start({ directory: join(scratch, "sandbox"), accounts, reporter: silentReporter() });
    try {
      await sandbox.prepare(stacks.map(({ stateBucket: _, ...stack }) => stack));
      await new Identities(checks, platform, sandbox, tools, scratch).run();
    } finally {
      await sandbox.stop();
    }
  });
}

class Identities {
  public constructor(
    private readonly checks: Checks,
    private readonly platform: Platform,
    private readonly sandbox: Sandbox,
    private readonly tools: Tools,
    private readonly scratch: string,
  ) {}

  public async run(): Promise<void> {
    const { checks, sandbox } = this;
    await this.bootstrap();
    await this.deploy();
    const { access } = sandbox.google;

    access.forget();
    const from = this.written(PREVIEWER).length;
    const empty = await this.preview("previewer", "--plan", "--out", join(this.scratch, "empty.json"));
    const modes = this.report("empty.json").stacks.map(({ mode }) => mode);
    checks.holds(
      "the previewer plans all three stacks, and finds nothing to change (0)",
      empty.code === 0,
      told(empty),
    );
    checks.holds("none of them was only predicted", modes.join() === "plan,plan,plan", modes.join());
    const asked = access.askedOf(PREVIEWER).filter((permission) => !permission.startsWith("storage."));
    checks.holds(
      `it was asked for ${asked.length} permissions, and has exactly these`,
      asked.join("\n") === PREVIEWER_PERMISSIONS.join("\n"),
      difference(asked, PREVIEWER_PERMISSIONS),
    );

    for (const [permission, words] of Object.entries(TAKEN_AWAY)) {
      await this.setPermissions(PREVIEWER_PERMISSIONS.filter((one) => one !== permission));
      const refused = await this.preview("previewer", "--plan");
      checks.holds(
        `without ${permission} the preview is red (1), and says what is missing`,
        refused.code === 1 && words.test(refused.stdout.replace(/\s+/g, " ")),
        told(refused),
      );
    }
    await this.setPermissions(PREVIEWER_PERMISSIONS);
    const again = await this.preview("previewer", "--plan");
    checks.holds("with all of them it plans again (0)", again.code === 0, told(again));
    checks.holds("the previewer has changed nothing", this.written(PREVIEWER).length === from);

    const applied = await this.apply("previewer", "dev-cluster", '{"labels":{"tier":"web"}}');
    checks.holds(
      "the previewer cannot apply: Google refuses it",
      applied.errors.length > 0 && /clusters\.update|Permission|permission/.test(applied.errors.join("\n")),
      applied.errors.join("\n"),
    );
    const { errors } = await this.apply("deployer", "dev-cluster", '{"labels":{"tier":"web"}}');
    checks.holds("the deployer can", errors.length === 0, errors.join("\n"));
    await this.grants();
  }

  /** What the owner does once. */
  private async bootstrap(): Promise<void> {
    const outdir = join(this.scratch, "bootstrap");
    const app = new App({ outdir, stackTraces: false });
    new BootstrapStack(app, "bootstrap", {
      project: PROJECT,
      location: "asia-northeast1",
      stateBucket: STATE,
      planBucket: PLANS,
    });
    app.synth();
    const stack = this.stack("bootstrap", this.sandbox.env(this.tools));
    stack.write({ dependencies: [], template: openSynth(outdir).template("bootstrap") as Record<string, unknown> });
    const { errors } = await stack.apply();
    this.checks.holds("the owner bootstraps the project", errors.length === 0, errors.join("\n"));
  }

  /** Stack by stack, with the state in its bucket. */
  private async deploy(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      const plans = join(this.scratch, `deploy-${round}`);
      const plan = await this.preview("deployer", "--plan", "--keep-plans", plans, "--fail-on", "never");
      if (plan.code === 0) break;
      this.checks.holds(`the deployer plans (${round + 1})`, plan.code === 2, told(plan));
      const commit = (await this.platform.git("rev-parse", "HEAD")).trim();
      const applied = await this.preview("deployer", "apply", "--plans", plans, "--commit", commit);
      this.checks.holds(`and applies (${round + 1})`, applied.code === 0 || applied.code === 2, told(applied));
    }
    const outside = this.sandbox.google.access.askedOf(DEPLOYER);
    this.checks.holds(`all of it with the deployer's roles, which were asked for ${outside.length} permissions`, true);
  }

  /** Roles of nodes may be granted, and no others. */
  private async grants(): Promise<void> {
    const grant = async (role: string) => {
      const url = `${this.sandbox.url}/cloudresourcemanager/v1/projects/${PROJECT}`;
      const headers = { authorization: `Bearer ${TOKENS.deployer}`, "content-type": "application/json" };
      const options = JSON.stringify({ options: { requestedPolicyVersion: 3 } });
      const read = await fetch(`${url}:getIamPolicy`, { method: "POST", headers, body: options });
      const policy = (await read.json()) as { bindings: object[] };
      const bindings = [...policy.bindings, { role, members: [`serviceAccount:${DEPLOYER}`] }];
      const body = JSON.stringify({ policy: { ...policy, bindings } });
      return (await fetch(`${url}:setIamPolicy`, { method: "POST", headers, body })).status;
    };
    this.checks.holds("the deployer makes nobody an owner (403)", (await grant("roles/owner")) === 403);
    this.checks.holds("and gives nodes their role (200)", (await grant("roles/artifactregistry.reader")) === 200);
  }

  private async setPermissions(permissions: readonly string[]): Promise<void> {
    const url = `${this.sandbox.url}/iam/v1/projects/${PROJECT}/roles/${PREVIEWER_ROLE_ID}?updateMask=includedPermissions`;
    const headers = { authorization: `Bearer ${this.sandbox.accessToken}`, "content-type": "application/json" };
    const body = JSON.stringify({ includedPermissions: permissions });
    const response = await fetch(url, { method: "PATCH", headers, body });
    if (!response.ok) throw new Error(`the role could not be changed: ${await response.text()}`);
  }

  private async apply(who: keyof typeof TOKENS, stack: string, change: string) {
    const outdir = join(this.scratch, `change-${who}`);
    const variables = this.variables(who);
    await this.platform.run("node", ["-e", `require("fs").writeFileSync("change.json", process.argv[1])`, change], {});
    await this.platform.run(process.execPath, [CLI, "synth", "--out", outdir], variables);
    const directory = join(outdir, "stacks", stack);
    return new DeployedStack(directory, this.tools.terraform.command, { ...process.env, ...variables }).apply();
  }

  private preview(who: keyof typeof TOKENS, ...args: readonly string[]): Promise<Outcome> {
    return this.platform.run(process.execPath, [CLI, ...args], this.variables(who));
  }

  private variables(who: keyof typeof TOKENS): Readonly<Record<string, string>> {
    const { TF_WORKSPACE: _, ...env } = this.sandbox.env(this.tools, who, TOKENS[who]);
    return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value ?? ""]));
  }

  private stack(name: string, environment: NodeJS.ProcessEnv): DeployedStack {
    const { TF_WORKSPACE: _, ...variables } = environment;
    return new DeployedStack(join(this.scratch, name), this.tools.terraform.command, variables);
  }

  private report(name: string): Report {
    return JSON.parse(readFileSync(join(this.scratch, name), "utf8"));
  }

  /** Requests with which somebody changed something. */
  private written(account: string): readonly string[] {
    return this.sandbox.google.log
      .entries()
      .filter(({ user, write, status }) => user === account && write && status < 400)
      .map(({ method, path }) => `${method} ${path}`);
  }
}

/** Taken away one by one, each in a preview of its own, with what is said then; the rest is known from what was asked. */
const TAKEN_AWAY: Readonly<Record<string, RegExp>> = {
  "container.secrets.list": /secrets is forbidden|cannot list resource "secrets"/,
  "container.clusters.connect": /forbidden/,
  "compute.networks.get": /Required 'compute\.networks\.get' permission/,
  "monitoring.alertPolicies.get": /Permission 'monitoring\.alertPolicies\.get' denied/,
};

function difference(asked: readonly string[], given: readonly string[]): string {
  const beyond = asked.filter((one) => !given.includes(one));
  const idle = given.filter((one) => !asked.includes(one));
  return `asked and not given: ${beyond.join(", ")}\ngiven and not asked: ${idle.join(", ")}`;
}

function told({ code, stdout, stderr }: Outcome): string {
  return `exit code ${code}\n${stdout}${stderr}`;
}
