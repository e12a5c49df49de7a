import { ProviderSchema } from "../../facts/providers/schema";
import { diffDocuments, diffFields } from "../diff/fields";
import { collectSecrets, type Reading, toValue } from "../diff/marks";
import { diffRelease, RELEASE_ATTRIBUTES } from "../diff/release";
import type { Secrets } from "../diff/secrets";
import type {
  Action,
  CheckResult,
  ConfiguredResource,
  ReplaceOrder,
  ResourceChange,
  StackChanges,
  StackConfig,
} from "../model/changes";
import { isEffective } from "../model/changes";
import { isObject, type ValueObject } from "../model/value";
import { diffConfiguration, untold, withRest } from "./configuration";
import { relevantDrift } from "./drift";
import { readInvocations } from "./invocations";
import { type PlanJson, type PlannedChange, type PlannedCheck, type PlannedResource, parsePlan } from "./plan-json";
import { environmentOf, type StackEntry } from "./synth";

export interface PlanReading {
  readonly stack: StackEntry;
  readonly secrets: Secrets;
  /** The stack as synthesized, which knows construct paths and lifecycles. */
  readonly head?: StackConfig;
  readonly base?: StackConfig;
  /** Show every difference between state and reality, not just what the plan depends on. */
  readonly allDrift?: boolean;
}

/**
 * Reads `terraform show -json <plan>`.
 *
 * @param source What the text is, for errors: a file's or a stack's name.
 * @throws UnreadableError where it is not a whole plan.
 */
export function readPlan(text: string, source: string, options: PlanReading): StackChanges {
  const plan = parsePlan(text, source);
  const { stack, secrets } = options;
  rememberSecrets(plan, secrets);
  const reader = new PlanReader(options);
  const deferred = plan.deferred_changes.flatMap(({ reason, resource_change }) =>
    resource_change ? [{ ...reader.read(resource_change), reason: `deferred_${reason ?? "unknown"}` }] : [],
  );
  const planned = [
    ...plan.resource_changes.map((resource) => reader.read(resource)),
    ...deferred,
    ...readInvocations(plan, stack.name, secrets),
  ];
  const reading = { stack: stack.name, mode: "plan", secrets } as const;
  const blocks = diffConfiguration(options.base, options.head, reading);
  const told = withRest([...planned, ...blocks], options.base, options.head, reading);
  const outputs = Object.entries(plan.output_changes)
    .map(([name, change]) => ({ name, action: actionOf(change, {}) }))
    .filter(({ action }) => action !== "no-op");
  const silent = plan.applyable === true && outputs.length === 0 && !told.some(isEffective);
  const resources = silent ? [...told, untold(reading)] : told;
  const drift = plan.resource_drift.map((resource) => reader.read(resource));
  return {
    name: stack.name,
    environment: environmentOf(stack.name),
    mode: "plan",
    presence: options.base || !options.head ? "kept" : "added",
    dependencies: stack.dependencies,
    resources,
    outputs,
    drift: options.allDrift ? drift : relevantDrift(plan, drift, resources),
    checks: plan.checks.flatMap(readCheck),
    base: options.base,
    head: options.head,
    partial: partialReason(plan),
    annotations: stack.annotations,
  };
}

class PlanReader {
  private readonly schema = ProviderSchema.load();

  private readonly base: ReadonlyMap<string, ConfiguredResource>;
  private readonly head: ReadonlyMap<string, ConfiguredResource>;

  public constructor(private readonly options: PlanReading) {
    const byBlock = (config?: StackConfig) =>
      new Map((config?.resources ?? []).map((block) => [`${block.kind}.${block.type}.${block.name}`, block]));
    this.base = byBlock(options.base);
    this.head = byBlock(options.head);
  }

  public read(resource: PlannedResource): ResourceChange {
    const { change, type, name } = resource;
    const reading: Reading = { type, schema: this.schema, secrets: this.options.secrets };
    const before = toValue(change.before ?? null, false, change.before_sensitive, reading);
    const after = toValue(change.after ?? null, change.after_unknown, change.after_sensitive, reading);
    const kind = resource.mode === "data" ? "data" : "managed";
    const action = actionOf(change, resource);
    const replacePaths = change.replace_paths ?? [];
    const hidden = action === "no-op" || action === "read";
    const release = type === "helm_release" && !hidden;
    const options = { ...reading, replacePaths, skip: release ? RELEASE_ATTRIBUTES : COMPUTED };
    const found = hidden ? { fields: [], recomputed: [] } : diffFields(before, after, options);
    // Where nothing else changes, the labels that a provider computes from its defaults are what changes.
    const labels = action === "update" && !release && found.fields.length === 0;
    const diff = labels ? diffFields(before, after, { ...options, skip: EFFECTIVE }) : found;
    const values = release ? diffRelease(before, after, reading) : [];
    // Terraform sees a difference where all that differs is how nothing is written: then that is what is shown.
    const silent = action === "update" && [...diff.fields, ...diff.recomputed, ...values].length === 0;
    const fields = silent ? diffDocuments("", before, after, options).fields : [...diff.fields, ...values];
    const block = `${kind}.${type}.${name}`;
    const [old, current] = [this.base.get(block), this.head.get(block)];
    return {
      stack: this.options.stack.name,
      mode: "plan",
      address: resource.address,
      previousAddress: resource.previous_address,
      constructPath: current?.constructPath ?? old?.constructPath,
      kind,
      type,
      name,
      action,
      actions: change.actions,
      order: orderOf(change.actions),
      reason: resource.action_reason,
      replacePaths,
      importing: importingOf(change),
      deposed: resource.deposed,
      before: objectOrNull(before),
      after: objectOrNull(after),
      fields,
      recomputed: diff.recomputed,
      lifecycle: { before: old?.lifecycle, after: current?.lifecycle },
    };
  }
}

/** Provider bookkeeping that follows other attributes. */
const COMPUTED: ReadonlySet<string> = new Set(["terraform_labels", "effective_labels", "effective_annotations"]);

const EFFECTIVE: ReadonlySet<string> = new Set(["effective_labels", "effective_annotations"]);

function objectOrNull(value: unknown): ValueObject | null {
  return isObject(value) ? value : null;
}

/** What happens, whatever the order of the words: `["create","delete"]` is a replacement as well. */
function actionOf(change: PlannedChange, resource: { readonly previous_address?: string }): Action {
  const actions = new Set(change.actions);
  if (actions.size === 2 && actions.has("create") && (actions.has("delete") || actions.has("forget"))) return "replace";
  if (actions.size !== 1) return "other";
  const [action] = actions as Iterable<string> as [string];
  if (action === "no-op") return change.importing ? "import" : resource.previous_address ? "move" : "no-op";
  const known: readonly Action[] = ["create", "update", "delete", "forget", "read"];
  return known.find((word) => word === action) ?? "other";
}

function orderOf(actions: readonly string[]): ReplaceOrder | undefined {
  if (actions.length !== 2 || !actions.includes("create")) return undefined;
  if (actions.includes("forget")) return "forget";
  return actions[0] === "delete" ? "delete-first" : "create-first";
}

function importingOf({ importing }: PlannedChange): string | undefined {
  if (!importing) return undefined;
  if (importing.id) return importing.id;
  return importing.identity ? JSON.stringify(importing.identity) : "(known after apply)";
}

function rememberSecrets(plan: PlanJson, secrets: Secrets): void {
  for (const name of plan.sensitiveVariables) secrets.add(plan.variables?.[name]?.value);
  const changes = [...plan.resource_changes, ...plan.resource_drift].map(({ change }) => change);
  for (const change of [...changes, ...Object.values(plan.output_changes)]) {
    collectSecrets(change.before, change.before_sensitive, secrets);
    collectSecrets(change.after, change.after_sensitive, secrets);
  }
}

function readCheck(check: PlannedCheck): readonly CheckResult[] {
  const all = [check.status, ...(check.instances ?? []).map((instance) => instance.status)];
  const status = (["fail", "error", "unknown"] as const).find((worst) => all.includes(worst));
  if (status === undefined) return [];
  const problems = (check.instances ?? []).flatMap((instance) => instance.problems ?? []);
  const messages = problems.flatMap(({ message }) => (message === undefined ? [] : [message]));
  // Unknown until the apply is the ordinary case of a check on something new.
  if (status === "unknown" && messages.length === 0) return [];
  return [{ address: check.address?.to_display ?? "check", status, messages }];
}

function partialReason(plan: PlanJson): string | undefined {
  if (plan.errored) return "Terraform stopped with an error half way, so changes may be missing";
  const deferred = plan.deferred_changes.length + plan.deferred_action_invocations.length;
  if (deferred > 0) return `Terraform put off ${deferred} ${deferred === 1 ? "change" : "changes"} to a later plan`;
  return plan.complete ? undefined : "Terraform says that another plan and apply must follow";
}
