import { readFileSync } from "node:fs";
import type { MetricsComponent } from "../../dataplane/telemetry";
import { packageFile } from "../../package-files";

/** One metric as Cilium's source declares it. */
export interface MetricDescription {
  readonly component: MetricsComponent;
  readonly type: "counter" | "gauge" | "histogram" | "summary";
  /** Labels that the program itself gives its series. Labels of the scrape target come on top. */
  readonly labels: readonly string[];
  /** Declared but not registered unless asked for (`prometheus.metrics: ["+cilium_..."]`). */
  readonly disabled?: boolean;
  /** Declared and registered, but nothing in the source gives it a value any more. */
  readonly unused?: boolean;
}

/** Metrics by name, histograms and summaries by their base name. */
export type MetricCatalogue = Readonly<Record<string, MetricDescription>>;

/** Minor versions of Cilium whose metrics are listed in `data/`, read out of Cilium's source. Ascending. */
export const CATALOGUED_MINORS = ["1.19", "1.20"] as const;

const loaded = new Map<string, MetricCatalogue>();

/** The catalogued minor that describes a version best: its own, else the nearest one. */
export function cataloguedMinor(ciliumVersion: string): (typeof CATALOGUED_MINORS)[number] {
  const minor = Number(/^1\.(\d+)/.exec(ciliumVersion)?.[1] ?? Number.POSITIVE_INFINITY);
  return CATALOGUED_MINORS.find((known) => Number(known.slice(2)) >= minor) ?? CATALOGUED_MINORS.at(-1)!;
}

/** Metrics of Cilium's own programs in a version (`1.20.2`). Metrics of Hubble's handlers depend on configuration. */
export function metricCatalogue(ciliumVersion: string): MetricCatalogue {
  const minor = cataloguedMinor(ciliumVersion);
  const known = loaded.get(minor);
  if (known) return known;
  const path = packageFile(`lib/monitoring/metrics/data/cilium-${minor}.json`);
  const catalogue = JSON.parse(readFileSync(path, "utf8")) as MetricCatalogue;
  loaded.set(minor, catalogue);
  return catalogue;
}
