import type { Construct } from "constructs";
import { ClusterConnection } from "../gke";
import { clusterName } from "./cluster-name";
import type { EnvironmentDefinition } from "./definition";
import { EnvironmentStack } from "./environment-stack";

/** `<env>-networking`: what the dataplane installs into the cluster. */
export class NetworkingStack extends EnvironmentStack {
  /** How this stack is logged in to the cluster. */
  public readonly connection: ClusterConnection;

  public constructor(scope: Construct, definition: EnvironmentDefinition) {
    super(scope, "networking", definition);
    this.connection = new ClusterConnection(this, "connection", {
      ...definition.connection,
      project: definition.project,
      location: definition.location,
      clusterName: clusterName(definition),
    });
    definition.dataplane.install(this, {
      facts: definition,
      clusterName: clusterName(definition),
      connection: this.connection,
    });
  }
}
