import type { AlertRule } from "../rule";

/** What Hubble sees, and whether it sees everything. */
export const HUBBLE_RULES = [
  {
    name: "HubbleLostEvents",
    severity: "info",
    minutes: 10,
    summary: "Hubble on {{ $labels.node }} loses events ({{ $labels.source }}).",
    description: "Flow metrics and logs of the node are incomplete; traffic itself is not affected.",
    threshold: { default: 1, min: 0, meaning: "losses per second", format: "rate" },
    expression: (select, limit) =>
      `sum by (pod, node, source) (rate(${select("hubble_lost_events_total")}[5m])) > ${limit}`,
  },
  {
    name: "HubbleNoFlows",
    severity: "warning",
    minutes: 15,
    summary: "Hubble sees no traffic in the whole cluster.",
    description: "A cluster without any flow is not possible: Hubble has stopped working.",
    expression: (select) => `sum(rate(${select("hubble_flows_processed_total")}[10m])) == 0`,
  },
  {
    name: "HubbleDnsErrors",
    severity: "warning",
    minutes: 10,
    summary: "Many DNS answers are errors.",
    description:
      "Answers with an error code other than 'no such name', which search lists cause all the time. Names cannot be resolved, so connections fail.",
    threshold: { default: 0.05, min: 0, max: 1, meaning: "share of all answers", format: "ratio" },
    expression: (select, limit) =>
      `sum(rate(${select("hubble_dns_responses_total", 'rcode!~"No Error|Non-Existent Domain"')}[5m])) / sum(rate(${select("hubble_dns_responses_total")}[5m])) > ${limit}`,
  },
  {
    name: "HubbleHttpServerErrors",
    severity: "warning",
    minutes: 10,
    summary: "Many HTTP answers are server errors.",
    description: "Measured where Cilium's proxy sees HTTP, that is under layer 7 policies.",
    threshold: { default: 0.05, min: 0, max: 1, meaning: "share of all answers", format: "ratio" },
    // Only the handler httpV2 puts the status on this metric.
    needs: { hubble_http_requests_total: ["status"] },
    expression: (select, limit) =>
      `sum(rate(${select("hubble_http_requests_total", 'status=~"5.."')}[5m])) / sum(rate(${select("hubble_http_requests_total")}[5m])) > ${limit}`,
  },
] as const satisfies readonly AlertRule[];
