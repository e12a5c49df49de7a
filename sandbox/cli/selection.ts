import type { StackFacts } from "../runtime/stacks";

/**
 * The stacks that arguments mean: `dev` is every stack of the environment `dev`, `dev-cluster` is one stack, and a
 * pattern may hold `*`. No argument means every stack.
 *
 * @throws Error naming what there is, for an argument that means nothing.
 */
export function selectStacks(stacks: readonly StackFacts[], names: readonly string[]): StackFacts[] {
  if (names.length === 0) return [...stacks];
  const unknown = names.filter((name) => !stacks.some((stack) => isMeant(stack.name, name)));
  if (unknown.length > 0)
    throw new Error(
      `there is no environment or stack '${unknown.join("', '")}'; there are the environments ${environmentsOf(stacks).join(", ")} with the stacks ${stacks.map(({ name }) => name).join(", ")}`,
    );
  return stacks.filter(({ name: stack }) => names.some((name) => isMeant(stack, name)));
}

/** Environments: what stands before the last dash of a stack's name. */
export function environmentsOf(stacks: readonly StackFacts[]): string[] {
  return [...new Set(stacks.map(({ name }) => name.replace(/-[^-]+$/, "")))];
}

function isMeant(stack: string, name: string): boolean {
  const escaped = name.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return (
    stack === name ||
    stack.replace(/-[^-]+$/, "") === name ||
    (name.includes("*") && new RegExp(`^${escaped}$`).test(stack))
  );
}
