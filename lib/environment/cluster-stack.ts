import type { Construct } from "constructs";
import { GkeCluster, GkeNetwork, GkeNodePool, regionOf } from "../gke";
import { clusterName } from "./cluster-name";
import type { EnvironmentDefinition } from "./definition";
import { EnvironmentStack } from "./environment-stack";
import { effectiveClusterOptions } from "./rules";

/** `<env>-cluster`: VPC, NAT, node service account, cluster and node pools. */
export class ClusterStack extends EnvironmentStack {
  public readonly network: GkeNetwork;
  public readonly cluster: GkeCluster;
  /** The node pools by their names in the definition. */
  public readonly nodePools: ReadonlyMap<string, GkeNodePool>;

  public constructor(scope: Construct, definition: EnvironmentDefinition) {
    super(scope, "cluster", definition);
    const { project, location, dataplane } = definition;
    const name = clusterName(definition);
    this.network = new GkeNetwork(this, "network", {
      ...definition.network,
      name,
      project,
      region: regionOf(location),
      privateNodes: definition.cluster?.privateNodes,
    });
    this.cluster = new GkeCluster(this, "cluster", {
      ...effectiveClusterOptions(definition),
      name,
      project,
      location,
      network: this.network,
      datapath: dataplane.clusterDatapath,
    });
    this.nodePools = new Map(
      (definition.nodePools ?? []).map((pool) => [
        pool.name,
        new GkeNodePool(this, `node-pool-${pool.name}`, {
          ...pool,
          cluster: this.cluster,
          startupTaints: dataplane.startupTaint && [dataplane.startupTaint],
        }),
      ]),
    );
  }
}
