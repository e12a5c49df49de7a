import type { ProviderSchema } from "../../facts/providers/schema";
import type { ResourceChange, StackChanges } from "../model/changes";
import { destroys, isEffective } from "../model/changes";
import { getPath, type Value } from "../model/value";
import { findRenames, type Rename } from "../readers/renames";
import { type Policy, policiesOf } from "./policies";
import { type CiliumRelease, readRelease } from "./release";

/** A deleted and a created resource that are one object under two addresses. */
export type RenamedResource = Rename<ResourceChange & { readonly config: ResourceChange["before"] }>;

/** Everything rules may look at. */
export class Scene {
  /** What happens, of all stacks. */
  public readonly changes: readonly ResourceChange[];
  private readonly byName: ReadonlyMap<string, StackChanges>;
  /** Environment and type to the managed resources there. */
  private readonly byType = new Map<string, ResourceChange[]>();
  private readonly releases = new Map<ResourceChange, CiliumRelease | undefined>();
  private readonly renamed = new Map<string, readonly RenamedResource[]>();
  private readonly told = new Map<string, unknown>();

  public constructor(
    public readonly stacks: readonly StackChanges[],
    public readonly schema: ProviderSchema,
  ) {
    this.byName = new Map(stacks.map((stack) => [stack.name, stack]));
    this.changes = stacks
      .filter((stack) => stack.presence !== "removed")
      .flatMap((s) => s.resources.filter(isEffective));
    for (const stack of stacks) {
      for (const resource of stack.resources) {
        if (resource.kind !== "managed") continue;
        const key = `${stack.environment}\n${resource.type}`;
        const known = this.byType.get(key);
        if (known) known.push(resource);
        else this.byType.set(key, [resource]);
      }
    }
  }

  public stack(name: string): StackChanges | undefined {
    return this.byName.get(name);
  }

  /** All managed resources of the environment a resource belongs to, the unchanged ones too. */
  public neighbours(change: ResourceChange, ...types: readonly string[]): readonly ResourceChange[] {
    const environment = this.environmentOf(change);
    const lists = types.flatMap((type) => {
      const list = this.byType.get(`${environment}\n${type}`);
      return list ? [list] : [];
    });
    // Not copied where one list is all: with thousands of resources each of them asks for it.
    return lists.length === 1 ? lists[0]! : lists.flat();
  }

  /** A Helm release as Cilium reads it, or undefined where it does not install Cilium's agent. */
  public cilium(change: ResourceChange): CiliumRelease | undefined {
    if (!this.releases.has(change)) this.releases.set(change, readRelease(change));
    return this.releases.get(change);
  }

  /** The self-managed Cilium of an environment, if it still has one after the change. */
  public ciliumOf(change: ResourceChange): CiliumRelease | undefined {
    return this.once("cilium", change, () => {
      for (const release of this.neighbours(change, "helm_release")) {
        const cilium = release.after && this.cilium(release);
        if (cilium) return cilium;
      }
      return undefined;
    });
  }

  /** Whether an environment still has a policy of this name, in whatever resource. */
  public keepsPolicy(policy: Policy, change: ResourceChange): boolean {
    const kept = this.once("policies", change, () => {
      const environment = this.environmentOf(change);
      const all = this.stacks.filter((stack) => stack.environment === environment).flatMap((stack) => stack.resources);
      const managed = all.filter(({ kind }) => kind === "managed");
      return new Set(managed.flatMap(({ type, after }) => policiesOf(type, after)).map(({ key }) => key));
    });
    return kept.has(policy.key);
  }

  /** Something that is the same for a whole environment: worked out once, however many of its resources ask. */
  public once<T>(what: string, change: ResourceChange, make: () => T): T {
    const key = `${this.environmentOf(change)}\n${what}`;
    if (!this.told.has(key)) this.told.set(key, make());
    return this.told.get(key) as T;
  }

  /** Whether a namespace of the environment goes, and with it everything in it. */
  public losesNamespace(name: Value | undefined, change: ResourceChange): boolean {
    const lost = this.once("namespaces", change, () => {
      const namespaces = this.neighbours(change, "kubernetes_namespace_v1", "kubernetes_namespace");
      return new Set(namespaces.filter(destroys).map(({ before }) => getPath(before ?? undefined, "metadata.name")));
    });
    return name !== undefined && lost.has(name);
  }

  /** Renamed constructs of a stack: deleted here, created there, the same object. */
  public renames(stack: StackChanges): readonly RenamedResource[] {
    let renames = this.renamed.get(stack.name);
    if (!renames) {
      const of = (action: string) => stack.resources.filter((r) => r.kind === "managed" && r.action === action);
      renames = findRenames(
        of("delete").map((change) => ({ ...change, config: change.before })),
        of("create").map((change) => ({ ...change, config: change.after })),
      );
      this.renamed.set(stack.name, renames);
    }
    return renames;
  }

  private environmentOf(change: ResourceChange): string {
    return this.stack(change.stack)?.environment ?? "";
  }
}
