import { Fn, Lazy, TerraformStack, Token } from "cdktf";
import {
  ClusterConnection,
  clusterConnectionProblems,
  effectiveCluster,
  effectiveNetwork,
  effectiveNodePool,
  GKE_CLUSTER_OPTIONS,
  GKE_NETWORK_OPTIONS,
  GKE_NODE_POOL_OPTIONS,
  GkeCluster,
  GkeNetwork,
  GkeNodePool,
  gkeClusterProblems,
  gkeClusterWarnings,
  gkeNetworkProblems,
  gkeNetworkWarnings,
  gkeNodePoolProblems,
  gkeNodePoolWarnings,
  NodeServiceAccount,
  nodeServiceAccountProblems,
} from "../../lib/gke";
import { ConfigurationError, describeProblem, type Problem } from "../../lib/validation";
import { testApp } from "../support/app";
import fc from "../support/fast-check";
import { DATAPLANE_V2, LEGACY, lines } from "./support";
import { createCluster, NETWORK, synth } from "./synth";

const cycle: Record<string, unknown> = {};
cycle["self"] = cycle;
/** Values of every type, the odd ones of JavaScript among them. */
const ANYTHING: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  "",
  "text",
  "__proto__",
  [],
  ["a", "a"],
  [null],
  [undefined],
  [[]],
  [{}],
  {},
  { a: 1 },
  { toString: 1 },
  Object.create(null),
  () => 1,
  Symbol("s"),
  1n,
  new Date(0),
  new Map(),
  /x/,
  cycle,
];

const POOL = { name: "general", maxNodes: 9 };
const read = (problems: readonly Problem[]) => problems.map((problem) => describeProblem("it", problem));

/** Every entry point, with what is right and the names of its options. */
const ENTRIES: readonly [string, readonly string[], (options: never) => readonly Problem[], object][] = [
  ["network", Object.keys(GKE_NETWORK_OPTIONS), gkeNetworkProblems, NETWORK],
  ["network's warnings", Object.keys(GKE_NETWORK_OPTIONS), gkeNetworkWarnings, NETWORK],
  ["cluster", Object.keys(GKE_CLUSTER_OPTIONS), (options) => gkeClusterProblems(options, LEGACY), {}],
  ["cluster's warnings", Object.keys(GKE_CLUSTER_OPTIONS), (options) => gkeClusterWarnings(options, DATAPLANE_V2), {}],
  ["node pool", Object.keys(GKE_NODE_POOL_OPTIONS), gkeNodePoolProblems, POOL],
  ["node pool's warnings", Object.keys(GKE_NODE_POOL_OPTIONS), gkeNodePoolWarnings, POOL],
  ["connection", ["endpoint", "authentication"], (options) => clusterConnectionProblems(options), {}],
  ["account", ["imageProjects", "extraNodeRoles"], nodeServiceAccountProblems, {}],
];

describe.each(ENTRIES)("%s", (_, names, problemsOf, right) => {
  test.each(names)("%s of a wrong type is told in one sentence or is right, and nothing is thrown", (name) => {
    for (const value of ANYTHING) {
      const told = read(problemsOf({ ...right, [name]: value } as never));
      for (const line of told) {
        expect(line).toMatch(/^it: '.+'.* .+; .+/s);
        expect(line).not.toMatch(/\bundefined\b|\bNaN\b|TfToken|\[object/);
      }
      expect(new Set(told).size).toBe(told.length);
    }
  });

  test.each(["null", "a text", "a list", "a number"].map((each, index) => [each, [null, "text", [1], 7][index]]))(
    "%s in place of the options throws nothing",
    (_kind, options) => {
      for (const line of read(problemsOf(options as never))) expect(line).toMatch(/^it: '.+'.* .+; .+/s);
    },
  );
});

test("whatever mixture of wrong values is given, every entry answers", () => {
  const value = fc.oneof(fc.constantFrom(...ANYTHING), fc.anything());
  for (const [, names, problemsOf, right] of ENTRIES)
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), (options) => {
        for (const line of read(problemsOf({ ...right, ...options } as never))) expect(line).toMatch(/^it: '/);
      }),
      { numRuns: 60 },
    );
});

test.each<[string, (stack: TerraformStack, props: never) => unknown]>([
  ["GkeNetwork", (stack, props) => new GkeNetwork(stack, "it", props)],
  ["GkeCluster", (stack, props) => new GkeCluster(stack, "it", props)],
  ["GkeNodePool", (stack, props) => new GkeNodePool(stack, "it", props)],
  ["NodeServiceAccount", (stack, props) => new NodeServiceAccount(stack, "it", props)],
  ["ClusterConnection", (stack, props) => new ClusterConnection(stack, "it", props)],
])("%s says what is wrong with any props, and makes nothing", (_, make) => {
  for (const props of [undefined, null, "text", 7, [], {}, { name: 1, cluster: {}, network: [], datapath: "x" }]) {
    const stack = new TerraformStack(testApp(), "stack");
    expect(() => make(stack, props as never)).toThrow(ConfigurationError);
    expect(stack.node.tryFindChild("it")?.node.children ?? []).toEqual([]);
  }
});

describe("what only Terraform knows", () => {
  const text = () => Lazy.stringValue({ produce: () => "x" });
  const number = () => Token.asNumber(Fn.max([1, 2]));

  /** Tokens by the shape that a check takes; fields of options are read at synth, so none stands for those. */
  const byShape = {
    list: () => Token.asList(Fn.flatten([["x"]])),
    map: () => Token.asStringMap(Fn.merge([{ x: "y" }])),
    any: () => Token.asAny(Fn.can(true)),
    scalar: () => Token.asAny(Fn.can(true)),
  };

  test.each(
    Object.entries(GKE_NODE_POOL_OPTIONS).filter(
      ([, { ifUnknown, shape }]) => ifUnknown === undefined && shape !== "fields",
    ),
  )("is taken as %s of a node pool", (name, check) => {
    const token =
      typeof check.unknown() === "number"
        ? number()
        : typeof check.unknown() === "string"
          ? text()
          : byShape[check.shape === "fields" ? "any" : (check.shape ?? "scalar")]();
    const { maxNodes, ...rest } = POOL;
    const sizes = ["maxNodesPerZone", "minNodesPerZone", "nodeCountPerZone"].includes(name)
      ? name === "minNodesPerZone"
        ? { maxNodesPerZone: 5 }
        : {}
      : { maxNodes };
    const found = lines(gkeNodePoolProblems({ ...rest, ...sizes, [name]: token }));
    expect(found.filter((line) => !line.includes("has no effect"))).toEqual([]);
  });

  test("is refused where something is made of it, with the reason", () => {
    expect(lines(gkeNetworkProblems({ ...NETWORK, natAddresses: number() }))).toEqual([
      "'natAddresses' is only known to Terraform, and what is made depends on it; write it as plain text or number",
    ]);
    expect(lines(gkeClusterProblems({ autopilot: Token.asAny(Fn.can(true)) as unknown as boolean }, LEGACY))).toEqual([
      "'autopilot' is only known to Terraform, and what is made depends on it; write it as plain text or number",
    ]);
  });

  test("reaches the resources as it is", () => {
    const json = synth((stack) => {
      const flag = () => Token.asAny(Fn.can(true)) as unknown as boolean;
      const cluster = createCluster(stack, {
        httpLoadBalancing: flag(),
        gatewayApi: flag(),
        binaryAuthorization: flag(),
        nodeTags: Token.asList(Fn.split(",", "a,b")),
        labels: Token.asStringMap(Fn.merge([{ a: "b" }])),
        maxPodsPerNode: number(),
      });
      new GkeNodePool(stack, "pool", {
        cluster,
        name: "general",
        maxNodes: 9,
        spot: flag(),
        labels: Token.asStringMap(Fn.merge([{ a: "b" }])),
        networkTags: Token.asList(Fn.split(",", "a,b")),
        blueGreen: { soakMinutes: number() },
      });
    });
    const written = JSON.stringify(json);
    expect(written).not.toMatch(/undefined|NaN|TfToken/);
    const [cluster] = Object.values<never>(json.resource.google_container_cluster);
    expect(cluster).toMatchObject({
      addons_config: { http_load_balancing: { disabled: "${!can(true)}" } },
      gateway_api_config: { channel: expect.stringContaining("CHANNEL_DISABLED") },
      binary_authorization: { evaluation_mode: expect.stringContaining("PROJECT_SINGLETON_POLICY_ENFORCE") },
      resource_labels: expect.stringContaining("merge("),
    });
    const [pool] = Object.values<never>(json.resource.google_container_node_pool);
    expect(pool).toMatchObject({
      autoscaling: { location_policy: expect.stringContaining('"BALANCED"') },
      node_config: {
        labels: expect.stringContaining("cdktf-gke-cilium/pool"),
        tags: expect.stringContaining("concat("),
      },
      upgrade_settings: { blue_green_settings: { node_pool_soak_duration: expect.stringContaining("* 60") } },
    });
  });
});

test("the effective descriptions say everything, and keep what was given", () => {
  expect(effectiveNetwork({ ...NETWORK, extraPodRanges: { more: "10.32.0.0/14" } })).toMatchObject({
    podRanges: [
      { name: "staging-pods", cidr: "10.20.0.0/14", property: "pods" },
      { name: "more", cidr: "10.32.0.0/14", property: "extraPodRanges.more" },
    ],
    nat: { addresses: 0, minPortsPerVm: 64, maxPortsPerVm: 32768, logging: "ERRORS_ONLY" },
    flowLogs: { sampling: 0.1, interval: "INTERVAL_10_MIN" },
  });
  expect(effectiveCluster({ location: "us-east1" }, DATAPLANE_V2)).toMatchObject({
    gatewayApi: true,
    nodeLocalDns: true,
    releaseChannel: "REGULAR",
    zoneCount: 3,
    temporaryPool: { machineType: "e2-medium", diskType: "pd-standard", maxPodsPerNode: 16, nodesPerZone: 1 },
  });
  expect(effectiveCluster({ confidentialNodes: "TDX", location: "us-east1-b" }, LEGACY).temporaryPool).toEqual({
    machineType: "c3-standard-4",
    diskType: "pd-balanced",
    diskSizeGb: 20,
    maxPodsPerNode: 16,
    nodesPerZone: 3,
  });
  expect(effectiveNodePool({ ...POOL, machineType: "c4a-standard-4", location: "us-east1" })).toMatchObject({
    architecture: "arm64",
    diskType: "hyperdisk-balanced",
    leastNodes: 0,
    mostNodes: 9,
    extraNodes: 1,
    zoneCount: 3,
  });
});
