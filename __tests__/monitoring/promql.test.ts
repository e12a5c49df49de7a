import { valueFault } from "../../e2e/monitoring/promql/label-values";
import { analyse } from "../../e2e/monitoring/promql/labels";
import { parsePromql, rangesOf, selectorsOf } from "../../e2e/monitoring/promql/syntax";

const AVAILABLE = new Map([
  ["requests_total", new Set(["pod", "status"])],
  ["pods", new Set(["pod"])],
  ["duration_bucket", new Set(["pod", "le"])],
]);
const faults = (text: string) => analyse(parsePromql(text), AVAILABLE).faults;
const labels = (text: string) => [...analyse(parsePromql(text), AVAILABLE).labels];

// The checker of queries is itself a check that could fail to see: each of its rules with a query on either side.
describe("the query checker", () => {
  it.each([
    ["requests_total", "existing_total", "reads existing_total, which does not exist"],
    ['requests_total{status="200"}', 'pods{status="200"}', "selects pods by status, which it does not have"],
    ["sum by (pod) (pods)", "sum by (node) (pods)", "groups by node, which is not there"],
    [
      "sum by (pod) (requests_total) / sum by (pod) (pods)",
      "sum by (pod) (requests_total) / sum(pods)",
      "matches two sides of which only one has pod",
    ],
    [
      "sum by (pod) (requests_total) / on (pod) pods",
      "sum by (pod) (requests_total) / on (node) pods",
      "matches on node, which is not there",
    ],
    [
      "histogram_quantile(0.9, sum by (le) (rate(duration_bucket[5m])))",
      "histogram_quantile(0.9, sum(rate(duration_bucket[5m])))",
      "takes quantiles over le, which is not there",
    ],
    [
      'label_replace(pods, "host", "$1", "pod", "(.*)")',
      'label_replace(pods, "host", "$1", "node", "(.*)")',
      "replaces from node, which is not there",
    ],
  ])("accepts %s and not %s", (good, bad, fault) => {
    expect(faults(good)).toEqual([]);
    expect(faults(bad)).toContain(fault);
  });

  it.each([
    ["rate(requests_total[5m])", ["pod", "status"]],
    ["sum by (pod) (rate(requests_total[5m])) > 0.5", ["pod"]],
    ["sum without (status) (requests_total)", ["pod"]],
    ["topk(3, sum by (pod) (requests_total))", ["pod"]],
    ["count(pods) - sum(requests_total)", []],
    ["absent(pods)", []],
    ["sum by (pod) (requests_total) / on () group_left () sum(pods)", ["pod"]],
    ["requests_total or vector(0)", ["pod", "status"]],
  ])("follows the labels of %s", (query, expected) => {
    expect(faults(query)).toEqual([]);
    expect(labels(query).sort()).toEqual(expected);
  });

  it("tells which labels each series must have", () => {
    const { needs } = analyse(
      parsePromql('sum by (pod) (requests_total{status="200"}) / sum by (pod) (pods)'),
      AVAILABLE,
    );
    expect([...needs].map(([series, names]) => [series, [...names].sort()])).toEqual([
      ["requests_total", ["pod", "status"]],
      ["pods", ["pod"]],
    ]);
  });

  it("refuses what is not PromQL, naming the place", () => {
    expect(() => parsePromql("sum(rate(pods[5m])) by")).toThrow(/not PromQL/);
    expect(() => parsePromql("")).toThrow(/empty/);
  });

  it("reads queries that hold Grafana's variables", () => {
    const query = parsePromql('rate(pods{pod=~"$pod"}[$__rate_interval])');
    expect(selectorsOf(query)).toEqual([
      { series: "pods", matchers: [{ label: "pod", operator: "=~", value: "$pod" }] },
    ]);
    expect(rangesOf(query)).toEqual(["5m"]);
  });

  it.each([
    ['cilium_endpoint_state{endpoint_state="ready"}', 'cilium_endpoint_state{endpoint_state="invalid"}'],
    ['cilium_policy_change_total{outcome="fail"}', 'cilium_policy_change_total{outcome="failure"}'],
    ['cilium_drop_count_total{reason!~"Policy denied"}', 'cilium_drop_count_total{reason!~"POLICY_DENIED"}'],
    ['hubble_http_requests_total{status=~"5.."}', 'hubble_http_requests_total{status="OK"}'],
  ])("knows that %s has values and %s never has", (good, bad) => {
    const [selector] = selectorsOf(parsePromql(good));
    const [wrong] = selectorsOf(parsePromql(bad));
    expect(valueFault(selector!)).toBeUndefined();
    expect(valueFault(wrong!)).toMatch(/is never/);
  });

  it("insists on looking values up", () => {
    const [selector] = selectorsOf(parsePromql('cilium_something{colour="red"}'));
    expect(() => valueFault(selector!)).toThrow("values of cilium_something.colour are unknown");
  });
});
