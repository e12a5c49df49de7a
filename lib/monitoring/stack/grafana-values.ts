import type { HelmValues } from "../../helm";
import type { GrafanaOptions } from "./grafana-options";

/** Label by which Grafana's sidecar finds dashboards. */
export const DASHBOARD_LABEL = "grafana_dashboard";
/** Annotation that says which folder a dashboard lies in. */
export const FOLDER_ANNOTATION = "grafana_folder";
/** Port of the Service `grafana`: the one that the classic walk-through forwards. */
const SERVICE_PORT = 3000;

/** Makes Grafana answer at http://localhost:3000 until it is ended. */
export function grafanaCommand(namespace: string): string {
  return `kubectl --namespace ${namespace} port-forward service/grafana ${SERVICE_PORT}:${SERVICE_PORT}`;
}

/**
 * Values below `grafana` of kube-prometheus-stack: nobody without a password, nothing sent to anybody, dashboards from
 * this namespace alone.
 *
 * @param datasourceUrl URL of the Prometheus API it reads. @default - the chart's own Prometheus
 */
export function grafanaValues(options: GrafanaOptions, namespace: string, datasourceUrl?: string): HelmValues {
  return {
    enabled: true,
    fullnameOverride: "grafana",
    ...(options.adminSecret !== undefined && {
      admin: { existingSecret: options.adminSecret, userKey: "admin-user", passwordKey: "admin-password" },
    }),
    defaultDashboardsTimezone: "browser",
    "grafana.ini": {
      "auth.anonymous": { enabled: false },
      users: { allow_sign_up: false, allow_org_create: false },
      security: { cookie_samesite: "strict", disable_gravatar: true },
      analytics: { reporting_enabled: false, check_for_updates: false, check_for_plugin_updates: false },
      news: { news_feed_enabled: false },
      snapshots: { external_enabled: false },
    },
    service: { port: SERVICE_PORT },
    // It would run as root to change owners that fsGroup changes anyway.
    initChownData: { enabled: false },
    testFramework: { enabled: false },
    rbac: { namespaced: true },
    ...(options.storageGiB !== undefined && {
      persistence: { enabled: true, size: `${options.storageGiB}Gi` },
      // Two pods cannot have the disk at once.
      deploymentStrategy: { type: "Recreate" },
    }),
    resources: { requests: { cpu: "50m", memory: "192Mi" }, limits: { memory: "512Mi" } },
    sidecar: {
      resources: { requests: { cpu: "10m", memory: "96Mi" }, limits: { memory: "192Mi" } },
      dashboards: {
        enabled: true,
        label: DASHBOARD_LABEL,
        labelValue: "1",
        searchNamespace: namespace,
        folderAnnotation: FOLDER_ANNOTATION,
        provider: { foldersFromFilesStructure: true, allowUiUpdates: false },
      },
      datasources: {
        enabled: true,
        searchNamespace: namespace,
        ...(datasourceUrl !== undefined && { url: datasourceUrl, alertmanager: { enabled: false } }),
      },
    },
  };
}
