import { nestProblems, type Problem } from "../../validation";
import type { CiliumValues } from "../cilium-values";
import type { CiliumVersion } from "../version";
import {
  type HubbleCertificateOptions,
  hubbleCertificateProblems,
  hubbleCertificateValues,
} from "./hubble-certificates";
import { DEFAULT_HUBBLE_METRICS, type HubbleMetric, hubbleMetricProblems, renderHubbleMetric } from "./hubble-metrics";

/** Hubble: who talks to whom, as flows, metrics and a map. */
export interface HubbleOptions {
  /**
   * Observe flows at all. Without it nothing below can be switched on.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Collect the flows of all nodes behind one Service, for the hubble command and the UI.
   *
   * @default true
   */
  readonly relay?: boolean;

  /**
   * Number of relay pods.
   *
   * @default 1
   */
  readonly relayReplicas?: number;

  /**
   * Serve the service map. It shows every flow to whoever reaches it, without a login: keep it behind a port-forward.
   *
   * @default false
   */
  readonly ui?: boolean;

  /**
   * Who signs and renews the certificates between relay and agents.
   *
   * @default - a CronJob in the cluster
   */
  readonly certificates?: HubbleCertificateOptions;

  /**
   * Metrics that agents serve on port 9965; an empty list switches them off.
   *
   * @default - {@link DEFAULT_HUBBLE_METRICS}
   */
  readonly metrics?: readonly HubbleMetric[];

  /**
   * Serve the metrics in the OpenMetrics format, which exemplars (`traceID`) need.
   *
   * @default false
   */
  readonly openMetrics?: boolean;
}

/** The metrics as the agents are configured with them; empty where Hubble is off. */
export function hubbleMetrics(options: HubbleOptions = {}): readonly string[] {
  if (options.enabled === false) return [];
  return (options.metrics ?? DEFAULT_HUBBLE_METRICS).map(renderHubbleMetric);
}

/** Values below `hubble`. */
export function hubbleValues(options: HubbleOptions = {}): CiliumValues {
  if (options.enabled === false) return { hubble: { enabled: false } };
  const metrics = hubbleMetrics(options);
  const relay = options.relay ?? true;
  return {
    hubble: {
      enabled: true,
      ...hubbleCertificateValues(options.certificates).hubble,
      relay: relay
        ? { enabled: true, replicas: options.relayReplicas ?? 1, prometheus: { enabled: true } }
        : { enabled: false },
      ui: { enabled: options.ui ?? false },
      ...(metrics.length === 0
        ? {}
        : { metrics: { enabled: metrics, enableOpenMetrics: options.openMetrics ?? false } }),
    },
  };
}

/** What is wrong with the options. */
export function hubbleProblems(options: HubbleOptions, version: CiliumVersion): Problem[] {
  const problems: Problem[] = [];
  const off = options.enabled === false;
  for (const property of ["relay", "ui", "openMetrics"] as const) {
    if (off && options[property] === true)
      problems.push({
        property,
        value: true,
        rule: "needs Hubble",
        remedy: "set enabled to true, or leave it out",
      });
  }
  if (options.ui && options.relay === false)
    problems.push({
      property: "ui",
      value: true,
      rule: "needs the relay, where it gets the flows of all nodes",
      remedy: "set relay to true",
    });
  const replicas = options.relayReplicas;
  if (replicas !== undefined && (!Number.isInteger(replicas) || replicas < 1))
    problems.push({
      property: "relayReplicas",
      value: replicas,
      rule: "is not a number of pods",
      remedy: "use a whole number from 1",
    });
  if (options.certificates)
    problems.push(...nestProblems("certificates", hubbleCertificateProblems(options.certificates)));
  const metrics = hubbleMetricProblems((options.metrics ?? []).map(renderHubbleMetric), version);
  problems.push(...metrics.map((problem) => ({ ...problem, property: `metrics${problem.property}` })));
  return problems;
}
