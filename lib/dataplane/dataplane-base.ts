import type { Construct } from "constructs";
import type { ClusterDatapath, NodeTaint } from "../gke";
import { addWarnings, assertNoProblems } from "../validation";
import type { EffectiveDataplane } from "./effective";
import type { DataplaneContext, DataplaneFacts, DataplaneKind } from "./facts";
import type { DataplaneParts, InstalledDataplane } from "./parts";

/** What every kind of dataplane answers. In a file of its own, because the factories need the kinds and these need it. */
export abstract class DataplaneBase {
  /** Which factory made it. For messages and tables; code that branches on it belongs into the kind. */
  public abstract readonly kind: DataplaneKind;

  /** What the cluster must be created with. */
  public abstract readonly clusterDatapath: ClusterDatapath;

  /** The taint that nodes carry until the CNI is ready, or none where GKE runs the CNI. */
  public abstract readonly startupTaint: NodeTaint | undefined;

  /**
   * What this kind and its options come to in an environment: the Cilium release with all values merged, what is served
   * to monitoring, who enforces which policies, and everything that is wrong or deserves a sentence. Nothing is thrown.
   */
  public abstract describe(facts: DataplaneFacts): EffectiveDataplane;

  /** Declares the resources of a description that has no problem. */
  protected abstract declare(
    scope: Construct,
    context: DataplaneContext,
    effective: EffectiveDataplane,
  ): DataplaneParts;

  /**
   * Declares everything of this kind in `scope`, the stack `<env>-networking` or any other with a connection, and adds
   * the warnings to it.
   *
   * @returns What it came to, as {@link describe} says it, and the constructs that it declared.
   * @throws ConfigurationError with every problem, before anything is declared.
   */
  public install(scope: Construct, context: DataplaneContext): InstalledDataplane {
    const effective = context.described ?? this.describe(context.facts);
    if (context.described === undefined) assertNoProblems(scope.node.path, effective.problems);
    addWarnings(scope, context.facts.name, effective.warnings);
    return { ...effective, parts: this.declare(scope, context, effective) };
  }
}
