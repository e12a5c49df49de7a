import type { DataplaneTelemetry } from "../../../dataplane/telemetry";
import type { AlertRule } from "../rule";

/** Whether Cilium translates addresses, which needs its NAT map. */
const translates = ({ features }: DataplaneTelemetry) => features.bpfMasquerade || features.kubeProxyReplacement;

/** Drops that somebody asked for, and packets that no cluster handles anyway. */
const EXPECTED_DROPS =
  "Policy denied|Policy denied by denylist|Authentication required|Unsupported L2 protocol|Unsupported L3 protocol|Unsupported protocol for NAT masquerade|VLAN traffic disallowed by VLAN filter";

/** Whether the kernel's side has room and works. */
export const DATAPATH_RULES = [
  {
    name: "CiliumMapPressureHigh",
    severity: "warning",
    minutes: 5,
    summary: "BPF map {{ $labels.map_name }} on {{ $labels.node }} is filling up.",
    description: "When it is full, what it should hold is refused: connections, Services or policy entries.",
    threshold: { default: 0.8, min: 0, max: 1, meaning: "share of the map's entries", format: "ratio" },
    expression: (select, limit) => `max by (pod, node, map_name) (${select("cilium_bpf_map_pressure")}) > ${limit}`,
  },
  {
    name: "CiliumMapPressureCritical",
    severity: "critical",
    minutes: 5,
    summary: "BPF map {{ $labels.map_name }} on {{ $labels.node }} is almost full.",
    description: "When it is full, what it should hold is refused: connections, Services or policy entries.",
    threshold: { default: 0.9, min: 0, max: 1, meaning: "share of the map's entries", format: "ratio" },
    expression: (select, limit) => `max by (pod, node, map_name) (${select("cilium_bpf_map_pressure")}) > ${limit}`,
  },
  {
    name: "CiliumMapOperationsFailing",
    severity: "warning",
    minutes: 5,
    summary: "Cilium on {{ $labels.node }} cannot write BPF map {{ $labels.map_name }}.",
    description: "The kernel no longer holds what Cilium wants it to hold; traffic is handled by old entries.",
    threshold: { default: 0, min: 0, meaning: "failures per second", format: "rate" },
    expression: (select, limit) =>
      `sum by (pod, node, map_name) (rate(${select("cilium_bpf_map_ops_total", 'outcome="fail"')}[5m])) > ${limit}`,
  },
  {
    name: "CiliumConntrackTableFull",
    severity: "critical",
    minutes: 5,
    summary: "Connection tracking on {{ $labels.node }} is full: new connections are dropped.",
    description: "Packets of connections that find no room in the conntrack map are dropped.",
    threshold: { default: 0, min: 0, meaning: "drops per second", format: "rate" },
    expression: (select, limit) =>
      `sum by (pod, node) (rate(${select("cilium_drop_count_total", 'reason="CT: Map insertion failed"')}[5m])) > ${limit}`,
  },
  {
    name: "CiliumNatTableFull",
    severity: "critical",
    minutes: 5,
    summary: "Address translation on {{ $labels.node }} is full: new connections are dropped.",
    description: "No free source port or map entry is left for connections that leave the node with its address.",
    threshold: { default: 0, min: 0, meaning: "drops per second", format: "rate" },
    applies: translates,
    expression: (select, limit) =>
      `sum by (pod, node) (rate(${select("cilium_drop_count_total", 'reason="No mapping for NAT masquerade"')}[5m])) > ${limit}`,
  },
  {
    name: "CiliumNatPortsExhausted",
    severity: "warning",
    minutes: 10,
    summary: "{{ $labels.node }} runs out of source ports towards one destination.",
    description: "Very many connections from the node go to the same address and port; soon new ones cannot be made.",
    threshold: { default: 0.8, min: 0, max: 1, meaning: "share of the source ports", format: "ratio" },
    expression: (select, limit) => `max by (pod, node) (${select("cilium_nat_endpoint_max_connection")}) > ${limit}`,
  },
  {
    name: "CiliumConntrackGcFailing",
    severity: "warning",
    minutes: 0,
    summary: "Connection tracking on {{ $labels.node }} is not cleaned up.",
    description: "Runs of the garbage collector end early, so that connections that are over stay in the map.",
    threshold: { default: 3, min: 0, meaning: "failed runs within an hour", format: "number" },
    // Runs are minutes to hours apart, so a rate over a few minutes would miss them.
    expression: (select, limit) =>
      `sum by (pod, node) (increase(${select("cilium_datapath_conntrack_gc_runs_total", 'status="uncompleted"')}[1h])) > ${limit}`,
  },
  {
    name: "CiliumPacketDropsHigh",
    severity: "warning",
    minutes: 10,
    summary: "{{ $labels.node }} drops many packets that no policy forbids.",
    description: "Drops for other reasons than a policy's are faults of the network, of Cilium or of its limits.",
    threshold: { default: 0.01, min: 0, max: 1, meaning: "share of all packets", format: "ratio" },
    expression: (select, limit) =>
      `sum by (pod, node) (rate(${select("cilium_drop_count_total", `reason!~"${EXPECTED_DROPS}"`)}[5m])) / (sum by (pod, node) (rate(${select("cilium_drop_count_total")}[5m])) + sum by (pod, node) (rate(${select("cilium_forward_count_total")}[5m]))) > ${limit}`,
  },
] as const satisfies readonly AlertRule[];
