import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageFile } from "../../../lib/package-files";
import type { Report } from "../../../lib/preview/model/report";
import { findTools, providersOf, readStacks, Sandbox } from "../../../sandbox/runtime";
import { type Checks, NotRun } from "./harness";
import { CLI, Platform } from "./platform";

const ROOT = dirname(packageFile("package.json"));
const DEV = { project: "acme-dev", location: "asia-northeast1-a", name: "dev" };

/** The shipped environment `dev`, with what `change.json` says on top. */
const APP = `
const { Environment } = require("${ROOT}/dist/lib/environment");
const { Dataplane } = require("${ROOT}/dist/lib/dataplane");
const { dev } = require("${ROOT}/dist/environments/dev");
const { App } = require("cdktf");
const { debug, labels } = require("./change.json");
const app = new App();
const hubble = { relay: true, ui: true };
const values = debug ? { debug: { enabled: true } } : {};
const nodePools = dev.nodePools.map((pool) => ({ ...pool, labels }));
new Environment(app, { ...dev, nodePools, dataplane: Dataplane.cniChaining({ hubble, values }) });
app.synth();
`;

/** Change dev, preview, apply exactly that plan, preview again and find nothing: against the sandbox's cloud. */
export async function checkSandbox(checks: Checks): Promise<void> {
  await checks.group("dev in the sandbox: preview, apply what was reviewed, preview empty", async (scratch) => {
    const platform = new Platform(scratch);
    await platform.create({}, { "app.js": APP, "change.json": '{"debug":false,"labels":{}}' });
    await platform.preview("synth", "--out", join(scratch, "synth"));
    const stacks = readStacks(join(scratch, "synth"));
    const tools = await findTools(ROOT, providersOf(stacks)).catch((error: Error) => {
      throw new NotRun(error.message);
    });
    const sandbox = await Sandbox.start({ directory: join(scratch, "sandbox") });
    try {
      await sandbox.prepare(stacks);
      await scenario(checks, platform, sandbox, sandbox.env(tools), scratch);
    } finally {
      await sandbox.stop();
    }
  });
}

async function scenario(
  checks: Checks,
  platform: Platform,
  sandbox: Sandbox,
  env: NodeJS.ProcessEnv,
  scratch: string,
): Promise<void> {
  const variables = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value ?? ""]));
  const preview = (...args: readonly string[]) => platform.run(process.execPath, [CLI, ...args], variables);
  const told = (outcome: { code: number; stdout: string; stderr: string }) =>
    `exit code ${outcome.code}\n${outcome.stdout}${outcome.stderr}`;
  const report = (name: string): Report => JSON.parse(readFileSync(join(scratch, name), "utf8"));
  const head = async () => (await platform.git("rev-parse", "HEAD")).trim();
  const values = async () =>
    (
      await sandbox.kubectl(DEV, [
        "--namespace",
        "kube-system",
        "get",
        "configmap",
        "cilium-config",
        "--output",
        "json",
      ])
    ).stdout;

  const first = await preview("--plan", "--keep-plans", join(scratch, "p1"), "--out", join(scratch, "r1.json"));
  const stacks = new Map(report("r1.json").stacks.map((stack) => [stack.name, stack]));
  checks.holds(
    "before there is a cluster: the cluster stack is planned (2)",
    first.code === 2 && stacks.get("dev-cluster")?.mode === "plan",
    `${told(first)}${JSON.stringify(report("r1.json").findings, null, 1)}`,
  );
  const platformStacks = ["dev-networking", "dev-monitoring"].map((name) => stacks.get(name));
  const fallen = platformStacks.every(
    (stack) =>
      stack?.mode === "offline" &&
      stack.notes.some((note) => /its cluster does not exist|could not be planned either/.test(note)),
  );
  checks.holds("and the stacks above it are predicted, and say so", fallen, JSON.stringify(platformStacks, null, 1));
  const one = await preview("apply", "--plans", join(scratch, "p1"), "--commit", await head());
  checks.holds(
    "apply: the cluster, and word that the others need another preview (2)",
    one.code === 2 && /applied dev-cluster/.test(one.stdout),
    told(one),
  );

  for (const round of ["p2", "p3"]) {
    const plan = await preview("--plan", "--keep-plans", join(scratch, round), "--format", "markdown");
    if (plan.code === 0) break;
    checks.holds(`${round}: now the rest can be planned`, plan.code === 2, told(plan));
    const applied = await preview("apply", "--plans", join(scratch, round), "--commit", await head());
    checks.holds(`${round}: and applied`, applied.code === 0 || applied.code === 2, told(applied));
  }
  const empty = await preview("--plan");
  checks.holds("dev is deployed, and its preview is empty (0)", empty.code === 0, told(empty));
  checks.holds("the agent's debug mode is off in the cluster", /"debug":\s*"false"/.test(await values()));

  await platform.git("add", "--all");
  await platform.git("checkout", "--quiet", "-b", "feature");
  writeFileSync(join(platform.root, "change.json"), '{"debug":true,"labels":{"tier":"network"}}');
  await platform.git("commit", "--quiet", "--all", "--message", "debug, and a label");
  const kept = join(scratch, "reviewed");
  const outputs = ["json", "html", "md"].flatMap((kind) => ["--out", join(scratch, `r2.${kind}`)]);
  const changed = await preview("--plan", "--base", "main", "--keep-plans", kept, ...outputs);
  const found = report("r2.json");
  const fields = found.stacks.flatMap(({ resources }) =>
    resources.flatMap((resource) => resource.fields.map(({ path, after }) => `${path}=${after}`)),
  );
  checks.holds(
    "a changed Helm value is seen as the key it is",
    fields.includes("values › debug.enabled=true"),
    `${fields.join("\n")}\n${told(changed)}`,
  );
  checks.holds(
    "a new node label is seen on the pool",
    fields.some((field) => /node_config\.labels.*tier=network/.test(field)),
    fields.join("\n"),
  );
  const same = found.stacks.find(({ name }) => name === "dev-monitoring");
  checks.holds(
    "the stack that does not differ is not planned, and said to be the same",
    same?.status === "unchanged" && same.notes.some((note) => /^Not planned/.test(note)),
    JSON.stringify(same),
  );
  const applied = await preview("apply", "--plans", kept, "--commit", await head());
  checks.holds("exactly these plans are applied", applied.code === 0, told(applied));
  checks.holds("and the live cluster says so", /"debug":\s*"true"/.test(await values()));
  const nothing = await preview("--plan");
  checks.holds("the preview is empty then, of every stack (0)", nothing.code === 0, told(nothing));
  const secret = readdirSync(scratch)
    .filter((name) => /\.(json|html|md)$/.test(name))
    .some((name) => readFileSync(join(scratch, name), "utf8").includes(sandbox.accessToken));
  checks.holds("no report has the token that Terraform logged in with", !secret);
}
