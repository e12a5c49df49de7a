import { execFileSync } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import type { DataplaneTelemetry, MetricsEndpoint } from "../../../lib/dataplane/telemetry";
import { metricFamilies, sampleText } from "../exporter/exposition";
import type { Incident } from "../exporter/signals";

/** What is shown: three hours of a small cluster, in which one node's network breaks for a while. */
export const HOURS = 3;
const STEP_SECONDS = 60;
const NODES = 3;
const INCIDENT: Incident = { node: 1, from: 100 * 60, until: 125 * 60 };

interface Series {
  readonly text: string;
  readonly samples: (readonly [time: number, value: number])[];
}

/**
 * Writes three hours of samples, up to now, into the database of a Prometheus.
 *
 * @param wanted Names of the time series that are looked at.
 * @param now Seconds since the epoch at which the data end.
 */
export async function backfill(
  promtool: string,
  directory: string,
  telemetry: DataplaneTelemetry,
  clusterName: string,
  wanted: ReadonlySet<string>,
  now: number,
): Promise<void> {
  const families = new Map<string, Map<string, Series>>();
  const begin = now - HOURS * 3600;
  const add = (name: string, labels: Readonly<Record<string, string>>, time: number, value: number) => {
    const family = families.get(name) ?? new Map<string, Series>();
    families.set(name, family);
    const text = sampleText({ name, labels, value: 0 }).replace(/ 0$/, "");
    const series = family.get(text) ?? { text, samples: [] };
    family.set(text, series);
    series.samples.push([begin + time, value]);
  };
  for (const endpoint of telemetry.endpoints)
    for (const server of serversOf(endpoint))
      for (let time = 0; time <= HOURS * 3600; time += STEP_SECONDS) {
        const target = targetLabels(endpoint, server.node, clusterName);
        let count = 0;
        for (const { samples } of metricFamilies(endpoint.component, telemetry, server, time, INCIDENT))
          for (const { name, labels, value } of samples) {
            count += 1;
            if (wanted.has(name)) add(name, { ...labels, ...derivedLabels(name, labels), ...target }, time, value);
          }
        add("up", target, time, 1);
        add("scrape_samples_scraped", target, time, count);
      }

  const file = join(directory, "samples.txt");
  const output = createWriteStream(file);
  for (const family of families.values())
    for (const { text, samples } of family.values())
      for (const [time, value] of samples) output.write(`${text} ${value} ${time}\n`);
  output.end("# EOF\n");
  await finished(output);
  execFileSync(promtool, ["tsdb", "create-blocks-from", "openmetrics", file, join(directory, "data")], {
    stdio: "ignore",
  });
}

/** Labels that relabelling adds to the flows of Dataplane V2 while they are collected. */
function derivedLabels(name: string, { source = "", destination = "" }: Readonly<Record<string, string>>) {
  if (!name.startsWith("pod_flow_")) return {};
  const [near, far] = name.includes("ingress") ? [destination, source] : [source, destination];
  const [, namespace, workload] = /^(.+)\/(.+?)(?:-[^-]+){2}$/.exec(near) ?? [];
  return {
    ...(namespace !== undefined && { namespace_name: namespace, workload_name: workload! }),
    remote_class: /^reserved:(.+)$/.exec(far)?.[1] ?? "pod",
  };
}

function serversOf({ component }: MetricsEndpoint) {
  const single = component === "cilium-operator" || component === "hubble-relay";
  return Array.from({ length: single ? 1 : NODES }, (_, node) => ({ node, nodes: NODES }));
}

function targetLabels({ component, namespace, podLabels, port }: MetricsEndpoint, node: number, cluster: string) {
  return {
    cluster,
    namespace,
    pod: `${component}-${["x2x7k", "4bnxq", "9fkzt"][node]}`,
    container: component,
    node: `gke-${cluster}-general-${node}`,
    job: component,
    instance: `10.16.0.${node + 2}:${port}`,
    ...(podLabels["k8s-app"] !== undefined && { k8s_app: podLabels["k8s-app"] }),
  };
}
