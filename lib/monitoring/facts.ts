import type { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import type { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { Toleration } from "../dataplane/pod-placement";
import type { DataplaneTelemetry } from "../dataplane/telemetry";

/** What monitoring knows of an environment before anything is created. Enough to find every problem. */
export interface MonitoringFacts {
  /** Name of the environment; the value of the `cluster` label of every series is {@link clusterName}, not this. */
  readonly environment: string;

  /** Id of the project that holds the cluster, and that alert policies and dashboards are created in. */
  readonly project: string;

  /** Region or zone of the cluster. */
  readonly location: string;

  /** Name of the cluster. Becomes the `cluster` label of every series, which Hubble's dashboards choose by. */
  readonly clusterName: string;

  /** What the environment's dataplane exposes. Ports, labels and metrics come from here and nowhere else. */
  readonly telemetry: DataplaneTelemetry;

  /**
   * Whether the cluster runs in Autopilot mode, where no pod may use the host's network or paths.
   *
   * @default false
   */
  readonly autopilot?: boolean;

  /**
   * What the cluster sends to Cloud Monitoring by itself (`monitoring_config.enable_components`).
   *
   * @default - not known, so nothing is taken to be there
   */
  readonly clusterMetrics?: readonly string[];

  /**
   * What pods must tolerate to find a node: Arm's taint, where all open nodes are Arm.
   *
   * @default - nothing
   */
  readonly tolerations?: readonly Toleration[];

  /**
   * Kinds of disk that every node which pods can run on can attach.
   *
   * @default - not known, and nothing is judged
   */
  readonly volumeDisks?: readonly string[];

  /**
   * What the author says about Google's managed collection in the cluster.
   *
   * @default - nothing: the kind of monitoring decides
   */
  readonly managedPrometheus?: boolean;
}

/** Everything a kind of monitoring needs to install itself into the stack `<env>-monitoring`. */
export interface MonitoringContext extends MonitoringFacts {
  /** Providers of the cluster; a `ClusterConnection` is one. */
  readonly connection: MonitoringConnection;

  /**
   * Labels of every cloud resource that can carry them, in the form of Google Cloud labels.
   *
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
}

/** The logged-in providers of a cluster. */
export interface MonitoringConnection {
  readonly helmProvider: HelmProvider;
  readonly kubernetesProvider: KubernetesProvider;
}

/** What a kind of monitoring asks of the cluster it watches, so that nothing is written twice in an environment. */
export interface MonitoringNeeds {
  /**
   * Whether the cluster must run Google Cloud Managed Service for Prometheus
   * (`monitoring_config.managed_prometheus`), which also installs its custom resource definitions.
   */
  readonly managedPrometheus: boolean;

  /**
   * Whether the cluster should send GKE's counts of DaemonSets (`DAEMONSET`) to Cloud Monitoring where the dataplane has
   * some that serve no metrics: a handful of series, billed by sample.
   *
   * @default false
   */
  readonly daemonSetCounts?: boolean;
}
