import type { MonitoringAlertPolicy } from "@cdktf/provider-google/lib/monitoring-alert-policy";
import type { MonitoringDashboard } from "@cdktf/provider-google/lib/monitoring-dashboard";
import type { Release } from "@cdktf/provider-helm/lib/release";
import type { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import type { ManifestRelease } from "../kubernetes";

/** The constructs that a kind of monitoring declared: to depend on, to change through their escape hatches, to read. */
export interface MonitoringParts {
  /** Namespace of everything in the cluster; none where nothing is in it. */
  readonly namespace?: NamespaceV1;
  /** Prometheus, Alertmanager and Grafana, or Grafana alone: kube-prometheus-stack. */
  readonly stack?: Release;
  /** What is scraped. */
  readonly scrape?: ManifestRelease;
  /** Rules that are evaluated in the cluster. */
  readonly alerts?: ManifestRelease;
  /** Dashboards that Grafana shows. */
  readonly dashboards: readonly ConfigMapV1[];
  /** The overview in Cloud Monitoring. */
  readonly cloudDashboard?: MonitoringDashboard;
  /** Alerts that Cloud Monitoring evaluates. */
  readonly alertPolicies: readonly MonitoringAlertPolicy[];
  /** Command that makes Grafana answer on this machine; none where there is no Grafana. */
  readonly grafanaCommand?: string;
}
