import type { ProviderSchema } from "../knowledge/provider-schema";
import type { ResourceChange, StackChanges } from "../model/changes";
import { isEffective } from "../model/changes";
import { findRenames, type Rename } from "../readers/renames";
import { type CiliumRelease, readRelease } from "./release";

/** A deleted and a created resource that are one object under two addresses. */
export type RenamedResource = Rename<ResourceChange & { readonly config: ResourceChange["before"] }>;

/** Everything rules may look at. */
export class Scene {
  /** What happens, of all stacks. */
  public readonly changes: readonly ResourceChange[];
  private readonly environments = new Map<string, ResourceChange[]>();
  private readonly releases = new Map<ResourceChange, CiliumRelease | undefined>();
  private readonly renamed = new Map<string, readonly RenamedResource[]>();

  public constructor(
    public readonly stacks: readonly StackChanges[],
    public readonly schema: ProviderSchema,
  ) {
    this.changes = stacks
      .filter((stack) => stack.presence !== "removed")
      .flatMap((s) => s.resources.filter(isEffective));
    for (const stack of stacks) {
      const resources = this.environments.get(stack.environment) ?? [];
      resources.push(...stack.resources);
      this.environments.set(stack.environment, resources);
    }
  }

  public stack(name: string): StackChanges | undefined {
    return this.stacks.find((stack) => stack.name === name);
  }

  /** All resources of the environment a resource belongs to, the unchanged ones too. */
  public neighbours(change: ResourceChange, ...types: readonly string[]): readonly ResourceChange[] {
    const environment = this.stack(change.stack)?.environment ?? "";
    return (this.environments.get(environment) ?? []).filter(
      (other) => types.includes(other.type) && other.kind === "managed",
    );
  }

  /** A Helm release as Cilium reads it, or undefined where it does not install Cilium's agent. */
  public cilium(change: ResourceChange): CiliumRelease | undefined {
    if (!this.releases.has(change)) this.releases.set(change, readRelease(change));
    return this.releases.get(change);
  }

  /** The self-managed Cilium of an environment, if it still has one after the change. */
  public ciliumOf(change: ResourceChange): CiliumRelease | undefined {
    for (const release of this.neighbours(change, "helm_release")) {
      const cilium = release.after && this.cilium(release);
      if (cilium) return cilium;
    }
    return undefined;
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
}
