import type { MetricsEndpoint, WatchedDaemonSet } from "../../dataplane/telemetry";
import type { Manifest } from "../../kubernetes";
import type { PrometheusRuleGroup } from "../alerts";
import { dataplaneV2Relabelings, READY_LABEL } from "../metrics";

const API_VERSION = "monitoring.coreos.com/v1";
const LABELS = { "app.kubernetes.io/part-of": "cilium-monitoring" };

/**
 * PodMonitors of a dataplane. Pods and not Services, because Cilium's chart has Services for metrics only where it
 * makes ServiceMonitors itself, and then needs their definitions first.
 */
export function podMonitors(
  endpoints: readonly MetricsEndpoint[],
  props: { readonly namespace: string; readonly clusterName: string; readonly intervalSeconds: number },
): Manifest[] {
  return endpoints.map((endpoint) => ({
    apiVersion: API_VERSION,
    kind: "PodMonitor",
    metadata: { name: endpoint.component, namespace: props.namespace, labels: LABELS },
    spec: {
      namespaceSelector: { matchNames: [endpoint.namespace] },
      selector: { matchLabels: { ...endpoint.podLabels } },
      podMetricsEndpoints: [
        {
          port: endpoint.portName,
          interval: `${props.intervalSeconds}s`,
          relabelings: [
            { targetLabel: "job", replacement: endpoint.component },
            { targetLabel: "cluster", replacement: props.clusterName },
            { sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" },
            { sourceLabels: ["__meta_kubernetes_pod_label_k8s_app"], targetLabel: "k8s_app" },
          ],
          ...(endpoint.managed === true && { metricRelabelings: dataplaneV2Relabelings() }),
        },
      ],
    },
  }));
}

/** Seconds between two looks: nothing is read but whether the pod is ready, and the alert waits for minutes. */
const READINESS_INTERVAL_SECONDS = 60;

/**
 * PodMonitors of DaemonSets that serve no metrics. Prometheus' own discovery knows of each pod whether it is ready, and
 * the series `up` carries it as a label. Something has to be asked for `up` to exist: the agent's metrics on the same
 * node, of which nothing is kept.
 *
 * @param port Port of the agent's metrics. These pods use the host's network, as it does.
 */
export function readinessMonitors(
  daemonSets: readonly WatchedDaemonSet[],
  props: { readonly namespace: string; readonly clusterName: string; readonly port: number },
): Manifest[] {
  return daemonSets.map((daemonSet) => ({
    apiVersion: API_VERSION,
    kind: "PodMonitor",
    metadata: { name: daemonSet.name, namespace: props.namespace, labels: LABELS },
    spec: {
      namespaceSelector: { matchNames: [daemonSet.namespace] },
      selector: { matchLabels: { ...daemonSet.podLabels } },
      podMetricsEndpoints: [
        {
          interval: `${READINESS_INTERVAL_SECONDS}s`,
          relabelings: [
            { targetLabel: "job", replacement: daemonSet.name },
            { targetLabel: "cluster", replacement: props.clusterName },
            { sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" },
            { sourceLabels: ["__meta_kubernetes_pod_ready"], targetLabel: READY_LABEL },
            {
              sourceLabels: ["__meta_kubernetes_pod_ip"],
              targetLabel: "__address__",
              replacement: `\${1}:${props.port}`,
            },
          ],
          metricRelabelings: [{ sourceLabels: ["__name__"], regex: ".+", action: "drop" }],
        },
      ],
    },
  }));
}

/** The alerts as one PrometheusRule. */
export function prometheusRule(groups: readonly PrometheusRuleGroup[], namespace: string): Manifest {
  return {
    apiVersion: API_VERSION,
    kind: "PrometheusRule",
    metadata: { name: "cilium-alerts", namespace, labels: LABELS },
    spec: { groups: groups.map(({ rules, ...group }) => ({ ...group, rules: rules.map((rule) => ({ ...rule })) })) },
  };
}
