import type { DataplaneTelemetry } from "../../../lib/dataplane/telemetry";
import { alertsFor } from "../../../lib/monitoring/alerts";
import { ciliumDashboards, type Dashboard, GRAFANA_SCOPE, overviewDashboard } from "../../../lib/monitoring/dashboards";
import { selectWithin } from "../../../lib/monitoring/promql";
import type { Exporters, Target } from "./exporters";
import type { Prometheus } from "./prometheus";

/** Jobs of what the chart installs itself; KWOK only pretends to run that. */
const FOREIGN = /^(kube-prometheus-stack|grafana|apiserver)/;
const TIMEOUT = 300_000;

/** Something that must hold, tried again until it does. */
async function eventually(check: () => Promise<readonly string[]>): Promise<readonly string[]> {
  const deadline = Date.now() + TIMEOUT;
  for (;;) {
    const faults = await check();
    if (faults.length === 0 || Date.now() > deadline) return faults;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** Prometheus scrapes exactly the dataplane's programs, each under its name and with the labels that queries read. */
export function targetFaults(
  prometheus: Prometheus,
  targets: readonly Target[],
  clusterName: string,
): Promise<readonly string[]> {
  return eventually(async () => {
    const active = (await prometheus.targets()).filter(({ labels }) => !FOREIGN.test(labels["job"] ?? ""));
    const expected = targets.map(({ endpoint, pod, node, address, port }) =>
      JSON.stringify({
        url: `http://${address}:${port}/metrics`,
        health: "up",
        job: endpoint.component,
        cluster: clusterName,
        namespace: endpoint.namespace,
        pod,
        node,
        k8s_app: endpoint.podLabels["k8s-app"],
      }),
    );
    const found = active.map(({ scrapeUrl: url, health, labels, lastError }) =>
      JSON.stringify({
        url,
        health: health === "up" ? health : `${health}: ${lastError}`,
        job: labels["job"],
        cluster: labels["cluster"],
        namespace: labels["namespace"],
        pod: labels["pod"],
        node: labels["node"],
        k8s_app: labels["k8s_app"],
      }),
    );
    return [
      ...expected.filter((text) => !found.includes(text)).map((text) => `is not scraped: ${text}`),
      ...found.filter((text) => !expected.includes(text)).map((text) => `is scraped: ${text}`),
      ...active
        .filter(({ labels }) => !labels["container"] || !labels["instance"])
        .map(() => "no container or instance"),
    ];
  });
}

/** Every alert is loaded and evaluates without an error; none fires while all is well. */
export function ruleFaults(prometheus: Prometheus, telemetry: DataplaneTelemetry): Promise<readonly string[]> {
  return eventually(async () => {
    const groups = (await prometheus.rules()).filter(({ name }) => name.startsWith("cilium."));
    const rules = groups.flatMap(({ rules }) => [...rules]);
    const names = rules.map(({ name }) => name);
    const firing = await prometheus.query('ALERTS{alertname=~"Cilium.*|Hubble.*|KubeProxy.*|Dataplane.*"}');
    return [
      ...alertsFor(telemetry, {}, selectWithin())
        .filter(({ name }) => !names.includes(name))
        .map(({ name }) => `${name} is not loaded`),
      ...rules
        .filter(({ health }) => health !== "ok")
        .map(({ name, health, lastError }) => `${name}: ${health} ${lastError ?? ""}`),
      ...firing.map(({ metric }) => `${metric["alertname"]} is ${metric["alertstate"]}: ${JSON.stringify(metric)}`),
    ];
  });
}

/** Every query of every panel and every choice of a dashboard has an answer. */
export function panelFaults(
  prometheus: Prometheus,
  telemetry: DataplaneTelemetry,
  clusterName: string,
): Promise<readonly string[]> {
  const dashboards = [
    overviewDashboard(telemetry, { select: selectWithin(GRAFANA_SCOPE), window: "30s" }),
    ...ciliumDashboards(telemetry),
  ];
  return eventually(async () => {
    const faults: string[] = [];
    for (const dashboard of dashboards)
      for (const [place, expression] of queriesOf(dashboard)) {
        const written = concrete(expression, clusterName);
        const answer = await prometheus.query(written);
        if (answer.length === 0) faults.push(`${dashboard.title} / ${place}: no data for ${written}`);
      }
    return faults;
  });
}

/** Queries of panels, and of variables as the series that they list values of. */
function queriesOf({ sections, variables }: Dashboard): (readonly [string, string])[] {
  return [
    ...variables.map(({ name, query }) => {
      const [, series, label] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
      return [`variable ${name}`, `count by (${label}) (${series}) > 0`] as const;
    }),
    ...sections.flatMap(({ panels }) =>
      panels.flatMap(({ title, queries }) => queries.map(({ expression }) => [title, expression] as const)),
    ),
  ];
}

/** A query as Grafana would send it. What only shows while something is wrong is asked for without its `> 0`. */
function concrete(expression: string, clusterName: string): string {
  return expression
    .replaceAll(/\$\{?cluster\}?/g, clusterName)
    .replaceAll("$__rate_interval", "30s")
    .replaceAll(/=~?"\$\{?\w+\}?"/g, '=~".*"')
    .replace(/ > 0$/, "");
}

/**
 * A failure starts its alert: one agent that stops answering, named by its node, or where the agents are Google's all of
 * them.
 */
export async function outageFaults(
  prometheus: Prometheus,
  exporters: Exporters,
  targets: readonly Target[],
): Promise<readonly string[]> {
  const agent = targets.find(({ endpoint }) => endpoint.component === "cilium-agent");
  const alertname = agent ? "CiliumAgentDown" : "DataplaneV2MetricsMissing";
  for (const { pod } of agent ? [agent] : targets) exporters.silence(pod);
  return eventually(async () => {
    const [alert] = await prometheus.query(`ALERTS{alertname="${alertname}"}`);
    if (alert?.metric["alertstate"] === "pending" && alert.metric["node"] === agent?.node) return [];
    return [`${alertname} does not start: ${JSON.stringify(alert?.metric)}`];
  });
}
