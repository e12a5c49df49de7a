import type { DataplaneTelemetry, MetricsComponent } from "../../../lib/dataplane/telemetry";
import { availableSeries, DATAPLANE_V2_METRICS, hubbleMetrics, metricCatalogue } from "../../../lib/monitoring/metrics";
import { sampleLabelSets } from "./sample-labels";
import { DURATIONS, GAUGES, type Incident, type Labels, RATES, type Server } from "./signals";

/** One sample of one series. */
export interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

/** A metric with its samples. */
export interface MetricFamily {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram" | "summary";
  readonly samples: readonly Sample[];
}

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
/** Seconds for which a rate is taken to stay the same. */
const STEP = 60;
/** What a counter had counted when the clock began. */
const START = 5_000;
/** Ends of flows as Dataplane V2 writes them. */
const FLOWS = [
  { source: "shop/frontend-5d9f7c6b8-x2x7k", destination: "shop/cart-7c5ddbdf54-4bnxq" },
  { source: "shop/cart-7c5ddbdf54-4bnxq", destination: "shop/payment-66b6c48dd5-qp2lm" },
  { source: "reserved:world", destination: "shop/frontend-5d9f7c6b8-x2x7k" },
  { source: "shop/payment-66b6c48dd5-qp2lm", destination: "reserved:world" },
];

/**
 * What a program of a dataplane serves at a time: every metric that its version has in this configuration, with values
 * of a small cluster that is well, but for an incident.
 *
 * @param time Seconds since the clock of the samples began.
 */
export function metricFamilies(
  component: MetricsComponent,
  telemetry: DataplaneTelemetry,
  server: Server,
  time: number,
  incident?: Incident,
): MetricFamily[] {
  return declared(component, telemetry).map(({ name, type, labels }) => ({
    name,
    type,
    samples: labels.flatMap((set) =>
      type === "histogram"
        ? histogram(name, set, time)
        : [{ name, labels: set, value: value(name, type, set, server, time, incident) }],
    ),
  }));
}

/** The metrics of a component and the label sets that are served of each. */
function declared(component: MetricsComponent, telemetry: DataplaneTelemetry) {
  const available = availableSeries(telemetry);
  const metrics: { name: string; type: MetricFamily["type"]; labels: readonly string[] }[] = [];
  if (telemetry.ciliumVersion !== undefined)
    for (const [name, metric] of Object.entries(metricCatalogue(telemetry.ciliumVersion)))
      if (metric.component === component && (available.has(name) || available.has(`${name}_count`)))
        metrics.push({ name, type: metric.type, labels: metric.labels });
  if (component === "hubble")
    metrics.push(
      ...hubbleMetrics(telemetry.hubbleMetrics).filter(({ layer7 }) => !layer7 || telemetry.features.layer7),
    );
  if (component === "dataplane-v2")
    return Object.keys(DATAPLANE_V2_METRICS).map((name) => ({
      name,
      type: "counter" as const,
      labels: sampleLabelSets(name, ["verdict", "protocol"]).flatMap((set) =>
        FLOWS.filter(
          ({ source, destination }) =>
            // A flow is counted where the pod is that it is about.
            !(name.includes("ingress") ? destination : source).startsWith("reserved:"),
        ).map((ends) => ({
          ...set,
          ...ends,
          port: "8080",
          is_reply: "false",
          node_name: "node",
          verdict_reason: set["verdict"] === "DROPPED" ? "POLICY_DENIED" : "",
        })),
      ),
    }));
  const process = { "cilium-agent": "cilium_", "cilium-operator": "cilium_operator_", "hubble-relay": "" } as const;
  const prefix = process[component as keyof typeof process];
  if (prefix !== undefined)
    for (const name of [
      "cpu_seconds_total",
      "open_fds",
      "resident_memory_bytes",
      "start_time_seconds",
      "virtual_memory_bytes",
    ])
      metrics.push({
        name: `${prefix}process_${name}`,
        type: name.endsWith("_total") ? "counter" : "gauge",
        labels: [],
      });
  return metrics.map(({ labels, ...metric }) => ({ ...metric, labels: sampleLabelSets(metric.name, labels) }));
}

function value(
  name: string,
  type: MetricFamily["type"],
  labels: Labels,
  server: Server,
  time: number,
  incident: Incident | undefined,
): number {
  if (type !== "counter") return GAUGES[name]?.(labels, server, time, isBroken(server, time, incident)) ?? 1;
  const rate = RATES[name] ?? (() => 0.02);
  let sum = START;
  for (let from = 0; from < time; from += STEP)
    sum += rate(labels, server, from, isBroken(server, from, incident)) * Math.min(STEP, time - from);
  return sum;
}

function isBroken({ node }: Server, time: number, incident: Incident | undefined): boolean {
  return incident?.node === node && time >= incident.from && time < incident.until;
}

function histogram(name: string, labels: Labels, time: number): Sample[] {
  const average = DURATIONS[name] ?? 0.02;
  const count = START + 2 * time;
  const share = (bound: number) => 1 - Math.exp(-bound / average);
  return [
    ...BUCKETS.map((bound) => ({
      name: `${name}_bucket`,
      labels: { ...labels, le: String(bound) },
      value: Math.round(count * share(bound)),
    })),
    { name: `${name}_bucket`, labels: { ...labels, le: "+Inf" }, value: count },
    { name: `${name}_sum`, labels, value: count * average },
    { name: `${name}_count`, labels, value: count },
  ];
}

/** Prometheus's text format. */
export function expositionText(families: readonly MetricFamily[]): string {
  return families
    .flatMap(({ name, type, samples }) => [`# TYPE ${name} ${type}`, ...samples.map(sampleText)])
    .join("\n")
    .concat("\n");
}

/** `name{label="value"} 1` */
export function sampleText({ name, labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}`;
}
