import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { Environment, type EnvironmentDefinition, withoutTokenTraces } from "../environment";
import { Secrets } from "../preview/diff/secrets";
import type { Report } from "../preview/model/report";
import { openSynth } from "../preview/readers/synth";
import { buildReport } from "../preview/report/build";
import { offline, pairStacks } from "../preview/run/read-stacks";

/** A definition, or whatever puts stacks into an app. */
export type Synthesizable = EnvironmentDefinition | ((app: App) => void);

/** Actions that take something away from a live cluster, in the words of the preview. */
const LOSSES = { replace: "is replaced", delete: "is deleted" } as const;

/**
 * What going from one version to another would replace, delete or leave to nobody, by the preview's own reading, without credentials: one
 * line each, with the reason where one is known. Empty where nothing is lost.
 */
export function replacementsBetween(before: Synthesizable, after: Synthesizable): string[] {
  return previewOf(before, after).stacks.flatMap(({ name, status, resources }) => {
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

/** The preview's whole report of a change: counts, risks, fields. */
export function previewOf(before: Synthesizable, after: Synthesizable): Report {
  const directories = [before, after].map(write) as [string, string];
  try {
    const [base, head] = directories.map((directory) => openSynth(directory)) as [
      ReturnType<typeof openSynth>,
      ReturnType<typeof openSynth>,
    ];
    const secrets = new Secrets();
    const stacks = pairStacks({ base, head, secrets, environments: [] }).map((pair) => offline(pair, secrets));
    return buildReport(stacks, { version: "", failOn: "never", today: "9999-12-31", secrets });
  } finally {
    for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  }
}

function write(what: Synthesizable): string {
  const outdir = mkdtempSync(join(tmpdir(), "cdktf-gke-cilium-"));
  withoutTokenTraces(() => {
    const app = new App({ outdir, stackTraces: false });
    if (typeof what === "function") what(app);
    else new Environment(app, what);
    app.synth();
  });
  return outdir;
}
