import {
  type Dashboard,
  type GridPosition,
  type Panel,
  type PanelThresholds,
  placePanels,
  type Variable,
} from "./model";

/** What Grafana replaces by a range that holds several scrapes, whatever the zoom. */
export const GRAFANA_RATE_WINDOW = "$__rate_interval";

/** Scope of a query in Grafana: the cluster that the reader has chosen. */
export const GRAFANA_SCOPE = 'cluster=~"$cluster"';

/** Every query goes to the data source that the reader has chosen. */
const DATASOURCE = { type: "prometheus", uid: "${DS_PROMETHEUS}" } as const;
/** Version of Grafana's dashboard schema that this file writes. */
const SCHEMA_VERSION = 41;

/** JSON as Grafana takes it. */
export type GrafanaJson = string | number | boolean | null | readonly GrafanaJson[] | GrafanaObject;
/** An object of Grafana's JSON. */
export interface GrafanaObject {
  readonly [key: string]: GrafanaJson;
}

/** A dashboard as a Grafana JSON model. */
export function grafanaDashboard(dashboard: Dashboard): GrafanaObject {
  return {
    uid: dashboard.uid,
    title: dashboard.title,
    description: dashboard.description,
    tags: [...dashboard.tags],
    schemaVersion: SCHEMA_VERSION,
    // Changes belong into the code that made it; whoever wants to play saves a copy.
    editable: false,
    graphTooltip: 1,
    refresh: "1m",
    time: { from: "now-3h", to: "now" },
    timezone: "browser",
    annotations: { list: [] },
    links: [
      { type: "dashboards", title: "Cilium", tags: ["cilium"], asDropdown: true, includeVars: true, keepTime: true },
    ],
    templating: { list: [datasourceVariable(), ...dashboard.variables.map(queryVariable)] },
    panels: placePanels(dashboard.sections).map(
      (item, index): GrafanaObject =>
        item.kind === "heading"
          ? {
              id: index + 1,
              type: "row",
              title: item.title,
              collapsed: false,
              panels: [],
              gridPos: grid(item.position),
            }
          : { id: index + 1, ...panelModel(item.panel), gridPos: grid(item.position) },
    ),
  };
}

function grid({ x, y, w, h }: GridPosition): GrafanaObject {
  return { x, y, w, h };
}

function datasourceVariable(): GrafanaObject {
  return { name: "DS_PROMETHEUS", label: "Data source", type: "datasource", query: "prometheus", hide: 0, refresh: 1 };
}

function queryVariable({ name, label, query, multiple = false }: Variable): GrafanaObject {
  return {
    name,
    label,
    type: "query",
    datasource: DATASOURCE,
    definition: query,
    query: { query, refId: "StandardVariableQuery" },
    // New clusters, namespaces and workloads appear while the page is open.
    refresh: 2,
    sort: 1,
    multi: multiple,
    includeAll: multiple,
    ...(multiple && { allValue: ".*", current: { text: "All", value: "$__all" } }),
  };
}

function panelModel(panel: Panel): GrafanaObject {
  return {
    type: panel.kind === "bars" ? "bargauge" : panel.kind,
    title: panel.title,
    ...(panel.description !== undefined && { description: panel.description }),
    datasource: DATASOURCE,
    targets: panel.queries.map(({ expression, legend }, index) => ({
      refId: refId(index),
      datasource: DATASOURCE,
      editorMode: "code",
      expr: expression,
      ...(legend !== undefined && { legendFormat: legend }),
      // A number or a bar is about now; asking for the whole range would only throw the rest away.
      ...(panel.kind === "timeseries" ? { range: true } : { instant: true, range: false }),
    })),
    fieldConfig: { defaults: fieldDefaults(panel), overrides: colorOverrides(panel) },
    options: panelOptions(panel),
  };
}

function colorOverrides({ colors = {} }: Panel): GrafanaObject[] {
  return Object.entries(colors).map(([beginning, color]) => ({
    matcher: { id: "byRegexp", options: `/^${beginning.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}/` },
    properties: [{ id: "color", value: { mode: "fixed", fixedColor: color } }],
  }));
}

function refId(index: number): string {
  return String.fromCharCode("A".charCodeAt(0) + index);
}

function fieldDefaults(panel: Panel): GrafanaObject {
  const { thresholds, stacked = false } = panel;
  return {
    unit: panel.unit,
    // A share of one in a million is none.
    ...(panel.kind === "stat" && panel.unit === "percentunit" && { decimals: 2 }),
    min: panel.min ?? 0,
    ...(panel.max !== undefined && { max: panel.max }),
    color: { mode: panel.kind === "timeseries" ? "palette-classic" : "thresholds" },
    thresholds: { mode: "absolute", steps: thresholdSteps(thresholds) },
    ...(panel.kind === "timeseries" && {
      custom: {
        drawStyle: "line",
        lineWidth: 1,
        fillOpacity: stacked ? 35 : 8,
        showPoints: "never",
        spanNulls: false,
        stacking: { mode: stacked ? "normal" : "none", group: "A" },
        thresholdsStyle: { mode: thresholds === undefined ? "off" : "dashed" },
      },
    }),
  };
}

/** Steps upward from the least value: good to bad, or bad to good where small values are the bad ones. */
export function thresholdSteps(thresholds: PanelThresholds | undefined): GrafanaObject[] {
  if (thresholds === undefined) return [{ color: "green", value: null }];
  const { warning, critical, lowIsBad = false } = thresholds;
  if (!lowIsBad)
    return [
      { color: "green", value: null },
      ...(warning === undefined ? [] : [{ color: "orange", value: warning }]),
      ...(critical === undefined ? [] : [{ color: "red", value: critical }]),
    ];
  if (critical === undefined) return [{ color: "orange", value: null }, ...step("green", warning)];
  return [
    { color: "red", value: null },
    ...step(warning === undefined ? "green" : "orange", critical),
    ...step("green", warning),
  ];
}

function step(color: string, value: number | undefined): GrafanaObject[] {
  return value === undefined ? [] : [{ color, value }];
}

function panelOptions(panel: Panel): GrafanaObject {
  const reduce = { calcs: ["lastNotNull"], fields: "", values: false };
  switch (panel.kind) {
    case "stat":
      return {
        reduceOptions: reduce,
        colorMode: panel.thresholds === undefined ? "none" : "background_solid",
        graphMode: "none",
        justifyMode: "center",
        textMode: "value",
      };
    case "bars":
      return {
        reduceOptions: reduce,
        displayMode: "basic",
        orientation: "horizontal",
        showUnfilled: true,
        valueMode: "text",
      };
    case "timeseries":
      return {
        legend: { displayMode: "list", placement: "bottom", showLegend: true, calcs: [] },
        tooltip: { mode: "multi", sort: "desc" },
      };
  }
}
