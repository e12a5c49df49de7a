import { join } from "node:path";
import { completeOptions, parseInitArguments, repositoryFiles, writeRepository } from "../lib/init";
import { readStacks, type StackFacts } from "../sandbox/runtime";
import { type Proof, prove, ROOT } from "./deployment/in-sandbox";
import { compileAndRun, linkPackages } from "./deployment/repository";
import { inOrder } from "./deployment/synthesized";
import { answerOf, Terraform } from "./deployment/terraform";

/**
 * A repository that `gke-cilium init` makes, deployed from nothing in the sandbox: its projects are made ready by its
 * own bootstrap, the doctor then finds nothing missing, its environment keeps its state in the bucket that the
 * bootstrap made, a second plan is empty, and everything goes again.
 *
 * Exit code 77: not run, because a program of the sandbox cannot be had.
 */
const proof: Proof = {
  name: "init-deploy",
  write: (scratch) => {
    const repository = repositoryIn(scratch);
    make(repository);
    return [[...readStacks(join(repository, BOOTSTRAP)), ...readStacks(join(repository, "cdktf.out"))]];
  },
  // The buckets are the bootstrap's to make, not the sandbox's.
  prepared: (stacks) => stacks.map((stack): StackFacts => ({ ...stack, stateBucket: undefined })),
  async run({ environments: [env = {}] }, scratch) {
    const repository = repositoryIn(scratch);
    const terraform = new Terraform(repository, env);
    for (const { name } of readStacks(join(repository, BOOTSTRAP))) await terraform.apply(name, BOOTSTRAP);
    const cli = join(ROOT, "dist/lib/cli/cli.js");
    const doctor = await answerOf(process.execPath, [cli, "doctor", "--json"], repository, env);
    const findings = JSON.parse(doctor.stdout) as { subject: string; title: string; state: string; detail: string }[];
    const missing = findings.filter(({ subject, state }) => subject.startsWith("project") && state === "missing");
    if (missing.length > 0 || !findings.some(({ title }) => title.startsWith("state bucket")))
      throw new Error(`after the bootstrap the doctor says ${doctor.stdout}${doctor.stderr}`);
    const order = inOrder(readStacks(join(repository, "cdktf.out")));
    for (const stack of order) await terraform.apply(stack);
    for (const stack of order) await terraform.mustBeEmpty(stack);
    const credentials = await terraform.output("dev-cluster", "connect");
    if (!credentials.startsWith("gcloud container clusters get-credentials dev ")) throw new Error(credentials);
    for (const stack of [...order].reverse()) await terraform.destroy(stack);
    return "What init makes is bootstrapped, examined, deployed, planned empty and destroyed in the sandbox.";
  },
};

/** Where the repository's bootstrap is synthesized. */
const BOOTSTRAP = "cdktf.bootstrap";

function repositoryIn(scratch: string): string {
  return join(scratch, "platform");
}

/** Makes, compiles and synthesizes it, with the packages of this checkout and this checkout as the package. */
function make(repository: string): void {
  const flags = ["--environment", "dev=acme-dev", "--location", "asia-northeast1", "--monitoring", "none"];
  writeRepository(
    repository,
    repositoryFiles(
      completeOptions(parseInitArguments([repository, ...flags], "/")),
      "00000000-0000-4000-8000-000000000000",
    ),
  );
  linkPackages(repository);
  compileAndRun(repository, [], "dist/main.js", "dist/bootstrap/main.js");
}

prove(proof).then((code) => {
  process.exitCode = code;
});
