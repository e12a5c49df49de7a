import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Sandbox } from "../sandbox/runtime";
import { type Proof, prove, ROOT } from "./deployment/in-sandbox";
import { compileAndRun, linkPackages } from "./deployment/repository";
import { answerOf, Terraform } from "./deployment/terraform";
import { CLUSTER, LOCATION, PROJECT, writeTheirs } from "./deployment/theirs";

const THEIRS = "theirs";
const STACKS = ["corp-cluster", "corp-networking"];
/** What the first deployment may ask Google to change: labels of the cluster, and nothing that is not adopted. */
const MAY_CHANGE = /:setResourceLabels$/;

/**
 * A cluster with Cilium that somebody else made by hand-written Terraform is adopted in the sandbox: what `gke-cilium adopt`
 * writes compiles, its deployment asks Google for no change but labels, Cilium's pods are left alone, and the plan after it is
 * empty. The pool that is called default-pool is still there.
 *
 * Exit code 77: not run, because a program of the sandbox cannot be had.
 */
const proof: Proof = {
  name: "adopt",
  write: (scratch) => [writeTheirs(join(scratch, THEIRS))],
  async run({ sandbox, environments: [env = {}] }, scratch) {
    const terraform = new Terraform(scratch, env);
    for (const stack of ["cloud", "cilium"]) await terraform.apply(stack, THEIRS);
    const before = await ciliumOf(sandbox);

    const adopted = await answerOf(process.execPath, adoptArguments(), scratch, env);
    process.stdout.write(adopted.stdout);
    if (adopted.code !== 0) throw new Error(`adopt ended with ${adopted.code}\n${adopted.stderr}`);
    build(scratch);

    const changing: string[] = [];
    sandbox.google.onExchange(({ request: { method, path } }) => {
      if (method !== "GET") changing.push(`${method} ${path}`);
    });
    for (const stack of STACKS) await terraform.apply(stack);
    const refused = changing.filter((request) => !MAY_CHANGE.test(request));
    if (refused.length > 0) throw new Error(`the adoption asked Google for ${refused.join(", ")}`);
    for (const stack of STACKS) await terraform.mustBeEmpty(stack);

    const after = await ciliumOf(sandbox);
    if (after !== before) throw new Error(`Cilium was changed: ${before} became ${after}`);
    const pools = sandbox.google.clusters().flatMap((each) => each.pools.map(({ name }) => name));
    if (!pools.includes("default-pool")) throw new Error(`the pools are ${pools.join(", ")}`);
    return "A cluster that somebody else made is adopted, nothing of it changed but labels, and the plan after it is empty.";
  },
};

function adoptArguments(): string[] {
  const subject = ["--project", PROJECT, "--location", LOCATION, "--cluster", CLUSTER, "--environment", "corp"];
  return [join(ROOT, "dist/lib/cli/cli.js"), "adopt", ...subject];
}

/** Generations of the agents' and the operator's workloads: others mean other pods. */
async function ciliumOf(sandbox: Sandbox): Promise<string> {
  const { stdout } = await sandbox.kubectl({ project: PROJECT, location: LOCATION, name: CLUSTER }, [
    ...["-n", "kube-system", "get", "daemonset/cilium", "deployment/cilium-operator", "-o"],
    "jsonpath={range .items[*]}{.metadata.name}:{.metadata.generation} {end}",
  ]);
  return stdout.trim();
}

/** The app that the command's last lines ask for. */
function build(repository: string): void {
  writeFileSync(
    join(repository, "main.ts"),
    `import { adoptExisting, synthesize } from "cdktf-gke-cilium";
import { corp } from "./environments/corp";
import { corpAdoption } from "./environments/corp.adopted";

synthesize([corp], (made) => adoptExisting(made, corpAdoption));
`,
  );
  const compilerOptions = {
    strict: true,
    target: "ES2022",
    module: "Node16",
    moduleResolution: "Node16",
    skipLibCheck: true,
    outDir: "dist",
    rootDir: ".",
    types: ["node"],
  };
  writeFileSync(
    join(repository, "tsconfig.json"),
    JSON.stringify({ compilerOptions, include: ["main.ts", "environments"] }),
  );
  linkPackages(repository);
  compileAndRun(repository, [], "dist/main.js");
}

prove(proof).then((code) => {
  process.exitCode = code;
});
