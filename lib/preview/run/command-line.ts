import { parseArgs } from "node:util";
import { closest } from "../../validation/suggest";
import { ALLOW_FILE } from "../report/allow-list";

/** A wrong command line: told on standard error, exit code 1. */
export class UsageError extends Error {}

/** One option as the parser and the help know it. */
export interface CommandOption {
  readonly name: string;
  /** What stands for its value in the help; left out for a switch. */
  readonly value?: string;
  readonly text: string;
  /** What holds without it. */
  readonly otherwise?: string;
  readonly multiple?: true;
}

export interface Command {
  readonly name: string;
  readonly text: string;
  /** What follows besides options. */
  readonly operands?: string;
  readonly options: readonly CommandOption[];
}

const BASE: CommandOption = {
  name: "base",
  value: "ref|directory",
  text: "Git reference, or a synthesized directory, to compare with",
  otherwise: "HEAD; with --plan: nothing",
};
const HEAD: CommandOption = {
  name: "head",
  value: "directory",
  text: "synthesized directory to look at",
  otherwise: "the working tree is synthesized",
};
const SYNTH: CommandOption = {
  name: "synth",
  value: "command",
  text: "command that synthesizes the app",
  otherwise: "'app' of cdktf.json",
};
const ENV: CommandOption = {
  name: "env",
  value: "name",
  text: "only these environments; repeat it or use commas",
  otherwise: "all",
  multiple: true,
};
const STACK: CommandOption = {
  name: "stack",
  value: "name",
  text: "only these stacks; repeat it or use commas",
  otherwise: "all",
  multiple: true,
};
const FORMAT: CommandOption = {
  name: "format",
  value: "name",
  text: "what is printed: terminal, markdown, html, json, sarif",
  otherwise: "terminal",
};
const OUT: CommandOption = {
  name: "out",
  value: "file",
  text: "also write a file; its ending says what: .md .html .json .sarif .txt; repeat it for several",
  multiple: true,
};
const FULL: CommandOption = { name: "full", text: "print every change with its diff, not just what fits on a screen" };
const LINK: CommandOption = {
  name: "link",
  value: "url",
  text: "where the whole report can be read, for a comment that has to be cut",
};
const FAIL_ON: CommandOption = {
  name: "fail-on",
  value: "severity",
  text: "exit with 3 from this severity on: critical, high, medium, info, never",
  otherwise: "high",
};
const EXPECT: CommandOption = {
  name: "expect",
  value: "names",
  text: "environments that must have a report; a missing one makes the result red",
  multiple: true,
};
const SUMMARY: CommandOption = { name: "job-summary", text: "append the report to the job summary of GitHub Actions" };
const ANNOTATE: CommandOption = {
  name: "annotate",
  text: "print findings as annotations of GitHub Actions, at the lines where the environments are defined",
};
const REPO: CommandOption = {
  name: "repo",
  value: "owner/name",
  text: "the repository",
  otherwise: "the one the job runs for",
};

export const COMMANDS: readonly Command[] = [
  {
    name: "preview",
    text: "preview the working tree; this is what happens without a command",
    options: [
      BASE,
      HEAD,
      SYNTH,
      ENV,
      STACK,
      { name: "plan", text: "run 'terraform plan' in every stack that differs from the base" },
      { name: "plan-json", value: "directory", text: "read <stack>.json files of 'terraform show -json' instead" },
      { name: "all", text: "plan the stacks that do not differ as well" },
      { name: "no-refresh", text: "plan against the state as it is, without asking the cloud" },
      { name: "all-drift", text: "show drift that the plan does not depend on as well" },
      { name: "parallel", value: "n", text: "stacks planned at the same time", otherwise: "4" },
      { name: "keep-plans", value: "directory", text: "keep the plans for 'apply'" },
      { name: "commit", value: "sha", text: "commit that kept plans are bound to", otherwise: "the one checked out" },
      FORMAT,
      OUT,
      FULL,
      LINK,
      SUMMARY,
      ANNOTATE,
      FAIL_ON,
      { name: "allow", value: "file", text: "accepted risks", otherwise: ALLOW_FILE },
    ],
  },
  {
    name: "affected",
    text: "print the environments that a change touches, as a JSON list for a job matrix",
    options: [BASE, HEAD, SYNTH, { name: "all", text: "list every environment" }],
  },
  {
    name: "render",
    text: "make one report of several, in any format",
    operands: "<report.json>…",
    options: [FORMAT, OUT, FULL, LINK, SUMMARY, ANNOTATE, FAIL_ON, EXPECT],
  },
  {
    name: "comment",
    text: "put a report on a pull or merge request, always in the same comment",
    operands: "<report.json>…",
    options: [
      { name: "on", value: "host", text: "github, gitlab or bitbucket", otherwise: "the one whose pipeline this is" },
      REPO,
      { name: "pr", value: "number", text: "the pull or merge request", otherwise: "the one the pipeline runs for" },
      { name: "head", value: "owner:branch", text: "find the pull request by its branch, together with --commit" },
      { name: "commit", value: "sha", text: "newest commit of that pull request" },
      { name: "key", value: "name", text: "tells this comment from others, one for each app", otherwise: "preview" },
      LINK,
      EXPECT,
    ],
  },
  {
    name: "apply",
    text: "apply exactly the plans that were reviewed",
    options: [
      { name: "plans", value: "directory", text: "where --keep-plans put them" },
      { name: "manifest", value: "file", text: "plans.json from elsewhere", otherwise: "the one beside the plans" },
      { name: "commit", value: "sha", text: "commit that was reviewed" },
      HEAD,
      SYNTH,
      ENV,
    ],
  },
  {
    name: "synth",
    text: "synthesize the working tree, as data for another job",
    options: [{ name: "out", value: "directory", text: "where to" }, SYNTH],
  },
  {
    name: "reviewed-run",
    text: "print the id of the workflow run whose plans were reviewed",
    options: [
      REPO,
      { name: "commit", value: "sha", text: "commit that was reviewed" },
      { name: "workflow", value: "path", text: "workflow that previews, .github/workflows/preview.yml" },
    ],
  },
  {
    name: "rules",
    text: "list every rule with what it means",
    options: [{ name: "format", value: "name", text: "markdown or json", otherwise: "markdown" }],
  },
];

export interface Arguments {
  /** Value of an option that takes one. */
  readonly one: (name: string) => string | undefined;
  /** Every value of an option that may be repeated, commas as given. */
  readonly many: (name: string) => readonly string[];
  readonly has: (name: string) => boolean;
  readonly operands: readonly string[];
}

/** @throws UsageError with what is wrong and how to write it. */
export function parseCommand(name: string, args: readonly string[]): Arguments {
  const command = COMMANDS.find((one) => one.name === name)!;
  const options = Object.fromEntries(
    command.options.map(({ name, value, multiple }) => [
      name,
      { type: value === undefined ? ("boolean" as const) : ("string" as const), multiple: multiple === true },
    ]),
  );
  for (const arg of args) {
    const [, given] = /^--([^=]+)/.exec(arg) ?? [];
    if (given === undefined || given in options) continue;
    const near = closest(given, Object.keys(options))[0];
    const hint = near === undefined ? `see 'gke-cilium-preview ${name} --help'` : `did you mean --${near}?`;
    throw new UsageError(`--${given}: 'gke-cilium-preview ${name}' has no such option; ${hint}`);
  }
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
    if (positionals.length > 0 && command.operands === undefined) {
      throw new UsageError(`${positionals[0]}: 'gke-cilium-preview ${name}' takes options only`);
    }
    return {
      one: (option) => values[option] as string | undefined,
      many: (option) => (values[option] as readonly string[] | undefined) ?? [],
      has: (option) => values[option] === true,
      operands: positionals,
    };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError((error as Error).message.split("\n")[0]!.replace(/\.? To specify .*$/, ""));
  }
}
