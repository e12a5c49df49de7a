import type { HelmValues } from "../../helm";
import { DEFAULT_NAMESPACE, grafanaValues } from "../stack";
import {
  DEFAULT_REPLICAS,
  DEFAULT_RETENTION_DAYS,
  DEFAULT_SCRAPE_INTERVAL_SECONDS,
  DEFAULT_STORAGE_CLASS,
  DEFAULT_STORAGE_GIB,
  type PrometheusMonitoringOptions,
} from "./options";

/** Share of the disk that data may take; the write-ahead log and compaction need the rest. */
const USABLE_SHARE = 0.85;
const ALERTMANAGER_STORAGE = "2Gi";

/** Rules of the chart about the programs that it installs itself. */
const OWN_RULES = ["alertmanager", "configReloaders", "general", "prometheus", "prometheusOperator"];
/** Its rules about a cluster whose control plane one can look into: GKE's cannot be. */
const CONTROL_PLANE_RULES = [
  "etcd",
  "kubeControllerManager",
  "kubeProxy",
  "kubeSchedulerAlerting",
  "kubeSchedulerRecording",
];
/** Its rules that need the node exporter, which this addon never installs: it reads the node's files and processes. */
const NODE_RULES = [
  "network",
  "node",
  "nodeExporterAlerting",
  "nodeExporterRecording",
  "kubePrometheusNodeRecording",
  "windows",
];
const CLUSTER_RULES = [
  "k8sContainerCpuUsageSecondsTotal",
  "k8sContainerMemoryCache",
  "k8sContainerMemoryRss",
  "k8sContainerMemorySwap",
  "k8sContainerMemoryWorkingSetBytes",
  "k8sContainerResource",
  "k8sPodOwner",
  "kubeApiserverAvailability",
  "kubeApiserverBurnrate",
  "kubeApiserverHistogram",
  "kubeApiserverSlos",
  "kubelet",
  "kubePrometheusGeneral",
  "kubernetesApps",
  "kubernetesResources",
  "kubernetesStorage",
  "kubernetesSystem",
  "kubeStateMetrics",
];

/**
 * Values of kube-prometheus-stack for GKE: what Google runs is not scraped, nothing runs on nodes or with privileges,
 * no webhook stands in the way of the API server, and every object is looked for in this namespace alone.
 */
export function prometheusChartValues(options: PrometheusMonitoringOptions, clusterName: string): HelmValues {
  const namespace = options.namespace ?? DEFAULT_NAMESPACE;
  const cluster = options.clusterMetrics ?? false;
  return {
    ...whatIsScraped(cluster),
    defaultRules: { create: true, rules: rules(cluster) },
    prometheusOperator: operatorValues(cluster),
    prometheus: { prometheusSpec: prometheusSpec(options, namespace, clusterName) },
    alertmanager: { alertmanagerSpec: alertmanagerSpec(options) },
    grafana:
      options.grafana === false
        ? { enabled: false }
        : { ...grafanaValues(options.grafana ?? {}, namespace), defaultDashboardsEnabled: cluster },
  };
}

function whatIsScraped(cluster: boolean): HelmValues {
  const off = { enabled: false };
  return {
    kubeControllerManager: off,
    kubeEtcd: off,
    kubeScheduler: off,
    // Where it is not replaced it serves its metrics to the node alone.
    kubeProxy: off,
    coreDns: off,
    kubeDns: { enabled: cluster },
    kubeApiServer: { enabled: cluster },
    kubelet: { enabled: cluster },
    kubeStateMetrics: { enabled: cluster },
    nodeExporter: off,
  };
}

function rules(cluster: boolean): HelmValues {
  const states = [
    ...OWN_RULES.map((name) => [name, true] as const),
    ...CLUSTER_RULES.map((name) => [name, cluster] as const),
    ...[...CONTROL_PLANE_RULES, ...NODE_RULES].map((name) => [name, false] as const),
  ];
  return Object.fromEntries(states);
}

function operatorValues(cluster: boolean): HelmValues {
  return {
    // Rules are checked where they are written; a webhook would only be one more thing that can stop an apply.
    admissionWebhooks: { enabled: false },
    tls: { enabled: false },
    // Leaves objects of other teams' operators alone, and cannot be used by them.
    namespaces: { releaseNamespace: true, additional: [] },
    kubeletService: { enabled: cluster },
    resources: { requests: { cpu: "20m", memory: "96Mi" }, limits: { memory: "256Mi" } },
    prometheusConfigReloader: { resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "64Mi" } } },
  };
}

function prometheusSpec(options: PrometheusMonitoringOptions, namespace: string, clusterName: string): HelmValues {
  const { sizeGiB = DEFAULT_STORAGE_GIB } = options.storage ?? {};
  const replicas = options.replicas ?? DEFAULT_REPLICAS;
  const interval = `${options.scrapeIntervalSeconds ?? DEFAULT_SCRAPE_INTERVAL_SECONDS}s`;
  const here = { matchLabels: { "kubernetes.io/metadata.name": namespace } };
  return {
    replicas,
    ...(replicas > 1 && { podAntiAffinity: "hard", podAntiAffinityTopologyKey: "topology.kubernetes.io/zone" }),
    retention: `${options.retentionDays ?? DEFAULT_RETENTION_DAYS}d`,
    // Prometheus counts in powers of two.
    retentionSize: `${Math.floor(sizeGiB * USABLE_SHARE)}GB`,
    storageSpec: volume(options, `${sizeGiB}Gi`),
    scrapeInterval: interval,
    evaluationInterval: interval,
    externalLabels: { cluster: clusterName },
    resources: { requests: { cpu: "200m", memory: "1Gi" }, limits: { memory: "3Gi" } },
    ...Object.fromEntries(
      ["serviceMonitor", "podMonitor", "rule", "probe", "scrapeConfig"].flatMap((kind) => [
        // By default the chart's Prometheus ignores every object that its own release did not make.
        [`${kind}SelectorNilUsesHelmValues`, false],
        [`${kind}NamespaceSelector`, here],
      ]),
    ),
  };
}

function alertmanagerSpec(options: PrometheusMonitoringOptions): HelmValues {
  const secret = options.alerts?.alertmanagerConfigSecret;
  return {
    storage: volume(options, ALERTMANAGER_STORAGE),
    // It never asks the API server anything.
    automountServiceAccountToken: false,
    resources: { requests: { cpu: "10m", memory: "48Mi" }, limits: { memory: "128Mi" } },
    ...(secret !== undefined && { useExistingSecret: true, configSecret: secret }),
  };
}

function volume({ storage = {} }: PrometheusMonitoringOptions, size: string): HelmValues {
  return {
    volumeClaimTemplate: {
      spec: {
        storageClassName: storage.storageClass ?? DEFAULT_STORAGE_CLASS,
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: size } },
      },
    },
  };
}
