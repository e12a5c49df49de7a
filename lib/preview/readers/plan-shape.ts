import { isObject } from "../model/value";

/** Says where a value is not of the kind it must be, and what it should be; nothing where it is. */
type Shape = (value: unknown, at: string) => string | undefined;

const kind =
  (name: string): Shape =>
  (value, at) =>
    // Terraform writes null for what is not there.
    value === undefined || value === null || typeof value === name
      ? undefined
      : `has '${at}' that is not ${name === "string" ? "text" : `a ${name}`}`;
const text = kind("string");
const flag = kind("boolean");

const step: Shape = (value, at) =>
  typeof value === "string" || typeof value === "number" ? undefined : `has '${at}' that is not a step of a path`;

const listOf =
  (item: Shape, required = false): Shape =>
  (value, at) => {
    if ((value === undefined || value === null) && !required) return undefined;
    if (!Array.isArray(value)) return `has '${at}' that is not a list`;
    for (const [i, entry] of value.entries()) {
      const problem = item(entry, `${at}[${i}]`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };

const objectOf =
  (properties: Readonly<Record<string, Shape>>, required = false): Shape =>
  (value, at) => {
    if ((value === undefined || value === null) && !required) return undefined;
    if (!isObject(value)) return `has '${at}' that is not an object`;
    for (const [name, shape] of Object.entries(properties)) {
      const problem = shape(value[name], at === "" ? name : `${at}.${name}`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };

const recordOf =
  (item: Shape): Shape =>
  (value, at) => {
    if (value === undefined || value === null) return undefined;
    if (!isObject(value)) return `has '${at}' that is not an object`;
    for (const [name, child] of Object.entries(value)) {
      const problem = item(child, `${at}.${name}`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };

const change = {
  actions: listOf((value, at) => (typeof value === "string" ? undefined : `has '${at}' that is not text`), true),
  replace_paths: listOf(listOf(step, true)),
  importing: objectOf({ id: text }),
};

const described = {
  previous_address: text,
  mode: text,
  deposed: text,
  action_reason: text,
  change: objectOf(change, true),
};
const resource = objectOf(described, true);

const invocation = {
  address: text,
  type: text,
  name: text,
  lifecycle_action_trigger: objectOf({ triggering_resource_address: text, action_trigger_event: text }),
};

const PLAN = objectOf({
  terraform_version: text,
  errored: flag,
  complete: flag,
  applyable: flag,
  variables: recordOf(objectOf({}, true)),
  resource_changes: listOf(resource),
  resource_drift: listOf(resource),
  deferred_changes: listOf(objectOf({ reason: text, resource_change: objectOf(described) }, true)),
  action_invocations: listOf(objectOf(invocation, true)),
  deferred_action_invocations: listOf(objectOf({ reason: text, action_invocation: objectOf(invocation) }, true)),
  output_changes: recordOf(objectOf(change, true)),
  relevant_attributes: listOf(objectOf({ resource: text, attribute: listOf(step) }, true)),
  checks: listOf(
    objectOf(
      {
        address: objectOf({ to_display: text }),
        status: text,
        instances: listOf(objectOf({ status: text, problems: listOf(objectOf({ message: text }, true)) }, true)),
      },
      true,
    ),
  ),
});

/**
 * What in a plan is not as the format has it: a tool that guessed on would fall over it later, or pass over a change.
 *
 * @returns the first place, or nothing.
 */
export function planProblem(plan: unknown): string | undefined {
  return PLAN(plan, "");
}
