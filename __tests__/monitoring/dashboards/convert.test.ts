import { convertDashboard, convertExpression } from "../../../e2e/monitoring/dashboards/convert";

describe("a query of Cilium's dashboards", () => {
  test.each([
    ["a bare series", "cilium_nodes_all_num", 'cilium_nodes_all_num{cluster=~"$cluster"}'],
    ["no matcher", "cilium_nodes_all_num{}", 'cilium_nodes_all_num{cluster=~"$cluster"}'],
    [
      "matchers of its own, in several selectors",
      'sum(a{pod="x"}) / sum(b{pod="x"})',
      'sum(a{pod="x", cluster=~"$cluster"}) / sum(b{pod="x", cluster=~"$cluster"})',
    ],
    ["a cluster already", 'cilium_nodes_all_num{cluster=~"$cluster"}', 'cilium_nodes_all_num{cluster=~"$cluster"}'],
    [
      "a range shorter than a scrape interval",
      "rate(a[30s]) + rate(b[1m])",
      'rate(a{cluster=~"$cluster"}[$__rate_interval]) + rate(b{cluster=~"$cluster"}[$__rate_interval])',
    ],
    ["a range that is long enough", "rate(a[5m])", 'rate(a{cluster=~"$cluster"}[5m])'],
    ["line breaks", "sum(\n  a\n)", 'sum( a{cluster=~"$cluster"} )'],
  ])("with %s is about the chosen cluster", (_, written, converted) => {
    expect(convertExpression(written)).toBe(converted);
  });

  test("that cannot be parsed stops the conversion", () => {
    expect(() => convertExpression("sum(a")).toThrow("sum(a");
  });
});

describe("a dashboard of Cilium's", () => {
  const panel = (title: string, expr: string, y: number) => ({
    title,
    type: "timeseries",
    gridPos: { x: 0, y, w: 12, h: 6 },
    targets: [{ expr }],
  });
  const upstream = {
    uid: "u",
    title: "Cilium",
    templating: { list: [] },
    panels: [
      panel("below", "cilium_nodes_all_num", 20),
      { title: "Nodes", type: "row", gridPos: { x: 0, y: 10, w: 24, h: 1 } },
      panel("dead", 'cilium_policy_change_total{outcome="never"}', 30),
      panel("above", "cilium_identity", 0),
    ],
  };

  test("keeps its order and rows and says what is left out", () => {
    const said: string[] = [];
    const { sections } = convertDashboard(upstream as Parameters<typeof convertDashboard>[0], (text) =>
      said.push(text),
    );
    expect(sections.map(({ title, panels }) => [title, ...panels.map((kept) => kept.title)])).toEqual([
      [undefined, "above"],
      ["Nodes", "below"],
    ]);
    expect(said.join("\n")).toContain("left out: panel 'dead'");
  });
});
