import { readFileSync } from "node:fs";
import type { DataplaneTelemetry } from "../../dataplane/telemetry";
import { packageFile } from "../../package-files";
import { type AvailableSeries, availableSeries } from "../metrics";
import { type Dashboard, fillLines, type Panel, type PanelQuery, type Section } from "./model";
import { clusterVariable } from "./overview";

/**
 * Cilium's own dashboards that this library carries, converted from `install/kubernetes/cilium/files` of Cilium 1.20.2
 * (Apache License 2.0, Copyright Authors of Cilium). Converting puts the cluster into every query, widens ranges that
 * are shorter than a scrape interval, and takes out what can never have data. The operator's dashboard is about the
 * address management of another cloud and stays out as a whole.
 */
export const CILIUM_DASHBOARDS = [
  "cilium-dashboard",
  "hubble-dashboard",
  "hubble-dns-namespace",
  "hubble-l7-http-metrics-by-workload",
  "hubble-network-overview-namespace",
] as const;

/** A query and what it reads. */
export interface CarriedQuery extends PanelQuery {
  /** Labels that each series must have, beyond those of every scrape target. */
  readonly needs: Readonly<Record<string, readonly string[]>>;
}

/** A dashboard as it is kept in `data/`. */
export interface CarriedDashboard extends Omit<Dashboard, "sections"> {
  readonly sections: readonly (Omit<Section, "panels"> & {
    readonly panels: readonly (Omit<Panel, "queries"> & { readonly queries: readonly CarriedQuery[] })[];
  })[];
}

/** One of the dashboards as it is kept, with all its panels. */
export function carriedDashboard(name: (typeof CILIUM_DASHBOARDS)[number]): CarriedDashboard {
  const path = packageFile(`lib/monitoring/dashboards/data/${name}.json`);
  return JSON.parse(readFileSync(path, "utf8")) as CarriedDashboard;
}

/**
 * Cilium's own dashboards for an environment, with the panels that can have data there. A dashboard of which most
 * panels would be gone is left out: half a page misleads more than it tells.
 */
export function ciliumDashboards(telemetry: DataplaneTelemetry): readonly Dashboard[] {
  const key = JSON.stringify(telemetry);
  const known = prepared.get(key) ?? prepare(telemetry);
  prepared.set(key, known);
  return known;
}

/** By telemetry: environments with the same dataplane share them. */
const prepared = new Map<string, readonly Dashboard[]>();

function prepare(telemetry: DataplaneTelemetry): Dashboard[] {
  const available = availableSeries(telemetry);
  return CILIUM_DASHBOARDS.flatMap((name) => {
    const carried = carriedDashboard(name);
    const sections = carried.sections.map(({ panels, ...section }) => ({
      ...section,
      panels: panels.flatMap((panel): Panel[] => {
        const queries = panel.queries.filter((query) => hasData(query, available));
        return queries.length === 0 ? [] : [{ ...panel, queries: queries.map(({ needs: _, ...query }) => query) }];
      }),
    }));
    const kept = sections.flatMap(({ panels }) => panels).length;
    if (kept * 2 < carried.sections.flatMap(({ panels }) => panels).length) return [];
    return [
      {
        ...carried,
        variables: [clusterVariable(available), ...carried.variables],
        sections: fillLines(sections),
      },
    ];
  });
}

function hasData({ needs }: CarriedQuery, available: AvailableSeries): boolean {
  return Object.entries(needs).every(([series, labels]) => {
    const known = available.get(series);
    return known !== undefined && labels.every((label) => known.has(label));
  });
}
