import type { Construct } from "constructs";
import type { InstalledDataplane } from "../dataplane";
import { ClusterConnection } from "../gke";
import { clusterName } from "./cluster-name";
import type { SoundEnvironment } from "./effective";
import { EnvironmentStack } from "./environment-stack";
import { addOutputs, hubbleOutputs } from "./outputs";

/** `<env>-networking`: what the dataplane installs into the cluster. */
export class NetworkingStack extends EnvironmentStack {
  /** How this stack is logged in to the cluster. */
  public readonly connection: ClusterConnection;
  /** What the dataplane came to, and the constructs that stand for it. */
  public readonly dataplane: InstalledDataplane;

  public constructor(scope: Construct, environment: SoundEnvironment) {
    super(scope, "networking", environment);
    this.connection = new ClusterConnection(this, "connection", environment.connection);
    this.dataplane = environment.definition.dataplane.install(this, {
      facts: environment,
      clusterName: clusterName(environment),
      connection: this.connection,
      described: environment.dataplane,
    });
    addOutputs(this, hubbleOutputs(environment.dataplane.release));
  }
}
