import { type HubbleOptions, hubbleMetrics, type PrometheusOptions } from "../cilium";
import type { DataplaneTelemetry, MetricsEndpoint } from "./telemetry";

/** The options of a Cilium release that decide what it serves. */
export interface CiliumTelemetryOptions extends PrometheusOptions {
  readonly hubble?: HubbleOptions;
}

/** Ports and labels of the Cilium chart (1.18 to 1.20), for what the options switch on. */
export function ciliumEndpoints(options: CiliumTelemetryOptions, namespace: string): MetricsEndpoint[] {
  const { hubble = {} } = options;
  const endpoints: MetricsEndpoint[] = [];
  const agent = { "k8s-app": "cilium" };
  const add = (
    component: MetricsEndpoint["component"],
    podLabels: Record<string, string>,
    portName: string,
    port: number,
  ) => endpoints.push({ component, namespace, podLabels, portName, port });
  if (options.agentMetrics ?? true) add("cilium-agent", agent, "prometheus", 9962);
  if (options.operatorMetrics ?? true) add("cilium-operator", { "io.cilium/app": "operator" }, "prometheus", 9963);
  if (options.envoyMetrics ?? true) add("cilium-envoy", { "k8s-app": "cilium-envoy" }, "envoy-metrics", 9964);
  if (hubbleMetrics(hubble).length > 0) add("hubble", agent, "hubble-metrics", 9965);
  if (hubble.enabled !== false && (hubble.relay ?? true))
    add("hubble-relay", { "k8s-app": "hubble-relay" }, "prometheus", 9966);
  return endpoints;
}

/** What a Cilium release of ours exposes. */
export function ciliumTelemetry(
  options: CiliumTelemetryOptions,
  ciliumVersion: string,
  features: DataplaneTelemetry["features"],
): DataplaneTelemetry {
  return {
    ciliumVersion,
    endpoints: ciliumEndpoints(options, "kube-system"),
    hubbleMetrics: hubbleMetrics(options.hubble ?? {}),
    features,
  };
}
