import { type DataplaneTelemetry, type MetricsEndpoint, NO_FEATURES } from "../../lib/dataplane/telemetry";

const agent = { "k8s-app": "cilium" };
const endpoint = (
  component: MetricsEndpoint["component"],
  podLabels: Record<string, string>,
  portName: string,
  port: number,
): MetricsEndpoint => ({ component, namespace: "kube-system", podLabels, portName, port });

const CILIUM_ENDPOINTS = [
  endpoint("cilium-agent", agent, "prometheus", 9962),
  endpoint("cilium-operator", { "io.cilium/app": "operator" }, "prometheus", 9963),
  endpoint("cilium-envoy", { "k8s-app": "cilium-envoy" }, "envoy-metrics", 9964),
  endpoint("hubble", agent, "hubble-metrics", 9965),
  endpoint("hubble-relay", { "k8s-app": "hubble-relay" }, "prometheus", 9966),
];

const CONTEXT =
  "sourceContext=workload-name|reserved-identity;destinationContext=workload-name|reserved-identity;labelsContext=source_namespace,destination_namespace";

/** Every handler with what Cilium's own dashboards ask for. */
export const FULL_HUBBLE_METRICS = [
  `dns:query;ignoreAAAA;${CONTEXT}`,
  `drop:${CONTEXT}`,
  `tcp:${CONTEXT}`,
  `flow:${CONTEXT}`,
  `icmp:${CONTEXT}`,
  "port-distribution",
  "policy",
  "httpV2:labelsContext=source_namespace,source_workload,destination_namespace,destination_workload,traffic_direction",
];

/** Cilium as the only CNI, everything on. */
export const KUBE_PROXY_FREE: DataplaneTelemetry = {
  ciliumVersion: "1.20.2",
  endpoints: CILIUM_ENDPOINTS,
  hubbleMetrics: FULL_HUBBLE_METRICS,
  daemonSets: [
    {
      name: "kube-proxy-disabler",
      namespace: "kube-system",
      podLabels: { "app.kubernetes.io/name": "kube-proxy-disabler" },
    },
  ],
  // Each kind of monitoring sees them in one way; rules are tested for both.
  daemonSetSight: ["pods", "counts"],
  features: {
    ...NO_FEATURES,
    endpointHealthChecking: true,
    kubeProxyReplacement: true,
    layer7: true,
    bpfMasquerade: true,
  },
};

/** Cilium behind Calico: no layer 7, no health endpoints, no translation. */
export const CNI_CHAINING: DataplaneTelemetry = {
  ciliumVersion: KUBE_PROXY_FREE.ciliumVersion,
  endpoints: KUBE_PROXY_FREE.endpoints,
  hubbleMetrics: KUBE_PROXY_FREE.hubbleMetrics,
  features: NO_FEATURES,
};

/** Google's managed Cilium. */
export const DATAPLANE_V2: DataplaneTelemetry = {
  endpoints: [{ ...endpoint("dataplane-v2", agent, "flowmetrics", 9990), managed: true }],
  hubbleMetrics: [],
  features: { ...NO_FEATURES, endpointHealthChecking: true, kubeProxyReplacement: true },
};

/** All three, by name. */
export const MODES: readonly (readonly [string, DataplaneTelemetry])[] = [
  ["CNI chaining", CNI_CHAINING],
  ["kube-proxy-free", KUBE_PROXY_FREE],
  ["Dataplane V2", DATAPLANE_V2],
];
