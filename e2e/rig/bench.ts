import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { EnvironmentDefinition } from "../../lib/environment";
import type { LogEntry } from "../../sandbox/gcp/http/log";
import { packageRoot } from "../../sandbox/paths";
import { check, lastLines } from "../harness/check";
import type { Measurement } from "../harness/measurements";
import type { EnvironmentName } from "../harness/scenario";
import type { BenchOptions, CdktfOptions, Run } from "./bench-options";
import type { Cloud, ClusterName } from "./cloud";
import { type CommandResult, RunningCommand } from "./command";
import { Kube } from "./kube";
import { measure } from "./meter";
import { changesOf, describeChange, type Plan } from "./plan";
import { StackClock, type StackSpan } from "./stack-clock";
import { cdktfArguments, LAYERS, type Layer, stackId } from "./stacks";

/** The package's command line, as it was compiled with this. */
const CLI = resolve(__dirname, "../../lib/cli/cli.js");
/** Where examples and pages lie. */
const PROJECT = packageRoot();
/** Commands whose cost is reported. */
const MEASURED: readonly string[] = ["deploy", "plan", "refresh-only", "destroy"];
/**
 * Hundreds of commands, each of which lives for seconds: cdktf need not redraw its last lines ten times a second, and
 * Terraform and the providers need not collect garbage unless they outgrow what they usually need. It is a fifth of their
 * time.
 */
const SHORT_LIVED = { CI: "true", GOGC: "off", GOMEMLIMIT: "768MiB" } as const;
/** A command that hangs is one that failed; on a busy machine a deployment with real agents takes ten minutes. */
const COMMAND_TIMEOUT_SECONDS = 1800;

/**
 * One environment on its bench: what a person would type, and what that person would look at, each measured.
 */
export class Bench {
  public readonly environment: EnvironmentName;
  public readonly definition: EnvironmentDefinition;
  public readonly cloud: Cloud;
  public readonly measurements: Measurement[] = [];
  /** The environments that this one is in a mesh with. */
  public readonly meshed: readonly Bench[];
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
  private made: readonly string[] = [];
  private commands = 0;

  public constructor(private readonly options: BenchOptions) {
    this.environment = options.environment;
    this.definition = options.definition;
    this.cloud = options.cloud;
    this.meshed = options.meshed ?? [];
    rmSync(options.directory, { recursive: true, force: true });
    mkdirSync(options.directory, { recursive: true });
    this.write();
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

  /** Edits the environment's file: each `name=value` replaces an edit of the same name, all others stay. */
  public edit(...edits: readonly string[]): void {
    const names = edits.map(nameOf);
    this.made = [...this.made.filter((edit) => !names.includes(nameOf(edit))), ...edits];
    this.write();
  }

  /** Takes edits back, by their names; what stands behind `=` does not matter. */
  public takeBack(...edits: readonly string[]): void {
    const names = edits.map(nameOf);
    this.made = this.made.filter((edit) => !names.includes(nameOf(edit)));
    this.write();
  }

  /** Makes an edit, or takes it back where it is in effect: both are a change of the same kind. */
  public toggle(edit: string): void {
    if (this.made.includes(edit)) this.takeBack(edit);
    else this.edit(edit);
  }

  /** Takes back every edit but those that stay. */
  public asShipped(): void {
    this.made = [];
    this.write();
  }

  /** From now on these edits stay, whatever is taken back. */
  public keep(...edits: readonly string[]): void {
    this.kept = [...this.kept, ...edits];
    this.write();
  }

  /** The edits in effect. */
  public get edits(): readonly string[] {
    return [...this.kept, ...this.made];
  }

  private write(): void {
    const app = ["node", this.options.app, this.environment, ...this.edits].join(" ");
    const settings = { language: "typescript", app, projectId: `e2e-${this.environment}`, sendCrashReports: "false" };
    writeFileSync(join(this.options.directory, "cdktf.json"), `${JSON.stringify(settings, null, 2)}\n`);
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
    const result = await this.run({ name: "synth", program, args: [...args, "synth"] }).result;
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
    const plans = await Promise.all(layers.map((layer) => this.plan(layer)));
    for (const plan of plans) {
      const changes = plan.changes.map(describeChange).join(", ") || "outputs";
      check(plan.isEmpty, `the plan of ${plan.stack} is not empty: ${changes}\n${plan.text}`);
    }
  }

  /**
   * `terraform apply -refresh-only` must work, and a second one must have nothing to write: the first learns what other
   * resources of the stack have brought about, such as the pools of a cluster.
   */
  public async refresh(layers: readonly Layer[] = LAYERS): Promise<void> {
    await Promise.all(layers.map((layer) => this.refreshLayer(layer)));
  }

  private async refreshLayer(layer: Layer): Promise<void> {
    const first = await this.terraform("refresh-only", layer, ["apply", "-refresh-only", "-auto-approve"]);
    check(first.code === 0, `'terraform apply -refresh-only' of ${layer} failed:\n${first.output}`);
    // Its exit code also counts what it shows nobody, such as lists that are null in the one and empty in the other.
    const second = await this.terraform("refresh-only", layer, ["plan", "-refresh-only"]);
    check(
      second.code === 0 && /^No changes\./m.test(second.output),
      `the state of ${stackId(this.environment, layer)} is not what is there:\n${second.output}`,
    );
  }

  /** Any other Terraform command in a stack's directory. */
  public terraform(name: string, layer: Layer, args: readonly string[]): Promise<CommandResult> {
    return this.startTerraform(name, layer, args).result;
  }

  /** A Terraform command, to be interrupted or watched. */
  public startTerraform(name: string, layer: Layer, args: readonly string[]): RunningCommand {
    const stack = stackId(this.environment, layer);
    const [command = "", ...more] = args;
    const tag = `e2e-command/${this.commands}`;
    return this.run({
      name: `${name}-${layer}`,
      program: this.cloud.terraform,
      args: [command, ...(command === "plan" || command === "apply" ? ["-input=false", "-no-color"] : []), ...more],
      cwd: join(this.options.directory, "cdktf.out", "stacks", stack),
      // Several of them run side by side, so time alone does not tell whose requests are whose.
      variables: { TF_APPEND_USER_AGENT: tag },
      scope: `-${layer}`,
      onEnd: (from, to, requests) => {
        const own = requests.filter(({ userAgent }) => userAgent?.includes(tag));
        this.book(name, [{ stack, from, to }], own);
      },
    });
  }

  /** helm, logged in to the cluster as its administrator, however it ends. */
  public helm(...args: readonly string[]): Promise<CommandResult> {
    const all = [...args, "--kubeconfig", this.cloud.kubeconfig(this.cluster)];
    return this.run({ name: "helm", program: "helm", args: all }).result;
  }

  /** kubectl, logged in to the cluster as its administrator, in the project's own directory, however it ends. */
  public kubectl(...words: readonly string[]): Promise<CommandResult> {
    const args = ["--kubeconfig", this.cloud.kubeconfig(this.cluster), ...words];
    return this.run({ name: "kubectl", program: "kubectl", args, cwd: PROJECT }).result;
  }

  /** `gke-cilium <words>`, however it ends. */
  public command(...words: readonly string[]): Promise<CommandResult> {
    return this.run({ name: words[0] ?? "", program: process.execPath, args: [CLI, ...words] }).result;
  }

  private cdktf(command: "deploy" | "destroy", { layers, variables = {} }: CdktfOptions): RunningCommand {
    const [program = "", ...args] = this.cloud.cdktf;
    const clock = new StackClock();
    return this.run({
      name: command,
      program,
      args: [
        ...args,
        command,
        ...(layers ? cdktfArguments(command, this.environment, layers) : [`${this.environment}-*`, "--auto-approve"]),
        // Would ask the registry for checksums, also where a mirror has the providers.
        "--skip-provider-lock",
      ],
      variables,
      onLine: (line) => clock.line(line, Date.now()),
      onEnd: (from, to, requests) => this.book(command, clock.spans(from, to), requests),
    });
  }

  private run(what: Run): RunningCommand {
    this.commands += 1;
    const from = Date.now();
    const after = this.cloud.position;
    this.progress([what.name, ...this.edits].join(" "));
    const running = new RunningCommand(what.program, what.args, {
      cwd: what.cwd ?? this.options.directory,
      environment: { ...this.cloud.environment(what.scope), ...SHORT_LIVED, ...what.variables },
      log: join(this.options.directory, "logs", `${String(this.commands).padStart(3, "0")}-${what.name}.log`),
      onLine: what.onLine ?? (() => {}),
      timeoutSeconds: COMMAND_TIMEOUT_SECONDS,
    });
    void running.result.then(
      (result) => {
        this.lastCommand = result;
        what.onEnd?.(from, Date.now(), this.cloud.requests({ user: this.cloud.user, after }));
      },
      () => {},
    );
    return running;
  }

  private book(command: string, spans: readonly StackSpan[], requests: readonly LogEntry[]): void {
    if (!MEASURED.includes(command)) return;
    const { environment, scenario } = this;
    this.measurements.push(...measure({ environment, scenario, command }, spans, requests));
  }
}

/** Name of an edit, which it shares with those that it replaces. */
function nameOf(edit: string): string {
  return edit.split("=")[0] ?? edit;
}
