import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import type { StackFacts } from "../../sandbox/runtime";

/** Gives a repository the packages of this checkout, and this checkout as the package. */
export function linkPackages(root: string, repository: string): void {
  const modules = join(root, "node_modules");
  for (const name of readdirSync(modules).filter((each) => each !== ".bin" && each !== ".cache"))
    link(join(modules, name), join(repository, "node_modules", name));
  link(root, join(repository, "node_modules", "cdktf-gke-cilium"));
}

/** Compiles a repository, and runs a program of it. */
export function compileAndRun(
  root: string,
  repository: string,
  compilerOptions: readonly string[],
  ...programs: readonly string[]
): void {
  const node = (...args: readonly string[]) =>
    execFileSync(process.execPath, args, { cwd: repository, stdio: "inherit" });
  node(join(root, "node_modules/typescript/bin/tsc"), ...compilerOptions);
  for (const program of programs) node(program);
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

/** Terraform in the directories that cdktf wrote. */
export class Stacks {
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
export function answerOf(
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
