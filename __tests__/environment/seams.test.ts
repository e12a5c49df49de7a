import { Dataplane } from "../../lib/dataplane";
import { type EnvironmentDefinition, environmentsProblems } from "../../lib/environment";
import { Monitoring } from "../../lib/monitoring";
import { type SynthesizedStack, synthEnvironment } from "../../lib/testing";
import { definition } from "../support/definition";

/** What an environment passes on to its parts, each part being tested by itself elsewhere. */
type Block = Record<string, unknown>;

const stack = (layer: string, changes: Partial<EnvironmentDefinition>): SynthesizedStack =>
  synthEnvironment(definition(changes))[`staging-${layer}`] as SynthesizedStack;
const only = (from: SynthesizedStack, type: string) => Object.values(from.resource[type] ?? {})[0] as Block;
const problems = (changes: Partial<EnvironmentDefinition>) => environmentsProblems([definition(changes)]).join("\n");

describe("the connection reaches both later stacks", () => {
  test.each(["networking", "monitoring"])("%s", (layer) => {
    const cluster = { ipEndpoint: "public", authorizedNetworks: [{ cidr: "203.0.113.0/24", name: "office" }] } as const;
    const through = (connection: EnvironmentDefinition["connection"]) =>
      JSON.stringify(stack(layer, { connection, cluster, monitoring: Monitoring.prometheus() }).provider);
    expect(through({})).toContain("dns_endpoint_config");
    expect(through({ endpoint: "public" })).toContain("public_endpoint");
    expect(through({ endpoint: "private" })).toContain("private_endpoint");
    expect(through({ authentication: "access-token" })).toContain("google_client_config");
  });
});

describe("public nodes reach the network", () => {
  test("which then has no NAT", () => {
    expect(stack("cluster", {}).resource["google_compute_router_nat"]).toBeDefined();
    expect(stack("cluster", { cluster: { privateNodes: false } }).resource).not.toHaveProperty(
      "google_compute_router_nat",
    );
  });

  test("and its rules", () => {
    const network = { ...definition().network, natAddresses: 2 };
    expect(problems({ network })).toBe("");
    expect(problems({ network, cluster: { privateNodes: false } })).toContain(
      "'network.natAddresses' (2) has no effect",
    );
  });
});

test("labels reach every stack's provider, and what monitoring makes in Google Cloud", () => {
  const labels = { team: "network" };
  for (const layer of ["cluster", "networking", "monitoring"])
    expect(JSON.stringify(stack(layer, { labels }).provider)).toContain('"team":"network"');
  const monitoring = Monitoring.managedPrometheus();
  expect(
    JSON.stringify(stack("monitoring", { labels, monitoring }).resource["google_monitoring_alert_policy"]),
  ).toContain('"team":"network"');
});

describe("every rule of a dataplane is asked", () => {
  test.each<[string, Dataplane, string]>([
    ["chaining", Dataplane.cniChaining({ mtu: 1500 }), "'dataplane.mtu' (1500) has no effect"],
    ["the taint, chained", Dataplane.cniChaining({ startupTaintKey: "a/b" }), "'dataplane.startupTaintKey' (a/b)"],
    ["the taint", Dataplane.kubeProxyFree({ startupTaintKey: "a/b" }), "'dataplane.startupTaintKey' (a/b)"],
    [
      "unmanaged pods",
      Dataplane.kubeProxyFree({ unmanagedPodIntervalSeconds: 0 }),
      "'dataplane.unmanagedPodIntervalSeconds' (0) is not a whole number",
    ],
    [
      "masquerading",
      Dataplane.kubeProxyFree({ bpfHostLegacyRouting: true }),
      "'dataplane.bpfHostLegacyRouting' (true)",
    ],
    ["Hubble", Dataplane.cniChaining({ hubble: { ui: true, relay: false } }), "'dataplane.hubble.ui' (true) needs"],
    ["chart keys", Dataplane.cniChaining({ values: { hubbel: {} } }), "'dataplane.values.hubbel'"],
    [
      "the remover",
      Dataplane.kubeProxyFree({ kubeProxyDisabler: { image: "x" } }),
      "'dataplane.kubeProxyDisabler.image'",
    ],
    [
      "logging",
      Dataplane.v2({ policyLogging: { deny: { delegate: true } } }),
      "'dataplane.policyLogging.deny.delegate'",
    ],
    [
      "the native range",
      Dataplane.kubeProxyFree({ ipv4NativeRoutingCIDR: "hello" }),
      "'dataplane.ipv4NativeRoutingCIDR'",
    ],
  ])("%s", (_, dataplane, message) => {
    expect(problems({ dataplane })).toContain(message);
    expect(problems({ dataplane }).split("\n")).toHaveLength(1);
  });
});

test("nodes that are always there are counted in the zones of their pool", () => {
  const pool = { name: "general", minNodesPerZone: 1, maxNodesPerZone: 3 };
  expect(problems({ nodePools: [pool] })).toBe("");
  expect(problems({ nodePools: [{ ...pool, zones: ["asia-northeast1-b"] }] })).toContain(
    "'dataplane.operatorReplicas' (2) exceeds the 1 node(s)",
  );
  expect(problems({ location: "asia-northeast1-b", nodePools: [pool] })).toContain("exceeds the 1 node(s)");
});

describe("two environments in one subnet", () => {
  const network = {
    ...definition().network,
    existingNetwork: "projects/acme-net/global/networks/shared",
    existingSubnetwork: "shared",
    podsRangeName: "pods",
    servicesRangeName: "services",
  };
  const other = {
    ...network,
    pods: "10.36.0.0/14",
    services: "10.40.0.0/20",
    podsRangeName: "p2",
    servicesRangeName: "s2",
  };
  const between = (changes: Partial<typeof network>) =>
    environmentsProblems([
      definition({ network }),
      definition({ name: "prod", project: "acme-prod", network: { ...other, ...changes } }),
    ]);

  test("share the nodes' range by intention, and no other", () => {
    expect(between({})).toEqual([]);
    expect(between({ pods: network.pods })).toEqual([
      expect.stringContaining("'network.pods' (10.20.0.0/14) overlaps 'network.pods' (10.20.0.0/14) of staging"),
    ]);
  });

  test("in two subnets of one VPC they must not", () => {
    expect(between({ existingSubnetwork: "another" })).toEqual([
      expect.stringContaining("'network.nodes' (10.16.0.0/20) overlaps 'network.nodes'"),
    ]);
  });
});

test("ports, labels and names are those of the chart", () => {
  const { telemetry } = Dataplane.kubeProxyFree().describe(definition());
  expect(telemetry.endpoints.map(({ component, portName, port }) => [component, portName, port])).toEqual([
    ["cilium-agent", "prometheus", 9962],
    ["cilium-operator", "prometheus", 9963],
    ["cilium-envoy", "envoy-metrics", 9964],
    ["hubble", "hubble-metrics", 9965],
    ["hubble-relay", "prometheus", 9966],
  ]);
});

test("a dashboard that is not wanted is not made", () => {
  const dashboards = (dashboard?: boolean) =>
    only(
      stack("monitoring", { monitoring: Monitoring.managedPrometheus({ dashboard }) }),
      "google_monitoring_dashboard",
    );
  expect(dashboards()).toBeDefined();
  expect(dashboards(false)).toBeUndefined();
});

test("the cluster has what its monitoring needs, unless the author says otherwise", () => {
  const managed = (changes: Partial<EnvironmentDefinition>) =>
    JSON.stringify(only(stack("cluster", changes), "google_container_cluster")["monitoring_config"]);
  expect(managed({ monitoring: Monitoring.prometheus() })).toContain('"managed_prometheus":{"enabled":false}');
  expect(managed({ monitoring: Monitoring.managedPrometheus() })).toContain('"managed_prometheus":{"enabled":true}');
  expect(managed({ monitoring: Monitoring.prometheus(), cluster: { managedPrometheus: true } })).toContain(
    '"managed_prometheus":{"enabled":true}',
  );
});

test("the cluster counts DaemonSets where that is the only way to see one that serves no metrics", () => {
  const counted = (changes: Partial<EnvironmentDefinition>) =>
    JSON.stringify(only(stack("cluster", changes), "google_container_cluster")["monitoring_config"]).includes(
      "DAEMONSET",
    );
  const monitoring = Monitoring.managedPrometheus();
  const coexist = Dataplane.kubeProxyFree({ kubeProxy: "coexist" });
  expect(counted({ dataplane: Dataplane.kubeProxyFree(), monitoring })).toBe(true);
  expect(counted({ dataplane: coexist, monitoring })).toBe(false);
  expect(counted({ dataplane: Dataplane.kubeProxyFree(), monitoring: Monitoring.prometheus() })).toBe(false);
  const cluster = { monitoring: ["SYSTEM_COMPONENTS"] as const };
  expect(counted({ dataplane: Dataplane.kubeProxyFree(), monitoring, cluster })).toBe(false);
});
