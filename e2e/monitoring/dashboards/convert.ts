import type { CarriedDashboard, CarriedQuery } from "../../../lib/monitoring/dashboards";
import type { Panel, Unit, Variable } from "../../../lib/monitoring/dashboards/model";
import { TARGET_LABELS } from "../../../lib/monitoring/metrics";
import { valueFault } from "../promql/label-values";
import { analyse } from "../promql/labels";
import { childrenNamed, parsePromql, selectorsOf } from "../promql/syntax";
import type { UpstreamDashboard, UpstreamPanel, UpstreamVariable } from "./upstream";

const SCOPE = 'cluster=~"$cluster"';

/** Errors of the original that would leave a query without data. */
const CORRECTIONS: readonly (readonly [from: string, to: string, why: string])[] = [
  ['outcome="failure"', 'outcome="fail"', "policy_change_total counts `fail`"],
];

/** A panel as it is carried. */
type CarriedPanel = CarriedDashboard["sections"][number]["panels"][number];

/** Converts one of Cilium's dashboards. Says through `report` what it leaves out. */
export function convertDashboard(upstream: UpstreamDashboard, report: (text: string) => void): CarriedDashboard {
  const sections: { title?: string; panels: CarriedPanel[] }[] = [{ panels: [] }];
  const inOrder = [...upstream.panels].sort((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x);
  for (const panel of inOrder) {
    const heading = headingOf(panel);
    if (heading !== undefined) {
      sections.push({ title: heading, panels: [] });
      continue;
    }
    const queries = convertQueries(panel, report);
    if (queries.length > 0) sections.at(-1)!.panels.push({ ...convertPanel(panel), queries });
    else report(`left out: panel '${panel.title}'`);
  }
  return {
    uid: upstream.uid,
    title: upstream.title,
    description: `${upstream.description ? `${upstream.description} ` : ""}Cilium's own dashboard, without panels that have no data on GKE.`,
    tags: ["cilium"],
    variables: upstream.templating.list.filter(isChoice).map(convertVariable),
    sections: sections.filter(({ panels }) => panels.length > 0),
  };
}

/** Rows, and the panels of text that serve as headings. */
function headingOf(panel: UpstreamPanel): string | undefined {
  if (panel.type === "row") return panel.title;
  return panel.type === "text" ? panel.title : undefined;
}

function convertPanel(panel: UpstreamPanel): Omit<Panel, "queries"> {
  const defaults = panel.fieldConfig?.defaults;
  const kind = { timeseries: "timeseries", graph: "timeseries", stat: "stat", bargauge: "bars" }[panel.type];
  if (kind === undefined) throw new Error(`panel '${panel.title}' has the unknown type ${panel.type}`);
  return {
    title: panel.title,
    ...(panel.description && { description: panel.description }),
    kind: kind as Panel["kind"],
    unit: (defaults?.unit ?? panel.yaxes?.[0]?.format ?? "short") as Unit,
    width: panel.gridPos.w,
    height: panel.gridPos.h,
    ...((panel.stack === true || defaults?.custom?.stacking?.mode === "normal") && { stacked: true }),
    ...(defaults?.max !== undefined && { max: defaults.max }),
  };
}

function convertQueries(panel: UpstreamPanel, report: (text: string) => void): CarriedQuery[] {
  return (panel.targets ?? []).flatMap(({ expr, legendFormat, hide }): CarriedQuery[] => {
    if (hide) return [];
    const expression = convertExpression(expr);
    const faults = selectorsOf(parsePromql(expression)).map(valueFault);
    const fault = faults.find((found) => found !== undefined);
    if (fault !== undefined) {
      report(`left out: '${panel.title}': ${fault}`);
      return [];
    }
    return [{ expression, ...(legendFormat && { legend: legendFormat }), needs: needsOf(expression) }];
  });
}

/** Stands for Grafana's interval while positions in a text are worked out: a length that no query of Cilium's has. */
const PLACEHOLDER = "59s";

/** Puts the cluster into every selector and widens ranges that may hold fewer than two scrapes. */
export function convertExpression(written: string): string {
  let expression = written.trim().replaceAll(/\s+/g, " ");
  for (const [from, to] of CORRECTIONS) expression = expression.replaceAll(from, to);
  expression = expression.replaceAll(/\[(30s|1m|\$__rate_interval)\]/g, `[${PLACEHOLDER}]`);
  const parsed = parsePromql(expression);
  const insertions: [position: number, text: string][] = [];
  parsed.tree.iterate({
    enter: ({ name, node }) => {
      if (name !== "VectorSelector") return;
      const [matchers] = childrenNamed(node, "LabelMatchers");
      if (!matchers) insertions.push([node.to, `{${SCOPE}}`]);
      else if (!/\bcluster\s*=/.test(parsed.text.slice(matchers.from, matchers.to)))
        insertions.push([matchers.to - 1, matchers.to - matchers.from > 2 ? `, ${SCOPE}` : SCOPE]);
    },
  });
  let text = parsed.text;
  for (const [position, addition] of insertions.reverse())
    text = text.slice(0, position) + addition + text.slice(position);
  return text.replaceAll(`[${PLACEHOLDER}]`, "[$__rate_interval]");
}

/** What a query needs, whatever there is: a universe in which every series has every label. */
function needsOf(expression: string): Record<string, readonly string[]> {
  const labels = new Set(expression.match(/[a-zA-Z_]\w*/g));
  const universe = { get: () => labels } as unknown as Parameters<typeof analyse>[1];
  const { needs } = analyse(parsePromql(expression), universe);
  const ofTargets: readonly string[] = TARGET_LABELS;
  return Object.fromEntries(
    [...needs].map(([series, names]) => [
      series,
      [...names].filter((label) => label !== "le" && !ofTargets.includes(label)).sort(),
    ]),
  );
}

/** Every dashboard gets a choice of cluster and of data source; the rest is its own. */
function isChoice({ type, name }: UpstreamVariable): boolean {
  return type === "query" && name !== "cluster";
}

function convertVariable({ name, label, query, multi, includeAll }: UpstreamVariable): Variable {
  const text = typeof query === "string" ? query : query.query;
  return { name, label: label || name, query: scopeVariable(text), ...((multi || includeAll) && { multiple: true }) };
}

/** `label_values(metric{...}, label)` within the cluster; `label_values(label)` reads every series there is. */
function scopeVariable(query: string): string {
  const [, series, label] = /^label_values\((?:(.+),)?\s*(\w+)\)$/.exec(query) ?? [];
  if (label === undefined) throw new Error(`a variable's query is not understood: ${query}`);
  return series === undefined
    ? `label_values(hubble_flows_processed_total{${SCOPE}}, ${label})`
    : `label_values(${convertExpression(series)}, ${label})`;
}
