import type { HelmValues } from "../../helm";
import {
  type CheckTable,
  decisive,
  flag,
  isKnown,
  listOf,
  nested,
  oneOf,
  recordOf,
  text,
  wholeNumber,
} from "../../validation";

/** Parts of the agents that can tell more, values.yaml of the chart: `debug.verbose`. */
const VERBOSE = ["flow", "kvstore", "envoy", "datapath", "policy", "tagged"] as const;

/** Calls of the agents' own API that are limited, daemon/restapi/api_limits.go of Cilium 1.20.2. */
const API_CALLS = ["endpoint-create", "endpoint-delete", "endpoint-get", "endpoint-patch", "endpoint-list"] as const;

/** Why no token can stand for limits. */
const WRITTEN_AS_TEXT = "all limits are written into one text";

/** One setting of a limit, as the agents read it. */
const LIMIT =
  /^(rate-limit:\d+(\.\d+)?\/(\d+(\.\d+)?)?(ns|us|ms|s|m|h)|(rate-burst|parallel-requests|min-parallel-requests|max-parallel-requests|mean-over):\d+|(min-wait-duration|max-wait-duration|estimated-processing-duration):(\d+(\.\d+)?(ns|us|ms|s|m|h))+|(auto-adjust|log|skip-initial):(true|false)|(delayed-adjustment-factor|max-adjustment-factor):\d+(\.\d+)?)$/;

/** How often a program may ask the API server. */
export interface ApiServerRateOptions {
  /**
   * Requests a second.
   *
   * @default - 10 of an agent, 100 of the operator
   */
  readonly qps?: number;

  /**
   * Requests at once, before the rate counts.
   *
   * @default - 20 of an agent, 200 of the operator
   */
  readonly burst?: number;
}

/** What Cilium's programs ask of a node, as Kubernetes quantities. */
export interface ProgramResources {
  /** @default - what {@link resourceValues} asks for */
  readonly requests?: { readonly cpu?: string; readonly memory?: string };
  /** @default - what {@link resourceValues} asks for */
  readonly limits?: { readonly cpu?: string; readonly memory?: string };
}

/** Cilium's programs, by what they are called in the chart. */
export interface ByProgram<T> {
  /** @default - the chart's, or this library's */
  readonly agent?: T;
  /** @default - the chart's, or this library's */
  readonly envoy?: T;
  /** @default - the chart's, or this library's */
  readonly operator?: T;
  /** @default - the chart's, or this library's */
  readonly relay?: T;
}

/** How the agents and the operator run, whichever dataplane they are for. */
export interface AgentOptions {
  /**
   * Log more: everything, or parts of it as well. An agent that logs everything is slower and fills a node's disk.
   *
   * @default - nothing more
   */
  readonly debug?: boolean | readonly (typeof VERBOSE)[number][];

  /**
   * Limits of the agents' own API, by call: `{ "endpoint-create": ["rate-limit:10/s", "rate-burst:20"] }`. They decide how
   * fast many pods start on one node.
   *
   * @default - the agents' own, which adjust themselves
   * @see https://docs.cilium.io/en/stable/configuration/api-rate-limiting/
   */
  readonly apiRateLimits?: Readonly<Partial<Record<(typeof API_CALLS)[number], readonly string[]>>>;

  /**
   * How often each agent may ask the API server.
   *
   * @default - the agents' own
   */
  readonly apiServerRate?: ApiServerRateOptions;

  /**
   * How often the operator may ask the API server.
   *
   * @default - the operator's own
   */
  readonly operatorApiServerRate?: ApiServerRateOptions;

  /**
   * What programs ask of a node, and the most they may take.
   *
   * @default - see docs/kube-proxy-free.md
   */
  readonly resources?: ByProgram<ProgramResources>;

  /**
   * Priority classes of the programs' pods.
   *
   * @default - system-node-critical for agent and Envoy, system-cluster-critical for the operator, none for the relay
   */
  readonly priorityClasses?: ByProgram<string>;

  /**
   * Tell agents of other nodes' pods in slices instead of one by one, for clusters of many hundred nodes. Not with the
   * egress gateway (cilium/cilium#24833).
   *
   * @default false
   * @see https://docs.cilium.io/en/stable/network/kubernetes/ciliumendpointslice/
   */
  readonly endpointSlices?: boolean;
}

const RATE: CheckTable<ApiServerRateOptions> = {
  qps: wholeNumber({ from: 1, remedy: "give requests a second" }),
  burst: wholeNumber({ from: 1, remedy: "give a number of requests" }),
};
const AMOUNTS = {
  cpu: text({ matches: /^\d+(\.\d+)?m?$/, rule: "is not an amount of CPU", remedy: "write it as 500m or 2" }),
  memory: text({
    matches: /^\d+(\.\d+)?(k|M|G|T|Ki|Mi|Gi|Ti)?$/,
    rule: "is not an amount of memory",
    remedy: "write it as 512Mi or 2Gi",
  }),
};
const RESOURCES: CheckTable<ProgramResources> = { requests: nested(AMOUNTS), limits: nested(AMOUNTS) };
const CLASS = text({
  matches: /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
  rule: "is not a name that a PriorityClass can have",
  remedy: "use system-node-critical, system-cluster-critical or a class of yours",
});
const byProgram = <T>(check: CheckTable<ByProgram<T>>["agent"]): CheckTable<ByProgram<T>> => ({
  agent: check,
  envoy: check,
  operator: check,
  relay: check,
});
const ON = flag();
const PARTS = listOf(oneOf(VERBOSE), { least: 1 });

/** What the options must look like. */
export const AGENT_OPTIONS: CheckTable<AgentOptions> = {
  debug: {
    unknown: ON.unknown,
    examine: (value, property) => (Array.isArray(value) ? PARTS : ON).examine(value, property),
  },
  apiRateLimits: decisive(
    recordOf(
      decisive(
        listOf(
          text({
            matches: LIMIT,
            rule: "is not a limit that agents know",
            remedy: "write it as rate-limit:10/s, rate-burst:20, parallel-requests:4 or max-wait-duration:15s",
          }),
          { least: 1 },
        ),
        WRITTEN_AS_TEXT,
      ),
      (name) =>
        API_CALLS.some((call) => call === name)
          ? undefined
          : { rule: `is not one of ${API_CALLS.join(", ")}`, remedy: "choose one of them" },
    ),
    WRITTEN_AS_TEXT,
  ),
  apiServerRate: nested(RATE),
  operatorApiServerRate: nested(RATE),
  resources: nested(byProgram<ProgramResources>(nested(RESOURCES))),
  priorityClasses: nested(byProgram<string>(CLASS)),
  endpointSlices: flag(),
};

/** Values for how the programs run. */
export function agentValues(options: AgentOptions): HelmValues {
  const { debug, apiRateLimits, apiServerRate, operatorApiServerRate, resources, priorityClasses, endpointSlices } =
    options;
  const program = (name: keyof ByProgram<unknown>): HelmValues => ({
    resources: resources?.[name] as HelmValues | undefined,
    priorityClassName: priorityClasses?.[name],
  });
  return {
    ...(debug === undefined ? {} : { debug: debugValues(debug) }),
    ...(isKnown(apiRateLimits) ? { apiRateLimit: rateLimitText(apiRateLimits) } : {}),
    ...(apiServerRate === undefined && operatorApiServerRate === undefined
      ? {}
      : { k8sClientRateLimit: { ...apiServerRate, operator: operatorApiServerRate as HelmValues | undefined } }),
    ...(resources === undefined && priorityClasses === undefined
      ? {}
      : {
          ...program("agent"),
          envoy: program("envoy"),
          operator: program("operator"),
          hubble: { relay: program("relay") },
        }),
    ...(endpointSlices === undefined ? {} : { ciliumEndpointSlice: { enabled: endpointSlices } }),
  };
}

/** Limits by call as the agents' flag takes them; those that were wrong by themselves are told of already. */
function rateLimitText(limits: NonNullable<AgentOptions["apiRateLimits"]>): string {
  const known = Object.entries(limits).filter(([, each]) => isKnown(each));
  return JSON.stringify(Object.fromEntries(known.map(([call, each]) => [call, each.join(",")])));
}

function debugValues(debug: NonNullable<AgentOptions["debug"]>): HelmValues {
  return Array.isArray(debug) ? { enabled: true, verbose: debug.join(" ") } : { enabled: debug as boolean };
}
