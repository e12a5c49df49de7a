import { lookUp } from "../../facts/look-up";

/** A Hubble metric handler as it is configured: `dns:query;labelsContext=source_namespace`. */
export interface HubbleHandler {
  /** `dns`, `drop`, `flow`, ... as written. */
  readonly name: string;
  /** Options by name in lower case (Hubble ignores the case); an option without a value has an empty list. */
  readonly options: ReadonlyMap<string, readonly string[]>;
}

/** Reads one entry of `hubble.metrics.enabled`, the way `pkg/hubble/metrics/api/api.go` does. */
export function parseHubbleHandler(text: string): HubbleHandler {
  const [name = "", rest = ""] = split(text, ":");
  const options = new Map<string, readonly string[]>();
  for (const option of rest.split(";").filter(Boolean)) {
    const [key = "", value] = split(option, "=");
    // Contexts are alternatives (`a|b`), labels a list (`a,b`).
    options.set(key.toLowerCase(), value === undefined ? [] : value.split(/[|,]/));
  }
  return { name, options };
}

/** A metric of a handler: the labels it always has. Those of its context options come on top. */
interface HandlerMetric {
  readonly type: "counter" | "histogram";
  readonly labels: readonly string[];
  /** Labels by the handler option that adds them. */
  readonly optional?: Readonly<Record<string, string>>;
}

const DNS = { type: "counter", labels: ["rcode", "qtypes", "ips_returned"], optional: { query: "query" } } as const;

/**
 * What each handler exports (`pkg/hubble/metrics/<handler>/handler.go`, the same in 1.19 and 1.20 but for `sctp`).
 * `http` and `httpV2` cannot be configured together; only the former has `hubble_http_responses_total`.
 */
const HANDLER_METRICS: Readonly<Record<string, Readonly<Record<string, HandlerMetric>>>> = {
  dns: {
    hubble_dns_queries_total: DNS,
    hubble_dns_responses_total: DNS,
    hubble_dns_response_types_total: { type: "counter", labels: ["type", "qtypes"], optional: { query: "query" } },
  },
  drop: { hubble_drop_total: { type: "counter", labels: ["reason", "protocol"] } },
  flow: { hubble_flows_processed_total: { type: "counter", labels: ["protocol", "type", "subtype", "verdict"] } },
  "flows-to-world": {
    hubble_flows_to_world_total: { type: "counter", labels: ["protocol", "verdict"], optional: { port: "port" } },
  },
  http: {
    hubble_http_requests_total: { type: "counter", labels: ["method", "protocol", "reporter"] },
    hubble_http_responses_total: { type: "counter", labels: ["method", "protocol", "status", "reporter"] },
    hubble_http_request_duration_seconds: { type: "histogram", labels: ["method", "reporter"] },
  },
  httpV2: {
    hubble_http_requests_total: { type: "counter", labels: ["method", "protocol", "status", "reporter"] },
    hubble_http_request_duration_seconds: { type: "histogram", labels: ["method", "reporter"] },
  },
  icmp: { hubble_icmp_total: { type: "counter", labels: ["family", "type"] } },
  policy: { hubble_policy_verdicts_total: { type: "counter", labels: ["direction", "match", "action"] } },
  "port-distribution": { hubble_port_distribution_total: { type: "counter", labels: ["protocol", "port"] } },
  sctp: { hubble_sctp_chunk_types_total: { type: "counter", labels: ["chunk_type", "family"] } },
  tcp: { hubble_tcp_flags_total: { type: "counter", labels: ["flag", "family"] } },
};

/** Handlers whose metrics only exist where layer 7 traffic is seen. */
const LAYER_7_HANDLERS = ["dns", "http", "httpV2"];

/** A metric that a handler exports as configured. */
export interface HubbleMetric {
  readonly name: string;
  readonly type: "counter" | "histogram";
  readonly labels: readonly string[];
  /** Whether it needs traffic that goes through Cilium's layer 7 proxy. */
  readonly layer7: boolean;
}

/** Everything that the handlers in `hubble.metrics.enabled` export, with the labels their options give them. */
export function hubbleMetrics(handlers: readonly string[]): HubbleMetric[] {
  return handlers.map(parseHubbleHandler).flatMap((handler) =>
    Object.entries(lookUp(HANDLER_METRICS, handler.name) ?? {}).map(([name, { type, labels, optional = {} }]) => ({
      name,
      type,
      labels: [
        ...labels,
        ...contextLabels(handler),
        ...Object.keys(optional).flatMap((option) => (handler.options.has(option) ? [optional[option]!] : [])),
      ],
      layer7: LAYER_7_HANDLERS.includes(handler.name),
    })),
  );
}

/** Names of all handlers that Hubble knows. */
export const HUBBLE_HANDLERS: readonly string[] = Object.keys(HANDLER_METRICS);

/** `source` and `destination` where a context is configured for them, and every label of `labelsContext`. */
function contextLabels({ options }: HubbleHandler): string[] {
  const side = (side: string) =>
    ["context", "egresscontext", "ingresscontext"].some((suffix) => options.has(`${side}${suffix}`)) ? [side] : [];
  return [...side("source"), ...side("destination"), ...(options.get("labelscontext") ?? [])];
}

/** Splits at the first separator only. */
function split(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
