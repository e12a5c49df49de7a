import type { Construct } from "constructs";
import { ClusterConnection } from "../gke";
import { judged } from "../validation";
import type { SoundEnvironment } from "./effective";
import { EnvironmentStack } from "./environment-stack";

/** `<env>-monitoring`: the monitoring addon. Present also without one, so that turning it off destroys what it made. */
export class MonitoringStack extends EnvironmentStack {
  /** How this stack is logged in to the cluster. */
  public readonly connection: ClusterConnection;

  public constructor(scope: Construct, environment: SoundEnvironment) {
    super(scope, "monitoring", environment);
    this.connection = new ClusterConnection(this, "connection", environment.connection);
    const { monitoring, labels } = environment;
    monitoring?.kind.install(this, judged({ ...monitoring.facts, connection: this.connection, labels }));
  }
}
