import { ProviderSchema } from "../../facts/providers/schema";
import type { StackChanges } from "../model/changes";
import { isEffective } from "../model/changes";

/** What a reader of one stack must know besides its changes. */
export function notesOf(stack: StackChanges): readonly string[] {
  const notes: string[] = [];
  if (stack.presence === "removed")
    notes.push("No longer in the app: nothing is destroyed, and nothing is managed any more.");
  if (stack.presence === "added") notes.push("New in the app.");
  if (stack.fallback !== undefined) notes.push(`Predicted from two synths instead of planned: ${stack.fallback}`);
  if (stack.partial !== undefined) notes.push(`Incomplete: ${stack.partial.split("\n")[0]}.`);
  if (stack.untouched) notes.push("Not planned: its configuration is the same as in the base.");
  const { outputs, checks } = stack;
  if (outputs.length > 0 && !stack.resources.some((change) => isEffective(change) && change.type !== "output"))
    notes.push("Only outputs change.");
  const failing = checks.filter(({ status }) => status !== "unknown").length;
  if (failing > 0) notes.push(`${failing} ${failing === 1 ? "check fails" : "checks fail"}.`);
  // A stack that is gone has nothing to be warned of.
  const warnings = stack.presence === "removed" ? [] : stack.annotations.map((text) => `The app warns: ${text}`);
  return [...notes, ...warnings, ...tableNotes(stack)];
}

/** Where the tables of what forces a replacement are of another provider version than the stack's. */
function tableNotes(stack: StackChanges): readonly string[] {
  if (stack.mode !== "offline" || !stack.resources.some(isEffective)) return [];
  const { versions } = ProviderSchema.of(stack.head?.requiredProviders);
  return Object.entries(stack.head?.requiredProviders ?? {}).flatMap(([name, version]) => {
    const tabled = versions[name];
    if (tabled === undefined || version.replace(/^=?\s*/, "") === tabled) return [];
    return [`What forces a replacement is tabled for ${name} ${tabled}; this stack uses ${version}.`];
  });
}

const OFFLINE_LIMITS = [
  "Predicted by comparing two synths: it holds if the live objects match the base. Neither the cloud nor the state was asked.",
  "Not visible offline: drift, what data sources find, values that the API fills in, and variables that are set from outside.",
];

const PLAN_LIMITS = [
  "A plan is a snapshot: if somebody else applies in the meantime it goes stale, and Terraform refuses it.",
];

/** What this kind of preview cannot know. */
export function limitsOf(stacks: readonly StackChanges[]): readonly string[] {
  const looked = stacks.filter(({ failure, untouched }) => failure === undefined && !untouched);
  const unknown = new Set(
    looked
      .filter(({ mode }) => mode === "offline")
      .flatMap(({ resources }) => resources)
      .filter(
        ({ kind, action, type }) => kind === "managed" && action === "update" && !ProviderSchema.load().knows(type),
      )
      .map(({ type }) => type),
  );
  const limits: string[] = [];
  if (looked.some(({ mode }) => mode === "offline")) limits.push(...OFFLINE_LIMITS);
  if (looked.some(({ mode }) => mode === "plan")) limits.push(...PLAN_LIMITS);
  if (unknown.size > 0)
    limits.push(
      `Shown as updates, because it is not known which changes replace them: ${[...unknown].sort().join(", ")}.`,
    );
  return limits;
}
