import { type AlertCases, constant, perSecond, thenAfter } from "../case";
import { AGENT, HERE } from "./targets";

export const ENDPOINT_CASES = {
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
} satisfies AlertCases;
