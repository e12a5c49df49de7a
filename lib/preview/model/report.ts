import type { Action, Mode, ReplaceOrder } from "./changes";

/**
 * The report as renderers get it and as `--format json` writes it: plain JSON, masked, in the order to be shown.
 * Properties are only added within version 1.
 */
export interface Report {
  readonly schema: "gke-cilium-preview/1";
  /** Version of the package that made it. */
  readonly version: string;
  readonly base?: Revision;
  readonly head?: Revision;
  readonly verdict: Verdict;
  readonly failOn: Severity | "never";
  /** Worst first. Allow-listed ones are kept apart. */
  readonly findings: readonly Finding[];
  readonly allowed: readonly AllowedFinding[];
  readonly stacks: readonly StackReport[];
  /** What went wrong with the preview itself, e.g. a plan that cannot be read. */
  readonly problems: readonly string[];
  /** What somebody should know who keeps the list of accepted risks: entries that are over or match nothing. */
  readonly remarks?: readonly string[];
  /** What this kind of preview cannot know, one sentence each. */
  readonly limits: readonly string[];
}

export interface Revision {
  /** As the user wrote it: a branch, a tag, a directory. */
  readonly name: string;
  readonly commit?: string;
}

/** `unchanged` 0, `changes` 2, `risk` 3, `error` 1 as exit codes. */
export type Verdict = "unchanged" | "changes" | "risk" | "error";

export const SEVERITIES = ["critical", "high", "medium", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Something a reviewer must know: a rule that fired. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  readonly stack?: string;
  readonly address?: string;
  readonly constructPath?: string;
  /** What was seen: attribute and values. */
  readonly detail: string;
  /** What it does to a live cluster. */
  readonly consequence: string;
  readonly remedy: string;
  readonly source: string;
  /** `planned` by Terraform, or `predicted` from two synths. */
  readonly certainty: "planned" | "predicted";
  /** Where the environment is defined, for an annotation. */
  readonly location?: SourceLocation;
}

/** A line of a file, by its path from the top of the repository. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
}

export interface AllowedFinding extends Finding {
  readonly reason: string;
  /** Last day of the allowance, `YYYY-MM-DD`. */
  readonly expires: string;
}

export type StackStatus = "changed" | "unchanged" | "removed" | "failed" | "incomplete" | "skipped";

export interface StackReport {
  readonly name: string;
  readonly environment: string;
  readonly mode: Mode;
  readonly status: StackStatus;
  readonly added: boolean;
  readonly dependencies: readonly string[];
  readonly counts: Counts;
  readonly resources: readonly ResourceReport[];
  readonly drift: readonly ResourceReport[];
  readonly checks: readonly {
    readonly address: string;
    readonly status: string;
    readonly messages: readonly string[];
  }[];
  /** Outputs that change; never a change of its own. */
  readonly outputs: number;
  /** Why something is missing or otherwise than asked for, one sentence each. */
  readonly notes: readonly string[];
  readonly error?: string;
}

export interface Counts {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly forget: number;
  readonly import: number;
  readonly move: number;
  /** Blocks of the configuration that differ without an object being touched. */
  readonly configure: number;
  /** Actions of providers that run. */
  readonly invoke: number;
  /** Actions this version does not know. */
  readonly other: number;
}

export interface ResourceReport {
  /** Stable anchor within the page. */
  readonly id: string;
  readonly address: string;
  readonly previousAddress?: string;
  readonly constructPath?: string;
  readonly type: string;
  readonly action: Action;
  readonly order?: ReplaceOrder;
  /** Why, in plain words: what forces the replacement, what was renamed. */
  readonly why: readonly string[];
  /** Worst finding on this resource. */
  readonly severity?: Severity;
  readonly rules: readonly string[];
  readonly fields: readonly FieldChange[];
  readonly recomputed: readonly string[];
  readonly chart?: ChartUpgrade;
}

/** One line of a diff. Values are text, already masked; nothing in it is escaped yet. */
export interface FieldChange {
  /** `node_config.machine_type`, or within a document `values › hubble.relay.enabled`. */
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
  readonly kind: "added" | "removed" | "changed";
  /** Terraform replaces the resource because of it. */
  readonly forces?: true;
  /** A text of several lines: its unified diff, each line with its sign. */
  readonly lines?: readonly string[];
  /** A remark, e.g. that only the formatting differs. */
  readonly note?: string;
}

/** What changes between two versions of a chart besides the values one sets. */
export interface ChartUpgrade {
  readonly chart: string;
  readonly from: string;
  readonly to: string;
  /** Which published versions the comparison is based on, where the exact ones are not known. */
  readonly basis: string;
  /** Defaults that change under the release, because it does not set them. */
  readonly changedDefaults: readonly { readonly key: string; readonly before: string; readonly after: string }[];
  /** Values the release sets and the new version no longer knows. */
  readonly removedInUse: readonly string[];
  readonly removed: readonly string[];
  readonly added: number;
}
