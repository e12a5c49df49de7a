import { Token } from "cdktf";
import type { CapacityFacts, GkeNodePoolOptions } from "../../lib/gke";
import { podAddressesPerNode, podRangeProblems } from "../../lib/gke/capacity";
import fc from "../support/fast-check";
import { lines } from "./support";

const NETWORK = { nodes: "10.16.0.0/20", pods: "10.20.0.0/14", services: "10.24.0.0/20" };
const pool = (variant: Partial<GkeNodePoolOptions> = {}): GkeNodePoolOptions => ({
  name: "general",
  maxNodes: 9,
  ...variant,
});
const facts = (variant: Partial<CapacityFacts> = {}): CapacityFacts => ({
  location: "asia-northeast1",
  network: NETWORK,
  nodePools: [pool()],
  ...variant,
});

/** From GKE's table of block sizes. */
test.each([
  [8, 16],
  [9, 32],
  [16, 32],
  [17, 64],
  [32, 64],
  [33, 128],
  [64, 128],
  [65, 256],
  [110, 256],
  [128, 256],
  [129, 512],
  [256, 512],
])("%p pods a node take %p addresses", (pods, addresses) => {
  expect(podAddressesPerNode(pods)).toBe(addresses);
});

test.each<[string, CapacityFacts]>([
  ["a small pool in a large range", facts()],
  ["no pools", facts({ nodePools: [] })],
  ["Autopilot", facts({ cluster: { autopilot: true }, network: { ...NETWORK, pods: "10.20.0.0/24" } })],
  // 3 nodes and one more in an upgrade, 256 addresses each.
  [
    "a range that just suffices",
    facts({ network: { ...NETWORK, pods: "10.20.0.0/22" }, nodePools: [pool({ maxNodes: 3 })] }),
  ],
  [
    "fewer pods a node in the cluster",
    facts({ cluster: { maxPodsPerNode: 8 }, network: { ...NETWORK, pods: "10.20.0.0/24" } }),
  ],
  [
    "fewer pods a node in the pool",
    facts({ network: { ...NETWORK, pods: "10.20.0.0/24" }, nodePools: [pool({ maxPodsPerNode: 8 })] }),
  ],
  [
    "no surge",
    facts({
      network: { ...NETWORK, pods: "10.20.0.0/22" },
      nodePools: [pool({ maxNodes: 4, maxSurge: 0, maxUnavailable: 1 })],
    }),
  ],
  [
    "a pool in a range of its own",
    facts({
      network: { ...NETWORK, pods: "10.20.0.0/22", extraPodRanges: { more: "10.32.0.0/16" } },
      nodePools: [pool({ maxNodes: 3 }), pool({ maxNodes: 100, podRange: "more" })],
    }),
  ],
  ["a range that Terraform decides", facts({ network: { ...NETWORK, pods: Token.asString({ resolve: () => "x" }) } })],
  [
    "a maximum that Terraform decides",
    facts({ nodePools: [pool({ maxNodes: Token.asNumber({ resolve: () => 1 }) })] }),
  ],
  ["a range that is none, which another rule tells", facts({ network: { ...NETWORK, pods: "x", nodes: "y" } })],
])("%s: no problem", (_, given) => {
  expect(lines(podRangeProblems(given))).toEqual([]);
});

test.each<[string, CapacityFacts, string[]]>([
  [
    "one node too many",
    facts({ network: { ...NETWORK, pods: "10.20.0.0/22" }, nodePools: [pool({ maxNodes: 4 })] }),
    [
      "'network.pods' (10.20.0.0/22) has 1024 addresses where the node pools at their most, one of them in an upgrade, take 1280; widen it to /21, lower maxNodes or maxPodsPerNode, or move pools to extraPodRanges",
    ],
  ],
  [
    "limits a zone, in three zones",
    facts({
      network: { ...NETWORK, pods: "10.20.0.0/21" },
      nodePools: [pool({ maxNodes: undefined, maxNodesPerZone: 3 })],
    }),
    [expect.stringContaining("take 2560; widen it to /20")],
  ],
  [
    "a fixed number in two zones of its own",
    facts({
      network: { ...NETWORK, pods: "10.20.0.0/22" },
      nodePools: [
        pool({ maxNodes: undefined, nodeCountPerZone: 2, zones: ["asia-northeast1-a", "asia-northeast1-b"] }),
      ],
    }),
    [expect.stringContaining("take 1280; widen it to /21")],
  ],
  [
    "a second set of nodes in an upgrade",
    facts({ network: { ...NETWORK, pods: "10.20.0.0/22" }, nodePools: [pool({ maxNodes: 3, blueGreen: {} })] }),
    [expect.stringContaining("take 1536; widen it to /21")],
  ],
  [
    "two pools, the larger in an upgrade",
    facts({
      network: { ...NETWORK, pods: "10.20.0.0/21" },
      nodePools: [pool({ maxNodes: 3, blueGreen: {} }), pool({ maxNodes: 2, blueGreen: {} })],
    }),
    [],
  ],
  [
    "an extra range",
    facts({
      network: { ...NETWORK, extraPodRanges: { more: "10.32.0.0/24" } },
      nodePools: [pool({ maxNodes: 1, podRange: "more" })],
    }),
    [
      "'network.extraPodRanges.more' (10.32.0.0/24) has 256 addresses where the node pools at their most, one of them in an upgrade, take 512; widen it to /23, lower maxNodes or maxPodsPerNode, or move pools to extraPodRanges",
    ],
  ],
  [
    "too few addresses of nodes",
    facts({ network: { ...NETWORK, nodes: "10.16.0.0/28" }, nodePools: [pool({ maxNodes: 12 })] }),
    [
      "'network.nodes' (10.16.0.0/28) has 16 addresses where the node pools at their most, one of them in an upgrade, take 17 (4 of them are Google's); widen it to /27 or lower maxNodes",
    ],
  ],
])("%s", (_, given, expected) => {
  expect(lines(podRangeProblems(given))).toEqual(expected);
});

test("the range that the remedy names suffices, and the next smaller one does not", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          maxNodes: fc.integer({ min: 1, max: 60 }),
          maxPodsPerNode: fc.integer({ min: 8, max: 256 }),
          maxSurge: fc.integer({ min: 1, max: 20 }),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      (pools) => {
        const nodePools = pools.map(pool);
        const problemsWith = (prefix: number) =>
          podRangeProblems(facts({ network: { ...NETWORK, pods: `10.0.0.0/${prefix}` }, nodePools })).filter(
            ({ property }) => property === "network.pods",
          );
        const [problem] = problemsWith(28);
        const prefix = Number(/widen it to \/(\d+)/.exec(problem?.remedy ?? "")?.[1]);
        expect(problemsWith(prefix)).toEqual([]);
        expect(problemsWith(prefix + 1)).toHaveLength(1);
      },
    ),
    { numRuns: 50 },
  );
});

describe("the pool that GKE makes with the cluster", () => {
  // cloud-foundation-fabric#1644: three nodes of a /24 each did not fit into a /24.
  const reported = facts({
    location: "us-east1",
    network: { nodes: "10.127.48.0/24", pods: "100.64.0.0/24", services: "100.64.1.0/24" },
    nodePools: [pool({ machineType: "c2-standard-16", spot: true, maxPodsPerNode: 10, minNodes: 1, maxNodes: 3 })],
  });

  test("fits where the author's pools do", () => {
    expect(lines(podRangeProblems(reported))).toEqual([]);
  });

  test("is counted in addresses of pods", () => {
    const small = { ...reported, network: { ...reported.network, pods: "100.64.0.0/26" } };
    const nodePools = [pool({ maxPodsPerNode: 8, maxNodes: 1 })];
    expect(lines(podRangeProblems({ ...small, nodePools }))).toEqual([
      "'network.pods' (100.64.0.0/26) has 64 addresses where the 3 nodes that GKE makes with the cluster, and that are removed when it stands, take 96; widen it to /25, or lower cluster.initialNodeCount, cluster.maxPodsPerNode or the number of cluster.nodeLocations",
    ]);
    expect(podRangeProblems({ ...small, nodePools, cluster: { maxPodsPerNode: 8 } })).toEqual([]);
    expect(podRangeProblems({ ...small, nodePools, cluster: { nodeLocations: ["us-east1-b"] } })).toEqual([]);
  });

  test("is counted in addresses of nodes", () => {
    const cluster = { initialNodeCount: 10 };
    const nodePools = [pool({ maxNodes: 3 })];
    expect(
      lines(podRangeProblems({ ...reported, nodePools, cluster, network: { ...NETWORK, nodes: "10.16.0.0/28" } })),
    ).toEqual([
      expect.stringContaining(
        "'network.nodes' (10.16.0.0/28) has 16 addresses where the nodes that GKE makes with the",
      ),
    ]);
    expect(
      podRangeProblems({ ...reported, nodePools, cluster, network: { ...NETWORK, nodes: "10.16.0.0/26" } }),
    ).toEqual([]);
  });
});
