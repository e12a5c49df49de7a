import { ProviderSchema } from "../../facts/providers/schema";
import { diffFields } from "../diff/fields";
import { type Reading, toValue } from "../diff/marks";
import type { Secrets } from "../diff/secrets";
import type { ResourceChange } from "../model/changes";
import { isObject } from "../model/value";
import type { PlanJson, PlannedInvocation } from "./plan-json";

/** Actions that the plan runs, and those that it puts off. */
export function readInvocations(plan: PlanJson, stack: string, secrets: Secrets): readonly ResourceChange[] {
  const deferred = plan.deferred_action_invocations.flatMap(({ action_invocation }) => action_invocation ?? []);
  return [...plan.action_invocations, ...deferred].map((invocation) => readInvocation(invocation, stack, secrets));
}

function readInvocation(invocation: PlannedInvocation, stack: string, secrets: Secrets): ResourceChange {
  const { type = "action", name = "", config_values, config_unknown, config_sensitive } = invocation;
  const reading: Reading = { type, schema: ProviderSchema.load(), secrets };
  const config = toValue(config_values ?? null, config_unknown, config_sensitive, reading);
  const { triggering_resource_address: target, action_trigger_event: event } =
    invocation.lifecycle_action_trigger ?? {};
  return {
    stack,
    mode: "plan",
    address: invocation.address ?? `action.${type}.${name}`,
    kind: "config",
    type,
    name,
    action: "invoke",
    actions: ["invoke"],
    reason: target ? `invoked_by ${target}${event ? ` (${event})` : ""}` : "invoked_by_request",
    replacePaths: [],
    before: null,
    after: isObject(config) ? config : null,
    fields: diffFields(null, config, reading).fields,
    recomputed: [],
  };
}
