import type { AlertRule } from "../rule";

/** Whether the programs of the dataplane run and are seen. */
export const AGENT_RULES = [
  {
    name: "CiliumAgentDown",
    severity: "critical",
    minutes: 5,
    summary: "Cilium agent on {{ $labels.node }} does not answer.",
    description:
      "Running pods on the node keep their connections, but no pod can start there, policies and Services are no longer updated, and after a restart of the node nothing works.",
    components: ["cilium-agent"],
    expression: (select) => `${select("up", 'job="cilium-agent"')} == 0`,
  },
  {
    name: "CiliumMetricsMissing",
    severity: "critical",
    minutes: 10,
    summary: "No Cilium agent can be scraped.",
    description: "Either Cilium is gone from the cluster or monitoring no longer finds it: all other alerts are blind.",
    components: ["cilium-agent"],
    expression: (select) => `absent(${select("up", 'job="cilium-agent"')} == 1)`,
  },
  {
    name: "CiliumAgentMissing",
    severity: "warning",
    minutes: 15,
    summary: "Some nodes have no Cilium agent that can be scraped.",
    description: "Cilium knows more nodes than there are agents that answer. Pods on such a node get no network.",
    threshold: { default: 0, min: 0, meaning: "nodes without an agent", format: "number" },
    expression: (select, limit) =>
      `max(${select("cilium_nodes_all_num")}) - count(${select("up", 'job="cilium-agent"')} == 1) > ${limit}`,
  },
  {
    name: "CiliumAgentRestarting",
    severity: "warning",
    minutes: 0,
    summary: "Cilium agent on {{ $labels.node }} restarts again and again.",
    description: "Each restart stops the node's pods from being created and cuts traffic that passes the proxy.",
    threshold: { default: 3, min: 1, meaning: "starts within an hour", format: "number" },
    expression: (select, limit) =>
      `max by (pod, node) (changes(${select("cilium_process_start_time_seconds")}[1h])) > ${limit}`,
  },
  {
    name: "CiliumOperatorDown",
    severity: "critical",
    minutes: 10,
    summary: "No Cilium operator can be scraped.",
    description:
      "Traffic goes on, but identities, endpoints and nodes that are gone are no longer cleaned up, and pods that run unmanaged stay so.",
    components: ["cilium-operator"],
    expression: (select) => `absent(${select("up", 'job="cilium-operator"')} == 1)`,
  },
  {
    name: "CiliumEnvoyDown",
    severity: "warning",
    minutes: 5,
    summary: "Cilium's Envoy on {{ $labels.node }} does not answer.",
    description: "Traffic under layer 7 policies, Ingress and Gateway API on the node is dropped until it is back.",
    components: ["cilium-envoy"],
    expression: (select) => `${select("up", 'job="cilium-envoy"')} == 0`,
  },
  {
    name: "HubbleRelayDown",
    severity: "warning",
    minutes: 10,
    summary: "No Hubble relay can be scraped.",
    description: "Flows of the whole cluster cannot be looked at; traffic itself is not affected.",
    components: ["hubble-relay"],
    expression: (select) => `absent(${select("up", 'job="hubble-relay"')} == 1)`,
  },
] as const satisfies readonly AlertRule[];
