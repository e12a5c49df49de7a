import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageFile } from "../../../lib/package-files";
import { Secrets } from "../../../lib/preview/diff/secrets";
import type { StackChanges } from "../../../lib/preview/model/changes";
import type { Report } from "../../../lib/preview/model/report";
import type { Synth } from "../../../lib/preview/readers/synth";
import { buildReport } from "../../../lib/preview/report/build";
import { fromPlan, pairStacks } from "../../../lib/preview/run/read-stacks";

interface Recorded {
  readonly stacks: Readonly<
    Record<string, { readonly dependencies: readonly string[]; readonly template: Record<string, unknown> }>
  >;
}

const FIXTURES = join(dirname(packageFile("package.json")), "__tests__/preview/fixtures/rules");

/** A report of recorded plans, an environment for each of these rules. */
export function sampleReport(rules: readonly string[]): Report {
  const secrets = new Secrets();
  const stacks = rules.flatMap((rule) => recorded(rule, secrets));
  return buildReport(stacks, {
    version: "0.1.0",
    base: { name: "main", commit: "0123456789abcdef" },
    head: { name: "feature" },
    failOn: "high",
    today: "2026-11-22",
    secrets,
  });
}

function recorded(rule: string, secrets: Secrets): readonly StackChanges[] {
  const { fires } = JSON.parse(readFileSync(join(FIXTURES, `${rule}.json`), "utf8")) as {
    fires: { before: Recorded; after: Recorded; plans: Readonly<Record<string, unknown>> };
  };
  const environment = rule.toLowerCase();
  const rename = (name: string) => name.replace(/^dev/, environment);
  const pairs = pairStacks({ base: open(fires.before), head: open(fires.after), secrets, environments: [] });
  return pairs.map((pair): StackChanges => {
    const outcome = { kind: "planned", json: JSON.stringify(fires.plans[pair.entry.name]), file: "" } as const;
    const changes = fromPlan({ pair, secrets, outcome, allDrift: false, compared: true, below: [] });
    const name = rename(changes.name);
    const resources = changes.resources.map((resource) => ({ ...resource, stack: name }));
    return { ...changes, name, environment, dependencies: changes.dependencies.map(rename), resources };
  });
}

function open({ stacks }: Recorded): Synth {
  const entries = Object.entries(stacks).map(([name, { dependencies }]) => ({
    name,
    dependencies,
    directory: name,
    annotations: [],
  }));
  return { directory: "recorded", stacks: entries, template: (name) => stacks[name]!.template };
}
