import { MonitoringDashboard } from "@cdktf/provider-google/lib/monitoring-dashboard";
import type { Construct } from "constructs";
import { renderKnownValues } from "../../helm";
import { type Manifest, ManifestRelease } from "../../kubernetes";
import { addWarnings, assertSound, examine, nestProblems, type Problem } from "../../validation";
import { alertsFor, ruleGroups } from "../alerts";
import {
  CLOUD_MONITORING_RATE_WINDOW,
  ciliumDashboards,
  cloudMonitoringDashboard,
  GRAFANA_RATE_WINDOW,
  GRAFANA_SCOPE,
  overviewDashboard,
} from "../dashboards";
import { telemetryWarnings } from "../environment-rules";
import type { MonitoringContext, MonitoringFacts, MonitoringNeeds } from "../facts";
import { seenBy } from "../metrics";
import type { Monitoring } from "../monitoring";
import type { MonitoringParts } from "../parts";
import { quoted, selectWithin } from "../promql";
import { DEFAULT_NAMESPACE, dashboardConfigMaps, grafanaCommand, monitoringNamespace, networkPolicies } from "../stack";
import { alertPolicies } from "./alert-policies";
import { managedGrafana } from "./grafana";
import { keptMetrics } from "./kept-metrics";
import { clusterPodMonitorings, clusterRules } from "./objects";
import {
  DEFAULT_SCRAPE_INTERVAL_SECONDS,
  MANAGED_PROMETHEUS_OPTIONS,
  type ManagedPrometheusMonitoringOptions,
  managedPrometheusProblems,
} from "./options";

/** Managed Service for Prometheus and Cloud Monitoring. Made by `Monitoring.managedPrometheus`. */
export class ManagedPrometheusMonitoring implements Monitoring {
  public readonly kind = "managed-prometheus";
  public readonly needs: MonitoringNeeds = { managedPrometheus: true, daemonSetCounts: true };

  private readonly options: ManagedPrometheusMonitoringOptions;
  private readonly wrong: readonly Problem[];

  public constructor(given: ManagedPrometheusMonitoringOptions) {
    const { problems, options } = examine(given, MANAGED_PROMETHEUS_OPTIONS);
    this.wrong = problems;
    this.options = options;
  }

  public problems(_facts: MonitoringFacts): Problem[] {
    return [...this.wrong, ...managedPrometheusProblems(this.options)];
  }

  public warnings(facts: MonitoringFacts): Problem[] {
    const { evaluation = "cloud-monitoring", emails = [], notificationChannels = [] } = this.options.alerts ?? {};
    const silent = evaluation === "cloud-monitoring" && emails.length + notificationChannels.length === 0;
    return [
      ...telemetryWarnings(facts),
      ...unseenDaemonSets(facts),
      ...(silent
        ? [
            {
              property: "alerts.notificationChannels",
              rule: "is empty: alert policies open incidents, but nobody is notified",
              remedy: "name channels or alerts.emails",
            },
          ]
        : []),
    ];
  }

  public install(scope: Construct, context: MonitoringContext): MonitoringParts {
    assertSound(scope.node.path, context, () => this.problems(context));
    addWarnings(scope, context.environment, nestProblems("monitoring", this.warnings(context)));
    const { alerts = {} } = this.options;
    // Cloud Monitoring holds the series of all clusters of the project.
    const here = selectWithin(`cluster=${quoted(context.clusterName)}`, `location=${quoted(context.location)}`);

    const cloudDashboard =
      context.telemetry.endpoints.length > 0 && this.options.dashboard !== false
        ? new MonitoringDashboard(scope, "dashboard", {
            project: context.project,
            dashboardJson: renderKnownValues(overview(context, here)),
          })
        : undefined;
    const policies =
      alerts.evaluation === "cluster"
        ? []
        : alertPolicies(scope, context, alertsFor(seenOf(context), alerts, here), alerts);
    return { ...this.installInCluster(scope, context), cloudDashboard, alertPolicies: policies };
  }

  /** Objects of the cluster, in a namespace that is only made where there are any. */
  private installInCluster(
    scope: Construct,
    context: MonitoringContext,
  ): Omit<MonitoringParts, "cloudDashboard" | "alertPolicies"> {
    const { alerts = {}, grafana } = this.options;
    const { helmProvider, kubernetesProvider } = context.connection;
    const { telemetry } = context;
    const intervalSeconds = this.options.scrapeIntervalSeconds ?? DEFAULT_SCRAPE_INTERVAL_SECONDS;
    const monitorings = clusterPodMonitorings(telemetry.endpoints, {
      intervalSeconds,
      keep: keptMetrics(telemetry, this.options),
    });
    const groups =
      alerts.evaluation === "cluster"
        ? ruleGroups(alertsFor(seenOf(context), alerts, selectWithin()), alerts, `${intervalSeconds}s`)
        : [];
    if (monitorings.length === 0 && groups.length === 0 && grafana === undefined) return { dashboards: [] };

    const name = this.options.namespace ?? DEFAULT_NAMESPACE;
    const namespace = monitoringNamespace(scope, name, kubernetesProvider);
    const objects = { namespace: name, dependsOn: [namespace], provider: helmProvider };
    const release = (id: string, manifests: readonly Manifest[]) =>
      manifests.length > 0
        ? new ManifestRelease(scope, id, { ...objects, name: `cilium-${id}`, manifests })
        : undefined;
    const made = {
      namespace,
      scrape: release("scrape", monitorings),
      alerts: release("alerts", groups.length > 0 ? [clusterRules(groups)] : []),
    };
    if (grafana === undefined) return { ...made, dashboards: [] };
    networkPolicies(scope, "frontend", namespace, kubernetesProvider);
    const stack = managedGrafana(scope, context, grafana, { namespace: name, dependsOn: [namespace] });
    const query = { select: selectWithin(GRAFANA_SCOPE), window: GRAFANA_RATE_WINDOW };
    const dashboards = dashboardConfigMaps(
      scope,
      [overviewDashboard(telemetry, query), ...ciliumDashboards(telemetry)],
      { namespace: name, dependsOn: [namespace], provider: kubernetesProvider },
    );
    return { ...made, stack, dashboards, grafanaCommand: grafanaCommand(name) };
  }
}

/** What Cloud Monitoring sees of the dataplane: GKE counts DaemonSets, and names no node. */
function seenOf({ telemetry, clusterMetrics = [] }: MonitoringFacts) {
  return clusterMetrics.includes("DAEMONSET") ? seenBy(telemetry, "counts") : seenBy(telemetry);
}

function unseenDaemonSets({ telemetry, clusterMetrics = [] }: MonitoringFacts): Problem[] {
  const [daemonSet] = telemetry.daemonSets ?? [];
  if (daemonSet === undefined || clusterMetrics.includes("DAEMONSET")) return [];
  return [
    {
      property: "kind",
      value: "managed-prometheus",
      rule: `cannot tell when ${daemonSet.name} is not ready on a node, as GKE does not count DaemonSets here`,
      remedy: "add DAEMONSET to cluster.monitoring, or leave cluster.monitoring out",
    },
  ];
}

/** The overview in the form of Cloud Monitoring. */
function overview(context: MonitoringContext, select: ReturnType<typeof selectWithin>) {
  const dashboard = overviewDashboard(context.telemetry, { select, window: CLOUD_MONITORING_RATE_WINDOW });
  return cloudMonitoringDashboard(dashboard, `${context.environment}: ${dashboard.title} (${context.clusterName})`);
}
