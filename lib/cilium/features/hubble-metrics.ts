import { lookUp } from "../../facts/look-up";
import { type HelmValue, type HelmValues, isValuesMap } from "../../helm";
import {
  type CheckTable,
  decisive,
  isKnown,
  listOf,
  oneOf,
  type Problem,
  required,
  text,
  UNKNOWN,
  wasWrong,
} from "../../validation";
import type { CiliumVersion } from "../version";

const HANDLERS = [
  "dns",
  "drop",
  "flow",
  "flows-to-world",
  "http",
  "httpV2",
  "icmp",
  "kafka",
  "policy",
  "port-distribution",
  "sctp",
  "tcp",
] as const;

const CONTEXTS = [
  "app",
  "dns",
  "identity",
  "ip",
  "namespace",
  "pod",
  "pod-name",
  "reserved-identity",
  "workload",
  "workload-name",
] as const;

const LABELS = [
  "source_ip",
  "source_pod",
  "source_namespace",
  "source_workload",
  "source_workload_kind",
  "source_app",
  "destination_ip",
  "destination_pod",
  "destination_namespace",
  "destination_workload",
  "destination_workload_kind",
  "destination_app",
  "traffic_direction",
] as const;

/** Options of single handlers that take no value, except `exemplars`. */
const HANDLER_FLAGS: Readonly<Partial<Record<HubbleMetricHandler, readonly string[]>>> = {
  dns: ["query", "ignoreAAAA"],
  "flows-to-world": ["any-drop", "port", "syn-only"],
  http: ["exemplars"],
  httpV2: ["exemplars"],
};

const CONTEXT_OPTIONS = [
  "sourceContext",
  "sourceEgressContext",
  "sourceIngressContext",
  "destinationContext",
  "destinationEgressContext",
  "destinationIngressContext",
] as const;

/** What Hubble counts. */
export type HubbleMetricHandler = (typeof HANDLERS)[number];
/** How an end of a flow is named in the labels `source` and `destination`. */
export type HubbleContext = (typeof CONTEXTS)[number];
/** A label of its own for one fact about an end of a flow. */
export type HubbleLabel = (typeof LABELS)[number];

/**
 * One Hubble metric. Each further context or label multiplies the number of series.
 *
 * @see https://docs.cilium.io/en/stable/observability/metrics/#hubble-exported-metrics
 */
export interface HubbleMetric {
  readonly handler: HubbleMetricHandler;
  /**
   * Options of this handler alone: `query` and `ignoreAAAA` of dns, `any-drop`, `port` and `syn-only` of
   * flows-to-world, `exemplars` of http and httpV2.
   *
   * @default - none
   */
  readonly flags?: readonly string[];
  /** How the source is named; the first that is known. @default - no label `source` */
  readonly sourceContext?: readonly HubbleContext[];
  /** How the source of outgoing traffic is named. @default - `sourceContext` */
  readonly sourceEgressContext?: readonly HubbleContext[];
  /** How the source of incoming traffic is named. @default - `sourceContext` */
  readonly sourceIngressContext?: readonly HubbleContext[];
  /** How the destination is named; the first that is known. @default - no label `destination` */
  readonly destinationContext?: readonly HubbleContext[];
  /** How the destination of outgoing traffic is named. @default - `destinationContext` */
  readonly destinationEgressContext?: readonly HubbleContext[];
  /** How the destination of incoming traffic is named. @default - `destinationContext` */
  readonly destinationIngressContext?: readonly HubbleContext[];
  /** Labels of their own. @default - none */
  readonly labelsContext?: readonly HubbleLabel[];
}

const NAMED_ENDS = {
  sourceContext: ["workload-name", "reserved-identity"],
  destinationContext: ["workload-name", "reserved-identity"],
  labelsContext: ["source_namespace", "destination_namespace"],
} as const satisfies Partial<HubbleMetric>;

/**
 * Metrics that fill Cilium's own Hubble dashboards: these ask for the labels `source`, `destination` and both
 * namespaces, which a bare `flow` or `drop` does not have. Workloads, not pods, so that the number of series grows
 * with the number of programs. `policy` is what the overview *Cilium on GKE* shows of verdicts.
 */
export const DEFAULT_HUBBLE_METRICS: readonly HubbleMetric[] = [
  { handler: "dns", flags: ["query", "ignoreAAAA"], ...NAMED_ENDS },
  { handler: "drop", ...NAMED_ENDS },
  { handler: "tcp", ...NAMED_ENDS },
  { handler: "flow", ...NAMED_ENDS },
  { handler: "icmp", ...NAMED_ENDS },
  { handler: "port-distribution" },
  { handler: "policy" },
];

/**
 * HTTP requests by workload, with what the Layer 7 dashboard asks for. Has data only for pods with a Layer 7 policy,
 * and never where Cilium is chained behind another CNI.
 */
export const HTTP_HUBBLE_METRIC: HubbleMetric = {
  handler: "httpV2",
  flags: ["exemplars"],
  labelsContext: [
    "source_namespace",
    "source_workload",
    "destination_namespace",
    "destination_workload",
    "traffic_direction",
  ],
};

/** All of it becomes one text, which has to be judged as a whole. */
const PART_OF_A_TEXT = "it becomes part of one text with the handler";
const contexts = decisive(listOf(oneOf(CONTEXTS)), PART_OF_A_TEXT);

/** What one metric must look like. Which flags a handler knows is judged where it was rendered. */
export const HUBBLE_METRIC: CheckTable<HubbleMetric> = {
  handler: required(
    decisive(oneOf(HANDLERS), "alerts and dashboards follow what is counted"),
    "name what Hubble counts, e.g. dns",
  ),
  flags: decisive(listOf(text()), PART_OF_A_TEXT),
  sourceContext: contexts,
  sourceEgressContext: contexts,
  sourceIngressContext: contexts,
  destinationContext: contexts,
  destinationEgressContext: contexts,
  destinationIngressContext: contexts,
  labelsContext: decisive(listOf(oneOf(LABELS)), PART_OF_A_TEXT),
};

/** The metric as the agent reads it: `dns:query;sourceContext=workload-name|reserved-identity`. */
export function renderHubbleMetric(metric: HubbleMetric): string {
  // What was wrong by itself makes the whole text unknown.
  if (!isKnown(metric) || Object.values(metric).some(wasWrong)) return UNKNOWN.text();
  const options = (metric.flags ?? []).map((flag) => (flag === "exemplars" ? "exemplars=true" : flag));
  for (const option of CONTEXT_OPTIONS) {
    const contexts = metric[option];
    if (contexts !== undefined && contexts.length > 0) options.push(`${option}=${contexts.join("|")}`);
  }
  if (metric.labelsContext !== undefined && metric.labelsContext.length > 0)
    options.push(`labelsContext=${metric.labelsContext.join(",")}`);
  return options.length === 0 ? metric.handler : `${metric.handler}:${options.join(";")}`;
}

/** Reads what {@link renderHubbleMetric} writes, without judging it. */
export function parseHubbleMetric(text: string): { handler: string; options: ReadonlyMap<string, string | undefined> } {
  const [handler = "", rest = ""] = splitOnce(text, ":");
  const options = rest.split(";").filter((option) => option !== "");
  return { handler, options: new Map(options.map((option) => splitOnce(option, "=") as [string, string | undefined])) };
}

/** What the agents' own parser makes of an option without a value. */
const NO_VALUE: readonly string[] = [""];

/** A metric as the agents' file of metrics has it, from the text that {@link renderHubbleMetric} writes. */
export function dynamicHubbleMetric(text: string): HelmValues {
  if (!isKnown(text)) return { name: UNKNOWN.text() };
  const { handler, options } = parseHubbleMetric(text);
  return {
    name: handler,
    contextOptions: [...options].map(([name, value]) => ({ name, values: value?.split(/[|,]/) ?? NO_VALUE })),
    includeFilters: [],
    excludeFilters: [],
  };
}

/** The text of a metric in the agents' file of metrics; undefined where it is none. */
export function textOfDynamicMetric(metric: HelmValue): string | undefined {
  if (!isValuesMap(metric) || typeof metric["name"] !== "string" || !isKnown(metric["name"])) return undefined;
  const listed = Array.isArray(metric["contextOptions"]) ? metric["contextOptions"] : [];
  const options = listed.flatMap((option: HelmValue) => {
    if (!isValuesMap(option) || typeof option["name"] !== "string") return [];
    const values = Array.isArray(option["values"]) ? option["values"].map(String) : [];
    const separator = option["name"] === "labelsContext" ? "," : "|";
    return [values.every((value) => value === "") ? option["name"] : `${option["name"]}=${values.join(separator)}`];
  });
  return options.length === 0 ? metric["name"] : `${metric["name"]}:${options.join(";")}`;
}

/**
 * What is wrong with a list of metrics as the agent reads them, from typed options and from hand-written values
 * alike. The agent itself would only log the error and serve fewer metrics.
 */
export function hubbleMetricProblems(metrics: readonly string[], version: CiliumVersion): Problem[] {
  const problems = metrics.flatMap((text, index) => metricProblems(text, `[${index}]`, version));
  const handlers = metrics.map((text) => parseHubbleMetric(text).handler);
  handlers.forEach((handler, index) => {
    if (handlers.indexOf(handler) !== index)
      problems.push({
        property: `[${index}]`,
        value: handler,
        rule: "is listed twice, and the agent keeps one of them",
        remedy: "merge the two entries",
      });
  });
  if (handlers.includes("http") && handlers.includes("httpV2"))
    problems.push({
      property: `[${handlers.indexOf("http")}]`,
      value: "http",
      rule: "cannot be served together with httpV2",
      remedy: "keep httpV2, which replaces it",
    });
  return problems;
}

function metricProblems(text: string, property: string, version: CiliumVersion): Problem[] {
  const { handler, options } = parseHubbleMetric(text);
  if (!includes(HANDLERS, handler))
    return [
      {
        property,
        value: text,
        rule: `has no handler '${handler}'`,
        remedy: `use one of ${HANDLERS.filter((known) => known !== "kafka").join(", ")}`,
      },
    ];
  const problems: Problem[] = [];
  if (handler === "kafka" && (version.major > 1 || version.minor >= 20))
    problems.push({ property, value: text, rule: "was removed in Cilium 1.20", remedy: "leave it out" });
  for (const [name, value] of options) {
    const rule = optionRule(handler, name, value);
    if (rule !== undefined) problems.push({ property, value: text, ...rule });
  }
  return problems;
}

function optionRule(handler: HubbleMetricHandler, name: string, value: string | undefined) {
  if (includes(CONTEXT_OPTIONS, name)) return listRule(name, CONTEXTS, (value ?? "").split("|"));
  if (name === "labelsContext") return listRule(name, LABELS, (value ?? "").split(","));
  const flags = lookUp(HANDLER_FLAGS, handler) ?? [];
  if (flags.includes(name)) return undefined;
  return {
    rule: `has an option '${name}' that ${handler} does not know`,
    remedy: `use ${[...flags, ...CONTEXT_OPTIONS, "labelsContext"].join(", ")}`,
  };
}

function listRule(name: string, known: readonly string[], values: readonly string[]) {
  const unknown = values.filter((value) => !known.includes(value));
  if (unknown.length === 0) return undefined;
  return {
    rule: `has '${unknown.join("', '")}' in ${name}, which Hubble does not know`,
    remedy: `use ${known.join(", ")}`,
  };
}

function includes<T extends string>(list: readonly T[], value: string): value is T {
  return (list as readonly string[]).includes(value);
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
