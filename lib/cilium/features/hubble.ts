import {
  type CheckTable,
  decided,
  decisive,
  flag,
  isKnown,
  listOf,
  nested,
  nestProblems,
  type Problem,
  wholeNumber,
} from "../../validation";
import type { CiliumValues } from "../cilium-values";
import {
  HUBBLE_CERTIFICATE_OPTIONS,
  type HubbleCertificateOptions,
  hubbleCertificateProblems,
  hubbleCertificateValues,
} from "./hubble-certificates";
import {
  HUBBLE_EXPORT_OPTIONS,
  HUBBLE_REDACT_OPTIONS,
  type HubbleExportOptions,
  type HubbleRedactOptions,
  hubbleExportValues,
  hubbleRedactProblems,
  hubbleRedactValues,
} from "./hubble-export";
import { HUBBLE_METRIC_ITEM } from "./hubble-metric-text";
import { DEFAULT_HUBBLE_METRICS, dynamicHubbleMetric, type HubbleMetric, renderHubbleMetric } from "./hubble-metrics";

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

  /**
   * Agents take changed metrics over while they run, instead of being restarted for them.
   *
   * @default false
   * @see https://docs.cilium.io/en/stable/observability/metrics/#dynamic-metrics
   */
  readonly dynamicMetrics?: boolean;

  /**
   * Encrypt what the relay is asked, too; `mutual` also asks who asks for a certificate. What agents and relay say to each
   * other always is. The Service of the relay then answers on port 443, and the UI has its certificate.
   *
   * @default false
   */
  readonly relayTls?: boolean | "mutual";

  /**
   * Write flows to a file of each node.
   *
   * @default - none are written
   */
  readonly export?: HubbleExportOptions;

  /**
   * Leave what is secret out of flows at Layer 7.
   *
   * @default - nothing is left out but users and passwords in URLs
   * @see https://docs.cilium.io/en/stable/observability/hubble/configuration/redaction/
   */
  readonly redact?: HubbleRedactOptions;
}

/** What the options must look like. */
export const HUBBLE_OPTIONS: CheckTable<HubbleOptions> = {
  enabled: decided(flag()),
  relay: decided(flag()),
  relayReplicas: wholeNumber({ from: 1, remedy: "give a number of pods" }),
  ui: flag(),
  certificates: nested(HUBBLE_CERTIFICATE_OPTIONS),
  metrics: decisive(listOf(HUBBLE_METRIC_ITEM), "each metric is written out as text"),
  openMetrics: flag(),
  dynamicMetrics: decisive(flag(), "each metric is written out as text"),
  relayTls: decided({
    unknown: flag().unknown,
    examine: (value, property) => (value === "mutual" ? { problems: [], value } : flag().examine(value, property)),
  }),
  export: nested(HUBBLE_EXPORT_OPTIONS),
  redact: nested(HUBBLE_REDACT_OPTIONS),
};

/** The metrics as the agents are configured with them; empty where Hubble is off. */
export function hubbleMetrics(options: HubbleOptions = {}): readonly string[] {
  if (options.enabled === false) return [];
  const metrics = options.metrics ?? DEFAULT_HUBBLE_METRICS;
  return isKnown(metrics) ? metrics.map(renderHubbleMetric) : [];
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
        ? {
            enabled: true,
            replicas: options.relayReplicas ?? 1,
            prometheus: { enabled: true },
            ...(options.relayTls === undefined ? {} : { tls: relayTlsValues(options.relayTls) }),
          }
        : { enabled: false },
      ui: { enabled: options.ui ?? false },
      ...(metrics.length === 0
        ? {}
        : { metrics: { ...metricValues(metrics, options), enableOpenMetrics: options.openMetrics ?? false } }),
      ...hubbleExportValues(options.export),
      ...hubbleRedactValues(options.redact),
    },
  };
}

function metricValues(metrics: readonly string[], { dynamicMetrics }: HubbleOptions) {
  if (dynamicMetrics !== true) return { enabled: metrics };
  return { dynamic: { enabled: true, config: { content: metrics.map(dynamicHubbleMetric) } } };
}

function relayTlsValues(tls: boolean | "mutual") {
  return { server: { enabled: tls !== false, ...(tls === "mutual" && { mtls: true }) } };
}

/** What is wrong between the options. What they come to is judged in the merged values. */
export function hubbleProblems(options: HubbleOptions): Problem[] {
  const problems: Problem[] = [];
  for (const property of ["relay", "ui", "openMetrics", "dynamicMetrics"] as const) {
    if (options.enabled === false && options[property] === true)
      problems.push({
        property,
        value: true,
        rule: "needs Hubble",
        remedy: "set enabled to true, or leave it out",
      });
  }
  if (options.enabled !== false && options.relay === false && isKnown(options.relayTls) && options.relayTls !== false)
    problems.push({
      property: "relayTls",
      value: options.relayTls,
      rule: "has no effect without the relay",
      remedy: "leave it out, or set relay to true",
    });
  if (options.redact) problems.push(...nestProblems("redact", hubbleRedactProblems(options.redact)));
  if (options.certificates)
    problems.push(...nestProblems("certificates", hubbleCertificateProblems(options.certificates)));
  return problems;
}
