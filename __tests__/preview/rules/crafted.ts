import { Secrets } from "../../../lib/preview/diff/secrets";
import type { StackChanges } from "../../../lib/preview/model/changes";
import type { Report } from "../../../lib/preview/model/report";
import { readOffline } from "../../../lib/preview/readers/offline";
import { readPlan } from "../../../lib/preview/readers/plan";
import { readTemplate } from "../../../lib/preview/readers/template";
import { reportOf } from "../support";

type Values = Readonly<Record<string, unknown>>;
type Template = Readonly<Record<string, unknown>>;

const STACK = { name: "dev-cluster", dependencies: [], directory: ".", annotations: [] };

/** A resource of a plan: `type.name`, what happens, before and after. */
export type Planned = readonly [
  address: string,
  actions: string,
  before: Values | null,
  after: Values | null,
  more?: Values,
];

/** A plan of these resources and, where given, other parts of it. */
export function planned(
  resources: readonly Planned[],
  more: Values = {},
  base?: Template,
  head?: Template,
): StackChanges {
  const secrets = new Secrets();
  const config = (template?: Template) => template && readTemplate(structuredClone(template), secrets);
  const resource_changes = resources.map(([address, actions, before, after, change]) => {
    const [type, name] = address.split(".");
    return { address, mode: "managed", type, name, change: { actions: actions.split(","), before, after, ...change } };
  });
  const text = JSON.stringify({ format_version: "1.2", planned_values: {}, resource_changes, ...more });
  return readPlan(text, "plan", { stack: STACK, secrets, base: config(base), head: config(head) });
}

/** Two synths. */
export function predicted(before: Template, after: Template): StackChanges {
  const secrets = new Secrets();
  const read = (template: Template) => readTemplate(structuredClone(template), secrets);
  return readOffline(read(before), read(after), { ...STACK, secrets });
}

/** Only resources, `type.name` to attributes. */
export function resources(all: Readonly<Record<string, Values>>, more: Template = {}): Template {
  const resource: Record<string, Record<string, Values>> = {};
  for (const [address, attributes] of Object.entries(all)) {
    const [type = "", name = ""] = address.split(".");
    resource[type] = { ...resource[type], [name]: attributes };
  }
  return { resource, ...more };
}

/** What is said of it: `RULE severity`, remarks left out. */
export function said(...stacks: readonly StackChanges[]): readonly string[] {
  return reportOf(stacks)
    .findings.filter(({ severity }) => severity !== "info")
    .map(({ rule, severity }) => `${rule} ${severity}`);
}

export function finding(rule: string, ...stacks: readonly StackChanges[]): Report["findings"][number] | undefined {
  return reportOf(stacks).findings.find((found) => found.rule === rule);
}
