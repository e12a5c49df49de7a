import { type AlertCases, constant, perSecond } from "../case";
import { AGENT, HERE, OTHER } from "./targets";

export const HUBBLE_CASES = {
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
} satisfies AlertCases;
