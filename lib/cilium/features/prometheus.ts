import { type CheckTable, flag } from "../../validation";
import type { CiliumValues } from "../cilium-values";

export interface PrometheusOptions {
  /**
   * Serve metrics of the agents, port 9962 on every node.
   *
   * @default true
   */
  readonly agentMetrics?: boolean;

  /**
   * Serve metrics of the operator, port 9963.
   *
   * @default true
   */
  readonly operatorMetrics?: boolean;

  /**
   * Serve metrics of the Envoy proxies, port 9964 on every node.
   *
   * @default true
   */
  readonly envoyMetrics?: boolean;
}

/**
 * Values for the metrics endpoints. No ServiceMonitor: its CRD is not there when Cilium is installed, and what scrapes
 * the endpoints is the monitoring stack's business. Without one the pods carry the prometheus.io annotations.
 */
export function prometheusValues(options: PrometheusOptions = {}): CiliumValues {
  return {
    prometheus: { enabled: options.agentMetrics ?? true },
    operator: { prometheus: { enabled: options.operatorMetrics ?? true } },
    envoy: { prometheus: { enabled: options.envoyMetrics ?? true } },
  };
}

/** What the options must look like. */
export const PROMETHEUS_OPTIONS: CheckTable<PrometheusOptions> = {
  agentMetrics: flag(),
  operatorMetrics: flag(),
  envoyMetrics: flag(),
};
