import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { App } from "cdktf";
import { Environment, type EnvironmentDefinition } from "../../../lib/environment";
import { Secrets } from "../../../lib/preview/diff/secrets";
import type { StackChanges } from "../../../lib/preview/model/changes";
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
  /** Why the sandbox cannot deploy it. @default it can, and does */
  readonly unplayable?: string;
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
          const file = join(outdir, entry.synthesizedStackPath);
          const template = JSON.parse(readFileSync(file, "utf8"));
          return [name, { dependencies: entry.dependencies, template, files: filesBeside(file) }];
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

/** The charts of our own that a stack brings along. */
function filesBeside(template: string): Readonly<Record<string, string>> {
  const directory = dirname(template);
  const paths = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter(
    (path) => join(directory, path) !== template && statSync(join(directory, path)).isFile(),
  );
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(directory, path), "utf8")]));
}

function patched(synth: SynthFixture, patch: PullRequest["patch"]): SynthFixture {
  for (const [name, { template }] of Object.entries(synth.stacks)) patch?.[name.split("-").pop()!]?.(template);
  return synth;
}

/** The two synths of a pull request. */
export function sidesOf({ environment, from, edit, patch, patchBoth }: PullRequest): {
  readonly before: SynthFixture;
  readonly after: SynthFixture;
} {
  const base = from ? from(SHIPPED[environment]) : SHIPPED[environment];
  const head = edit ? edit(base) : base;
  const [before, after] = [base, head].map((definition) => patched(synthesize(definition), patchBoth)) as [
    SynthFixture,
    SynthFixture,
  ];
  return { before, after: patched(after, patch) };
}

/** Predicts a pull request from its two synths. */
export function predict(request: PullRequest): Report {
  return reportOfCorpus(readChange(sidesOf(request), "offline"));
}

export function reportOfCorpus(stacks: readonly StackChanges[], secrets = new Secrets()): Report {
  return reportOf(stacks, { failOn: "medium", secrets });
}
