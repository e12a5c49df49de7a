import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EnvironmentDefinition } from "../../lib/environment";
import { check, lastLines } from "../harness/check";
import type { Measurement } from "../harness/measurements";
import type { EnvironmentName } from "../harness/scenario";
import type { Cloud, ClusterName } from "./cloud";
import { type CommandResult, RunningCommand } from "./command";
import { Kube } from "./kube";
import { changesOf, describeChange, type Plan } from "./plan";
import { StackClock, type StackSpan } from "./stack-clock";
import { LAYERS, type Layer, stackId } from "./stacks";

/** What a bench is made of. */
export interface BenchOptions {
  readonly environment: EnvironmentName;
  readonly definition: EnvironmentDefinition;
  readonly cloud: Cloud;
  /** Working directory of the environment: its app, its states, its logs. Emptied at the start. */
  readonly directory: string;
  /** The compiled app, `dist/e2e/app/main.js`. */
  readonly app: string;
}

export interface CdktfOptions {
  /** Which stacks. @default all three, by the pattern that the README shows */
  readonly layers?: readonly Layer[];
  /** Also where other stacks of the environment depend on them. @default false */
  readonly ignoreDependents?: boolean;
}

/** No command of a healthy run takes longer, on the busiest machine. */
const COMMAND_TIMEOUT_SECONDS = 600;

/**
 * One environment on its bench: what a person would type, and what that person would look at, each measured.
 */
export class Bench {
  public readonly environment: EnvironmentName;
  public readonly definition: EnvironmentDefinition;
  public readonly cloud: Cloud;
  public readonly measurements: Measurement[] = [];
  /** Told what is being done, for whoever watches. */
  public progress: (detail: string) => void = () => {};
  /** What was seen in the current step, for the report. */
  public notes: string[] = [];
  /** Id of the scenario that measurements are booked on. */
  public scenario = "";
  /** The last plan that was not empty, and the last command: for whoever reads about a failure. */
  public lastPlan: Plan | undefined;
  public lastCommand: CommandResult | undefined;
  private kept: readonly string[] = [];
  private edits: readonly string[] = [];
  private commands = 0;

  public constructor(private readonly options: BenchOptions) {
    this.environment = options.environment;
    this.definition = options.definition;
    this.cloud = options.cloud;
    rmSync(options.directory, { recursive: true, force: true });
    mkdirSync(options.directory, { recursive: true });
    this.edit();
  }

  public get cluster(): ClusterName {
    const { project, location, name } = this.definition;
    return { project, location, name };
  }

  public get project(): string {
    return this.definition.project;
  }

  /** What kubectl shows. Anew each time, as a cluster that was made again has another control plane. */
  public kube(): Kube {
    return new Kube(this.cloud.kubernetes(this.cluster));
  }

  /** Full name of the cluster in Google's API. */
  public get clusterPath(): string {
    return `projects/${this.project}/locations/${this.definition.location}/clusters/${this.definition.name}`;
  }

  /** Writes something that was seen into the report. */
  public note(text: string): void {
    this.notes.push(text);
  }

  /** From now on these variations stay, whatever else is edited. */
  public keep(...variations: readonly string[]): void {
    this.kept = [...this.kept, ...variations];
    this.edit();
  }

  /** Edits the environment's file: the variations replace those before, except those that stay. */
  public edit(...variations: readonly string[]): void {
    this.edits = [...this.kept, ...variations];
    const app = ["node", this.options.app, this.environment, ...this.edits].join(" ");
    const settings = { language: "typescript", app, projectId: `e2e-${this.environment}`, sendCrashReports: "false" };
    writeFileSync(join(this.options.directory, "cdktf.json"), `${JSON.stringify(settings, null, 2)}\n`);
  }

  /** The variations in effect. */
  public get variations(): readonly string[] {
    return this.edits;
  }

  /** `cdktf deploy`, which must succeed. */
  public async deploy(options: CdktfOptions = {}): Promise<CommandResult> {
    const result = await this.tryDeploy(options);
    check(result.code === 0, `'${result.command}' ended with ${result.code}:\n${lastLines(result.output, 40)}`);
    return result;
  }

  /** `cdktf deploy`, however it ends. */
  public tryDeploy(options: CdktfOptions = {}): Promise<CommandResult> {
    return this.cdktf("deploy", options).result;
  }

  /** `cdktf deploy`, to be interrupted or watched. */
  public startDeploy(options: CdktfOptions = {}): RunningCommand {
    return this.cdktf("deploy", options);
  }

  /** `cdktf destroy`, which must succeed. */
  public async destroy(options: CdktfOptions = {}): Promise<CommandResult> {
    const result = await this.tryDestroy(options);
    check(result.code === 0, `'${result.command}' ended with ${result.code}:\n${lastLines(result.output, 40)}`);
    return result;
  }

  /** `cdktf destroy`, however it ends. */
  public tryDestroy(options: CdktfOptions = {}): Promise<CommandResult> {
    return this.cdktf("destroy", options).result;
  }

  /** `cdktf synth`: writes the stacks for plans, touching nothing else. */
  public async synth(): Promise<void> {
    const [program = "", ...args] = this.cloud.cdktf;
    const result = await this.run("synth", program, [...args, "synth"], this.options.directory).result;
    check(result.code === 0, `'cdktf synth' ended with ${result.code}:\n${lastLines(result.output, 40)}`);
  }

  /** `terraform plan` of what was synthesized last, however it ends. */
  public async tryPlan(layer: Layer): Promise<{ readonly plan: Plan | undefined; readonly result: CommandResult }> {
    const stack = stackId(this.environment, layer);
    const file = `${stack}.tfplan`;
    const result = await this.terraform("plan", layer, ["plan", "-detailed-exitcode", `-out=${file}`]);
    if (result.code === 1) return { plan: undefined, result };
    const isEmpty = result.code === 0;
    const changes = isEmpty ? [] : changesOf((await this.terraform("show", layer, ["show", "-json", file])).stdout);
    const plan = { stack, isEmpty, changes, text: result.output };
    if (!isEmpty) this.lastPlan = plan;
    return { plan, result };
  }

  /** `terraform plan`, which must succeed. */
  public async plan(layer: Layer): Promise<Plan> {
    const { plan, result } = await this.tryPlan(layer);
    check(
      plan !== undefined,
      `'terraform plan' of ${layer} ended with ${result.code}:\n${lastLines(result.output, 40)}`,
    );
    return plan;
  }

  /** Nothing may be left to do, and nothing may have changed behind Terraform's back. */
  public async expectEmptyPlans(layers: readonly Layer[] = LAYERS): Promise<void> {
    for (const layer of layers) {
      const plan = await this.plan(layer);
      const changes = plan.changes.map(describeChange).join(", ") || "outputs";
      check(plan.isEmpty, `the plan of ${plan.stack} is not empty: ${changes}\n${plan.text}`);
    }
  }

  /**
   * `terraform apply -refresh-only` must work, and a second one must have nothing to write: the first learns what other
   * resources of the stack have brought about, such as the pools of a cluster.
   */
  public async refresh(layers: readonly Layer[] = LAYERS): Promise<void> {
    for (const layer of layers) {
      const first = await this.terraform("refresh-only", layer, ["apply", "-refresh-only", "-auto-approve"]);
      check(first.code === 0, `'terraform apply -refresh-only' of ${layer} failed:\n${first.output}`);
      const second = await this.terraform("refresh-only", layer, ["plan", "-refresh-only", "-detailed-exitcode"]);
      check(
        second.code === 0,
        `the state of ${stackId(this.environment, layer)} is not what is there:\n${second.output}`,
      );
    }
  }

  /** Any other Terraform command in a stack's directory. */
  public terraform(name: string, layer: Layer, args: readonly string[]): Promise<CommandResult> {
    const stack = stackId(this.environment, layer);
    const [command = "", ...more] = args;
    const running = this.run(
      `${name}-${layer}`,
      this.cloud.terraform,
      [command, ...(command === "plan" || command === "apply" ? ["-input=false"] : []), "-no-color", ...more],
      join(this.options.directory, "cdktf.out", "stacks", stack),
      (from, to) => (name === "show" ? [] : [{ stack, from, to }]),
      name,
    );
    return running.result;
  }

  /** helm, logged in to the cluster as its administrator, however it ends. */
  public helm(...args: readonly string[]): Promise<CommandResult> {
    const all = [...args, "--kubeconfig", this.cloud.kubeconfig(this.cluster)];
    return this.run("helm", "helm", all, this.options.directory).result;
  }

  private cdktf(command: "deploy" | "destroy", { layers, ignoreDependents }: CdktfOptions): RunningCommand {
    const [program = "", ...args] = this.cloud.cdktf;
    const stacks = layers?.map((layer) => stackId(this.environment, layer)) ?? [`${this.environment}-*`];
    const clock = new StackClock();
    return this.run(
      command,
      program,
      [
        ...args,
        command,
        ...stacks,
        "--auto-approve",
        // Would ask the registry for checksums, also where a mirror has the providers.
        "--skip-provider-lock",
        ...(ignoreDependents ? ["--ignore-missing-stack-dependencies"] : []),
      ],
      this.options.directory,
      (from, to) => clock.spans(from, to),
      command,
      (line) => clock.line(line, Date.now()),
    );
  }

  private run(
    name: string,
    program: string,
    args: readonly string[],
    cwd: string,
    spans: (from: number, to: number) => readonly StackSpan[] = () => [],
    command = name,
    onLine: (line: string) => void = () => {},
  ): RunningCommand {
    this.commands += 1;
    const started = Date.now();
    const position = this.cloud.position;
    this.progress([command, ...this.edits].join(" "));
    const log = join(this.options.directory, "logs", `${String(this.commands).padStart(3, "0")}-${name}.log`);
    const running = new RunningCommand(program, args, {
      cwd,
      environment: this.cloud.environment,
      log,
      onLine,
      timeoutSeconds: COMMAND_TIMEOUT_SECONDS,
    });
    void running.result.then(
      (result) => {
        this.lastCommand = result;
        this.measure(command, spans(started, Date.now()), position);
      },
      () => {},
    );
    return running;
  }

  private measure(command: string, spans: readonly StackSpan[], after: number): void {
    const requests = this.cloud.requests({ project: this.project, after });
    for (const stack of new Set(spans.map((span) => span.stack))) {
      const own = spans.filter((span) => span.stack === stack);
      const during = requests.filter(({ time }) => own.some((span) => isWithin(Date.parse(time), span)));
      this.measurements.push({
        environment: this.environment,
        scenario: this.scenario,
        command,
        stack,
        seconds: own.reduce((sum, { from, to }) => sum + to - from, 0) / 1000,
        calls: during.length,
        writes: during.filter(({ write }) => write).length,
      });
    }
  }
}

function isWithin(time: number, { from, to }: StackSpan): boolean {
  return time >= from && time < to;
}
