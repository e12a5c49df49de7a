import type { ResourceChange } from "../model/changes";
import { schemaPath } from "../model/value";
import type { RenamedResource } from "../rules/scene";

/** Terraform's reasons in plain words. An unknown one is shown as it is. */
const REASONS: Readonly<Record<string, string>> = {
  replace_because_tainted: "it is tainted: an earlier creation failed half way, or somebody marked it",
  replace_by_request: "somebody asked for it (-replace)",
  replace_by_triggers: "something in its replace_triggered_by changes",
  delete_because_no_resource_config: "it is no longer in the configuration",
  delete_because_wrong_repetition: "count or for_each was added or removed",
  delete_because_count_index: "its index is outside count",
  delete_because_each_key: "its key is no longer in for_each",
  delete_because_no_module: "its module is no longer in the configuration",
  delete_because_no_move_target: "it was moved to an address that is not in the configuration",
  delete_because_enabled_false: "its enabled is false",
  invoked_by_request: "somebody asked for it (-invoke)",
  deferred_unknown: "put off: Terraform does not say why",
  deferred_instance_count_unknown: "put off: how many there will be is not known yet",
  deferred_resource_config_unknown: "put off: what it is to be is not known yet",
  deferred_provider_config_unknown: "put off: where its provider logs in is not known yet",
  deferred_deferred_prereq: "put off: what it depends on is put off",
  deferred_absent_prereq: "put off: what it depends on is not there yet",
  forgot_because_lifecycle_destroy_in_state: "its lifecycle says not to destroy it",
  forgot_because_lifecycle_destroy_in_config: "its lifecycle says not to destroy it",
};

const ORDERS = {
  "delete-first": "the old one is deleted before the new one is created",
  "create-first": "the new one is created before the old one is deleted",
  forget: "the old one stays, unmanaged",
} as const;

/** Why a resource changes the way it does, one sentence each. */
export function explain(change: ResourceChange, renames: readonly RenamedResource[]): readonly string[] {
  const lines: string[] = [];
  const causes = [...new Set(change.replacePaths.map(schemaPath))];
  if (change.action === "replace") {
    const reason =
      change.reason && change.reason !== "replace_because_cannot_update" ? plain(change.reason) : undefined;
    if (causes.length > 0) lines.push(`${causes.join(", ")} cannot change in place`);
    else lines.push(reason ?? "Terraform gives no reason");
    if (change.order) lines.push(ORDERS[change.order]);
  } else if (change.reason && !change.reason.startsWith("read_")) lines.push(plain(change.reason));
  if (change.previousAddress) lines.push(`moved from ${change.previousAddress}`);
  if (change.importing !== undefined) lines.push(`an existing object is imported: ${change.importing}`);
  if (change.deposed) lines.push(`left over from an earlier replacement (${change.deposed})`);
  for (const { from, to } of renames) {
    if (to.address === change.address && change.action === "create")
      lines.push(`the same object as ${from.address}, which is deleted`);
    if (from.address === change.address && change.action === "delete") lines.push(`created again as ${to.address}`);
  }
  if (change.action === "other") lines.push(`this version does not know the action ${change.actions.join(" and ")}`);
  return lines;
}

function plain(reason: string): string {
  // An address is part of this one.
  if (reason.startsWith("invoked_by ")) return `runs because of ${reason.slice("invoked_by ".length)}`;
  return REASONS[reason] ?? reason.replaceAll("_", " ");
}
