import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { completeOptions, parseInitArguments, repositoryFiles, writeRepository } from "../lib/init";
import { findTools, providersOf, readStacks, Sandbox, type StackFacts } from "../sandbox/runtime";

/**
 * A repository that `gke-cilium init` makes, deployed from nothing in the sandbox: its projects are made ready by its
 * own bootstrap, the doctor then finds nothing missing, its environment keeps its state in the bucket that the
 * bootstrap made, a second plan is empty, and everything goes again.
 *
 * Exit code 77: not run, because a program of the sandbox cannot be had.
 */
const NOT_RUN = 77;
const root = resolve(__dirname, "..", "..");

async function main(): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), "gke-cilium-init-deploy-"));
  const repository = join(scratch, "platform");
  make(repository);
  const bootstrap = readStacks(join(repository, "cdktf.bootstrap"));
  const environment = readStacks(join(repository, "cdktf.out"));
  const tools = await findTools(root, providersOf([...bootstrap, ...environment])).catch((error: Error) => {
    process.stderr.write(`init-deploy: NOT RUN. ${error.message}\n`);
    return undefined;
  });
  if (tools === undefined) return NOT_RUN;
  const sandbox = await Sandbox.start({ directory: join(scratch, "sandbox") });
  try {
    // The buckets are the bootstrap's to make, not the sandbox's.
    await sandbox.prepare(
      [...bootstrap, ...environment].map((stack): StackFacts => ({ ...stack, stateBucket: undefined })),
    );
    const env = sandbox.env(tools);
    const terraform = new Stacks(repository, env);
    terraform.apply("cdktf.bootstrap", bootstrap);
    const doctor = spawnSync(process.execPath, [join(root, "dist/lib/cli/cli.js"), "doctor", "--json"], {
      cwd: repository,
      env,
      encoding: "utf8",
    });
    const findings = JSON.parse(doctor.stdout) as { subject: string; title: string; state: string; detail: string }[];
    const missing = findings.filter(({ subject, state }) => subject.startsWith("project") && state === "missing");
    if (missing.length > 0 || !findings.some(({ title }) => title.startsWith("state bucket")))
      throw new Error(`after the bootstrap the doctor says ${doctor.stdout}${doctor.stderr}`);
    const order = ["cluster", "networking", "monitoring"].flatMap((layer) =>
      environment.filter(({ name }) => name.endsWith(layer)),
    );
    for (const stack of order) terraform.apply("cdktf.out", [stack]);
    for (const stack of order) terraform.mustBeEmpty("cdktf.out", stack);
    const credentials = terraform.output("cdktf.out", "dev-cluster", "connect");
    if (!credentials.startsWith("gcloud container clusters get-credentials dev ")) throw new Error(credentials);
    for (const stack of order.reverse()) terraform.destroy("cdktf.out", stack);
  } finally {
    await sandbox.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
  process.stdout.write(
    "What init makes is bootstrapped, examined, deployed, planned empty and destroyed in the sandbox.\n",
  );
  return 0;
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
  const modules = join(root, "node_modules");
  for (const name of readdirSync(modules).filter((each) => each !== ".bin" && each !== ".cache"))
    link(join(modules, name), join(repository, "node_modules", name));
  link(root, join(repository, "node_modules", "cdktf-gke-cilium"));
  const node = (...args: readonly string[]) =>
    execFileSync(process.execPath, args, { cwd: repository, stdio: "inherit" });
  node(join(modules, "typescript/bin/tsc"));
  node("dist/main.js");
  node("dist/bootstrap/main.js");
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

/** Terraform in the directories that cdktf wrote. */
class Stacks {
  public constructor(
    private readonly repository: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  public apply(output: string, stacks: readonly StackFacts[]): void {
    for (const { name } of stacks) {
      this.run(output, name, "init", "-input=false", "-no-color");
      this.run(output, name, "apply", "-input=false", "-auto-approve", "-no-color");
    }
  }

  public mustBeEmpty(output: string, { name }: StackFacts): void {
    this.run(output, name, "plan", "-input=false", "-detailed-exitcode", "-no-color");
  }

  public destroy(output: string, { name }: StackFacts): void {
    this.run(output, name, "destroy", "-input=false", "-auto-approve", "-no-color");
  }

  public output(output: string, stack: string, name: string): string {
    return this.run(output, stack, "output", "-raw", name);
  }

  private run(output: string, stack: string, ...args: readonly string[]): string {
    process.stdout.write(`$ terraform ${args[0]} (${stack})\n`);
    const cwd = join(this.repository, output, "stacks", stack);
    const program = this.env["TERRAFORM_BINARY_NAME"] ?? "terraform";
    const { status, stdout, stderr } = spawnSync(program, [...args], { cwd, env: this.env, encoding: "utf8" });
    if (status !== 0) throw new Error(`terraform ${args[0]} of ${stack} ended with ${status}\n${stdout}${stderr}`);
    return stdout;
  }
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
