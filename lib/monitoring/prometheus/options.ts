import { type CheckTable, decisive, falseOr, flag, nested, text, wholeNumber } from "../../validation";
import { ALERT_OPTIONS, type AlertOptions } from "../alerts";
import {
  GRAFANA_OPTIONS,
  type GrafanaOptions,
  namespaceName,
  STACK_CHART_OPTIONS,
  type StackChartOptions,
  secretName,
} from "../stack";

export const DEFAULT_RETENTION_DAYS = 15;
export const DEFAULT_STORAGE_GIB = 50;
export const DEFAULT_STORAGE_CLASS = "standard-rwo";
export const DEFAULT_SCRAPE_INTERVAL_SECONDS = 30;
export const DEFAULT_REPLICAS = 1;
/** Rates in alerts span five minutes: a longer interval leaves too few samples in them. */
const MAX_SCRAPE_INTERVAL_SECONDS = 60;
const MIN_STORAGE_GIB = 10;

/** Disk of Prometheus. */
export interface PrometheusStorageOptions {
  /**
   * Gibibytes for each replica. Prometheus deletes the oldest data before the disk is full, whatever the retention.
   * Kubernetes can enlarge the disk, never shrink it.
   *
   * @default 50
   */
  readonly sizeGiB?: number;

  /**
   * Storage class of the disks of Prometheus and Alertmanager. Cannot be changed afterwards.
   *
   * @default "standard-rwo", GKE's balanced persistent disk
   */
  readonly storageClass?: string;
}

/** Alerts that Prometheus evaluates and Alertmanager sends. */
export interface PrometheusAlertOptions extends AlertOptions {
  /**
   * Name of an existing Secret in the monitoring namespace whose key `alertmanager.yaml` says who is told of what. It
   * holds credentials of chat and paging services, so it does not belong into code.
   *
   * @default - nobody is told: alerts are seen in Alertmanager and Grafana only
   */
  readonly alertmanagerConfigSecret?: string;
}

/** Options of `Monitoring.prometheus`. */
export interface PrometheusMonitoringOptions extends StackChartOptions {
  /**
   * Namespace of Prometheus, Alertmanager and Grafana. Made and destroyed with this addon, disks included.
   *
   * @default "cilium-monitoring"
   */
  readonly namespace?: string;

  /**
   * Days for which data are kept.
   *
   * @default 15
   */
  readonly retentionDays?: number;

  /** @default - 50 GiB of the class standard-rwo */
  readonly storage?: PrometheusStorageOptions;

  /**
   * Prometheus servers, each of which collects everything and has a disk of its own. Two survive the loss of a zone.
   *
   * @default 1
   */
  readonly replicas?: number;

  /**
   * Seconds between two scrapes, at most 60.
   *
   * @default 30
   */
  readonly scrapeIntervalSeconds?: number;

  /**
   * Collect the cluster's own metrics too: kubelet and cAdvisor, API server, kube-dns, kube-state-metrics, with the
   * chart's rules and dashboards for them. GKE's own monitoring has most of it already.
   *
   * @default false
   */
  readonly clusterMetrics?: boolean;

  /** @default - every alert that can fire in the environment's dataplane; nobody is told */
  readonly alerts?: PrometheusAlertOptions;

  /**
   * Grafana, or `false` for none.
   *
   * @default - on, with a random password
   */
  readonly grafana?: false | GrafanaOptions;
}

/** What the options must look like. */
export const PROMETHEUS_MONITORING_OPTIONS: CheckTable<PrometheusMonitoringOptions> = {
  ...STACK_CHART_OPTIONS,
  namespace: decisive(namespaceName, "alerts and dashboards are written out with it"),
  retentionDays: wholeNumber({ from: 1, to: 3650 }),
  storage: nested<PrometheusStorageOptions>({
    sizeGiB: wholeNumber({ from: MIN_STORAGE_GIB, to: 65_536 }),
    storageClass: text(),
  }),
  replicas: wholeNumber({ from: 1, to: 10 }),
  scrapeIntervalSeconds: wholeNumber({ from: 5, to: MAX_SCRAPE_INTERVAL_SECONDS }),
  clusterMetrics: flag(),
  alerts: nested<PrometheusAlertOptions>({ ...ALERT_OPTIONS, alertmanagerConfigSecret: secretName }),
  grafana: falseOr(nested(GRAFANA_OPTIONS)),
};
