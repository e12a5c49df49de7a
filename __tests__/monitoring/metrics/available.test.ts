import { CNI_CHAINING, DATAPLANE_V2, KUBE_PROXY_FREE } from "../../../e2e/monitoring/telemetry";
import { availableSeries, cataloguedMinor, hubbleMetrics, metricCatalogue } from "../../../lib/monitoring/metrics";

describe("metric catalogues", () => {
  it.each([
    ["1.20.2", "1.20"],
    ["1.19.6", "1.19"],
    ["1.18.12", "1.19"],
    ["1.21.0", "1.20"],
    ["main", "1.20"],
  ])("describe Cilium %s by those of %s", (version, minor) => {
    expect(cataloguedMinor(version)).toBe(minor);
  });

  it("hold what the source declares", () => {
    const catalogue = metricCatalogue("1.20.2");
    expect(catalogue["cilium_drop_count_total"]).toEqual({
      component: "cilium-agent",
      type: "counter",
      labels: ["direction", "reason"],
    });
    expect(catalogue["cilium_operator_unmanaged_pods"]).toMatchObject({ component: "cilium-operator" });
    expect(catalogue["cilium_bpf_syscall_duration_seconds"]).toMatchObject({ disabled: true });
    // Declared since ever, but nothing counts it any more.
    expect(catalogue["cilium_services_events_total"]).toMatchObject({ unused: true });
    expect(catalogue["cilium_policy_import_errors_total"]).toBeUndefined();
    expect(metricCatalogue("1.19.6")["cilium_endpoint_regenerations_total"]!.labels).toEqual(["outcome"]);
  });
});

describe("Hubble metrics", () => {
  const labels = (handler: string, metric: string) =>
    hubbleMetrics([handler]).find(({ name }) => name === metric)?.labels;

  it.each([
    ["flow", "hubble_flows_processed_total", ["protocol", "type", "subtype", "verdict"]],
    [
      "flow:sourceContext=pod|ip;destinationIngressContext=dns",
      "hubble_flows_processed_total",
      ["protocol", "type", "subtype", "verdict", "source", "destination"],
    ],
    [
      "drop:labelsContext=source_namespace,destination_namespace",
      "hubble_drop_total",
      ["reason", "protocol", "source_namespace", "destination_namespace"],
    ],
    ["dns", "hubble_dns_queries_total", ["rcode", "qtypes", "ips_returned"]],
    ["dns:query;ignoreAAAA", "hubble_dns_queries_total", ["rcode", "qtypes", "ips_returned", "query"]],
    ["http", "hubble_http_requests_total", ["method", "protocol", "reporter"]],
    ["httpV2:exemplars=true", "hubble_http_requests_total", ["method", "protocol", "status", "reporter"]],
    ["httpV2", "hubble_http_responses_total", undefined],
    ["unknown", "hubble_unknown_total", undefined],
  ])("of %s give %s the labels %j", (handler, metric, expected) => {
    expect(labels(handler, metric)).toEqual(expected);
  });
});

describe("available series", () => {
  it("carry the labels of their target and their own", () => {
    const series = availableSeries(KUBE_PROXY_FREE);
    expect([...series.get("cilium_identity")!].sort()).toEqual(
      ["type", "cluster", "namespace", "pod", "container", "node", "job", "instance", "k8s_app"].sort(),
    );
    expect(series.has("cilium_agent_bootstrap_seconds")).toBe(false);
  });

  it("spell histograms out", () => {
    const series = availableSeries(KUBE_PROXY_FREE);
    const name = "cilium_endpoint_regeneration_time_stats_seconds";
    expect(series.get(`${name}_bucket`)!.has("le")).toBe(true);
    expect(series.get(`${name}_count`)!.has("le")).toBe(false);
    expect(series.has(name)).toBe(false);
  });

  it.each([
    ["cilium_unreachable_health_endpoints", true, false],
    ["cilium_nat_endpoint_max_connection", true, false],
    ["cilium_policy_l7_total", true, false],
    ["hubble_dns_queries_total", true, false],
    ["hubble_flows_processed_total", true, true],
    ["cilium_drop_count_total", true, true],
    // Declared, but off, never counted, or of features that GKE has no use for.
    ["cilium_bpf_syscall_duration_seconds_count", false, false],
    ["cilium_services_events_total", false, false],
    ["cilium_kvstore_operations_duration_seconds_count", false, false],
    ["cilium_ipsec_keys", false, false],
  ])("have %s: kube-proxy-free %s, chaining %s", (name, kubeProxyFree, chaining) => {
    expect(availableSeries(KUBE_PROXY_FREE).has(name)).toBe(kubeProxyFree);
    expect(availableSeries(CNI_CHAINING).has(name)).toBe(chaining);
  });

  it("come from what is scraped alone", () => {
    const agentOnly = { ...KUBE_PROXY_FREE, endpoints: [KUBE_PROXY_FREE.endpoints[0]!] };
    const series = availableSeries(agentOnly);
    expect(series.has("cilium_identity")).toBe(true);
    expect(series.has("cilium_operator_unmanaged_pods")).toBe(false);
    expect(series.has("hubble_flows_processed_total")).toBe(false);
    expect(availableSeries({ ...KUBE_PROXY_FREE, endpoints: [], daemonSets: [] }).size).toBe(0);
    expect([...availableSeries(DATAPLANE_V2).keys()].filter((name) => name.startsWith("cilium"))).toEqual([]);
  });
});
