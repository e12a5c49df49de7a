import type { ResourceChange } from "../model/changes";
import { isEffective } from "../model/changes";
import { schemaPath } from "../model/value";
import type { PlanJson } from "./plan-json";

/**
 * The differences between state and reality that the plan depends on, by the rule of Terraform's own output
 * (`jsonformat/diff.go`): an attribute is relevant if something planned refers to it, and none is while nothing is planned.
 */
export function relevantDrift(
  plan: PlanJson,
  drift: readonly ResourceChange[],
  resources: readonly ResourceChange[],
): readonly ResourceChange[] {
  const planned =
    resources.some(isEffective) || Object.values(plan.output_changes).some((o) => !o.actions.includes("no-op"));
  if (!planned) return [];
  const relevant = new Map<string, string[]>();
  for (const { resource, attribute } of plan.relevant_attributes) {
    relevant.set(resource, [...(relevant.get(resource) ?? []), schemaPath(attribute ?? [])]);
  }
  return drift.filter((change) => {
    const paths = relevant.get(change.address);
    if (!paths) return false;
    if (change.action === "delete") return true;
    return change.fields.some((field) => paths.some((path) => touches(path, field.path.replace(/\[[^\]]*\]/g, ""))));
  });
}

function touches(a: string, b: string): boolean {
  return a === "" || a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
