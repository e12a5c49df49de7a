import type { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import type { Construct } from "constructs";
import { lookUp } from "../../facts/look-up";
import { ManifestRelease } from "../../kubernetes";
import { addWarnings, assertSound, examine, isKnown, nestProblems, type Problem } from "../../validation";
import { alertsFor, ruleGroups } from "../alerts";
import { ciliumDashboards, GRAFANA_RATE_WINDOW, GRAFANA_SCOPE, overviewDashboard } from "../dashboards";
import { autopilotProblems, telemetryWarnings } from "../environment-rules";
import type { MonitoringContext, MonitoringFacts, MonitoringNeeds } from "../facts";
import { seenBy } from "../metrics";
import type { Monitoring } from "../monitoring";
import type { MonitoringParts } from "../parts";
import { selectWithin } from "../promql";
import {
  DEFAULT_NAMESPACE,
  dashboardConfigMaps,
  grafanaCommand,
  monitoringNamespace,
  networkPolicies,
  stackRelease,
  withTolerations,
} from "../stack";
import { prometheusChartValues } from "./chart-values";
import { podMonitors, prometheusRule, readinessMonitors } from "./objects";
import {
  DEFAULT_SCRAPE_INTERVAL_SECONDS,
  DEFAULT_STORAGE_CLASS,
  PROMETHEUS_MONITORING_OPTIONS,
  type PrometheusMonitoringOptions,
} from "./options";

/**
 * Kinds of disk of the StorageClasses that GKE makes.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/persistent-volumes/gce-pd-csi-driver
 */
const DISK_OF_CLASS: Readonly<Record<string, string>> = {
  standard: "pd-standard",
  "standard-rwo": "pd-balanced",
  "premium-rwo": "pd-ssd",
};

/** Prometheus, Alertmanager and Grafana in the cluster. Made by `Monitoring.prometheus`. */
export class PrometheusMonitoring implements Monitoring {
  public readonly kind = "prometheus";
  public readonly needs: MonitoringNeeds = { managedPrometheus: false };

  private readonly options: PrometheusMonitoringOptions;
  private readonly wrong: readonly Problem[];

  public constructor(given: PrometheusMonitoringOptions) {
    const { problems, options } = examine(given, PROMETHEUS_MONITORING_OPTIONS);
    this.wrong = problems;
    this.options = options;
  }

  public problems(facts: MonitoringFacts): Problem[] {
    return [...this.wrong, ...this.autopilotProblems(facts), ...this.volumeProblems(facts)];
  }

  /** GKE's own classes are made of one kind of disk each, and not every machine attaches every kind. */
  private volumeProblems({ volumeDisks }: MonitoringFacts): Problem[] {
    const storageClass = this.options.storage?.storageClass ?? DEFAULT_STORAGE_CLASS;
    const disk = isKnown(storageClass) ? lookUp(DISK_OF_CLASS, storageClass) : undefined;
    if (disk === undefined || volumeDisks === undefined || volumeDisks.includes(disk)) return [];
    return [
      {
        property: "storage.storageClass",
        value: storageClass,
        rule: `makes disks of the kind ${disk}, which some node that Prometheus may run on cannot attach (they take ${volumeDisks.join(", ") || "no kind in common"})`,
        remedy: "name a StorageClass of a kind that they take, such as one of hyperdisk-balanced that you make",
      },
    ];
  }

  /**
   * Autopilot's nodes and its namespace kube-system are Google's: nothing of the cluster's own that is scraped through
   * Services there can be (prometheus-community/helm-charts#4833, #713).
   */
  private autopilotProblems({ autopilot, managedPrometheus }: MonitoringFacts): Problem[] {
    if (autopilot !== true) return [];
    const problems: Problem[] = [];
    if (this.options.clusterMetrics === true)
      problems.push({
        property: "clusterMetrics",
        value: true,
        rule: "makes Services for kube-dns and the kubelets in kube-system, which Autopilot keeps to itself",
        remedy: "leave it out: Google's own monitoring has these metrics",
      });
    if (managedPrometheus === undefined)
      problems.push({
        property: "kind",
        value: this.kind,
        rule: "turns Google's managed collection off, so that nothing is collected and paid for twice, and Autopilot always has it on",
        remedy: "set cluster.managedPrometheus to true, or use Monitoring.managedPrometheus()",
      });
    return problems;
  }

  public warnings(facts: MonitoringFacts): Problem[] {
    const { alerts = {} } = this.options;
    return [
      ...telemetryWarnings(facts),
      ...autopilotProblems(facts),
      ...(alerts.alertmanagerConfigSecret === undefined
        ? [
            {
              property: "alerts.alertmanagerConfigSecret",
              rule: "is not set: alerts are evaluated and shown, but nobody is told",
              remedy: "make a Secret with alertmanager.yaml in it and name it here",
            },
          ]
        : []),
    ];
  }

  public install(scope: Construct, context: MonitoringContext): MonitoringParts {
    assertSound(scope.node.path, context, () => this.problems(context));
    addWarnings(scope, context.environment, nestProblems("monitoring", this.warnings(context)));
    const { options } = this;
    const { telemetry, clusterName } = context;
    const { helmProvider, kubernetesProvider } = context.connection;
    const name = options.namespace ?? DEFAULT_NAMESPACE;

    const namespace = monitoringNamespace(scope, name, kubernetesProvider);
    networkPolicies(scope, "prometheus", namespace, kubernetesProvider);
    const stack = stackRelease(scope, "stack", {
      namespace: name,
      options,
      values: withTolerations(prometheusChartValues(options, clusterName), context.tolerations),
      dependsOn: [namespace],
      provider: helmProvider,
    });

    // Releases of their own: a changed limit or port changes these objects and leaves Prometheus alone. They come after
    // the stack, which brings their definitions, and go before it.
    const objects = { namespace: name, dependsOn: [stack], provider: helmProvider };
    const intervalSeconds = options.scrapeIntervalSeconds ?? DEFAULT_SCRAPE_INTERVAL_SECONDS;
    const port = telemetry.endpoints.find(({ component }) => component === "cilium-agent")?.port;
    const seen = port === undefined ? seenBy(telemetry) : seenBy(telemetry, "pods");
    const monitors = [
      ...podMonitors(telemetry.endpoints, { namespace: name, clusterName, intervalSeconds }),
      ...(port === undefined
        ? []
        : readinessMonitors(telemetry.daemonSets ?? [], { namespace: name, clusterName, port })),
    ];
    const scrape =
      monitors.length > 0
        ? new ManifestRelease(scope, "scrape", { ...objects, name: "cilium-scrape", manifests: monitors })
        : undefined;
    const alertOptions = options.alerts ?? {};
    const groups = ruleGroups(alertsFor(seen, alertOptions, selectWithin()), alertOptions);
    const alerts =
      groups.length > 0
        ? new ManifestRelease(scope, "alerts", {
            ...objects,
            name: "cilium-alerts",
            manifests: [prometheusRule(groups, name)],
          })
        : undefined;
    const made = { namespace, stack, scrape, alerts, alertPolicies: [] };
    if (options.grafana === false) return { ...made, dashboards: [] };
    return { ...made, dashboards: this.dashboards(scope, context, namespace), grafanaCommand: grafanaCommand(name) };
  }

  private dashboards(scope: Construct, { telemetry, connection }: MonitoringContext, namespace: NamespaceV1) {
    if (telemetry.endpoints.length === 0) return [];
    const query = { select: selectWithin(GRAFANA_SCOPE), window: GRAFANA_RATE_WINDOW };
    return dashboardConfigMaps(scope, [overviewDashboard(telemetry, query), ...ciliumDashboards(telemetry)], {
      namespace: this.options.namespace ?? DEFAULT_NAMESPACE,
      dependsOn: [namespace],
      provider: connection.kubernetesProvider,
    });
  }
}
