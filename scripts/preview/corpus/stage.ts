import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { environmentVariables } from "../../../sandbox/gcp/environment";
import { GoogleCloudSimulator } from "../../../sandbox/gcp/simulator";
import { CHARTS_VARIABLE, Sandbox, type StackFacts, type Tools } from "../../../sandbox/runtime";
import { silentReporter } from "../../../sandbox/terminal";

/** Where stacks are deployed: the simulated cloud, and real control planes behind its clusters where they are needed. */
export interface Stage {
  /** What Terraform needs to get there. */
  readonly environment: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** `cloud`: clusters without control planes, enough for cluster stacks. `sandbox`: everything. */
export type StageKind = "cloud" | "sandbox";

/** A directory with a stage and the stacks on it, which can be put back to what it was. */
export class Theatre {
  public constructor(
    private readonly directory: string,
    private readonly tools: Tools,
    /** Directory with archives of charts, beside the sandbox's own. */
    private readonly charts: string,
  ) {}

  /** Directory of a stack, with its state. */
  public stackDirectory(stack: string): string {
    return join(this.directory, "stacks", stack);
  }

  /** Starts the stage in whatever state its directory holds, with what the stacks take for granted. */
  public async open(kind: StageKind, stacks: readonly StackFacts[]): Promise<Stage> {
    mkdirSync(this.directory, { recursive: true });
    return kind === "cloud" ? this.openCloud(stacks) : this.openSandbox(stacks);
  }

  /** Keeps everything as it is now. The stage must be stopped. */
  public keep(snapshot: string): void {
    copy(this.directory, snapshot);
  }

  /** Makes everything what it was when it was kept, or empty. The stage must be stopped. */
  public reset(snapshot?: string): void {
    rmSync(this.directory, { recursive: true, force: true });
    if (snapshot !== undefined) copy(snapshot, this.directory);
  }

  private async openCloud(stacks: readonly StackFacts[]): Promise<Stage> {
    const projects = [...new Set(stacks.flatMap((stack) => stack.projects))];
    const cloud = new GoogleCloudSimulator({ stateDirectory: join(this.directory, "google"), projects });
    const { url } = await cloud.listen();
    const environment = {
      ...process.env,
      ...environmentVariables(url),
      TF_CLI_CONFIG_FILE: this.tools.cliConfig,
      CHECKPOINT_DISABLE: "1",
    };
    return { environment, stop: () => cloud.close() };
  }

  private async openSandbox(stacks: readonly StackFacts[]): Promise<Stage> {
    const sandbox = await Sandbox.start({
      directory: join(this.directory, "sandbox"),
      reporter: silentReporter(),
      environment: { ...process.env, [CHARTS_VARIABLE]: this.charts },
    });
    try {
      await sandbox.prepare(stacks);
    } catch (error) {
      await sandbox.stop();
      throw error;
    }
    const { TF_WORKSPACE: _, ...environment } = sandbox.env(this.tools);
    return { environment, stop: () => sandbox.stop() };
  }
}

function copy(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  if (existsSync(from)) cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}
