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
  /** What Terraform reads is written otherwise, and no object is touched by that alone. */
  | "configure"
  /** An action of a provider runs (Terraform 1.14). */
  | "invoke"
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
  /** `config` is a block of the configuration that is not an object: a provider, a variable, an output, a module. */
  readonly kind: "managed" | "data" | "config";
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
  /** Every other block, the ones above among them. */
  readonly blocks: readonly ConfiguredBlock[];
  /** Blocks of the `import` list, `to` to the id. */
  readonly imports: readonly { readonly to: string; readonly id: string }[];
  /** Addresses that a `removed` block lets go without destroying. */
  readonly released: readonly string[];
  readonly variables: ValueObject;
  readonly locals: ValueObject;
  /** Two configurations are the same to Terraform if, and as far as can be told only if, these are. */
  readonly fingerprint: string;
  /** Files beside the template, path to digest. */
  readonly files?: ReadonlyMap<string, string>;
}

/** A block of `cdk.tf.json` that describes no resource. */
export interface ConfiguredBlock {
  /** `provider.google`, `variable.region`, `terraform.backend`, `module.vpc`. */
  readonly address: string;
  /** First word of the address. */
  readonly type: string;
  readonly constructPath?: string;
  readonly value: Value;
}

/** A resource block of `cdk.tf.json`, its meta-arguments apart. */
export interface ConfiguredResource {
  readonly kind: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly constructPath?: string;
  /** `count` or `for_each` is set and cannot be worked out: the block stands for a number of objects. */
  readonly repeated: boolean;
  /** Index or key of one of several objects that a block stands for. */
  readonly key?: string | number;
  readonly config: ValueObject;
  readonly lifecycle: ValueObject;
  /** The other arguments that Terraform itself reads: `count`, `for_each`, `depends_on`, `provider`, `provisioner`. */
  readonly meta: ValueObject;
  readonly provider?: string;
  /** What the block refers to: `type.name`, `data.type.name`, `local.name`. */
  readonly references: readonly string[];
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

/** Whether the change does anything to an object, to the state, or to what Terraform is told. */
export function isEffective(change: ResourceChange): boolean {
  return change.action !== "no-op" && change.action !== "read";
}
