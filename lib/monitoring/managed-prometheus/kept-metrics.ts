import type { DataplaneTelemetry } from "../../dataplane/telemetry";
import { alertsFor } from "../alerts";
import { ciliumDashboards, type Dashboard, overviewDashboard } from "../dashboards";
import { availableSeries } from "../metrics";
import { type Select, selectWithin } from "../promql";
import type { ManagedPrometheusMonitoringOptions } from "./options";

/**
 * Names of the time series that something reads: an alert, the overview, and Cilium's own dashboards where there is a
 * Grafana to show them. Everything else is dropped before it is billed.
 */
export function keptMetrics(telemetry: DataplaneTelemetry, options: ManagedPrometheusMonitoringOptions): string[] {
  const select: Select = selectWithin();
  const expressions = alertsFor(telemetry, options.alerts ?? {}, select).map(({ expression }) => expression);
  const query = { select, window: "5m" };
  if (options.dashboard !== false || options.grafana !== undefined)
    expressions.push(...expressionsOf(overviewDashboard(telemetry, query)));
  if (options.grafana !== undefined)
    // Variables of dashboards list label values of these.
    expressions.push(...ciliumDashboards(telemetry).flatMap(expressionsOf));
  const text = expressions.join("\n");
  const read = [...availableSeries(telemetry).keys()].filter((name) => mentions(text, name));
  return [...new Set([...read.sort(), ...(options.keepMetrics ?? [])])];
}

function expressionsOf({ sections, variables }: Dashboard): string[] {
  return [
    ...variables.map(({ query }) => query),
    ...sections.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(({ expression }) => expression))),
  ];
}

/** Whether a text names a series: the whole name, not the beginning of a longer one. */
function mentions(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w:])${name}(?![\\w:])`).test(text);
}
