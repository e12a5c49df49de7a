import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { ProviderSchema } from "../../../lib/facts/providers/schema";
import { Secrets } from "../../../lib/preview/diff/secrets";
import type { ResourceChange, StackChanges } from "../../../lib/preview/model/changes";
import { readOffline } from "../../../lib/preview/readers/offline";
import { readPlan } from "../../../lib/preview/readers/plan";
import type { StackEntry } from "../../../lib/preview/readers/synth";
import { readTemplate } from "../../../lib/preview/readers/template";
import { leftoverUses } from "../../../lib/preview/report/leftover";
import { goneWith } from "../../../lib/preview/rules/goes-with";
import { keptName } from "../../../lib/preview/rules/outcome";
import { Scene } from "../../../lib/preview/rules/scene";
import { needsWhatIsTaken } from "../../../lib/preview/rules/taken";
import { run, wholeError } from "../../../lib/preview/run/process";
import type { Checks } from "./harness";
import type { Blocks, Change, End, Replacement, Template } from "./replacement";

/** What runs Terraform, and with which variables. */
export interface Terraform {
  readonly command: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A stack that is deployed, in which things are replaced one after the other. */
export class ReplacedStack {
  private readonly entry: StackEntry;
  /** As it is deployed. */
  private template: Template = {};

  public constructor(
    private readonly directory: string,
    name: string,
    private readonly terraform: Terraform,
  ) {
    this.entry = { name, dependencies: [], directory: ".", annotations: [] };
    mkdirSync(directory, { recursive: true });
  }

  public async start(template: Template): Promise<void> {
    const terraform = { ...(template["terraform"] as object), backend: { local: { path: "s.tfstate" } } };
    this.write({ ...template, terraform });
    await this.run(["init", "-input=false"]);
    await this.deploy({ ...template, terraform });
  }

  /** What is predicted of a replacement, what Terraform plans, and what an apply of that plan then does. */
  public async check(checks: Checks, replacement: Replacement): Promise<void> {
    const { what, setUp, change, stays, ends } = replacement;
    if (setUp) await this.deploy(changed(this.template, setUp));
    const head = changed(this.template, change);
    const predicted = this.predict(head);
    const planned = await this.plan(head);
    checks.holds(
      `${what}: predicted as it is planned`,
      told(predicted) === told(planned),
      `predicted\n${told(predicted)}\nplanned\n${told(planned)}`,
    );
    checks.holds(
      `${what}: ${stays ? "something is taken" : "nothing is taken"}, in both`,
      [predicted, planned].every((stack) => taken(stack).length > 0 === stays),
      [predicted, planned].map((stack) => [told(stack), ...taken(stack)].join("\n")).join("\n"),
    );
    // What was looked at, not what another plan would say.
    const applied = await this.run(["apply", "-input=false", this.planFile], [0, 1]);
    const end = ends ?? (stays ? "refused" : "done");
    const succeeds = end === "done" || end === "lost";
    checks.holds(
      `${what}: ${succeeds ? "the apply succeeds" : "the apply fails on it"}`,
      succeeds ? applied.code === 0 : applied.code === 1 && isRefused(applied.output),
      wholeError(applied.output).slice(0, 3000),
    );
    if (end === "done") await this.goOn(checks, what, head, [predicted, planned]);
    else await this.takeBack(checks, end, replacement);
  }

  /** What another plan finds to be made is what the first one, or the synth, said would go with something. */
  private async goOn(checks: Checks, what: string, head: Template, seen: readonly StackChanges[]): Promise<void> {
    const again = await this.plan(head);
    const missing = again.resources.filter(({ action }) => action === "create").map(({ address }) => address);
    const foretold = seen.map((stack) => [...goneWith(sceneOf(stack)).values()].flat());
    checks.holds(
      `${what}: ${missing.length > 0 ? `what goes with it is told: ${missing.join(", ")}` : "nothing goes with it, and nothing of that is told"}`,
      foretold.every((parts) => isDeepStrictEqual([...parts].sort(), [...missing].sort())),
      `told\n${foretold.map((parts) => parts.join(", ")).join("\n")}\nplanned\n${told(again)}`,
    );
    await this.deploy(head);
  }

  /** Back to what was there before, or on to what the change was to be. */
  private async takeBack(
    checks: Checks,
    end: Exclude<End, "done">,
    { what, mend, restored }: Replacement,
  ): Promise<void> {
    const back = await this.plan(this.template);
    const remade = back.resources.some(({ action }) => action === "create" || action === "replace");
    const left = back.resources.filter(({ deposed }) => deposed !== undefined);
    if (end === "left over") await this.leaveNothing(checks, what, back, mend);
    else {
      checks.holds(
        `${what}: and what was there is ${end === "refused" ? "there still" : "gone"}`,
        remade === (end !== "refused") && left.length === 0,
        told(back),
      );
      if (restored) await this.restore(checks, what, restored);
      if (mend) await this.deploy(changed(this.template, mend));
    }
    await this.deploy(this.template);
  }

  /** What was deleted and can be restored is neither made nor replaced once Terraform has it again. */
  private async restore(checks: Checks, what: string, restored: Readonly<Record<string, string>>): Promise<void> {
    const blocks = this.template["resource"] as Blocks;
    const { GOOGLE_IAM_BETA_CUSTOM_ENDPOINT: iam, GOOGLE_OAUTH_ACCESS_TOKEN: token } = this.terraform.environment;
    for (const [type, name] of Object.entries(restored)) {
      const headers = { Authorization: `Bearer ${token}` };
      const { ok, status } = await fetch(`${iam}${name}:undelete`, { method: "POST", headers });
      checks.holds(`${what}: ${name} is restored`, ok, String(status));
      await this.run(["import", "-input=false", `${type}.${Object.keys(blocks[type]!)[0]}`, name]);
    }
    const after = await this.plan(this.template);
    checks.holds(
      `${what}: what is restored and imported is as it was`,
      after.resources.every(({ type, action }) => !(type in restored) || action === "no-op"),
      told(after),
    );
  }

  /** What is left over stands in the way of going back: that is told, so it is, and it goes by going on. */
  private async leaveNothing(checks: Checks, what: string, back: StackChanges, mend?: Change): Promise<void> {
    const uses = back.resources.flatMap((change) => leftoverUses(change, sceneOf(back)));
    checks.holds(`${what}: the old one is left over, and it is told who uses it`, uses.length > 0, told(back));
    checks.holds(`${what}: it is told to stand in the way of taking it back`, taken(back).length > 0, told(back));
    const { code, output } = await this.run(["apply", "-input=false", this.planFile], [0, 1]);
    checks.holds(`${what}: and so it does`, code === 1 && isRefused(output), wholeError(output).slice(0, 3000));
    if (mend) await this.deploy(changed(this.template, mend));
    const after = await this.plan(this.template);
    checks.holds(
      `${what}: it is gone once the change is mended and applied`,
      after.resources.every(({ action }) => action === "no-op" || action === "read" || action === "configure"),
      told(after),
    );
  }

  private async deploy(template: Template): Promise<void> {
    this.write(template);
    await this.run(["apply", "-input=false", "-auto-approve"]);
    this.template = template;
  }

  private get planFile(): string {
    return join(this.directory, "planned");
  }

  private predict(head: Template): StackChanges {
    const secrets = new Secrets();
    const read = (template: Template) => readTemplate(structuredClone(template), secrets);
    return readOffline(read(this.template), read(head), { ...this.entry, secrets });
  }

  private async plan(head: Template): Promise<StackChanges> {
    this.write(head);
    await this.run(["plan", "-input=false", `-out=${this.planFile}`]);
    const { output } = await this.run(["show", "-json", this.planFile]);
    const secrets = new Secrets();
    const [base, after] = [this.template, head].map((template) => readTemplate(structuredClone(template), secrets));
    return readPlan(output, "plan", { stack: this.entry, secrets, base, head: after });
  }

  private write(template: Template): void {
    writeFileSync(join(this.directory, "cdk.tf.json"), JSON.stringify(template));
  }

  private async run(
    args: readonly string[],
    codes: readonly number[] = [0],
  ): Promise<{ code: number; output: string }> {
    const { command, environment: env } = this.terraform;
    const { code, stdout, stderr } = await run(command, [...args, "-no-color"], { cwd: this.directory, env });
    const output = args[0] === "show" ? stdout : `${stdout}${stderr}`;
    if (!codes.includes(code))
      throw new Error(`terraform ${args.join(" ")} ended with ${code}: ${output.slice(-4000)}`);
    return { code, output };
  }
}

function changed(template: Template, change: Change): Template {
  const copy = structuredClone(template);
  change(copy["resource"] as Blocks);
  return copy;
}

/** What is to be created and needs what something else has, or what is deleted for it keeps. */
function taken(stack: StackChanges): readonly string[] {
  const scene = sceneOf(stack);
  return stack.resources.flatMap((change) => needsWhatIsTaken(change, scene)?.detail ?? keptName(change) ?? []);
}

function sceneOf(stack: StackChanges): Scene {
  return new Scene([stack], ProviderSchema.of(stack.head?.requiredProviders));
}

function isRefused(output: string): boolean {
  // Terraform breaks lines where its frame ends.
  const said = output.replace(/[\s│]+/g, " ");
  return /already (exists|configured|in use)|alreadyExists|409|Can not create|field is immutable/i.test(said);
}

/** What happens to each object, and in which order it is replaced. Updates are told where a prediction can know them. */
function told({ resources }: StackChanges): string {
  const says = ({ address, action, order, deposed }: ResourceChange) =>
    [address, action, order, deposed && "deposed"].filter(Boolean).join(" ");
  return resources
    .filter(({ kind, action }) => kind === "managed" && !["no-op", "read", "configure"].includes(action))
    .map(says)
    .sort()
    .join("\n");
}
