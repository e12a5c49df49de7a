import { KUBE_PROXY_FREE, MODES } from "../../../e2e/monitoring/telemetry";
import {
  ciliumDashboards,
  cloudMonitoringDashboard,
  GRAFANA_RATE_WINDOW,
  GRAFANA_SCOPE,
  type GrafanaObject,
  grafanaDashboard,
  overviewDashboard,
} from "../../../lib/monitoring/dashboards";
import { thresholdSteps } from "../../../lib/monitoring/dashboards/grafana";
import { selectWithin } from "../../../lib/monitoring/promql";

const QUERY = { select: selectWithin(GRAFANA_SCOPE), window: GRAFANA_RATE_WINDOW };
const overview = overviewDashboard(KUBE_PROXY_FREE, QUERY);
type Model = Record<string, GrafanaObject[] & GrafanaObject>;

describe("Grafana models", () => {
  const models = [overview, ...ciliumDashboards(KUBE_PROXY_FREE)].map(
    (dashboard) => grafanaDashboard(dashboard) as unknown as Model,
  );

  it("have ids, titles and schema that Grafana takes", () => {
    expect(new Set(models.map(({ uid }) => uid)).size).toBe(models.length);
    for (const model of models) {
      expect(String(model["uid"])).toMatch(/^[a-zA-Z0-9_-]{1,40}$/);
      expect(model["schemaVersion"]).toBe(41);
      expect(model["editable"]).toBe(false);
      const ids = model["panels"]!.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it("ask the data source that the reader chose, in every panel, query and variable", () => {
    for (const model of models) {
      const [first, ...others] = (model["templating"] as unknown as { list: GrafanaObject[] }).list;
      expect(first).toMatchObject({ name: "DS_PROMETHEUS", type: "datasource", query: "prometheus" });
      const queried = [...others, ...model["panels"]!.filter(({ type }) => type !== "row")];
      const targets = model["panels"]!.flatMap((panel) => (panel["targets"] ?? []) as unknown as GrafanaObject[]);
      for (const object of [...queried, ...targets])
        expect(object["datasource"]).toEqual({ type: "prometheus", uid: "${DS_PROMETHEUS}" });
    }
  });

  it("ask numbers for one value and lines for a range", () => {
    const panels = models[0]!["panels"]!;
    const targets = (type: string) =>
      panels
        .filter((panel) => panel["type"] === type)
        .flatMap((panel) => panel["targets"] as unknown as GrafanaObject[]);
    expect(targets("stat").every(({ instant, range }) => instant === true && range === false)).toBe(true);
    expect(targets("timeseries").every(({ range }) => range === true)).toBe(true);
    expect(targets("timeseries").length).toBeGreaterThan(20);
  });

  it("offer all namespaces and workloads at once where several can be chosen", () => {
    const http = models.find(({ title }) => String(title).includes("HTTP"))!;
    const list = (http["templating"] as unknown as { list: GrafanaObject[] }).list;
    expect(list.map(({ name }) => name)).toEqual([
      "DS_PROMETHEUS",
      "cluster",
      "destination_namespace",
      "destination_workload",
      "reporter",
      "source_namespace",
      "source_workload",
    ]);
    expect(list.at(-1)).toMatchObject({ includeAll: true, allValue: ".*" });
  });

  it.each([
    [undefined, [["green", null]]],
    [
      { warning: 1 },
      [
        ["green", null],
        ["orange", 1],
      ],
    ],
    [
      { critical: 2 },
      [
        ["green", null],
        ["red", 2],
      ],
    ],
    [
      { warning: 1, critical: 2 },
      [
        ["green", null],
        ["orange", 1],
        ["red", 2],
      ],
    ],
    [
      { warning: 0.9, critical: 0.5, lowIsBad: true },
      [
        ["red", null],
        ["orange", 0.5],
        ["green", 0.9],
      ],
    ],
    [
      { warning: 0.9, lowIsBad: true },
      [
        ["orange", null],
        ["green", 0.9],
      ],
    ],
    [
      { critical: 0.5, lowIsBad: true },
      [
        ["red", null],
        ["green", 0.5],
      ],
    ],
  ] as const)("colour %j as %j", (thresholds, expected) => {
    expect(thresholdSteps(thresholds).map(({ color, value }) => [color, value])).toEqual(expected);
  });
});

describe("Cloud Monitoring dashboards", () => {
  interface Tile {
    readonly xPos?: number;
    readonly yPos?: number;
    readonly width: number;
    readonly height: number;
    readonly widget: Record<string, unknown>;
  }
  const here = selectWithin('cluster="prod"', 'location="europe-west1"');

  it.each(MODES)("stay within the grid and carry their cluster in %s", (_, telemetry) => {
    const dashboard = overviewDashboard(telemetry, { select: here, window: "${__interval}" });
    const rendered = cloudMonitoringDashboard(dashboard, "prod: Cilium on GKE") as unknown as {
      displayName: string;
      mosaicLayout: { columns: number; tiles: Tile[] };
    };
    expect(rendered.displayName).toBe("prod: Cilium on GKE");
    const { columns, tiles } = rendered.mosaicLayout;
    expect(tiles.length).toBeGreaterThan(8);
    for (const { xPos = 0, width } of tiles) expect(xPos + width).toBeLessThanOrEqual(columns);
    const queries = JSON.stringify(tiles).match(/"prometheusQuery":"(?:[^"\\]|\\.)*"/g)!;
    expect(queries.length).toBeGreaterThan(8);
    for (const query of queries) expect(query).toContain('cluster=\\"prod\\", location=\\"europe-west1\\"');
  });

  it("leave zeros out, which the API would not give back", () => {
    const rendered = cloudMonitoringDashboard(overview, "x");
    expect(JSON.stringify(rendered)).not.toMatch(/"[xy]Pos":0/);
  });
});
