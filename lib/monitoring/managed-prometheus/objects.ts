import type { MetricsEndpoint } from "../../dataplane/telemetry";
import type { Manifest } from "../../kubernetes";
import type { PrometheusRuleGroup } from "../alerts";

const API_VERSION = "monitoring.googleapis.com/v1";
const LABELS = { "app.kubernetes.io/part-of": "cilium-monitoring" };

/**
 * ClusterPodMonitorings of a dataplane: they need no write access to kube-system, which GKE may take away. The name
 * becomes the label `job`, so one each.
 *
 * Dataplane V2 is left to GKE: it makes such an object itself where its metrics and managed Prometheus are both on, and
 * a second one would be billed again.
 *
 * @param keep Names of the time series to ingest, as regular expressions.
 */
export function clusterPodMonitorings(
  endpoints: readonly MetricsEndpoint[],
  props: { readonly intervalSeconds: number; readonly keep: readonly string[] },
): Manifest[] {
  return endpoints
    .filter(({ managed }) => managed !== true)
    .map((endpoint) => ({
      apiVersion: API_VERSION,
      kind: "ClusterPodMonitoring",
      metadata: { name: endpoint.component, labels: LABELS },
      spec: {
        selector: { matchLabels: { ...endpoint.podLabels } },
        endpoints: [
          {
            port: endpoint.portName,
            interval: `${props.intervalSeconds}s`,
            metricRelabeling: [{ action: "keep", sourceLabels: ["__name__"], regex: props.keep.join("|") }],
          },
        ],
        targetLabels: {
          metadata: ["namespace", "pod", "container", "node"],
          fromPod: [{ from: "k8s-app", to: "k8s_app" }],
        },
      },
    }));
}

/** The alerts as ClusterRules, which see this cluster's series only. */
export function clusterRules(groups: readonly PrometheusRuleGroup[]): Manifest {
  return {
    apiVersion: API_VERSION,
    kind: "ClusterRules",
    metadata: { name: "cilium-alerts", labels: LABELS },
    spec: { groups: groups.map(({ rules, ...group }) => ({ ...group, rules: rules.map((rule) => ({ ...rule })) })) },
  };
}
