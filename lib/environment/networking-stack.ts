import type { Construct } from "constructs";
import { ClusterConnection } from "../gke";
import { clusterName } from "./cluster-name";
import type { SoundEnvironment } from "./effective";
import { EnvironmentStack } from "./environment-stack";

/** `<env>-networking`: what the dataplane installs into the cluster. */
export class NetworkingStack extends EnvironmentStack {
  /** How this stack is logged in to the cluster. */
  public readonly connection: ClusterConnection;

  public constructor(scope: Construct, environment: SoundEnvironment) {
    super(scope, "networking", environment);
    this.connection = new ClusterConnection(this, "connection", environment.connection);
    environment.definition.dataplane.install(this, {
      facts: environment,
      clusterName: clusterName(environment),
      connection: this.connection,
      described: environment.dataplane,
    });
  }
}
