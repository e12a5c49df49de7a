import type { ClusterConnection, GkeClusterOptions, GkeNetworkOptions, GkeNodePoolOptions } from "../gke";

/** What a dataplane knows of an environment before anything is created. An environment's definition is one. */
export interface DataplaneFacts {
  /** Name of the environment. */
  readonly name: string;
  readonly project: string;
  /** Region or zone of the cluster. */
  readonly location: string;
  readonly network: GkeNetworkOptions;
  readonly cluster?: GkeClusterOptions;
  readonly nodePools?: readonly GkeNodePoolOptions[];
}

/** Everything a dataplane needs to install itself. */
export interface DataplaneContext {
  readonly facts: DataplaneFacts;
  /** Name of the cluster in its project. */
  readonly clusterName: string;
  /** The logged-in providers of the cluster. */
  readonly connection: ClusterConnection;
}
