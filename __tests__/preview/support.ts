import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Secrets } from "../../lib/preview/diff/secrets";
import type { StackChanges } from "../../lib/preview/model/changes";
import type { Report } from "../../lib/preview/model/report";
import type { StackEntry, Synth } from "../../lib/preview/readers/synth";
import { buildReport, type ReportOptions } from "../../lib/preview/report/build";
import { RULES } from "../../lib/preview/rules";
import { fromPlan, offline, pairStacks } from "../../lib/preview/run/read-stacks";

export const FIXTURES = join(__dirname, "fixtures");

export interface SynthFixture {
  readonly stacks: Readonly<
    Record<
      string,
      {
        readonly dependencies: readonly string[];
        readonly template: Record<string, unknown>;
        /** Files beside the template, by path. @default none */
        readonly files?: Readonly<Record<string, string>>;
      }
    >
  >;
}

export interface SideFixture {
  readonly before: SynthFixture;
  readonly after: SynthFixture;
  readonly plans?: Readonly<Record<string, unknown>>;
}

export interface RuleFixture {
  readonly rule: string;
  readonly fires: SideFixture;
  readonly silent: SideFixture;
}

export function ruleFixtures(): readonly RuleFixture[] {
  const directory = join(FIXTURES, "rules");
  return readdirSync(directory).map((name) => JSON.parse(readFileSync(join(directory, name), "utf8")));
}

/** A recorded synth as the readers take it. */
export function openFixture(fixture: SynthFixture): Synth {
  const stacks = Object.entries(fixture.stacks).map(
    ([name, { dependencies }]): StackEntry => ({ name, dependencies, directory: name, annotations: [] }),
  );
  return { directory: "fixture", stacks, template: (name) => fixture.stacks[name]!.template };
}

/** What the readers make of a recorded change, offline or with its plans. */
export function readChange(
  side: SideFixture,
  mode: "plan" | "offline",
  secrets = new Secrets(),
): readonly StackChanges[] {
  const pairs = pairStacks({
    base: openFixture(side.before),
    head: openFixture(side.after),
    secrets,
    environments: [],
  });
  const read: StackChanges[] = [];
  for (const pair of pairs) {
    const plan = mode === "plan" ? side.plans?.[pair.entry.name] : undefined;
    if (plan === undefined) read.push(offline(pair, secrets));
    else {
      const outcome = { kind: "planned", json: JSON.stringify(plan), file: "" } as const;
      read.push(fromPlan({ pair, secrets, outcome, allDrift: false, compared: true, below: read }));
    }
  }
  return read;
}

export function reportOf(stacks: readonly StackChanges[], options: Partial<ReportOptions> = {}): Report {
  return buildReport(stacks, {
    version: "0.0.0",
    failOn: "high",
    today: "2026-11-22",
    secrets: new Secrets(),
    rules: RULES,
    ...options,
  });
}
