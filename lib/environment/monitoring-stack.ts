import type { Construct } from "constructs";
import { ClusterConnection } from "../gke";
import type { MonitoringParts } from "../monitoring";
import { judged } from "../validation";
import type { SoundEnvironment } from "./effective";
import { EnvironmentStack } from "./environment-stack";
import { addOutputs, grafanaOutputs } from "./outputs";

/** `<env>-monitoring`: the monitoring addon. Present also without one, so that turning it off destroys what it made. */
export class MonitoringStack extends EnvironmentStack {
  /** How this stack is logged in to the cluster. */
  public readonly connection: ClusterConnection;
  /** What the monitoring declared; undefined where there is none. */
  public readonly parts?: MonitoringParts;

  public constructor(scope: Construct, environment: SoundEnvironment) {
    super(scope, "monitoring", environment);
    this.connection = new ClusterConnection(this, "connection", environment.connection);
    const { monitoring, labels } = environment;
    this.parts = monitoring?.kind.install(this, judged({ ...monitoring.facts, connection: this.connection, labels }));
    addOutputs(this, grafanaOutputs(this.parts?.grafanaCommand));
  }
}
