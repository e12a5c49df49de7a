import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SynthFixture } from "../../../__tests__/preview/support";
import { run, wholeError } from "../../../lib/preview/run/process";
import type { PlanOutcome } from "../../../lib/preview/run/terraform";

/** One stack in a directory of its own, with its state beside it. */
export class DeployedStack {
  public constructor(
    private readonly directory: string,
    private readonly command: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** @param files Beside the template, by path. */
  public write({ template, files = {} }: SynthFixture["stacks"][string]): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.directory, path)), { recursive: true });
      writeFileSync(join(this.directory, path), content);
    }
    mkdirSync(this.directory, { recursive: true });
    const terraform = { ...(template["terraform"] as object), backend: { local: { path: "stack.tfstate" } } };
    writeFileSync(join(this.directory, "cdk.tf.json"), JSON.stringify({ ...template, terraform }));
  }

  public async plan(): Promise<PlanOutcome> {
    await this.init();
    const file = join(this.directory, "planned");
    const planned = await this.terraform("plan", "-input=false", "-lock=false", `-out=${file}`);
    const error = planned.code === 0 ? undefined : wholeError(planned.stderr || planned.stdout);
    if (error !== undefined && !existsSync(file)) return { kind: "failed", error: `terraform plan failed: ${error}` };
    const shown = await this.terraform("show", "-json", file);
    if (shown.code !== 0) return { kind: "failed", error: `terraform plan failed: ${error ?? shown.stderr}` };
    return { kind: "planned", json: shown.stdout, file, stderr: error };
  }

  /** Applies what the code says, and tells what became of each object. */
  public async apply(): Promise<Applied> {
    await this.init();
    const { code, stdout, stderr } = await this.terraform("apply", "-json", "-input=false", "-auto-approve");
    const events = stdout.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Event] : []));
    const done = new Map<string, string[]>();
    for (const { type, hook } of events)
      if (type === "apply_complete" && hook?.action !== "read" && hook?.resource?.addr)
        done.set(hook.resource.addr, [...(done.get(hook.resource.addr) ?? []), hook.action ?? ""]);
    const errors = events
      .filter((event) => event["@level"] === "error")
      .map(({ diagnostic }) => [diagnostic?.summary, diagnostic?.detail].filter(Boolean).join(": "));
    if (code !== 0 && errors.length === 0) errors.push(stderr || `terraform apply ended with ${code}`);
    return { done, errors, began: events.some(({ type }) => type === "apply_start") };
  }

  private async init(): Promise<void> {
    if (existsSync(join(this.directory, ".terraform"))) return;
    const { code, stdout, stderr } = await this.terraform("init", "-input=false");
    if (code !== 0) throw new Error(`terraform init failed: ${wholeError(stderr || stdout)}`);
  }

  private terraform(...args: readonly string[]) {
    const env = { ...this.environment, TF_CLI_ARGS: undefined } as Readonly<Record<string, string | undefined>>;
    return run(this.command, args[0] === "apply" ? args : [...args, "-no-color"], { cwd: this.directory, env });
  }
}

/** What an apply did. */
export interface Applied {
  /** What was done to each object, by address, in order. */
  readonly done: ReadonlyMap<string, readonly string[]>;
  readonly errors: readonly string[];
  /** Something was begun: not refused as a whole. */
  readonly began: boolean;
}

interface Event {
  readonly "@level"?: string;
  readonly type?: string;
  readonly hook?: { readonly resource?: { readonly addr?: string }; readonly action?: string };
  readonly diagnostic?: { readonly summary?: string; readonly detail?: string };
}
