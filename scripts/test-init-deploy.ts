import { execFile, execFileSync } from "node:child_process";
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
    await terraform.apply("cdktf.bootstrap", bootstrap);
    const doctor = await answerOf(
      process.execPath,
      [join(root, "dist/lib/cli/cli.js"), "doctor", "--json"],
      repository,
      env,
    );
    const findings = JSON.parse(doctor.stdout) as { subject: string; title: string; state: string; detail: string }[];
    const missing = findings.filter(({ subject, state }) => subject.startsWith("project") && state === "missing");
    if (missing.length > 0 || !findings.some(({ title }) => title.startsWith("state bucket")))
      throw new Error(`after the bootstrap the doctor says ${doctor.stdout}${doctor.stderr}`);
    const order = ["cluster", "networking", "monitoring"].flatMap((layer) =>
      environment.filter(({ name }) => name.endsWith(layer)),
    );
    for (const stack of order) await terraform.apply("cdktf.out", [stack]);
    for (const stack of order) await terraform.mustBeEmpty("cdktf.out", stack);
    const credentials = await terraform.output("cdktf.out", "dev-cluster", "connect");
    if (!credentials.startsWith("gcloud container clusters get-credentials dev ")) throw new Error(credentials);
    for (const stack of order.reverse()) await terraform.destroy("cdktf.out", stack);
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

  public async apply(output: string, stacks: readonly StackFacts[]): Promise<void> {
    for (const { name } of stacks) {
      await this.run(output, name, "init", "-input=false", "-no-color");
      await this.run(output, name, "apply", "-input=false", "-auto-approve", "-no-color");
    }
  }

  public async mustBeEmpty(output: string, { name }: StackFacts): Promise<void> {
    await this.run(output, name, "plan", "-input=false", "-detailed-exitcode", "-no-color");
  }

  public async destroy(output: string, { name }: StackFacts): Promise<void> {
    await this.run(output, name, "destroy", "-input=false", "-auto-approve", "-no-color");
  }

  public output(output: string, stack: string, name: string): Promise<string> {
    return this.run(output, stack, "output", "-raw", name);
  }

  private async run(output: string, stack: string, ...args: readonly string[]): Promise<string> {
    process.stdout.write(`$ terraform ${args[0]} (${stack})\n`);
    const cwd = join(this.repository, output, "stacks", stack);
    const program = this.env["TERRAFORM_BINARY_NAME"] ?? "terraform";
    const { code, stdout, stderr } = await answerOf(program, args, cwd, this.env);
    if (code !== 0) throw new Error(`terraform ${args[0]} of ${stack} ended with ${code}\n${stdout}${stderr}`);
    return stdout;
  }
}

/** Runs a program beside the sandbox, which answers from this very process. */
function answerOf(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((done) => {
    execFile(program, [...args], { cwd, env, encoding: "utf8", maxBuffer: 1e8 }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : typeof error.code === "number" ? error.code : 1, stdout, stderr });
    });
  });
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
