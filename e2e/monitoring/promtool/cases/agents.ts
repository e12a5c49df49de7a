import { type AlertCases, constant, thenAfter } from "../case";
import { AGENT, HERE, OTHER } from "./targets";

export const AGENT_CASES = {
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
} satisfies AlertCases;
