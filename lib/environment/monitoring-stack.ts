import type { Construct } from "constructs";
import { ClusterConnection } from "../gke";
import { clusterName } from "./cluster-name";
import type { EnvironmentDefinition } from "./definition";
import { EnvironmentStack } from "./environment-stack";
import { monitoringFacts } from "./rules";

/** `<env>-monitoring`: the monitoring addon. Present also without one, so that turning it off destroys what it made. */
export class MonitoringStack extends EnvironmentStack {
  public constructor(scope: Construct, definition: EnvironmentDefinition) {
    super(scope, "monitoring", definition);
    const connection = new ClusterConnection(this, "connection", {
      ...definition.connection,
      project: definition.project,
      location: definition.location,
      clusterName: clusterName(definition),
    });
    definition.monitoring?.install(this, { ...monitoringFacts(definition), connection, labels: definition.labels });
  }
}
