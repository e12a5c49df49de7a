import type { AlertName } from "../../../lib/monitoring";
import { type AlertCase, constant, perSecond, thenAfter } from "./case";

/** What an agent's series carry from their target. */
const AGENT = 'job="cilium-agent", pod="cilium-a", node="node-a"';
const OTHER = 'job="cilium-agent", pod="cilium-b", node="node-b"';
const HERE = { pod: "cilium-a", node: "node-a" };

/** For every alert: series that fire and series that must not. The type sees to it that none is forgotten. */
export const ALERT_CASES: Readonly<Record<AlertName, AlertCase>> = {
  CiliumAgentDown: {
    fires: [
      [`up{${AGENT}}`, constant(0)],
      [`up{${OTHER}}`, constant(1)],
    ],
    labels: { job: "cilium-agent", ...HERE },
    silent: [
      [[`up{${AGENT}}`, constant(1)]],
      [[`up{${AGENT}}`, thenAfter(0, 3, 1)]],
      [['up{job="hubble"}', constant(0)]],
    ],
  },
  CiliumMetricsMissing: {
    fires: [[`up{${AGENT}}`, constant(0)]],
    silent: [
      [
        [`up{${AGENT}}`, constant(0)],
        [`up{${OTHER}}`, constant(1)],
      ],
    ],
  },
  CiliumAgentMissing: {
    fires: [
      [`cilium_nodes_all_num{${AGENT}}`, constant(3)],
      [`up{${AGENT}}`, constant(1)],
      [`up{${OTHER}}`, constant(1)],
    ],
    shows: "1",
    silent: [
      [
        [`cilium_nodes_all_num{${AGENT}}`, constant(2)],
        [`up{${AGENT}}`, constant(1)],
        [`up{${OTHER}}`, constant(1)],
      ],
      // A node that is being added.
      [
        [`cilium_nodes_all_num{${AGENT}}`, constant(2)],
        [`up{${AGENT}}`, constant(1)],
        [`up{${OTHER}}`, thenAfter(0, 10, 1)],
      ],
    ],
  },
  CiliumAgentRestarting: {
    fires: [[`cilium_process_start_time_seconds{${AGENT}}`, "100x20 200x20 300x20 400x20 500x160"]],
    labels: HERE,
    shows: "4",
    silent: [
      [[`cilium_process_start_time_seconds{${AGENT}}`, "100x20 200x20 300x200"]],
      // One restart of each of five agents is an upgrade.
      ["a", "b", "c", "d", "e"].map((node) => [
        `cilium_process_start_time_seconds{pod="cilium-${node}", node="node-${node}"}`,
        thenAfter(100, 10, 200),
      ]),
    ],
  },
  CiliumOperatorDown: {
    fires: [['up{job="cilium-operator", pod="o"}', constant(0)]],
    silent: [
      [
        ['up{job="cilium-operator", pod="o"}', constant(0)],
        ['up{job="cilium-operator", pod="p"}', constant(1)],
      ],
      [['up{job="cilium-operator", pod="o"}', thenAfter(0, 5, 1)]],
    ],
  },
  CiliumEnvoyDown: {
    fires: [['up{job="cilium-envoy", pod="cilium-envoy-a", node="node-a"}', constant(0)]],
    labels: { job: "cilium-envoy", pod: "cilium-envoy-a", node: "node-a" },
    silent: [[['up{job="cilium-envoy", pod="cilium-envoy-a", node="node-a"}', constant(1)]]],
  },
  HubbleRelayDown: {
    fires: [['up{job="hubble-relay", pod="r"}', constant(0)]],
    silent: [[['up{job="hubble-relay", pod="r"}', constant(1)]]],
  },
  CiliumUnreachableNodes: {
    fires: [[`cilium_unreachable_nodes{${AGENT}}`, constant(2)]],
    labels: HERE,
    shows: "2",
    silent: [
      [[`cilium_unreachable_nodes{${AGENT}}`, constant(0)]],
      // A node that is replaced.
      [[`cilium_unreachable_nodes{${AGENT}}`, thenAfter(1, 8, 0)]],
    ],
  },
  CiliumUnreachableHealthEndpoints: {
    fires: [[`cilium_unreachable_health_endpoints{${AGENT}}`, constant(1)]],
    labels: HERE,
    shows: "1",
    silent: [[[`cilium_unreachable_health_endpoints{${AGENT}}`, constant(0)]]],
  },
  CiliumEndpointsNotReady: {
    fires: [
      [`cilium_endpoint_state{${AGENT}, endpoint_state="waiting-for-identity"}`, constant(3)],
      [`cilium_endpoint_state{${AGENT}, endpoint_state="ready"}`, constant(1)],
    ],
    labels: HERE,
    shows: "75%",
    silent: [
      [[`cilium_endpoint_state{${AGENT}, endpoint_state="ready"}`, constant(20)]],
      [
        [`cilium_endpoint_state{${AGENT}, endpoint_state="regenerating"}`, constant(10)],
        [`cilium_endpoint_state{${AGENT}, endpoint_state="ready"}`, constant(20)],
      ],
    ],
  },
  CiliumEndpointRegenerationFailing: {
    fires: [[`cilium_endpoint_regenerations_total{${AGENT}, outcome="fail", reason="r", error="e"}`, perSecond(0.1)]],
    labels: HERE,
    shows: "100m",
    silent: [
      [[`cilium_endpoint_regenerations_total{${AGENT}, outcome="success", reason="r"}`, perSecond(5)]],
      [[`cilium_endpoint_regenerations_total{${AGENT}, outcome="fail", reason="r", error="e"}`, constant(7)]],
    ],
  },
  CiliumEndpointCreationFailing: {
    fires: [
      [
        `cilium_api_limiter_processed_requests_total{${AGENT}, api_call="endpoint-create", outcome="", return_code="500"}`,
        perSecond(0.5),
      ],
    ],
    labels: HERE,
    shows: "500m",
    silent: [
      [
        [
          `cilium_api_limiter_processed_requests_total{${AGENT}, api_call="endpoint-create", return_code="200"}`,
          perSecond(5),
        ],
      ],
      [
        [
          `cilium_api_limiter_processed_requests_total{${AGENT}, api_call="endpoint-get", return_code="404"}`,
          perSecond(5),
        ],
      ],
    ],
  },
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
  CiliumPolicyDeniedSpike: {
    fires: [
      [`cilium_drop_count_total{${AGENT}, direction="INGRESS", reason="Policy denied"}`, perSecond(15)],
      [`cilium_drop_count_total{${AGENT}, direction="INGRESS", reason="Policy denied by denylist"}`, perSecond(5)],
    ],
    labels: { ...HERE, direction: "INGRESS" },
    shows: "20",
    silent: [
      [[`cilium_drop_count_total{${AGENT}, direction="INGRESS", reason="Policy denied"}`, perSecond(9)]],
      [[`cilium_drop_count_total{${AGENT}, direction="INGRESS", reason="Invalid packet"}`, perSecond(50)]],
    ],
  },
  CiliumPolicyImportFailing: {
    fires: [
      [`cilium_policy_change_total{${AGENT}, source="k8s", operation="update", outcome="fail"}`, perSecond(0.02)],
    ],
    labels: HERE,
    shows: "20m",
    silent: [
      [[`cilium_policy_change_total{${AGENT}, source="k8s", operation="update", outcome="success"}`, perSecond(1)]],
    ],
  },
  CiliumIdentitiesNearLimit: {
    fires: [
      [`cilium_identity{${AGENT}, type="cluster_local"}`, constant(58_752)],
      [`cilium_identity{${OTHER}, type="cluster_local"}`, constant(58_000)],
    ],
    shows: "90%",
    silent: [
      // Each agent counts the same identities: their sum means nothing.
      [
        [`cilium_identity{${AGENT}, type="cluster_local"}`, constant(40_000)],
        [`cilium_identity{${OTHER}, type="cluster_local"}`, constant(40_000)],
      ],
    ],
  },
  CiliumControllersFailing: {
    fires: [[`cilium_controllers_failing{${AGENT}}`, constant(1)]],
    labels: HERE,
    shows: "1",
    silent: [[[`cilium_controllers_failing{${AGENT}}`, thenAfter(2, 10, 0)]]],
  },
  CiliumKubernetesApiErrors: {
    fires: [
      [`cilium_k8s_client_api_calls_total{${AGENT}, method="GET", return_code="503"}`, perSecond(1)],
      [`cilium_k8s_client_api_calls_total{${AGENT}, method="GET", return_code="200"}`, perSecond(3)],
    ],
    labels: HERE,
    shows: "25%",
    silent: [
      [
        [`cilium_k8s_client_api_calls_total{${AGENT}, method="GET", return_code="404"}`, perSecond(2)],
        [`cilium_k8s_client_api_calls_total{${AGENT}, method="PUT", return_code="409"}`, perSecond(2)],
        [`cilium_k8s_client_api_calls_total{${AGENT}, method="GET", return_code="200"}`, perSecond(1)],
      ],
    ],
  },
  CiliumUnmanagedPods: {
    fires: [['cilium_operator_unmanaged_pods{job="cilium-operator"}', constant(4)]],
    shows: "4",
    silent: [[['cilium_operator_unmanaged_pods{job="cilium-operator"}', thenAfter(4, 10, 0)]]],
  },
  CiliumConfigDrift: {
    fires: [[`cilium_drift_checker_config_delta{${AGENT}}`, constant(2)]],
    labels: HERE,
    shows: "2",
    silent: [[[`cilium_drift_checker_config_delta{${AGENT}}`, thenAfter(2, 20, 0)]]],
  },
  CiliumErrorsLogged: {
    fires: [[`cilium_errors_warnings_total{${AGENT}, level="ERROR", subsystem="daemon"}`, perSecond(0.5)]],
    labels: { ...HERE, subsystem: "daemon" },
    shows: "500m",
    silent: [
      [[`cilium_errors_warnings_total{${AGENT}, level="WARN", subsystem="daemon"}`, perSecond(2)]],
      [[`cilium_errors_warnings_total{${AGENT}, level="ERROR", subsystem="daemon"}`, perSecond(0.05)]],
    ],
  },
  HubbleLostEvents: {
    fires: [[`hubble_lost_events_total{${AGENT}, source="perf_event_ring_buffer"}`, perSecond(5)]],
    labels: { ...HERE, source: "perf_event_ring_buffer" },
    shows: "5",
    silent: [[[`hubble_lost_events_total{${AGENT}, source="perf_event_ring_buffer"}`, perSecond(0.5)]]],
  },
  HubbleNoFlows: {
    fires: [[`hubble_flows_processed_total{${AGENT}, type="Trace", verdict="FORWARDED"}`, constant(1000)]],
    silent: [
      [
        [`hubble_flows_processed_total{${AGENT}, type="Trace", verdict="FORWARDED"}`, constant(1000)],
        [`hubble_flows_processed_total{${OTHER}, type="Trace", verdict="FORWARDED"}`, perSecond(1)],
      ],
    ],
  },
  HubbleDnsErrors: {
    fires: [
      [`hubble_dns_responses_total{${AGENT}, rcode="Server Failure", qtypes="A"}`, perSecond(1)],
      [`hubble_dns_responses_total{${AGENT}, rcode="No Error", qtypes="A"}`, perSecond(9)],
    ],
    shows: "10%",
    silent: [
      // What search lists cause.
      [
        [`hubble_dns_responses_total{${AGENT}, rcode="Non-Existent Domain", qtypes="A"}`, perSecond(30)],
        [`hubble_dns_responses_total{${AGENT}, rcode="No Error", qtypes="A"}`, perSecond(10)],
      ],
    ],
  },
  HubbleHttpServerErrors: {
    fires: [
      [`hubble_http_requests_total{${AGENT}, method="GET", status="503", reporter="server"}`, perSecond(1)],
      [`hubble_http_requests_total{${AGENT}, method="GET", status="200", reporter="server"}`, perSecond(3)],
    ],
    shows: "25%",
    silent: [
      [
        [`hubble_http_requests_total{${AGENT}, method="GET", status="404", reporter="server"}`, perSecond(3)],
        [`hubble_http_requests_total{${AGENT}, method="GET", status="200", reporter="server"}`, perSecond(3)],
      ],
    ],
  },
  DataplaneV2MetricsMissing: {
    fires: [],
    silent: [[['pod_flow_ingress_flows_count{verdict="FORWARDED"}', constant(5)]]],
  },
  DataplaneV2DroppedFlowsHigh: {
    fires: [
      ['pod_flow_ingress_flows_count{verdict="DROPPED", namespace_name="shop"}', perSecond(1)],
      ['pod_flow_ingress_flows_count{verdict="FORWARDED", namespace_name="shop"}', perSecond(3)],
    ],
    shows: "25%",
    silent: [
      [
        ['pod_flow_ingress_flows_count{verdict="DROPPED", namespace_name="shop"}', perSecond(1)],
        ['pod_flow_ingress_flows_count{verdict="FORWARDED", namespace_name="shop"}', perSecond(99)],
      ],
    ],
  },
  DataplaneV2PolicyDeniedSpike: {
    fires: [
      [
        'pod_flow_ingress_flows_count{verdict="DROPPED", namespace_name="shop", workload_name="cart", port="80"}',
        perSecond(2),
      ],
      [
        'pod_flow_ingress_flows_count{verdict="DROPPED", namespace_name="shop", workload_name="cart", port="81"}',
        perSecond(1),
      ],
    ],
    labels: { namespace_name: "shop", workload_name: "cart" },
    shows: "3",
    silent: [
      [
        [
          'pod_flow_ingress_flows_count{verdict="DROPPED", namespace_name="shop", workload_name="cart"}',
          perSecond(0.5),
        ],
      ],
      [
        [
          'pod_flow_ingress_flows_count{verdict="FORWARDED", namespace_name="shop", workload_name="cart"}',
          perSecond(9),
        ],
      ],
    ],
  },
};
