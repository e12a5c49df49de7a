import type { AlertRule } from "../rule";

/** Whether nodes and pods can reach each other. */
export const ENDPOINT_RULES = [
  {
    name: "CiliumUnreachableNodes",
    severity: "warning",
    minutes: 10,
    summary: "{{ $labels.node }} cannot reach other nodes.",
    description: "Cilium's health probes (ICMP and TCP 4240) to other nodes fail: the network between nodes is cut.",
    threshold: { default: 0, min: 0, meaning: "nodes that cannot be reached", format: "number" },
    expression: (select, limit) => `max by (pod, node) (${select("cilium_unreachable_nodes")}) > ${limit}`,
  },
  {
    name: "CiliumUnreachableHealthEndpoints",
    severity: "critical",
    minutes: 10,
    summary: "Pods on {{ $labels.node }} cannot reach pods on other nodes.",
    description:
      "Probes from the node to the health endpoints of other nodes fail, which take the same path as pods' traffic.",
    threshold: { default: 0, min: 0, meaning: "health endpoints that cannot be reached", format: "number" },
    expression: (select, limit) => `max by (pod, node) (${select("cilium_unreachable_health_endpoints")}) > ${limit}`,
  },
  {
    name: "CiliumEndpointsNotReady",
    severity: "warning",
    minutes: 5,
    summary: "Many pods on {{ $labels.node }} have no network that is ready.",
    description: "The agent has not finished connecting these pods, or cannot rebuild their programs.",
    threshold: { default: 0.5, min: 0, max: 1, meaning: "share of the node's endpoints", format: "ratio" },
    // Counts those that are not ready: the series of ready ones is missing where none is.
    expression: (select, limit) =>
      `sum by (pod, node) (${select("cilium_endpoint_state", 'endpoint_state!="ready"')}) / sum by (pod, node) (${select("cilium_endpoint_state")}) > ${limit}`,
  },
  {
    name: "CiliumEndpointRegenerationFailing",
    severity: "warning",
    minutes: 10,
    summary: "Cilium on {{ $labels.node }} cannot rebuild the datapath of pods.",
    description: "Pods keep their old programs: new policies and Services do not reach them.",
    threshold: { default: 0, min: 0, meaning: "failures per second", format: "rate" },
    expression: (select, limit) =>
      `sum by (pod, node) (rate(${select("cilium_endpoint_regenerations_total", 'outcome="fail"')}[5m])) > ${limit}`,
  },
  {
    name: "CiliumEndpointCreationFailing",
    severity: "warning",
    minutes: 5,
    summary: "Cilium on {{ $labels.node }} refuses to connect new pods.",
    description: "Requests of the CNI plugin fail or wait too long in the agent's rate limiter: pods stay in creation.",
    threshold: { default: 0, min: 0, meaning: "failures per second", format: "rate" },
    // `outcome` is empty for failures other than the limiter's own; the return code tells all (`pkg/rate/api_limiter.go`).
    expression: (select, limit) =>
      `sum by (pod, node) (rate(${select("cilium_api_limiter_processed_requests_total", 'api_call="endpoint-create"', 'return_code!~"2.."')}[5m])) > ${limit}`,
  },
] as const satisfies readonly AlertRule[];
