import { IMMUTABLE_CONTENTS } from "../../facts/providers/replacement";
import { ProviderSchema } from "../../facts/providers/schema";
import { diffFields } from "../diff/fields";
import { diffRelease, RELEASE_ATTRIBUTES } from "../diff/release";
import type { Secrets } from "../diff/secrets";
import type {
  Action,
  ConfiguredResource,
  ReplaceOrder,
  ResourceChange,
  StackChanges,
  StackConfig,
} from "../model/changes";
import type { FieldChange } from "../model/report";
import type { ValueObject } from "../model/value";
import { alignWithProvider } from "./align";
import { cascade } from "./cascade";
import { type ConfigurationReading, diffConfiguration, withRest } from "./configuration";
import { ignoredPaths, keepIgnored } from "./ignored";
import { DefaultLabels } from "./labels";
import { diffMeta, diffSpelling } from "./meta";
import { impliedMoves, type Move } from "./moves";
import { createFirst } from "./order";
import { findRenames, renameReferences } from "./renames";
import { addressOf, Resolver } from "./resolve";
import { environmentOf } from "./synth";

export interface OfflineReading {
  readonly name: string;
  readonly dependencies: readonly string[];
  readonly annotations: readonly string[];
  readonly secrets: Secrets;
  /** Why a plan was asked for and could not be made. */
  readonly fallback?: string;
}

/**
 * Compares two synths of a stack. What comes out is what a plan would show if the state matched the base: attributes
 * that only the API knows and drift stay unknown. Whatever else differs in the configuration is told as it is.
 */
export function readOffline(
  base: StackConfig | undefined,
  head: StackConfig | undefined,
  options: OfflineReading,
): StackChanges {
  const comparison = new Comparison(options, base, head);
  const resources = comparison.resources();
  return {
    name: options.name,
    environment: environmentOf(options.name),
    mode: "offline",
    presence: base && head ? "kept" : head ? "added" : "removed",
    dependencies: options.dependencies,
    resources,
    outputs: resources
      .filter(({ kind, type }) => kind === "config" && type === "output")
      .map(({ name, before, after }) => ({ name, action: before ? (after ? "update" : "delete") : "create" })),
    drift: [],
    checks: [],
    base,
    head,
    fallback: options.fallback,
    annotations: options.annotations,
  };
}

class Comparison {
  /** Of the providers that will make the change. */
  private readonly schema: ProviderSchema;
  private readonly before: ReadonlyMap<string, ConfiguredResource>;
  private readonly after: ReadonlyMap<string, ConfiguredResource>;
  /** Address in the head to address in the base, for `moved` blocks and those that Terraform implies. */
  private readonly moved: ReadonlyMap<string, string>;
  /** Resources of the base under the names that they have in the head. */
  private readonly names: ReadonlyMap<string, string>;
  private readonly first: ReadonlySet<string>;
  private readonly labels: DefaultLabels;
  /** Address to the id under which an existing object is taken over. */
  private readonly imports: ReadonlyMap<string, string>;
  private lifecycles: ReadonlyMap<string, ValueObject> | undefined;
  /** Blocks that a `removed` block lets go without destroying. */
  private readonly released: ReadonlySet<string>;

  public constructor(
    private readonly options: OfflineReading,
    private readonly base: StackConfig | undefined,
    private readonly head: StackConfig | undefined,
  ) {
    this.schema = ProviderSchema.of((head ?? base)?.requiredProviders);
    const [source, target] = [base, head].map((config) => config && new Resolver(config));
    const [from, to] = [source?.resources() ?? [], target?.resources() ?? []];
    const [old, current] = [byAddress(from), byAddress(to)];
    const moves = (head?.moved ?? []).filter((move) => old.has(move.from) && current.has(move.to) && !old.has(move.to));
    const all: readonly Move[] = [...moves, ...impliedMoves(old, current)];
    this.moved = new Map(all.map((move) => [move.to, move.from]));
    const renames = findRenames(
      from.filter((block) => !current.has(addressOf(block))),
      to.filter((block) => !old.has(addressOf(block))),
    );
    this.names = new Map([
      ...renames.map((rename) => [addressOf(rename.from), addressOf(rename.to)] as const),
      ...moves.map((move) => [move.from, move.to] as const),
    ]);
    this.before = byAddress(renameReferences(from, this.names));
    this.after = current;
    this.first = createFirst(head);
    this.labels = new DefaultLabels(this.schema, source?.providers() ?? {}, target?.providers() ?? {});
    this.imports = new Map(head?.imports.map(({ to, id }) => [to, id]));
    this.released = new Set(head?.released);
  }

  public resources(): readonly ResourceChange[] {
    const changes = [...this.after.values()].map((block) => {
      const previous = this.moved.get(addressOf(block)) ?? addressOf(block);
      const old = this.before.get(previous);
      return old ? this.compare(old, block) : this.single(block, this.importOf(block) ? "import" : "create");
    });
    const kept = new Set([...this.after.keys()].map((address) => this.moved.get(address) ?? address));
    const gone = [...this.before.values()].filter((block) => !kept.has(addressOf(block)));
    const all = cascade(
      [...changes, ...gone.map((block) => this.single(block, this.fateOf(block)))],
      this.schema,
      this.orderOf,
    );
    const blocks = diffConfiguration(this.base, this.head, this.reading);
    const byName = new Map(all.map((change) => [change.address, change]));
    return this.whole([...all, ...blocks.filter((block) => !isDone(block, byName))]);
  }

  private get reading(): ConfigurationReading {
    return { stack: this.options.name, mode: "offline", secrets: this.options.secrets, names: this.names };
  }

  /** Two configurations that differ never look alike, whatever was or was not understood of the difference. */
  private whole(changes: readonly ResourceChange[]): readonly ResourceChange[] {
    return withRest(changes, this.base, this.head, this.reading);
  }

  private readonly orderOf = (block: {
    readonly kind: string;
    readonly type: string;
    readonly name: string;
  }): ReplaceOrder => (this.first.has(`${block.type}.${block.name}`) ? "create-first" : "delete-first");

  private importOf(block: ConfiguredResource): string | undefined {
    return this.imports.get(addressOf(block));
  }

  /** A stack that is gone is never applied again: nothing happens to its objects. */
  private fateOf({ type, name }: ConfiguredResource): Action {
    return this.head && !this.released.has(`${type}.${name}`) ? "delete" : "forget";
  }

  private single(block: ConfiguredResource, action: Action): ResourceChange {
    const fresh = action === "create" || action === "import";
    const known = this.describe(block, fresh ? null : block, fresh ? block : null);
    const change = fresh ? known : { ...known, lifecycle: { ...known.lifecycle, after: this.rulesFor(block) } };
    if (block.kind === "managed") return { ...change, action, importing: this.importOf(block) };
    // In a stack that is new or gone everything is.
    const told = this.base && this.head;
    return { ...change, action: told ? "configure" : fresh ? "read" : "no-op" };
  }

  /** The lifecycle that still stands for an object that goes: that of its block, where only its key is there no more. */
  private rulesFor(block: ConfiguredResource): ValueObject | undefined {
    this.lifecycles ??= new Map(this.head?.resources.map((other) => [addressOf(other), other.lifecycle]));
    return this.lifecycles.get(addressOf({ ...block, key: undefined }));
  }

  private compare(old: ConfiguredResource, current: ConfiguredResource): ResourceChange {
    const watched = keepIgnored(old.config, current.config, ignoredPaths(current.lifecycle));
    const aligned = { ...current, config: alignWithProvider(this.schema, current.type, old.config, watched) };
    const change = this.describe(current, old, aligned);
    const labels = current.kind === "managed" ? this.labels.of(old, current) : undefined;
    const spread = labels ? diffFields(...labels, this.diffing(current.type)).fields.map(labelField) : [];
    const sealed = IMMUTABLE_CONTENTS.has(current.type) && old.config["immutable"] === true;
    const fields = [...change.fields.map((field) => (sealed ? withContents(field) : field)), ...spread];
    const meta = diffMeta(old, current, this.options.secrets);
    const previousAddress = addressOf(old) === addressOf(current) ? undefined : plainAddress(old);
    const replaced = current.kind === "managed" && fields.some((field) => field.forces);
    const unmoved = meta.length > 0 ? "configure" : previousAddress ? "move" : "no-op";
    const quiet = fields.length === 0 ? [...meta, ...diffSpelling(old, current, this.options.secrets)] : meta;
    const untouched = fields.length === 0 && quiet.length > 0 && unmoved === "no-op" ? "configure" : unmoved;
    const managed = replaced ? "replace" : fields.length > 0 ? "update" : untouched;
    return {
      ...change,
      previousAddress,
      fields: [...fields, ...quiet],
      action: current.kind === "data" ? (fields.length > 0 ? "configure" : untouched) : managed,
      order: replaced ? this.orderOf(current) : undefined,
      replacePaths: (replaced ? fields : [])
        .filter((field) => field.forces)
        .map((field) => [field.path.replace(/\[.*?\]/g, "")]),
    };
  }

  private diffing(type: string) {
    return { type, schema: this.schema, secrets: this.options.secrets };
  }

  private describe(
    block: ConfiguredResource,
    before: ConfiguredResource | null,
    after: ConfiguredResource | null,
  ): ResourceChange {
    const reading = this.diffing(block.type);
    const from = before?.config ?? null;
    const to = after?.config ?? null;
    const release = block.type === "helm_release";
    const diff = diffFields(from, to, { ...reading, skip: release ? RELEASE_ATTRIBUTES : undefined });
    const values = release ? diffRelease(from, to, reading) : [];
    // Nothing can force the replacement of what is new or goes.
    const fields = [...diff.fields, ...values].map((field) =>
      before && after ? field : { ...field, forces: undefined },
    );
    return {
      stack: this.options.name,
      mode: "offline",
      address: plainAddress(block),
      constructPath: block.constructPath,
      kind: block.kind,
      type: block.type,
      name: block.name,
      action: "no-op",
      actions: [],
      replacePaths: [],
      before: from,
      after: to,
      fields,
      recomputed: diff.recomputed,
      lifecycle: { before: before?.lifecycle, after: after?.lifecycle },
    };
  }
}

/** A block that only says what a resource's own line says: moved from there, imported, let go. */
function isDone({ type, name }: ResourceChange, changes: ReadonlyMap<string, ResourceChange>): boolean {
  if (type === "moved") return changes.get(name)?.previousAddress !== undefined;
  if (type === "import" || type === "removed")
    return changes.get(name)?.action === (type === "import" ? "import" : "forget");
  return false;
}

/** What is in an object that is immutable cannot change, and neither can that it is. */
function withContents(field: FieldChange): FieldChange {
  return /^(data|binary_data|immutable)\b/.test(field.path) ? { ...field, forces: true } : field;
}

function labelField(field: FieldChange): FieldChange {
  return { ...field, path: `terraform_labels.${field.path}`, note: "from the provider's default_labels" };
}

function plainAddress(block: ConfiguredResource): string {
  return block.repeated ? `${addressOf(block)}[*]` : addressOf(block);
}

function byAddress(resources: readonly ConfiguredResource[]): ReadonlyMap<string, ConfiguredResource> {
  return new Map(resources.map((block) => [addressOf(block), block]));
}
