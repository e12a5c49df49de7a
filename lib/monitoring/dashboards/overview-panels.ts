import type { PanelDraft } from "./draft";

/** Widths of panels in a grid of 24 columns. */
const TILE = { width: 3, height: 4 } as const;
const THIRD = { width: 8, height: 8 } as const;
const HALF = { width: 12, height: 8 } as const;

/** Drops that a policy asked for. */
const POLICY_DROPS = 'reason=~"Policy denied|Policy denied by denylist"';
const OTHER_DROPS = 'reason!~"Policy denied|Policy denied by denylist"';

/** The first line: green or not, from across the room. */
export const STATUS_TILES: readonly PanelDraft[] = [
  {
    title: "Agents answering",
    description: "Share of the nodes whose Cilium agent can be scraped.",
    kind: "stat",
    unit: "percentunit",
    ...TILE,
    max: 1,
    thresholds: { warning: 0.999, critical: 0.9, lowIsBad: true },
    queries: ({ select }) => [
      {
        expression: `sum(${select("up", 'job="cilium-agent"')}) / max(${select("cilium_nodes_all_num")})`,
      },
    ],
  },
  {
    title: "Unreachable nodes",
    description: "Greatest number of nodes that one node cannot reach.",
    kind: "stat",
    unit: "none",
    ...TILE,
    thresholds: { critical: 1 },
    queries: ({ select }) => [{ expression: `max(${select("cilium_unreachable_nodes")})` }],
  },
  {
    title: "Endpoints not ready",
    description: "Share of pods whose network is not ready yet, or no longer.",
    kind: "stat",
    unit: "percentunit",
    ...TILE,
    thresholds: { warning: 0.02, critical: 0.1 },
    queries: ({ select }) => [
      {
        // The series of a state is missing until an endpoint has been in it: no series at all means none.
        expression: `1 - sum(${select("cilium_endpoint_state", 'endpoint_state="ready"')}) / sum(${select("cilium_endpoint_state")})`,
      },
    ],
  },
  {
    title: "Fullest BPF map",
    description: "Share of entries in use in the fullest map of any node. A full map refuses what it should hold.",
    kind: "stat",
    unit: "percentunit",
    ...TILE,
    max: 1,
    thresholds: { warning: 0.8, critical: 0.9 },
    queries: ({ select }) => [{ expression: `max(${select("cilium_bpf_map_pressure")})` }],
  },
  {
    title: "Denied by policy",
    description: "Packets per second that a network policy drops. Neither good nor bad by itself: watch for jumps.",
    kind: "stat",
    unit: "pps",
    ...TILE,
    queries: ({ select, window }) => [
      { expression: `sum(rate(${select("cilium_drop_count_total", POLICY_DROPS)}[${window}])) or vector(0)` },
    ],
  },
  {
    title: "Packets lost",
    description: "Share of all packets dropped for any other reason than a policy: faults or limits.",
    kind: "stat",
    unit: "percentunit",
    ...TILE,
    thresholds: { warning: 0.001, critical: 0.01 },
    queries: ({ select, window }) => [
      {
        expression: `sum(rate(${select("cilium_drop_count_total", OTHER_DROPS)}[${window}])) / (sum(rate(${select("cilium_drop_count_total")}[${window}])) + sum(rate(${select("cilium_forward_count_total")}[${window}]))) or vector(0)`,
      },
    ],
  },
  {
    title: "Failing controllers",
    description: "Background tasks of all agents that do not succeed.",
    kind: "stat",
    unit: "none",
    ...TILE,
    thresholds: { warning: 1, critical: 10 },
    queries: ({ select }) => [{ expression: `sum(${select("cilium_controllers_failing")})` }],
  },
  {
    title: "Unmanaged pods",
    description: "Pods that run without Cilium because they started before it. No policy applies to them.",
    kind: "stat",
    unit: "none",
    ...TILE,
    thresholds: { warning: 1 },
    queries: ({ select }) => [{ expression: `max(${select("cilium_operator_unmanaged_pods")})` }],
  },
];

export const LOSS_PANELS: readonly PanelDraft[] = [
  {
    title: "Drops by reason",
    description: "Why packets are dropped. Everything but policy is a fault or a limit; look the reason up in Hubble.",
    kind: "timeseries",
    unit: "pps",
    stacked: true,
    ...HALF,
    colors: { "Policy denied": "gray" },
    queries: ({ select, window }) => [
      {
        expression: `sum by (reason) (rate(${select("cilium_drop_count_total")}[${window}])) > 0`,
        legend: "{{reason}}",
      },
    ],
  },
  {
    title: "Drops by node",
    description: "Drops other than a policy's. One node alone: look at that node; all at once: a limit or the network.",
    kind: "timeseries",
    unit: "pps",
    ...HALF,
    queries: ({ select, window }) => [
      {
        expression: `topk(10, sum by (node) (rate(${select("cilium_drop_count_total", OTHER_DROPS)}[${window}]))) > 0`,
        legend: "{{node}}",
      },
    ],
  },
  {
    title: "Policy verdicts",
    description: "What policies decided about new connections, by direction.",
    kind: "timeseries",
    unit: "ops",
    stacked: true,
    ...THIRD,
    colors: { forwarded: "green", redirected: "blue", dropped: "red", audit: "orange", error: "purple" },
    queries: ({ select, window }) => [
      {
        expression: `sum by (action, direction) (rate(${select("hubble_policy_verdicts_total")}[${window}]))`,
        legend: "{{action}} {{direction}}",
      },
    ],
  },
  {
    title: "Traffic handled",
    description: "Bits per second that Cilium forwarded, by direction as seen from the pods.",
    kind: "timeseries",
    unit: "bps",
    ...THIRD,
    colors: { INGRESS: "blue", EGRESS: "purple" },
    queries: ({ select, window }) => [
      {
        expression: `sum by (direction) (rate(${select("cilium_forward_bytes_total")}[${window}])) * 8`,
        legend: "{{direction}}",
      },
    ],
  },
  {
    title: "Policies enforced on endpoints",
    description: "Endpoints by the directions in which a policy applies to them; `none` are open to everybody.",
    kind: "timeseries",
    unit: "none",
    stacked: true,
    ...THIRD,
    colors: { none: "gray", both: "green", ingress: "blue", egress: "purple", audit: "orange" },
    queries: ({ select }) => [
      {
        expression: `sum by (enforcement) (${select("cilium_policy_endpoint_enforcement_status")})`,
        legend: "{{enforcement}}",
      },
    ],
  },
];

export const HEALTH_PANELS: readonly PanelDraft[] = [
  {
    title: "Agents and nodes",
    description: "Nodes that Cilium knows and agents that answer. The lines lie on each other in a healthy cluster.",
    kind: "timeseries",
    unit: "none",
    ...THIRD,
    colors: { nodes: "gray", agents: "green" },
    queries: ({ select }) => [
      { expression: `max(${select("cilium_nodes_all_num")})`, legend: "nodes" },
      { expression: `sum(${select("up", 'job="cilium-agent"')})`, legend: "agents answering" },
    ],
  },
  {
    title: "Endpoints by state",
    description: "Pods and their network. Long waits outside of `ready` mean that the agent cannot keep up.",
    kind: "timeseries",
    unit: "none",
    stacked: true,
    ...THIRD,
    colors: { ready: "green", regenerating: "blue", restoring: "blue", waiting: "orange", disconnecting: "gray" },
    queries: ({ select }) => [
      {
        expression: `sum by (endpoint_state) (${select("cilium_endpoint_state")})`,
        legend: "{{endpoint_state}}",
      },
    ],
  },
  {
    title: "Time to rebuild an endpoint",
    description: "How long a change (policy, Service, label) takes to reach a pod's programs. 99 of 100 are faster.",
    kind: "timeseries",
    unit: "s",
    ...THIRD,
    queries: ({ select, window }) => [
      {
        expression: `histogram_quantile(0.99, sum by (le) (rate(${select("cilium_endpoint_regeneration_time_stats_seconds_bucket", 'scope="total"')}[${window}])))`,
        legend: "p99",
      },
      {
        expression: `histogram_quantile(0.5, sum by (le) (rate(${select("cilium_endpoint_regeneration_time_stats_seconds_bucket", 'scope="total"')}[${window}])))`,
        legend: "median",
      },
    ],
  },
  {
    title: "Node to node latency",
    description: "Probes of every agent to every other, by what they reach. 99 of 100 are faster.",
    kind: "timeseries",
    unit: "s",
    ...THIRD,
    queries: ({ select, window }) => [
      {
        expression: `histogram_quantile(0.99, sum by (le, type, protocol) (rate(${select("cilium_node_health_connectivity_latency_seconds_bucket")}[${window}])))`,
        legend: "{{type}} {{protocol}}",
      },
    ],
  },
  {
    title: "Unreachable from",
    description:
      "Nodes whose probes fail, and to how many others. The node that all others miss is the one to look at.",
    kind: "timeseries",
    unit: "none",
    ...THIRD,
    queries: ({ select }) => [
      { expression: `max by (node) (${select("cilium_unreachable_nodes")}) > 0`, legend: "{{node}}" },
    ],
  },
  {
    title: "Requests to the Kubernetes API that fail",
    description: "By return code, without 404 and 409, which are part of normal work.",
    kind: "timeseries",
    unit: "reqps",
    ...THIRD,
    queries: ({ select, window }) => [
      {
        expression: `sum by (return_code) (rate(${select("cilium_k8s_client_api_calls_total", 'return_code!~"2..|404|409"')}[${window}]))`,
        legend: "{{return_code}}",
      },
    ],
  },
];
