import { type AlertCases, constant, perSecond } from "../case";

export const DATAPLANE_V2_CASES = {
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
} satisfies AlertCases;
