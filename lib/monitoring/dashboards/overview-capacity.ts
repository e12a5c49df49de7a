import type { PanelDraft } from "./draft";

const THIRD = { width: 8, height: 8 } as const;
const HALF = { width: 12, height: 8 } as const;

/** What became of a flow. */
const VERDICTS = { FORWARDED: "green", REDIRECTED: "blue", DROPPED: "red", ERROR: "purple", AUDIT: "orange" } as const;

export const CAPACITY_PANELS: readonly PanelDraft[] = [
  {
    title: "BPF map pressure",
    description: "Share of entries in use, worst node of each map. Raise the map's size before it reaches 100%.",
    kind: "timeseries",
    unit: "percentunit",
    max: 1,
    thresholds: { warning: 0.8, critical: 0.9 },
    ...THIRD,
    queries: ({ select }) => [
      { expression: `topk(10, max by (map_name) (${select("cilium_bpf_map_pressure")}))`, legend: "{{map_name}}" },
    ],
  },
  {
    title: "Connections tracked",
    description: "Entries that the last clean-up of the connection tracking left, worst node.",
    kind: "timeseries",
    unit: "short",
    ...THIRD,
    queries: ({ select }) => [
      {
        expression: `max by (protocol) (${select("cilium_datapath_conntrack_gc_entries", 'status="alive"')})`,
        legend: "{{protocol}}",
      },
    ],
  },
  {
    title: "Source ports in use",
    description: "Share of source ports taken by connections to the busiest destination, worst node.",
    kind: "timeseries",
    unit: "percentunit",
    max: 1,
    thresholds: { warning: 0.8, critical: 0.95 },
    ...THIRD,
    queries: ({ select }) => [
      { expression: `max by (family) (${select("cilium_nat_endpoint_max_connection")})`, legend: "{{family}}" },
    ],
  },
  {
    title: "Security identities",
    description: "A cluster has 65,280. Labels that differ from pod to pod use one each.",
    kind: "timeseries",
    unit: "short",
    ...THIRD,
    queries: ({ select }) => [{ expression: `max by (type) (${select("cilium_identity")})`, legend: "{{type}}" }],
  },
  {
    title: "Agent memory",
    description: "Resident memory of the agents: the greatest and the average.",
    kind: "timeseries",
    unit: "bytes",
    ...THIRD,
    queries: ({ select }) => [
      { expression: `max(${select("cilium_process_resident_memory_bytes")})`, legend: "greatest" },
      { expression: `avg(${select("cilium_process_resident_memory_bytes")})`, legend: "average" },
    ],
  },
  {
    title: "Agent CPU",
    description: "Cores that the agents use: the greatest and the average. Flow metrics and churn of pods drive it.",
    kind: "timeseries",
    unit: "short",
    ...THIRD,
    queries: ({ select, window }) => [
      { expression: `max(rate(${select("cilium_process_cpu_seconds_total")}[${window}]))`, legend: "greatest" },
      { expression: `avg(rate(${select("cilium_process_cpu_seconds_total")}[${window}]))`, legend: "average" },
    ],
  },
];

export const APPLICATION_PANELS: readonly PanelDraft[] = [
  {
    title: "DNS errors",
    description: "Share of answers by error. 'Non-Existent Domain' is normal with search lists; the others are not.",
    kind: "timeseries",
    unit: "percentunit",
    ...THIRD,
    queries: ({ select, window }) => [
      {
        expression: `sum by (rcode) (rate(${select("hubble_dns_responses_total", 'rcode!="No Error"')}[${window}])) / on () group_left () sum(rate(${select("hubble_dns_responses_total")}[${window}]))`,
        legend: "{{rcode}}",
      },
    ],
  },
  {
    title: "HTTP by status",
    description: "Where Cilium's proxy sees HTTP, that is under layer 7 policies.",
    kind: "timeseries",
    unit: "reqps",
    stacked: true,
    ...THIRD,
    colors: { "2": "green", "3": "blue", "4": "orange", "5": "red" },
    needs: { hubble_http_requests_total: ["status"] },
    queries: ({ select, window }) => [
      {
        expression: `sum by (status) (rate(${select("hubble_http_requests_total")}[${window}]))`,
        legend: "{{status}}",
      },
    ],
  },
  {
    title: "HTTP duration",
    description: "From request to answer as the proxy sees it.",
    kind: "timeseries",
    unit: "s",
    ...THIRD,
    queries: ({ select, window }) => [
      {
        expression: `histogram_quantile(0.99, sum by (le) (rate(${select("hubble_http_request_duration_seconds_bucket")}[${window}])))`,
        legend: "p99",
      },
      {
        expression: `histogram_quantile(0.5, sum by (le) (rate(${select("hubble_http_request_duration_seconds_bucket")}[${window}])))`,
        legend: "median",
      },
    ],
  },
];

export const COST_PANELS: readonly PanelDraft[] = [
  {
    title: "Flows by verdict",
    description: "What Hubble looks at each second; its CPU on the nodes grows with it.",
    kind: "timeseries",
    unit: "cps",
    stacked: true,
    ...THIRD,
    colors: VERDICTS,
    queries: ({ select, window }) => [
      {
        expression: `sum by (verdict) (rate(${select("hubble_flows_processed_total")}[${window}]))`,
        legend: "{{verdict}}",
      },
    ],
  },
  {
    title: "Samples per scrape",
    description: "Time series that each program serves: what storage, memory and a bill by samples grow with.",
    kind: "timeseries",
    unit: "short",
    stacked: true,
    ...THIRD,
    queries: ({ select }) => [{ expression: `sum by (job) (${select("scrape_samples_scraped")})`, legend: "{{job}}" }],
  },
  {
    title: "Events that Hubble lost",
    description: "Flow metrics are too low by these. Lost in the ring buffer of the kernel, or in Hubble's own queue.",
    kind: "timeseries",
    unit: "cps",
    ...THIRD,
    queries: ({ select, window }) => [
      {
        expression: `sum by (source) (rate(${select("hubble_lost_events_total")}[${window}]))`,
        legend: "{{source}}",
      },
    ],
  },
];

/** For Dataplane V2, which tells about flows and nothing else. */
export const DATAPLANE_V2_TILES: readonly PanelDraft[] = [
  {
    title: "Flows to pods dropped",
    description: "Share of all flows to pods.",
    kind: "stat",
    unit: "percentunit",
    width: 8,
    height: 4,
    thresholds: { warning: 0.05, critical: 0.1 },
    queries: ({ select, window }) => [
      {
        expression: `sum(rate(${select("pod_flow_ingress_flows_count", 'verdict="DROPPED"')}[${window}])) / sum(rate(${select("pod_flow_ingress_flows_count")}[${window}])) or vector(0)`,
      },
    ],
  },
  {
    title: "Flows to pods",
    description: "New flows per second to all pods.",
    kind: "stat",
    unit: "cps",
    width: 8,
    height: 4,
    queries: ({ select, window }) => [
      { expression: `sum(rate(${select("pod_flow_ingress_flows_count")}[${window}]))` },
    ],
  },
  {
    title: "Flows from pods",
    description: "New flows per second from all pods.",
    kind: "stat",
    unit: "cps",
    width: 8,
    height: 4,
    queries: ({ select, window }) => [{ expression: `sum(rate(${select("pod_flow_egress_flows_count")}[${window}]))` }],
  },
];

export const DATAPLANE_V2_PANELS: readonly PanelDraft[] = [
  {
    title: "Flows to pods by verdict",
    description: "What the dataplane decided. Dropped flows are a policy's, or a fault.",
    kind: "timeseries",
    unit: "cps",
    stacked: true,
    ...HALF,
    colors: VERDICTS,
    queries: ({ select, window }) => [
      {
        expression: `sum by (verdict) (rate(${select("pod_flow_ingress_flows_count")}[${window}]))`,
        legend: "{{verdict}}",
      },
    ],
  },
  {
    title: "Drops by reason",
    description: "Why flows to pods are dropped. Everything but `POLICY_DENIED` is a fault.",
    kind: "timeseries",
    unit: "cps",
    stacked: true,
    ...HALF,
    queries: ({ select, window }) => [
      {
        expression: `sum by (verdict_reason) (rate(${select("pod_flow_ingress_flows_count", 'verdict="DROPPED"')}[${window}]))`,
        legend: "{{verdict_reason}}",
      },
    ],
  },
  {
    title: "Workloads that drop most",
    description: "Where the dropped flows went to.",
    kind: "bars",
    unit: "cps",
    ...HALF,
    queries: ({ select, window }) => [
      {
        expression: `topk(10, sum by (namespace_name, workload_name) (rate(${select("pod_flow_ingress_flows_count", 'verdict="DROPPED"')}[${window}])))`,
        legend: "{{namespace_name}}/{{workload_name}}",
      },
    ],
  },
  {
    title: "Busiest workloads",
    description: "Where most flows go to.",
    kind: "bars",
    unit: "cps",
    ...HALF,
    queries: ({ select, window }) => [
      {
        expression: `topk(10, sum by (namespace_name, workload_name) (rate(${select("pod_flow_ingress_flows_count")}[${window}])))`,
        legend: "{{namespace_name}}/{{workload_name}}",
      },
    ],
  },
  {
    title: "Flows from pods by destination",
    description: "Other pods, nodes, or the world.",
    kind: "timeseries",
    unit: "cps",
    stacked: true,
    ...HALF,
    queries: ({ select, window }) => [
      {
        expression: `sum by (remote_class) (rate(${select("pod_flow_egress_flows_count")}[${window}]))`,
        legend: "{{remote_class}}",
      },
    ],
  },
  {
    title: "Flows by protocol",
    description: "Flows to pods.",
    kind: "timeseries",
    unit: "cps",
    stacked: true,
    ...HALF,
    queries: ({ select, window }) => [
      {
        expression: `sum by (protocol) (rate(${select("pod_flow_ingress_flows_count")}[${window}]))`,
        legend: "{{protocol}}",
      },
    ],
  },
];
