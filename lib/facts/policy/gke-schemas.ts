import type { KindVersion, SchemaPart } from "./schemas";

/** Numbers of the parts below. */
const [TEXT, LABELS, EXPRESSION_VALUES, EXPRESSION, EXPRESSIONS, SELECTOR] = [0, 1, 2, 3, 4, 5];
const [NAME, MATCH, MATCHES, PROTOCOL, PORT_NUMBER, PORT, PORTS, EGRESS, EGRESS_LIST, FQDN_SPEC, FQDN_POLICY] = [
  6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
];
const [FLAG, CONNECTIONS, CLUSTER, LOGGING_SPEC, NETWORK_LOGGING] = [17, 18, 19, 20, 21];

const PARTS: readonly SchemaPart[] = [
  { type: "string" },
  { type: "object", values: TEXT },
  { type: "array", items: TEXT },
  {
    type: "object",
    fields: { key: TEXT, operator: TEXT, values: EXPRESSION_VALUES },
    required: ["key", "operator"],
  },
  { type: "array", items: EXPRESSION },
  { type: "object", fields: { matchLabels: LABELS, matchExpressions: EXPRESSIONS } },
  { type: "string", maxLength: 255 },
  { type: "object", fields: { name: NAME, pattern: NAME }, oneOf: [["name"], ["pattern"]] },
  { type: "array", items: MATCH },
  { type: "string", enum: ["TCP", "UDP", "ALL"] },
  { type: "integer", minimum: 1, maximum: 65535 },
  { type: "object", fields: { protocol: PROTOCOL, port: PORT_NUMBER } },
  { type: "array", items: PORT },
  { type: "object", fields: { matches: MATCHES, ports: PORTS }, required: ["matches"] },
  { type: "array", items: EGRESS },
  { type: "object", fields: { podSelector: SELECTOR, egress: EGRESS_LIST }, required: ["podSelector", "egress"] },
  { type: "object", fields: { spec: FQDN_SPEC }, required: ["spec"] },
  { type: "boolean" },
  { type: "object", fields: { log: FLAG, delegate: FLAG } },
  { type: "object", fields: { allow: CONNECTIONS, deny: CONNECTIONS } },
  { type: "object", fields: { cluster: CLUSTER } },
  { type: "object", fields: { spec: LOGGING_SPEC }, required: ["spec"] },
];

/**
 * GKE's own kinds, whose definitions are in no module: as its documentation describes them.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy-logging
 */
export const GKE_KINDS: {
  readonly kinds: Readonly<Record<string, Readonly<Record<string, KindVersion>>>>;
  readonly parts: readonly SchemaPart[];
} = {
  kinds: {
    FQDNNetworkPolicy: { "networking.gke.io/v1alpha1": { schema: FQDN_POLICY, namespaced: true } },
    NetworkLogging: { "networking.gke.io/v1alpha1": { schema: NETWORK_LOGGING, namespaced: false } },
  },
  parts: PARTS,
};
