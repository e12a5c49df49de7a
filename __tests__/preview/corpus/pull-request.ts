import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { Environment, type EnvironmentDefinition } from "../../../lib/environment";
import type { Report } from "../../../lib/preview/model/report";
import { dev, prod, staging } from "../../support/environments";
import { readChange, reportOf, type SynthFixture } from "../support";

export const SHIPPED = { dev, staging, prod } as const;

type Template = Record<string, unknown>;

/** A pull request against a shipped environment: what it changes in the definition, or in what is synthesized. */
export interface PullRequest {
  readonly what: string;
  readonly environment: keyof typeof SHIPPED;
  /** The definition before, where it is not the shipped one. */
  readonly from?: (definition: EnvironmentDefinition) => EnvironmentDefinition;
  readonly edit?: (definition: EnvironmentDefinition) => EnvironmentDefinition;
  /** Changes the templates of the head, as an override in code would. By the last part of the stack's name. */
  readonly patch?: Readonly<Record<string, (template: Template) => void>>;
  /** The same on both sides. */
  readonly patchBoth?: Readonly<Record<string, (template: Template) => void>>;
}

const synthesized = new Map<EnvironmentDefinition, string>();

function synthesize(definition: EnvironmentDefinition): SynthFixture {
  let text = synthesized.get(definition);
  if (text === undefined) {
    const outdir = mkdtempSync(join(tmpdir(), "preview-corpus-"));
    try {
      const app = new App({ outdir, stackTraces: false });
      new Environment(app, definition);
      app.synth();
      const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
      const stacks = Object.entries<{ synthesizedStackPath: string; dependencies: string[] }>(manifest.stacks).map(
        ([name, entry]) => {
          const template = JSON.parse(readFileSync(join(outdir, entry.synthesizedStackPath), "utf8"));
          return [name, { dependencies: entry.dependencies, template }];
        },
      );
      text = JSON.stringify({ stacks: Object.fromEntries(stacks) });
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
    // Where the state of a local backend lies depends on the directory this was synthesized into.
    text = text.replace(/"path":"[^"]*\/(terraform\.[\w-]+\.tfstate)"/g, '"path":"../../../$1"');
    synthesized.set(definition, text);
  }
  return JSON.parse(text);
}

function patched(synth: SynthFixture, patch: PullRequest["patch"]): SynthFixture {
  for (const [name, { template }] of Object.entries(synth.stacks)) patch?.[name.split("-").pop()!]?.(template);
  return synth;
}

/** Predicts a pull request from its two synths. */
export function predict({ environment, from, edit, patch, patchBoth }: PullRequest): Report {
  const base = from ? from(SHIPPED[environment]) : SHIPPED[environment];
  const head = edit ? edit(base) : base;
  const [before, after] = [base, head].map((definition) => patched(synthesize(definition), patchBoth)) as [
    SynthFixture,
    SynthFixture,
  ];
  return reportOf(readChange({ before, after: patched(after, patch) }, "offline"), { failOn: "medium" });
}
