import type { App } from "cdktf";
import type { EnvironmentDefinition } from "../environment";

/** A definition, or whatever puts stacks into an app. */
export type Synthesizable = EnvironmentDefinition | ((app: App) => void);

/** The preview is read when a change is asked about: a snapshot test goes without it. */
const preview = () => require("./preview-of") as typeof import("./preview-of");

/** Actions that take something away from a live cluster, in the words of the preview. */
const LOSSES = { replace: "is replaced", delete: "is deleted" } as const;

/**
 * What going from one version to another would replace, delete or leave to nobody, by the preview's own reading, without credentials: one
 * line each, with the reason where one is known. Empty where nothing is lost.
 */
export function replacementsBetween(before: Synthesizable, after: Synthesizable): string[] {
  return preview()
    .previewOf(before, after)
    .stacks.flatMap(({ name, status, resources }) => {
      if (status === "removed") return [`${name} is no longer synthesized: what it made stays, and nobody manages it`];
      return resources.flatMap(({ address, action, why }) =>
        action === "replace" || action === "delete"
          ? [`${name}: ${address} ${LOSSES[action]}${why.length > 0 ? `: ${why.join("; ")}` : ""}`]
          : [],
      );
    });
}

/**
 * Throws where a change would replace or delete anything. For jest, vitest, node:test or any other runner.
 *
 * @throws Error that lists every loss.
 */
export function expectNoReplacements(before: Synthesizable, after: Synthesizable): void {
  const lost = replacementsBetween(before, after);
  if (lost.length > 0)
    throw new Error(`the change loses ${lost.length}:\n${lost.map((line) => `  ${line}`).join("\n")}`);
}
