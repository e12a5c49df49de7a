import type { Dashboard, Panel, PanelThresholds, Unit } from "./model";
import { placePanels } from "./model";

/** Range of rates in Cloud Monitoring: it puts in one that fits the zoom. */
export const CLOUD_MONITORING_RATE_WINDOW = "${__interval}";

/** Cloud Monitoring's grid is twice as fine as ours, and a row of ours is as high as two of its. */
const COLUMNS = 48;
const SCALE = 2;
const SECTION_HEIGHT = 2;

/** JSON of the Cloud Monitoring API. */
export type CloudMonitoringJson = string | number | boolean | readonly CloudMonitoringJson[] | CloudMonitoringObject;
/** An object of the Cloud Monitoring API's JSON. */
export interface CloudMonitoringObject {
  readonly [key: string]: CloudMonitoringJson;
}

/** Units in the spelling of the Monitoring API (UCUM); what it has no word for is a plain number. */
const UNITS: Readonly<Record<Unit, string>> = {
  short: "1",
  none: "1",
  percentunit: "10^2.%",
  percent: "%",
  s: "s",
  bytes: "By",
  bps: "bit/s",
  pps: "{packet}/s",
  ops: "{operation}/s",
  opm: "{operation}/min",
  reqps: "{request}/s",
  cps: "{event}/s",
};

/**
 * A dashboard in the form of `google_monitoring_dashboard`'s `dashboard_json`. Cloud Monitoring has no choice of cluster
 * for PromQL that would work without asking: the queries must carry their cluster, and the title its name.
 */
export function cloudMonitoringDashboard(dashboard: Dashboard, title: string): CloudMonitoringObject {
  let shift = 0;
  const tiles = placePanels(dashboard.sections).map((item): CloudMonitoringJson => {
    const { x, w, h } = item.position;
    const y = item.position.y * SCALE + shift;
    if (item.kind === "heading") {
      // A heading is higher there than one of our rows.
      shift += SECTION_HEIGHT - SCALE;
      return { ...at(0, y, COLUMNS, SECTION_HEIGHT), widget: { title: item.title, sectionHeader: {} } };
    }
    return { ...at(x * SCALE, y, w * SCALE, h * SCALE), widget: widget(item.panel) };
  });
  return {
    displayName: title,
    mosaicLayout: { columns: COLUMNS, tiles },
  };
}

/** The API leaves zeros out of what it gives back, and a plan would put them in again every time. */
function at(x: number, y: number, width: number, height: number): Record<string, CloudMonitoringJson> {
  return { ...(x > 0 && { xPos: x }), ...(y > 0 && { yPos: y }), width, height };
}

function widget(panel: Panel): CloudMonitoringJson {
  const [first] = panel.queries;
  return panel.kind === "stat"
    ? {
        title: panel.title,
        scorecard: {
          timeSeriesQuery: query(first!.expression, panel.unit),
          ...(panel.thresholds !== undefined && { thresholds: thresholds(panel.thresholds) }),
          sparkChartView: { sparkChartType: "SPARK_LINE" },
        },
      }
    : {
        title: panel.title,
        xyChart: {
          dataSets: panel.queries.map(({ expression }) => ({
            plotType: panel.stacked ? "STACKED_AREA" : "LINE",
            targetAxis: "Y1",
            timeSeriesQuery: query(expression, panel.unit),
          })),
          chartOptions: { mode: "COLOR" },
          yAxis: { scale: "LINEAR" },
        },
      };
}

function query(expression: string, unit: Unit): CloudMonitoringJson {
  return { prometheusQuery: expression, unitOverride: UNITS[unit] };
}

function thresholds({ warning, critical, lowIsBad = false }: PanelThresholds): CloudMonitoringJson {
  const direction = lowIsBad ? "BELOW" : "ABOVE";
  return [
    ...(warning === undefined ? [] : [{ color: "YELLOW", direction, value: warning }]),
    ...(critical === undefined ? [] : [{ color: "RED", direction, value: critical }]),
  ];
}
