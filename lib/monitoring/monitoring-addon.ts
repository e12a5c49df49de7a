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
  /** Cluster and namespace. */
  private readonly place: string;

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
    this.place = [
      connection.project,
      connection.location,
      connection.clusterName,
      this.parts.namespace?.metadataInput?.name,
    ].join("/");
    this.node.addValidation({ validate: () => this.neighbourProblems() });
  }

  /** Two in one namespace have releases and objects of the same names, which Helm refuses in the apply. */
  private neighbourProblems(): string[] {
    if (this.parts.namespace === undefined) return [];
    return this.node.root.node
      .findAll()
      .filter((other) => other !== this && other instanceof MonitoringAddon && other.place === this.place)
      .map(
        ({ node }) =>
          `${this.node.path}: 'monitoring.namespace' is that of ${node.path} on the same cluster; give each a namespace of its own: Monitoring.prometheus({ namespace: "…" })`,
      );
  }
}
