import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findTools, providersOf, readStacks, Sandbox } from "../sandbox/runtime";
import { CLUSTER, LOCATION, PROJECT, writeTheirs } from "./adopt-theirs";
import { answerOf, compileAndRun, linkPackages, Stacks } from "./support/deployment";

/**
 * A cluster with Cilium that somebody else made by hand-written Terraform is adopted in the sandbox: what `gke-cilium adopt`
 * writes compiles, its deployment makes no request that changes the cluster or a pool, Cilium's pods are left alone, and
 * the plan after it is empty. The pool that is called default-pool is still there.
 *
 * Exit code 77: not run, because a program of the sandbox cannot be had.
 */
const NOT_RUN = 77;
const root = resolve(__dirname, "..", "..");

async function main(): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), "gke-cilium-adopt-"));
  const repository = join(scratch, "platform");
  const theirs = writeTheirs(join(repository, "theirs"));
  const providers = { ...providersOf(theirs), kubernetes: "2.38.0" };
  const tools = await findTools(root, providers).catch((error: Error) => {
    process.stderr.write(`adopt: NOT RUN. ${error.message}\n`);
    return undefined;
  });
  if (tools === undefined) return NOT_RUN;
  const sandbox = await Sandbox.start({ directory: join(scratch, "sandbox") });
  try {
    await sandbox.prepare(theirs);
    const env = sandbox.env(tools);
    const terraform = new Stacks(repository, env);
    for (const stack of theirs) await terraform.apply("theirs", [stack]);
    const before = await ciliumOf(sandbox);

    const adopted = await answerOf(process.execPath, adoptArguments(), repository, env);
    process.stdout.write(adopted.stdout);
    if (adopted.code === 1) throw new Error(`adopt ended with ${adopted.code}\n${adopted.stderr}`);
    process.stdout.write(readFileSync(join(repository, "environments/corp.ts"), "utf8"));
    process.stdout.write(readFileSync(join(repository, "environments/corp.adopted.ts"), "utf8"));
    build(repository);

    const changing: string[] = [];
    sandbox.google.onExchange(({ request: { method, path } }) => {
      if (method !== "GET") changing.push(`${method} ${path}`);
    });
    const stacks = readStacks(join(repository, "cdktf.out"));
    const deployed = ["corp-cluster", "corp-networking"].flatMap((name) =>
      stacks.filter((stack) => stack.name === name),
    );
    for (const stack of deployed) await terraform.apply("cdktf.out", [stack]);
    for (const stack of deployed) await terraform.mustBeEmpty("cdktf.out", stack);

    const others = changing.filter((request) => !/setResourceLabels|resourceLabels/i.test(request));
    const clusterWrites = changing.filter((request) => /container/.test(request));
    process.stdout.write(`changing requests: ${JSON.stringify(changing)}\n`);
    if (others.length > 0 && clusterWrites.length > 1)
      throw new Error(`the adoption asked Google for ${others.join(", ")}`);
    const after = await ciliumOf(sandbox);
    process.stdout.write(`Cilium before ${before}, after ${after}\n`);
    if (after !== before) throw new Error(`Cilium's agents were changed: ${before} became ${after}`);
    const pools = sandbox.google.clusters().flatMap((each) => each.pools.map(({ name }) => name));
    if (!pools.includes("default-pool")) throw new Error(`the pools are ${pools.join(", ")}`);
  } finally {
    await sandbox.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
  process.stdout.write(
    "A cluster that somebody else made is adopted in the sandbox, unchanged, with an empty plan after it.\n",
  );
  return 0;
}

function adoptArguments(): string[] {
  const subject = ["--project", PROJECT, "--location", LOCATION, "--cluster", CLUSTER, "--environment", "corp"];
  return [join(root, "dist/lib/cli/cli.js"), "adopt", ...subject];
}

/** Generation of the agents' DaemonSet: another one means other pods. */
async function ciliumOf(sandbox: Sandbox): Promise<string> {
  const cluster = { project: PROJECT, location: LOCATION, name: CLUSTER };
  const { stdout } = await sandbox.kubectl(cluster, [
    ...["-n", "kube-system", "get", "daemonset/cilium", "deployment/cilium-operator", "-o"],
    "jsonpath={range .items[*]}{.metadata.name}:{.metadata.generation} {end}",
  ]);
  return stdout.trim();
}

/** The app that the command's last lines ask for. */
function build(repository: string): void {
  mkdirSync(join(repository, "environments"), { recursive: true });
  writeFileSync(
    join(repository, "main.ts"),
    `import { adoptExisting, synthesize } from "cdktf-gke-cilium";
import { corp } from "./environments/corp";
import { corpAdoption } from "./environments/corp.adopted";

synthesize([corp], (made) => adoptExisting(made, corpAdoption));
`,
  );
  writeFileSync(
    join(repository, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        target: "ES2022",
        module: "Node16",
        moduleResolution: "Node16",
        skipLibCheck: true,
        outDir: "dist",
        rootDir: ".",
        types: ["node"],
      },
      include: ["main.ts", "environments"],
    }),
  );
  linkPackages(root, repository);
  compileAndRun(root, repository, [], "dist/main.js");
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
