import { createHash } from "node:crypto";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type PullRequest, reportOfCorpus, sidesOf } from "../../../__tests__/preview/corpus/pull-request";
import { openFixture, type SynthFixture } from "../../../__tests__/preview/support";
import { Secrets } from "../../../lib/preview/diff/secrets";
import type { ResourceChange, StackChanges } from "../../../lib/preview/model/changes";
import type { Report } from "../../../lib/preview/model/report";
import { fromPlan, offline, pairStacks, untouched } from "../../../lib/preview/run/read-stacks";
import { type StackFacts, stackFacts, type Tools } from "../../../sandbox/runtime";
import { type StageKind, Theatre } from "./stage";
import { type Applied, DeployedStack } from "./terraform";

/** What became of a pull request: what its plans say, and what applying it did, beside what was predicted. */
export interface Happened {
  readonly verdict: Report["verdict"];
  /** Rules that the plans raise, worst first, `RULE severity`. */
  readonly rules: readonly string[];
  /** What became of each stack that differs. */
  readonly stacks: Readonly<Record<string, string>>;
  /** Where a prediction and what happened differ: `stack address: predicted …, planned …, happened …`. */
  readonly differs: readonly string[];
}

/** Plans and applies pull requests, each on a fresh copy of its deployed base. */
export class Rehearsal {
  private readonly theatre: Theatre;

  /** @param charts Directory with archives of charts, beside the sandbox's own. */
  public constructor(
    private readonly scratch: string,
    private readonly tools: Tools,
    charts: string,
    /** Where deployed bases are kept, by what they are made of. */
    private readonly bases: string,
    /** Why there are no such archives: what runs in a sandbox may need them. @default there are */
    private readonly withoutCharts?: Error,
  ) {
    this.theatre = new Theatre(join(scratch, "stage"), tools, charts);
    mkdirSync(bases, { recursive: true });
  }

  public async play(request: PullRequest): Promise<Happened> {
    const { before, after } = sidesOf(request);
    const differing = Object.keys(after.stacks).filter((name) => text(before, name) !== text(after, name));
    const kind = differing.every((name) => name.endsWith("-cluster")) ? "cloud" : "sandbox";
    if (kind === "sandbox" && this.withoutCharts) throw this.withoutCharts;
    const facts = [...factsOf(before), ...factsOf(after)];
    const base = await this.base(kind, before, facts);
    this.theatre.reset(base);
    const stage = await this.theatre.open(kind, facts);
    try {
      return await this.act(before, after, differing, stage.environment);
    } finally {
      await stage.stop();
    }
  }

  /** Removes everything but the bases. */
  public end(): void {
    rmSync(this.scratch, { recursive: true, force: true });
  }

  private async base(kind: StageKind, before: SynthFixture, facts: readonly StackFacts[]): Promise<string> {
    const key = createHash("sha256")
      .update(kind + JSON.stringify(before))
      .digest("hex")
      .slice(0, 16);
    const snapshot = join(this.bases, key);
    if (existsSync(snapshot)) return snapshot;
    this.theatre.reset();
    const stage = await this.theatre.open(kind, facts);
    try {
      for (const name of inOrder(before)) {
        if (kind === "cloud" && !name.endsWith("-cluster")) continue;
        const stack = this.stack(name, stage.environment);
        stack.write(before.stacks[name]!);
        const { errors } = await stack.apply();
        if (errors.length > 0) throw new Error(`the base cannot be deployed, ${name}: ${errors.join("\n")}`);
      }
    } finally {
      await stage.stop();
    }
    this.theatre.keep(snapshot);
    return snapshot;
  }

  private async act(
    before: SynthFixture,
    after: SynthFixture,
    differing: readonly string[],
    environment: NodeJS.ProcessEnv,
  ): Promise<Happened> {
    const secrets = new Secrets();
    const pairs = pairStacks({ base: openFixture(before), head: openFixture(after), secrets, environments: [] });
    const predicted = new Map(pairs.map((pair) => [pair.entry.name, offline(pair, secrets)]));
    const planned: StackChanges[] = [];
    for (const pair of pairs) {
      const { name } = pair.entry;
      if (!differing.includes(name)) {
        planned.push(name in after.stacks ? untouched(pair, secrets) : offline(pair, secrets));
        continue;
      }
      const stack = this.stack(name, environment);
      stack.write(after.stacks[name]!);
      const outcome = await stack.plan();
      planned.push(fromPlan({ pair, secrets, outcome, allDrift: false, compared: true, below: planned }));
    }
    const report = reportOfCorpus(planned, secrets);
    const stacks: Record<string, string> = {};
    const differs: string[] = [];
    for (const name of inOrder(after).filter((stack) => differing.includes(stack))) {
      const plan = planned.find((stack) => stack.name === name)!;
      const applied = await this.stack(name, environment).apply();
      stacks[name] = told(applied);
      if (applied.began || applied.errors.length === 0)
        differs.push(...differences(predicted.get(name)!, plan, applied));
      else if (!refused(reportOfCorpus([...predicted.values()]), name))
        differs.push(`${name}: refused as a whole, which nothing predicted`);
      if (applied.errors.length > 0) break;
    }
    const findings = report.findings.filter(({ severity }) => severity !== "info");
    return {
      verdict: report.verdict,
      rules: [...new Set(findings.map(({ rule, severity }) => `${rule} ${severity}`))],
      stacks,
      differs,
    };
  }

  private stack(name: string, environment: NodeJS.ProcessEnv): DeployedStack {
    return new DeployedStack(this.theatre.stackDirectory(name), this.tools.terraform.command, environment);
  }
}

function text(synth: SynthFixture, name: string): string {
  return JSON.stringify(synth.stacks[name]?.template ?? null);
}

function factsOf(synth: SynthFixture): StackFacts[] {
  return Object.entries(synth.stacks).map(([name, { dependencies, template }]) =>
    stackFacts(name, template, dependencies),
  );
}

/** Stacks after those they depend on. */
function inOrder(synth: SynthFixture): readonly string[] {
  const names: string[] = [];
  const visit = (name: string): void => {
    if (names.includes(name) || !synth.stacks[name]) return;
    for (const below of synth.stacks[name].dependencies) visit(below);
    names.push(name);
  };
  for (const name of Object.keys(synth.stacks)) visit(name);
  return names;
}

/** What became of a stack, in words that are the same in every run. */
function told({ errors, began }: Applied): string {
  if (errors.length === 0) return "applied";
  const error = errors[0]!.replace(/\s+/g, " ").slice(0, 160);
  return `${began ? "failed half way" : "refused"}: ${error}`;
}

/** The rule that says that Terraform refuses a stack before it begins. */
const REFUSED = new Set(["ST13"]);

function refused({ findings }: Report, name: string): boolean {
  return findings.some(({ rule, stack }) => REFUSED.has(rule) && stack === name);
}

const STEPS: Readonly<Record<string, readonly string[]>> = {
  create: ["create"],
  update: ["update"],
  delete: ["delete"],
};

/** What an apply will do to each object, if all goes well. */
function stepsOf({ resources }: StackChanges): ReadonlyMap<string, string> {
  const steps = ({ action, order }: ResourceChange): readonly string[] => {
    if (action !== "replace") return STEPS[action] ?? [];
    if (order === "forget") return ["create"];
    return order === "create-first" ? ["create", "delete"] : ["delete", "create"];
  };
  return new Map(
    resources
      .filter((change) => change.kind === "managed" && steps(change).length > 0)
      .map((change) => [change.address, steps(change).join(", ")]),
  );
}

/** Each object to which something else was done than predicted or planned; of a failed apply, only what is left over. */
function differences(predicted: StackChanges, planned: StackChanges, { done, errors }: Applied): readonly string[] {
  const [before, plan] = [stepsOf(predicted), stepsOf(planned)];
  const addresses = new Set([...before.keys(), ...plan.keys(), ...done.keys()]);
  return [...addresses].sort().flatMap((address) => {
    const [first, second] = [before.get(address) ?? "nothing", plan.get(address) ?? "nothing"];
    const happened = done.get(address)?.join(", ") ?? "nothing";
    const same = first === second && (happened === second || (errors.length > 0 && second.startsWith(happened)));
    if (same || (errors.length > 0 && happened === "nothing" && first === second)) return [];
    return [`${predicted.name} ${address}: predicted ${first}, planned ${second}, happened ${happened}`];
  });
}
