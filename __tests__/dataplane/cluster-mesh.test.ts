import { CiliumVersion, type ClusterMeshPeer, ciliumValueProblems, type HelmValues } from "../../lib/cilium";
import { clusterMeshValues } from "../../lib/cilium/features/cluster-mesh";
import { Dataplane, type KubeProxyFreeOptions } from "../../lib/dataplane";
import { describeEnvironments, type EnvironmentDefinition } from "../../lib/environment";
import { synthEnvironment } from "../../lib/testing";
import { definition } from "../support/definition";

const TOKYO: ClusterMeshPeer = { name: "tokyo", address: "10.16.15.250", ranges: ["10.16.0.0/20", "10.20.0.0/16"] };
const OSAKA: ClusterMeshPeer = { name: "osaka", address: "10.48.15.250", ranges: ["10.48.0.0/20", "10.52.0.0/16"] };

function cluster(
  own: ClusterMeshPeer,
  id: number,
  peers: readonly ClusterMeshPeer[],
  more: KubeProxyFreeOptions = {},
  network: Partial<EnvironmentDefinition["network"]> = {},
): EnvironmentDefinition {
  const [nodes = "", pods = ""] = own.ranges;
  return definition({
    name: own.name,
    network: { nodes, pods, services: "34.118.224.0/20", ...network },
    dataplane: Dataplane.kubeProxyFree({
      ipv4NativeRoutingCIDR: "10.0.0.0/8",
      clusterMesh: { id, address: own.address, peers },
      ...more,
    }),
  });
}

const problems = (...definitions: EnvironmentDefinition[]) => describeEnvironments(definitions).problems;

test("two clusters that name each other are a mesh", () => {
  expect(problems(cluster(TOKYO, 1, [OSAKA]), cluster(OSAKA, 2, [TOKYO]))).toEqual([]);
});

test("each has its API server behind an internal address that is kept, and lets the other's nodes and pods in", () => {
  const stacks = synthEnvironment(cluster(TOKYO, 1, [OSAKA]));
  const resources = stacks["tokyo-cluster"]?.resource ?? {};
  expect(Object.values(resources["google_compute_address"] ?? {})).toContainEqual(
    expect.objectContaining({ address: "10.16.15.250", address_type: "INTERNAL" }),
  );
  expect(Object.values(resources["google_compute_firewall"] ?? {})).toContainEqual(
    expect.objectContaining({ source_ranges: OSAKA.ranges, allow: [{ protocol: "all" }] }),
  );
  const releases = (stacks["tokyo-networking"]?.resource["helm_release"] ?? {}) as Record<
    string,
    { values: HelmValues[] }
  >;
  expect(releases["cilium"]?.values[0]).toMatchObject({
    cluster: { name: "tokyo", id: 1 },
    certgen: { generateCA: false },
    clustermesh: {
      useAPIServer: true,
      apiserver: {
        service: { type: "LoadBalancer", loadBalancerIP: "10.16.15.250" },
        tls: { auto: { method: "cronJob" } },
      },
      config: { enabled: true, clusters: [{ name: "osaka", ips: ["10.48.15.250"], port: 2379 }] },
    },
  });
  expect(JSON.stringify(stacks)).not.toMatch(/PRIVATE KEY|tls_private_key/);
});

test("a cluster without a mesh has none of it", () => {
  const text = JSON.stringify(synthEnvironment(definition()));
  expect(text).not.toMatch(/-peers|-mesh"|clustermesh/);
});

test("its values are the chart's in every minor", () => {
  const values = clusterMeshValues({ id: 1, address: "10.16.15.250", peers: [OSAKA] }, "tokyo");
  for (const version of [CiliumVersion.V1_18, CiliumVersion.V1_19, CiliumVersion.V1_20])
    expect(ciliumValueProblems(values, version, (path) => path)).toEqual([]);
});

describe("refused in one cluster", () => {
  test.each<[string, EnvironmentDefinition, string]>([
    ["no number", cluster(TOKYO, 0, [OSAKA]), "'dataplane.clusterMesh.id' (0) is not a whole number from 1 to 255"],
    [
      "an address elsewhere",
      cluster({ ...TOKYO, address: "10.99.0.1" }, 1, [OSAKA]),
      "'dataplane.clusterMesh.address' (10.99.0.1) is not in 'network.nodes' (10.16.0.0/20)",
    ],
    [
      "pods of the other one's addresses",
      cluster(TOKYO, 1, [{ ...OSAKA, ranges: ["10.48.0.0/20", "10.20.128.0/17"] }]),
      "'dataplane.clusterMesh.peers[0].ranges[1]' (10.20.128.0/17) overlaps 'network.pods' (10.20.0.0/16)",
    ],
    [
      "ranges that are masqueraded",
      cluster(TOKYO, 1, [OSAKA], { ipv4NativeRoutingCIDR: "10.16.0.0/12" }),
      "is not in 'ipv4NativeRoutingCIDR' (10.16.0.0/12)",
    ],
    ["itself", cluster(TOKYO, 1, [{ ...OSAKA, address: TOKYO.address }]), "(10.16.15.250) is this cluster's own"],
    ["a slip", cluster(TOKYO, 1, [{ ...OSAKA, range: [] } as never]), "did you mean ranges?"],
    [
      "another's name in values",
      cluster(TOKYO, 1, [OSAKA], { values: { cluster: { name: "x".repeat(40) } } }),
      "is not a cluster name that Cilium takes",
    ],
  ])("%s", (_, environment, message) => {
    expect(problems(environment).join("\n")).toContain(message);
  });

  test("beside the egress gateway", () => {
    const nodePools = [{ name: "general", minNodes: 3, maxNodes: 9 }];
    const environment = { ...cluster(TOKYO, 1, [OSAKA], { egressGateway: { nodePool: "general" } }), nodePools };
    expect(problems(environment)).toEqual([expect.stringContaining("does not go with the egress gateway")]);
  });
});

describe("refused between clusters", () => {
  test.each<[string, EnvironmentDefinition[], string]>([
    [
      "one number twice",
      [cluster(TOKYO, 1, [OSAKA]), cluster(OSAKA, 1, [TOKYO])],
      "osaka: 'dataplane.clusterMesh.id' (1) is that of tokyo too",
    ],
    [
      "one way only",
      [cluster(TOKYO, 1, [OSAKA]), cluster(OSAKA, 2, [])],
      "'dataplane.clusterMesh.peers' of osaka do not name tokyo, which names it",
    ],
    [
      "two addresses",
      [cluster(TOKYO, 1, [{ ...OSAKA, address: "10.48.15.251" }]), cluster(OSAKA, 2, [TOKYO])],
      "(10.48.15.251) has another address for osaka than it has itself (10.48.15.250)",
    ],
    [
      "a range that is left out",
      [cluster(TOKYO, 1, [{ ...OSAKA, ranges: ["10.48.0.0/20"] }]), cluster(OSAKA, 2, [TOKYO])],
      "leaves out ranges of osaka, whose packets the firewall would drop",
    ],
    [
      "encryption on one side",
      [cluster(TOKYO, 1, [OSAKA], { encryption: { type: "wireguard" } }), cluster(OSAKA, 2, [TOKYO])],
      "'dataplane.encryption' (none) is not what tokyo has (wireguard)",
    ],
  ])("%s", (_, environments, message) => {
    expect(problems(...environments)).toEqual([expect.stringContaining(message)]);
  });

  test("nothing is said of clusters that do not know each other", () => {
    expect(problems(cluster(TOKYO, 1, []), cluster(OSAKA, 1, []))).toEqual([]);
  });
});
