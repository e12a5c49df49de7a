import type { FieldChange } from "./report";
import type { Step, Value, ValueObject } from "./value";

/** What happens to a resource. `other` is an action this version does not know; it is shown, never taken for nothing. */
export type Action =
  | "no-op"
  | "create"
  | "update"
  | "replace"
  | "delete"
  | "forget"
  | "read"
  | "move"
  | "import"
  | "other";

/** In which order a replacement happens: capacity is lost first, doubled first, or left behind. */
export type ReplaceOrder = "delete-first" | "create-first" | "forget";

/** Where the knowledge comes from: what Terraform planned, or a comparison of two synths. */
export type Mode = "plan" | "offline";

/**
 * One resource as a reader found it. Rules see `before` and `after`, in which nothing that is marked sensitive is left;
 * reviewers see `fields`.
 */
export interface ResourceChange {
  readonly stack: string;
  readonly mode: Mode;
  readonly address: string;
  readonly previousAddress?: string;
  /** Path of the construct in the app, where the synth tells it. */
  readonly constructPath?: string;
  readonly kind: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly action: Action;
  /** Terraform's own words for an action, e.g. `["create","delete"]`. Empty offline. */
  readonly actions: readonly string[];
  readonly order?: ReplaceOrder;
  /** Terraform's `action_reason`, e.g. `replace_because_tainted`. */
  readonly reason?: string;
  /** What forces a replacement. Empty for a tainted resource or one replaced by request. */
  readonly replacePaths: readonly (readonly Step[])[];
  /** Id or identity under which an existing object is taken over. */
  readonly importing?: string;
  /** Key of a leftover of an earlier, failed replacement. */
  readonly deposed?: string;
  readonly before: ValueObject | null;
  readonly after: ValueObject | null;
  readonly fields: readonly FieldChange[];
  /** Computed attributes that are merely recomputed. */
  readonly recomputed: readonly string[];
  /** `lifecycle` of the base and of the head, where the synths are known. */
  readonly lifecycle?: { readonly before?: ValueObject; readonly after?: ValueObject };
}

export interface OutputChange {
  readonly name: string;
  readonly action: Action;
}

export interface CheckResult {
  readonly address: string;
  readonly status: "fail" | "error" | "unknown";
  readonly messages: readonly string[];
}

/** What a synth says about a stack beyond its resources. */
export interface StackConfig {
  readonly backend?: { readonly type: string; readonly config: ValueObject };
  /** Provider source (last part) to version constraint. */
  readonly requiredProviders: Readonly<Record<string, string>>;
  readonly providers: Readonly<Record<string, Value>>;
  /** Blocks of the `moved` list, `from` to `to`. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  readonly resources: readonly ConfiguredResource[];
}

/** A resource block of `cdk.tf.json`, its meta-arguments apart. */
export interface ConfiguredResource {
  readonly kind: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly constructPath?: string;
  /** `count` or `for_each` is set: the block stands for several objects. */
  readonly repeated: boolean;
  readonly config: ValueObject;
  readonly lifecycle: ValueObject;
  readonly provider?: string;
}

/** Everything a reader knows of one stack. */
export interface StackChanges {
  readonly name: string;
  readonly environment: string;
  readonly mode: Mode;
  readonly presence: "kept" | "added" | "removed";
  readonly dependencies: readonly string[];
  /** Every resource, unchanged ones too: some rules look at what a change meets. */
  readonly resources: readonly ResourceChange[];
  readonly outputs: readonly OutputChange[];
  readonly drift: readonly ResourceChange[];
  readonly checks: readonly CheckResult[];
  readonly base?: StackConfig;
  readonly head?: StackConfig;
  /** The plan is not whole: why. */
  readonly partial?: string;
  /** Why there is no plan although one was asked for. */
  readonly fallback?: string;
  /** Nothing could be read of this stack: why. Never shown as green. */
  readonly failure?: string;
  /** The stack's configuration is the same in base and head, so no plan was made. */
  readonly untouched?: boolean;
  readonly annotations: readonly string[];
}

/** Whether the live object goes away, whatever comes after. Position in the list says nothing (create before destroy). */
export function destroys(change: ResourceChange): boolean {
  return change.action === "delete" || (change.action === "replace" && change.order !== "forget");
}

/** Whether the change does anything to an object or to the state. */
export function isEffective(change: ResourceChange): boolean {
  return change.action !== "no-op" && change.action !== "read";
}
