import type { ClusterConnection, GkeClusterOptions, GkeNetworkOptions, GkeNodePoolOptions } from "../gke";
import type { EffectiveDataplane } from "./effective";

/** Which factory made a dataplane. */
export type DataplaneKind = "cni-chaining" | "kube-proxy-free" | "dataplane-v2";

/** What a dataplane knows of an environment before anything is created. An environment's definition is one. */
export interface DataplaneFacts {
  /** Name of the environment. */
  readonly name: string;
  readonly project: string;
  /** Region or zone of the cluster. */
  readonly location: string;
  readonly network: GkeNetworkOptions;
  readonly cluster?: GkeClusterOptions;
  readonly nodePools?: readonly DataplaneNodePool[];
}

/** A node pool, and the dataplane that it waits for where that is not the environment's. */
export interface DataplaneNodePool extends GkeNodePoolOptions {
  readonly dataplane?: { readonly kind: DataplaneKind };
}

/** Everything a dataplane needs to install itself. */
export interface DataplaneContext {
  readonly facts: DataplaneFacts;
  /** Name of the cluster in its project. */
  readonly clusterName: string;
  /** The logged-in providers of the cluster. */
  readonly connection: ClusterConnection;
  /**
   * What `describe()` said of the same facts, where its problems were told already.
   *
   * @default - described here, and every problem thrown
   */
  readonly described?: EffectiveDataplane;
}
