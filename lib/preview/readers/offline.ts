import { diffFields } from "../diff/fields";
import { diffRelease, RELEASE_ATTRIBUTES } from "../diff/release";
import type { Secrets } from "../diff/secrets";
import { ProviderSchema } from "../knowledge/provider-schema";
import type { Action, ConfiguredResource, ResourceChange, StackChanges, StackConfig } from "../model/changes";
import { mapExpressions, substitute } from "../model/expressions";
import { type Expression, getPath, type ValueObject } from "../model/value";
import { alignWithProvider } from "./align";
import { cascade } from "./cascade";
import { ignoredPaths, keepIgnored } from "./ignored";
import { findRenames, renameReferences } from "./renames";
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
 * that only the API knows, drift and data sources stay unknown.
 */
export function readOffline(
  base: StackConfig | undefined,
  head: StackConfig | undefined,
  options: OfflineReading,
): StackChanges {
  const comparison = new Comparison(options, base, head);
  return {
    name: options.name,
    environment: environmentOf(options.name),
    mode: "offline",
    presence: base && head ? "kept" : head ? "added" : "removed",
    dependencies: options.dependencies,
    resources: comparison.resources(),
    outputs: [],
    drift: [],
    checks: [],
    base,
    head,
    fallback: options.fallback,
    annotations: options.annotations,
  };
}

class Comparison {
  private readonly schema = ProviderSchema.load();
  private readonly before: ReadonlyMap<string, ConfiguredResource>;
  private readonly after: ReadonlyMap<string, ConfiguredResource>;
  /** Address in the head to address in the base, for `moved` blocks. */
  private readonly moved: ReadonlyMap<string, string>;

  public constructor(
    private readonly options: OfflineReading,
    base: StackConfig | undefined,
    private readonly head: StackConfig | undefined,
  ) {
    const [from, to] = [base?.resources ?? [], head?.resources ?? []];
    const [old, current] = [new Set(from.map(addressOf)), new Set(to.map(addressOf))];
    const moves = (head?.moved ?? []).filter((move) => old.has(move.from) && current.has(move.to) && !old.has(move.to));
    this.moved = new Map(moves.map((move) => [move.to, move.from]));
    const removed = from.filter((block) => !current.has(addressOf(block)));
    const added = to.filter((block) => !old.has(addressOf(block)));
    const renames = findRenames(removed, added).map(({ from, to }) => [addressOf(from), addressOf(to)] as const);
    const names = new Map([...renames, ...moves.map(({ from, to }) => [from, to] as const)]);
    this.before = byAddress(renameReferences(resolveReferences(from), names));
    this.after = byAddress(resolveReferences(to));
  }

  public resources(): readonly ResourceChange[] {
    const changes = [...this.after.values()].map((block) => {
      const previous = this.moved.get(addressOf(block)) ?? addressOf(block);
      const old = this.before.get(previous);
      return old ? this.compare(old, block) : this.single(block, "create");
    });
    const kept = new Set([...this.after.keys()].map((address) => this.moved.get(address) ?? address));
    // A stack that is gone is never applied again: nothing happens to its objects.
    const fate = this.head ? "delete" : "forget";
    const gone = [...this.before.values()].filter((block) => !kept.has(addressOf(block)));
    return cascade([...changes, ...gone.map((block) => this.single(block, fate))], this.schema);
  }

  private single(block: ConfiguredResource, action: Action): ResourceChange {
    const change = this.describe(block, action === "create" ? null : block, action === "create" ? block : null);
    return { ...change, action: block.kind === "data" ? (action === "create" ? "read" : "no-op") : action };
  }

  private compare(old: ConfiguredResource, current: ConfiguredResource): ResourceChange {
    const watched = keepIgnored(old.config, current.config, ignoredPaths(current.lifecycle));
    const aligned = { ...current, config: alignWithProvider(this.schema, current.type, old.config, watched) };
    const change = this.describe(current, old, aligned);
    const previousAddress = addressOf(old) === addressOf(current) ? undefined : plainAddress(old);
    if (current.kind === "data")
      return { ...change, previousAddress, action: change.fields.length > 0 ? "read" : "no-op" };
    const replaced = change.fields.some((field) => field.forces);
    const createFirst = current.lifecycle["create_before_destroy"] === true;
    const changed = change.fields.length > 0 ? "update" : previousAddress ? "move" : "no-op";
    return {
      ...change,
      previousAddress,
      action: replaced ? "replace" : changed,
      order: replaced ? (createFirst ? "create-first" : "delete-first") : undefined,
      replacePaths: change.fields.filter((field) => field.forces).map((field) => [field.path.replace(/\[.*?\]/g, "")]),
    };
  }

  private describe(
    block: ConfiguredResource,
    before: ConfiguredResource | null,
    after: ConfiguredResource | null,
  ): ResourceChange {
    const reading = { type: block.type, schema: this.schema, secrets: this.options.secrets };
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

/** As references and `moved` blocks write it. */
function addressOf(block: ConfiguredResource): string {
  return `${block.kind === "data" ? "data." : ""}${block.type}.${block.name}`;
}

function plainAddress(block: ConfiguredResource): string {
  return block.repeated ? `${addressOf(block)}[*]` : addressOf(block);
}

function byAddress(resources: readonly ConfiguredResource[]): ReadonlyMap<string, ConfiguredResource> {
  return new Map(resources.map((block) => [addressOf(block), block]));
}

/** Puts in the values that references stand for, where the configuration itself tells them. */
function resolveReferences(resources: readonly ConfiguredResource[]): readonly ConfiguredResource[] {
  const targets = byAddress(resources);
  const resolve = (expression: Expression) =>
    substitute(expression, ({ resource, attribute }) => {
      const target = targets.get(resource);
      return target?.repeated ? undefined : getPath(target?.config, attribute);
    });
  return resources.map((block) => ({ ...block, config: mapExpressions(block.config, resolve) as ValueObject }));
}
