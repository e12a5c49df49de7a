export type { AlertName, AlertOptions, AlertTuning, Severity } from "./alerts";
export * from "./facts";
export type {
  ManagedAlertOptions,
  ManagedGrafanaOptions,
  ManagedPrometheusOptions,
} from "./managed-prometheus/options";
export * from "./monitoring";
export type { PrometheusAlertOptions, PrometheusOptions, PrometheusStorageOptions } from "./prometheus/options";
export type { GrafanaOptions } from "./stack/grafana-options";
