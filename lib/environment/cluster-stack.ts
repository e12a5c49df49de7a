import type { Construct } from "constructs";
import { GkeCluster, GkeNetwork, GkeNodePool } from "../gke";
import { addWarnings, judged } from "../validation";
import { clusterName } from "./cluster-name";
import type { SoundEnvironment } from "./effective";
import { EnvironmentStack } from "./environment-stack";
import { addOutputs, clusterOutputs } from "./outputs";
import { clusterStackWarnings } from "./pool-context";
import { waitingPoolProps } from "./waiting-pools";

/** `<env>-cluster`: VPC, NAT, node service account, cluster and node pools. */
export class ClusterStack extends EnvironmentStack {
  public readonly network: GkeNetwork;
  public readonly cluster: GkeCluster;
  /** The node pools by their names in the definition. */
  public readonly nodePools: ReadonlyMap<string, GkeNodePool>;

  public constructor(scope: Construct, environment: SoundEnvironment) {
    super(scope, "cluster", environment);
    addWarnings(this, environment.name, clusterStackWarnings(environment));
    const { project, location, dataplane } = environment;
    this.network = new GkeNetwork(this, "network", judged(environment.network));
    this.cluster = new GkeCluster(
      this,
      "cluster",
      judged({
        ...environment.cluster,
        name: clusterName(environment),
        project,
        location,
        network: this.network,
        datapath: dataplane.clusterDatapath,
      }),
    );
    this.nodePools = new Map(
      environment.nodePools.map(({ dataplane: toCome, ...pool }) => [
        pool.name,
        new GkeNodePool(
          this,
          `node-pool-${pool.name}`,
          judged({
            ...pool,
            cluster: this.cluster,
            ...waitingPoolProps(toCome, dataplane),
          }),
        ),
      ]),
    );
    addOutputs(this, clusterOutputs(this.cluster, environment.connection));
  }
}
