import type { MetricsEndpoint } from "../../dataplane/telemetry";
import type { Manifest } from "../../kubernetes";
import type { PrometheusRuleGroup } from "../alerts";
import { dataplaneV2Relabelings } from "../metrics";

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
          ...(endpoint.component === "dataplane-v2" && { metricRelabelings: dataplaneV2Relabelings() }),
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
