import { isObject } from "../model/value";
import { planProblem } from "./plan-shape";
import { UnreadableError } from "./unreadable";

/** The parts of `terraform show -json <plan>` that are read. Everything is optional but what {@link parsePlan} checks. */
export interface PlanJson {
  readonly format_version: string;
  readonly terraform_version?: string;
  readonly variables?: Readonly<Record<string, { readonly value?: unknown } | undefined>>;
  readonly resource_changes: readonly PlannedResource[];
  readonly resource_drift: readonly PlannedResource[];
  readonly deferred_changes: readonly DeferredChange[];
  readonly action_invocations: readonly PlannedInvocation[];
  readonly deferred_action_invocations: readonly {
    readonly reason?: string;
    readonly action_invocation?: PlannedInvocation;
  }[];
  readonly output_changes: Readonly<Record<string, PlannedChange>>;
  readonly relevant_attributes: readonly {
    readonly resource: string;
    readonly attribute?: readonly (string | number)[];
  }[];
  readonly checks: readonly PlannedCheck[];
  readonly sensitiveVariables: readonly string[];
  readonly errored?: boolean;
  readonly complete?: boolean;
  /** Terraform finds something to apply. Left out before 1.8 and by OpenTofu. */
  readonly applyable?: boolean;
}

export interface PlannedResource {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode?: string;
  readonly type: string;
  readonly name: string;
  readonly deposed?: string;
  readonly action_reason?: string;
  readonly change: PlannedChange;
}

export interface PlannedChange {
  readonly actions: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
  readonly after_unknown?: unknown;
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  readonly importing?: { readonly id?: string; readonly identity?: unknown; readonly unknown?: boolean };
}

export interface DeferredChange {
  readonly reason?: string;
  readonly resource_change?: PlannedResource;
}

/** An action that a provider runs beside what it does to objects (Terraform 1.14). */
export interface PlannedInvocation {
  readonly address?: string;
  readonly type?: string;
  readonly name?: string;
  readonly config_values?: unknown;
  readonly config_sensitive?: unknown;
  readonly config_unknown?: unknown;
  readonly lifecycle_action_trigger?: {
    readonly triggering_resource_address?: string;
    readonly action_trigger_event?: string;
  };
}

export interface PlannedCheck {
  readonly address?: { readonly to_display?: string };
  readonly status?: string;
  readonly instances?: readonly {
    readonly status?: string;
    readonly problems?: readonly { readonly message?: string }[];
  }[];
}

const SHOW = "write it with 'terraform show -json <plan file>'";

/**
 * Checks that a text is a plan of Terraform or OpenTofu and takes out what is needed. Unknown properties are fine within
 * major version 1 of the format; anything else is refused, because what is not understood must not look like no change.
 *
 * @throws UnreadableError
 */
export function parsePlan(text: string, source: string): PlanJson {
  const fail = (problem: string, remedy = SHOW): never => {
    throw new UnreadableError(source, problem, remedy);
  };
  if (text.trim() === "") return fail("is empty");
  if (text.startsWith("PK\u0003\u0004")) return fail("is a saved plan, not its JSON");
  if (/^\s*\{"@level":/.test(text)) return fail("is the log of 'terraform plan -json', not a plan");
  const plan = parseJson(text, fail);
  if (!isObject(plan)) return fail("is JSON, but not a plan");
  if (typeof plan["format_version"] !== "string") return fail("is JSON, but not a plan: it has no 'format_version'");
  if (!/^1\.\d+/.test(plan["format_version"])) {
    return fail(
      `has format version ${plan["format_version"]}, and only 1.x is understood`,
      "use a version of this tool that knows it",
    );
  }
  if (isObject(plan["values"]) && !("resource_changes" in plan)) return fail("is a state, not a plan");
  // Terraform leaves out empty lists, so only these tell an empty plan from half a one.
  if (!isObject(plan["planned_values"]) && !isObject(plan["configuration"])) {
    return fail("is not a whole plan: neither 'planned_values' nor 'configuration' is there");
  }
  for (const key of ["resource_changes", "resource_drift"]) checkChanges(plan[key], key, fail);
  checkChanges(deferredOf(plan), "deferred_changes", fail);
  const problem = planProblem(plan);
  return problem === undefined ? toPlan(plan) : fail(problem);
}

type Fail = (problem: string, remedy?: string) => never;

function parseJson(text: string, fail: Fail): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const cut = !/[}\]]\s*$/.test(text) || /end of JSON|Unterminated/.test(String(error));
    return fail(cut ? "is cut off: its JSON does not end" : "is not JSON");
  }
}

function checkChanges(changes: unknown, key: string, fail: Fail): void {
  if (changes === undefined) return;
  if (!Array.isArray(changes)) fail(`has '${key}' that is not a list`);
  for (const [i, entry] of (changes as unknown[]).entries()) {
    if (!isObject(entry)) fail(`has '${key}[${i}]' that is not an object`);
    const resource = entry as Partial<Record<keyof PlannedResource, unknown>>;
    for (const name of ["address", "type", "name"] as const) {
      if (typeof resource[name] !== "string") fail(`has '${key}[${i}]' without '${name}'`);
    }
    const actions = isObject(resource.change) ? (resource.change["actions"] as unknown) : undefined;
    if (!Array.isArray(actions) || actions.length === 0 || !actions.every((action) => typeof action === "string")) {
      fail(`has '${key}[${i}]' (${String(resource.address)}) without 'change.actions'`);
    }
  }
}

/** The changes that are put off, as far as they are told. */
function deferredOf(plan: Record<string, unknown>): readonly unknown[] | undefined {
  const deferred = plan["deferred_changes"];
  if (!Array.isArray(deferred)) return undefined;
  return deferred.filter(isObject).flatMap((entry) => entry["resource_change"] ?? []);
}

/** Takes what is needed and nothing more: the rest holds every secret of the state in the clear. */
function toPlan(plan: Record<string, unknown> & { format_version?: unknown }): PlanJson {
  const list = (key: string) => (Array.isArray(plan[key]) ? plan[key] : []);
  const objects = (key: string) => list(key).filter(isObject);
  const record = (key: string) => (isObject(plan[key]) ? plan[key] : {});
  const checks = list("checks") as readonly PlannedCheck[];
  return {
    format_version: String(plan.format_version),
    terraform_version: typeof plan["terraform_version"] === "string" ? plan["terraform_version"] : undefined,
    variables: record("variables") as PlanJson["variables"],
    resource_changes: list("resource_changes"),
    resource_drift: list("resource_drift"),
    deferred_changes: objects("deferred_changes") as readonly DeferredChange[],
    action_invocations: objects("action_invocations") as readonly PlannedInvocation[],
    deferred_action_invocations: objects("deferred_action_invocations"),
    output_changes: record("output_changes") as unknown as PlanJson["output_changes"],
    relevant_attributes: list("relevant_attributes"),
    checks,
    sensitiveVariables: sensitiveVariables(plan["configuration"]),
    errored: plan["errored"] === true,
    complete: plan["complete"] !== false,
    applyable: typeof plan["applyable"] === "boolean" ? plan["applyable"] : undefined,
  };
}

function sensitiveVariables(configuration: unknown): readonly string[] {
  const root = isObject(configuration) ? configuration["root_module"] : undefined;
  const variables = isObject(root) ? root["variables"] : undefined;
  if (!isObject(variables)) return [];
  return Object.entries(variables)
    .filter(([, variable]) => isObject(variable) && variable["sensitive"] === true)
    .map(([name]) => name);
}
