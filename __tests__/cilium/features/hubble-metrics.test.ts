import {
  CiliumVersion,
  DEFAULT_HUBBLE_METRICS,
  HTTP_HUBBLE_METRIC,
  type HubbleMetric,
  hubbleMetricProblems,
  parseHubbleMetric,
  renderHubbleMetric,
} from "../../../lib/cilium";
import fc from "../../support/fast-check";

const told = (metrics: readonly string[], version = CiliumVersion.V1_20) =>
  hubbleMetricProblems(metrics, version).map(({ property, rule }) => `${property} ${rule}`);

describe("renderHubbleMetric", () => {
  test.each<[HubbleMetric, string]>([
    [{ handler: "flow" }, "flow"],
    [{ handler: "dns", flags: ["query", "ignoreAAAA"] }, "dns:query;ignoreAAAA"],
    [{ handler: "httpV2", flags: ["exemplars"] }, "httpV2:exemplars=true"],
    [{ handler: "drop", sourceContext: ["pod", "ip"] }, "drop:sourceContext=pod|ip"],
    [{ handler: "tcp", sourceContext: [], labelsContext: [] }, "tcp"],
    [
      { handler: "flow", destinationContext: ["dns"], labelsContext: ["source_ip", "traffic_direction"] },
      "flow:destinationContext=dns;labelsContext=source_ip,traffic_direction",
    ],
  ])("%j is %s", (metric, text) => {
    expect(renderHubbleMetric(metric)).toBe(text);
  });

  test("writes what parseHubbleMetric reads", () => {
    const metric = fc.record({
      handler: fc.constantFrom("dns", "flow", "tcp") as fc.Arbitrary<HubbleMetric["handler"]>,
      sourceContext: fc.uniqueArray(fc.constantFrom("pod", "ip", "dns") as fc.Arbitrary<"pod" | "ip" | "dns">),
    });
    fc.assert(
      fc.property(metric, ({ handler, sourceContext }) => {
        const parsed = parseHubbleMetric(renderHubbleMetric({ handler, sourceContext }));
        expect(parsed.handler).toBe(handler);
        expect(parsed.options.get("sourceContext") ?? "").toBe(sourceContext.join("|"));
      }),
    );
  });
});

describe("hubbleMetricProblems", () => {
  test("finds nothing in the metrics of this library", () => {
    const all = [...DEFAULT_HUBBLE_METRICS, HTTP_HUBBLE_METRIC].map(renderHubbleMetric);
    for (const version of [CiliumVersion.V1_18, CiliumVersion.V1_19, CiliumVersion.V1_20])
      expect(told(all, version)).toEqual([]);
  });

  test("takes what Cilium's documentation recommends", () => {
    expect(
      told([
        "dns:query;ignoreAAAA",
        "drop",
        "tcp",
        "flow",
        "port-distribution",
        "policy",
        "icmp",
        "httpV2:exemplars=true;labelsContext=source_ip,source_namespace,source_workload,destination_ip,destination_namespace,destination_workload,traffic_direction",
      ]),
    ).toEqual([]);
  });

  test.each([
    ["flows", "has no handler 'flows'"],
    ["", "has no handler ''"],
    ["dns:quer", "has an option 'quer' that dns does not know"],
    ["flow:query", "has an option 'query' that flow does not know"],
    ["flow:sourceContext=pods", "has 'pods' in sourceContext, which Hubble does not know"],
    ["flow:sourceContext=pod|workloads|x", "has 'workloads', 'x' in sourceContext, which Hubble does not know"],
    ["flow:sourceContext", "has '' in sourceContext, which Hubble does not know"],
    ["flow:labelsContext=source_pods", "has 'source_pods' in labelsContext, which Hubble does not know"],
    // Backslashes are what --set needs; in a list of values they become part of the label.
    ["httpV2:labelsContext=source_ip\\,source_pod", "has 'source_ip\\' in labelsContext, which Hubble does not know"],
  ])("refuses %j", (text, rule) => {
    expect(told([text])).toEqual([`[0] ${rule}`]);
  });

  test("refuses http beside httpV2, and an entry that comes twice", () => {
    expect(told(["http", "httpV2", "flow", "flow:sourceContext=pod"])).toEqual([
      "[3] is listed twice, and the agent keeps one of them",
      "[0] cannot be served together with httpV2",
    ]);
  });

  test("knows that kafka went with 1.20", () => {
    expect(told(["kafka"])).toEqual(["[0] was removed in Cilium 1.20"]);
    expect(told(["kafka"], CiliumVersion.V1_19)).toEqual([]);
  });
});
