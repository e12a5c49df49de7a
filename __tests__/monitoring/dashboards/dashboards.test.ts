import { parsePromql, rangesOf, selectorsOf } from "../../../e2e/monitoring/promql/syntax";
import {
  CNI_CHAINING,
  DATAPLANE_V2,
  FULL_HUBBLE_METRICS,
  KUBE_PROXY_FREE,
  MODES,
} from "../../../e2e/monitoring/telemetry";
import type { DataplaneTelemetry } from "../../../lib/dataplane/telemetry";
import { NO_FEATURES } from "../../../lib/dataplane/telemetry";
import {
  CILIUM_DASHBOARDS,
  carriedDashboard,
  ciliumDashboards,
  type Dashboard,
  GRAFANA_RATE_WINDOW,
  GRAFANA_SCOPE,
  overviewDashboard,
  type Panel,
  placePanels,
} from "../../../lib/monitoring/dashboards";
import { selectWithin } from "../../../lib/monitoring/promql";
import fc from "../../support/fast-check";
import { labelsInText, queryFaults, resultLabels } from "../support/check-query";

const QUERY = { select: selectWithin(GRAFANA_SCOPE), window: GRAFANA_RATE_WINDOW };
const allOf = (telemetry: DataplaneTelemetry) => [overviewDashboard(telemetry, QUERY), ...ciliumDashboards(telemetry)];
const panelsOf = ({ sections }: Pick<Dashboard, "sections">): Panel[] => sections.flatMap(({ panels }) => [...panels]);

/** Every panel that could never show anything, and why. */
function deadPanels(telemetry: DataplaneTelemetry): string[] {
  return allOf(telemetry).flatMap((dashboard) =>
    panelsOf(dashboard).flatMap(({ title, queries }) =>
      queries.flatMap(({ expression }) =>
        queryFaults(expression, telemetry).map((fault) => `${dashboard.title} / ${title}: ${fault}`),
      ),
    ),
  );
}

describe("dashboards", () => {
  it.each(MODES)("have data in every panel in %s", (_, telemetry) => {
    expect(deadPanels(telemetry)).toEqual([]);
  });

  it("have data in every panel whatever Hubble is configured to count, in both catalogued versions", () => {
    const handlers = fc.subarray([...FULL_HUBBLE_METRICS.slice(0, -1), "tcp", "drop:sourceContext=pod", "flow"]);
    const http = fc.constantFrom([], ["http"], ["httpV2"], FULL_HUBBLE_METRICS.slice(-1));
    const features = fc
      .subarray(Object.keys(NO_FEATURES))
      .map((on) => ({ ...NO_FEATURES, ...Object.fromEntries(on.map((feature) => [feature, true])) }));
    const endpoints = fc.subarray([...KUBE_PROXY_FREE.endpoints]);
    fc.assert(
      fc.property(
        handlers,
        http,
        features,
        endpoints,
        fc.constantFrom("1.19.6", "1.20.2"),
        (some, web, on, served, v) => {
          // A handler cannot be configured twice.
          const names = new Map([...some, ...web].map((text) => [text.split(":")[0], text]));
          const telemetry = { ciliumVersion: v, endpoints: served, hubbleMetrics: [...names.values()], features: on };
          expect(deadPanels(telemetry)).toEqual([]);
        },
      ),
      { numRuns: 20 },
    );
  });

  it.each(MODES)("leave nothing out in %s that would have data", (_, telemetry) => {
    for (const name of CILIUM_DASHBOARDS) {
      const shown = ciliumDashboards(telemetry).find(({ uid }) => uid === carriedDashboard(name).uid);
      if (!shown) continue;
      const titles = new Set(panelsOf(shown).map(({ title }) => title));
      for (const panel of panelsOf(carriedDashboard(name))) {
        const alive = panel.queries.some(({ expression }) => queryFaults(expression, telemetry).length === 0);
        expect([name, panel.title, titles.has(panel.title)]).toEqual([name, panel.title, alive]);
      }
    }
  });

  it.each(MODES)("name in legends only labels that the lines have in %s", (_, telemetry) => {
    for (const { expression, legend } of panelsOf(overviewDashboard(telemetry, QUERY)).flatMap(
      ({ queries }) => queries,
    )) {
      const known = resultLabels(expression, telemetry);
      expect([expression, labelsInText(legend ?? "").filter((label) => !known.has(label))]).toEqual([expression, []]);
    }
  });

  it("stay within the chosen cluster and within ranges that hold two scrapes", () => {
    for (const { expression } of allOf(KUBE_PROXY_FREE)
      .flatMap(panelsOf)
      .flatMap(({ queries }) => queries)) {
      expect(expression).not.toMatch(/\[(\d+s|1m)\]/);
      for (const { series, matchers } of selectorsOf(parsePromql(expression)))
        expect([expression, series, matchers.find(({ label }) => label === "cluster")?.value]).toEqual([
          expression,
          series,
          expect.stringMatching(/^\$\{?cluster\}?$/),
        ]);
      expect(rangesOf(parsePromql(expression)).every((range) => /^\d+m$/.test(range))).toBe(true);
    }
  });

  it("are those that make sense in each dataplane", () => {
    const titles = (telemetry: DataplaneTelemetry) => allOf(telemetry).map(({ title }) => title);
    expect(titles(KUBE_PROXY_FREE)).toEqual([
      "Cilium on GKE",
      "Cilium Metrics",
      "Hubble Metrics and Monitoring",
      "Hubble / DNS Overview (Namespace)",
      "Hubble L7 HTTP Metrics by Workload",
      "Hubble / Network Overview (Namespace)",
    ]);
    expect(titles(CNI_CHAINING)).toEqual([
      "Cilium on GKE",
      "Cilium Metrics",
      "Hubble Metrics and Monitoring",
      "Hubble / Network Overview (Namespace)",
    ]);
    expect(titles(DATAPLANE_V2)).toEqual(["Cilium on GKE"]);
  });

  it("do without what an environment does not count", () => {
    const plain = { ...KUBE_PROXY_FREE, hubbleMetrics: ["flow", "drop"] };
    const titles = panelsOf(overviewDashboard(plain, QUERY)).map(({ title }) => title);
    expect(titles).toContain("Flows by verdict");
    expect(titles).not.toContain("Policy verdicts");
    expect(titles).not.toContain("DNS errors");
    expect(ciliumDashboards(plain).map(({ title }) => title)).toEqual(["Cilium Metrics"]);
  });
});

describe("the overview", () => {
  it.each(MODES)("fills every line of the grid in %s, without overlap", (_, telemetry) => {
    const items = placePanels(overviewDashboard(telemetry, QUERY).sections);
    const lines = new Map<number, number>();
    const cells: string[] = [];
    for (const { position } of items) {
      lines.set(position.y, (lines.get(position.y) ?? 0) + position.w);
      for (let x = position.x; x < position.x + position.w; x += 1)
        for (let y = position.y; y < position.y + position.h; y += 1) cells.push(`${x},${y}`);
    }
    expect(new Set(cells).size).toBe(cells.length);
    expect([...lines.values()].filter((width) => width !== 24)).toEqual([]);
  });

  it("begins with what is green or not", () => {
    const [first] = overviewDashboard(KUBE_PROXY_FREE, QUERY).sections;
    expect(first!.title).toBeUndefined();
    expect(first!.panels.every(({ kind }) => kind === "stat")).toBe(true);
    // What a policy denies is neither good nor bad by itself.
    const plain = first!.panels.filter(({ thresholds }) => thresholds === undefined).map(({ title }) => title);
    expect(plain).toEqual(["Denied by policy"]);
  });

  it.each(MODES)("explains its panels in %s", (_, telemetry) => {
    const titles = panelsOf(overviewDashboard(telemetry, QUERY));
    expect(titles.filter(({ description }) => !description).map(({ title }) => title)).toEqual([]);
  });
});
