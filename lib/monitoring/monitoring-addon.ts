import { Construct } from "constructs";
import type { DataplaneTelemetry } from "../dataplane/telemetry";
import type { ClusterConnection } from "../gke";
import { Monitoring } from "./monitoring";
import type { MonitoringParts } from "./parts";

/** What {@link MonitoringAddon} takes. */
export interface MonitoringAddonProps {
  /** The way into the cluster, which somebody made: its project, place and name come from it. No default. */
  readonly connection: ClusterConnection;

  /**
   * What is there to be watched: `Telemetry.cilium(release)` or `Telemetry.dataplaneV2()`. No default: what is not
   * served would be missed for ever.
   */
  readonly telemetry: DataplaneTelemetry;

  /**
   * Which kind.
   *
   * @default Monitoring.prometheus()
   */
  readonly monitoring?: Monitoring;

  /**
   * Name of whatever the cluster stands for, in titles of alerts and dashboards.
   *
   * @default - the cluster's name
   */
  readonly environment?: string;

  /**
   * Whether the cluster runs in Autopilot mode.
   *
   * @default false
   */
  readonly autopilot?: boolean;

  /**
   * Labels of every cloud resource that can carry them.
   *
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * The monitoring addon on any GKE cluster: metrics, dashboards and alerts of a Cilium that is there. Managed Service for
 * Prometheus needs the cluster's own managed collection, which whoever made the cluster has turned on or not.
 *
 * The stack needs a google provider, as the connection does.
 */
export class MonitoringAddon extends Construct {
  public readonly monitoring: Monitoring;
  /** What it declared. */
  public readonly parts: MonitoringParts;

  /** @throws ConfigurationError with every problem, before anything is declared. */
  public constructor(scope: Construct, id: string, props: MonitoringAddonProps) {
    super(scope, id);
    const { connection, telemetry, autopilot, labels } = props;
    this.monitoring = props.monitoring ?? Monitoring.prometheus();
    this.parts = this.monitoring.install(this, {
      environment: props.environment ?? connection.clusterName,
      project: connection.project,
      location: connection.location,
      clusterName: connection.clusterName,
      telemetry,
      autopilot,
      labels,
      connection,
    });
  }
}
