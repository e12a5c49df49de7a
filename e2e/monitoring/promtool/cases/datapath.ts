import { type AlertCases, constant, perSecond, thenAfter } from "../case";
import { AGENT, HERE } from "./targets";

export const DATAPATH_CASES = {
  CiliumMapPressureHigh: {
    fires: [[`cilium_bpf_map_pressure{${AGENT}, map_name="ct4_global"}`, constant(0.85)]],
    labels: { ...HERE, map_name: "ct4_global" },
    shows: "85%",
    silent: [[[`cilium_bpf_map_pressure{${AGENT}, map_name="ct4_global"}`, constant(0.8)]]],
  },
  CiliumMapPressureCritical: {
    fires: [[`cilium_bpf_map_pressure{${AGENT}, map_name="ct4_global"}`, constant(0.95)]],
    labels: { ...HERE, map_name: "ct4_global" },
    shows: "95%",
    silent: [[[`cilium_bpf_map_pressure{${AGENT}, map_name="ct4_global"}`, constant(0.85)]]],
  },
  CiliumMapOperationsFailing: {
    fires: [
      [
        `cilium_bpf_map_ops_total{${AGENT}, map_name="lb4_services_v2", operation="update", outcome="fail"}`,
        perSecond(1),
      ],
    ],
    labels: { ...HERE, map_name: "lb4_services_v2" },
    shows: "1",
    silent: [
      [
        [
          `cilium_bpf_map_ops_total{${AGENT}, map_name="lb4_services_v2", operation="update", outcome="success"}`,
          perSecond(9),
        ],
      ],
    ],
  },
  CiliumConntrackTableFull: {
    fires: [[`cilium_drop_count_total{${AGENT}, direction="EGRESS", reason="CT: Map insertion failed"}`, perSecond(3)]],
    labels: HERE,
    shows: "3",
    silent: [[[`cilium_drop_count_total{${AGENT}, direction="EGRESS", reason="Policy denied"}`, perSecond(3)]]],
  },
  CiliumNatTableFull: {
    fires: [
      [`cilium_drop_count_total{${AGENT}, direction="EGRESS", reason="No mapping for NAT masquerade"}`, perSecond(2)],
    ],
    labels: HERE,
    shows: "2",
    silent: [
      [[`cilium_drop_count_total{${AGENT}, direction="EGRESS", reason="CT: Map insertion failed"}`, perSecond(2)]],
    ],
  },
  CiliumNatPortsExhausted: {
    fires: [[`cilium_nat_endpoint_max_connection{${AGENT}, family="ipv4"}`, constant(0.9)]],
    labels: HERE,
    shows: "90%",
    silent: [[[`cilium_nat_endpoint_max_connection{${AGENT}, family="ipv4"}`, constant(0.5)]]],
  },
  CiliumConntrackGcFailing: {
    fires: [
      [
        `cilium_datapath_conntrack_gc_runs_total{${AGENT}, family="ipv4", protocol="TCP", status="uncompleted"}`,
        "0+1x240",
      ],
    ],
    labels: HERE,
    // Every 30 seconds over an hour, extrapolated to its edges.
    shows: "120",
    silent: [
      [[`cilium_datapath_conntrack_gc_runs_total{${AGENT}, family="ipv4", status="completed"}`, "0+1x240"]],
      [[`cilium_datapath_conntrack_gc_runs_total{${AGENT}, family="ipv4", status="uncompleted"}`, thenAfter(4, 30, 6)]],
    ],
  },
  CiliumPacketDropsHigh: {
    fires: [
      [`cilium_drop_count_total{${AGENT}, direction="INGRESS", reason="Invalid packet"}`, perSecond(50)],
      [`cilium_forward_count_total{${AGENT}, direction="INGRESS"}`, perSecond(950)],
    ],
    labels: HERE,
    shows: "5%",
    silent: [
      [
        [`cilium_drop_count_total{${AGENT}, direction="INGRESS", reason="Policy denied"}`, perSecond(500)],
        [`cilium_forward_count_total{${AGENT}, direction="INGRESS"}`, perSecond(500)],
      ],
      [
        [`cilium_drop_count_total{${AGENT}, direction="INGRESS", reason="Stale or unroutable IP"}`, perSecond(5)],
        [`cilium_forward_count_total{${AGENT}, direction="INGRESS"}`, perSecond(995)],
      ],
    ],
  },
} satisfies AlertCases;
