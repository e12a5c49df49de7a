import { execFile } from "node:child_process";
import { join } from "node:path";
import { changesOf, type PlannedChange } from "../../e2e/rig/plan";

/** What a program said and how it ended. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Terraform or OpenTofu in the directories that cdktf wrote. */
export class Terraform {
  /**
   * @param app Directory of the app.
   * @param env Variables that name the cloud, the program and where providers are found.
   */
  public constructor(
    private readonly app: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** `init` and `apply` of a stack. Providers are those that the stack names now, whatever a lock file says. */
  public async apply(stack: string, output = "cdktf.out"): Promise<void> {
    await this.init(stack, output);
    await this.run(output, stack, "apply", "-input=false", "-auto-approve", "-no-color");
  }

  /** What a deployment would do. */
  public async plan(stack: string, output = "cdktf.out"): Promise<readonly PlannedChange[]> {
    await this.init(stack, output);
    await this.run(output, stack, "plan", "-input=false", "-no-color", "-out=plan");
    return changesOf(await this.run(output, stack, "show", "-json", "plan"));
  }

  /** @throws Error where a plan is not empty, outputs included. */
  public async mustBeEmpty(stack: string, output = "cdktf.out"): Promise<void> {
    await this.run(output, stack, "plan", "-input=false", "-detailed-exitcode", "-no-color");
  }

  public async destroy(stack: string, output = "cdktf.out"): Promise<void> {
    await this.run(output, stack, "destroy", "-input=false", "-auto-approve", "-no-color");
  }

  public output(stack: string, name: string, output = "cdktf.out"): Promise<string> {
    return this.run(output, stack, "output", "-raw", name);
  }

  private async init(stack: string, output: string): Promise<void> {
    await this.run(output, stack, "init", "-upgrade", "-input=false", "-no-color");
  }

  private async run(output: string, stack: string, ...args: readonly string[]): Promise<string> {
    const program = this.env["TERRAFORM_BINARY_NAME"] ?? "terraform";
    process.stdout.write(`$ ${program.split("/").pop()} ${args[0]} (${stack})\n`);
    const { code, stdout, stderr } = await answerOf(program, args, join(this.app, output, "stacks", stack), this.env);
    if (code !== 0) throw new Error(`${program} ${args[0]} of ${stack} ended with ${code}\n${stdout}${stderr}`);
    return stdout;
  }
}

/** Runs a program beside the sandbox, which answers from this very process. */
export function answerOf(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Answer> {
  return new Promise((done) => {
    execFile(program, [...args], { cwd, env, encoding: "utf8", maxBuffer: 1e8 }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : typeof error.code === "number" ? error.code : 1, stdout, stderr });
    });
  });
}
