export type { AlertName, AlertOptions, AlertTuning, Severity } from "./alerts";
export * from "./facts";
export type {
  ManagedAlertOptions,
  ManagedGrafanaOptions,
  ManagedPrometheusMonitoringOptions,
} from "./managed-prometheus/options";
export * from "./monitoring";
export * from "./monitoring-addon";
export type { MonitoringParts } from "./parts";
export type {
  PrometheusAlertOptions,
  PrometheusMonitoringOptions,
  PrometheusStorageOptions,
} from "./prometheus/options";
export type { StackChartOptions } from "./stack/chart";
export type { GrafanaOptions } from "./stack/grafana-options";
