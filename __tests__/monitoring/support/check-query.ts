import { valueFault } from "../../../e2e/monitoring/promql/label-values";
import { analyse } from "../../../e2e/monitoring/promql/labels";
import { parsePromql, type Query, selectorsOf } from "../../../e2e/monitoring/promql/syntax";
import type { DataplaneTelemetry } from "../../../lib/dataplane/telemetry";
import { type AvailableSeries, availableSeries } from "../../../lib/monitoring/metrics";

const parsed = new Map<string, Query>();

const known = new WeakMap<DataplaneTelemetry, AvailableSeries>();

/** The series of a dataplane, worked out once. */
function seriesOf(telemetry: DataplaneTelemetry): AvailableSeries {
  const series = known.get(telemetry) ?? availableSeries(telemetry);
  known.set(telemetry, series);
  return series;
}

/** A query, parsed once however often it is asked for. */
function read(expression: string): Query {
  const query = parsed.get(expression) ?? parsePromql(expression);
  parsed.set(expression, query);
  return query;
}

/** Why a query could never return anything in a dataplane; nothing where it could. */
export function queryFaults(expression: string, telemetry: DataplaneTelemetry): readonly string[] {
  const query = read(expression);
  const values = selectorsOf(query).flatMap((selector) => valueFault(selector) ?? []);
  return [...analyse(query, seriesOf(telemetry)).faults, ...values];
}

/** Labels of a query's result. */
export function resultLabels(expression: string, telemetry: DataplaneTelemetry): ReadonlySet<string> {
  return analyse(read(expression), seriesOf(telemetry)).labels;
}

/** Names in `{{label}}` or `{{ $labels.label }}`. */
export function labelsInText(text: string): string[] {
  return [...text.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label]) => label!);
}
