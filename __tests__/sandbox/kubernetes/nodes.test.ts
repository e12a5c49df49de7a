import { nodeObject, nodePatch, nodeStatus, planNodes, withPoolTaints } from "../../../sandbox/kubernetes/nodes";
import { machineResources } from "../../../sandbox/kubernetes/nodes/machine-types";
import { firstFreeAddress, firstFreeRange, podsPrefix } from "../../../sandbox/kubernetes/nodes/ranges";
import { cluster, kubeNode, node, pool, TAINT } from "./fixtures";

describe("a node", () => {
  const placement = { podCidr: "10.20.1.0/24", address: "10.16.0.3" };

  test("registers with GKE's labels, the pool's labels and taints, its provider id and its pods range", () => {
    const object = nodeObject(cluster(), pool({ labels: { team: "x" }, spot: true }), node("gke-a"), placement);
    expect(object).toMatchObject({
      metadata: {
        name: "gke-a",
        labels: {
          team: "x",
          "cloud.google.com/gke-nodepool": "general",
          "cloud.google.com/gke-os-distribution": "cos",
          "cloud.google.com/gke-spot": "true",
          "node.kubernetes.io/instance-type": "e2-standard-4",
          "topology.kubernetes.io/region": "europe-west1",
          "topology.kubernetes.io/zone": "europe-west1-b",
        },
      },
      spec: {
        podCIDR: "10.20.1.0/24",
        providerID: "gce://acme-staging/europe-west1-b/gke-a",
        taints: [TAINT],
      },
    });
  });

  test("of a zonal cluster is in the zone's region", () => {
    const object = nodeObject(cluster({ location: "europe-west1-b" }), pool(), node("a"), placement);
    expect(object.metadata.labels?.["topology.kubernetes.io/region"]).toBe("europe-west1");
  });

  test("tells the version of its kubelet, and what GKE leaves of the machine for pods", () => {
    expect(nodeStatus(cluster(), pool(), node("a", "1.34.1-gke.2"), placement)).toMatchObject({
      status: {
        addresses: [{ type: "InternalIP", address: "10.16.0.3" }, {}, {}],
        capacity: { cpu: "4", pods: "110" },
        allocatable: { cpu: "3920m" },
        nodeInfo: { kubeletVersion: "v1.34.1-gke.2" },
      },
    });
  });
});

describe("planNodes", () => {
  test("creates the missing, removes the surplus and leaves other pools alone", () => {
    const existing = [kubeNode("a"), kubeNode("b"), kubeNode("c", { pool: pool({ name: "other" }) })];
    const plan = planNodes(cluster(), pool({ nodes: [node("a"), node("d")] }), existing);
    expect(plan.create.map(({ name }) => name)).toEqual(["d"]);
    expect(plan.update).toEqual([]);
    expect(plan.remove).toEqual(["b"]);
  });

  test("does not put a lifted startup taint back while the pool asks for what it asked for before", () => {
    const lifted = { ...kubeNode("a"), spec: { taints: [] } };
    expect(planNodes(cluster(), pool({ nodes: [node("a")] }), [lifted]).update).toEqual([]);
  });

  test("changes labels and taints in place when the pool asks for others", () => {
    const former = pool({ labels: { team: "x", tier: "1" }, taints: [TAINT] });
    const dedicated = { key: "dedicated", value: "x", effect: "NoSchedule" };
    const others = { key: "example.com/by-hand", effect: "NoSchedule" };
    const existing = { ...kubeNode("a", { pool: former }), spec: { taints: [others] } };
    const now = pool({ labels: { tier: "2" }, taints: [TAINT, dedicated], nodes: [node("a")] });
    expect(planNodes(cluster(), now, [existing]).update).toHaveLength(1);
    expect(nodePatch(cluster(), now, node("a"), existing)).toMatchObject({
      metadata: { labels: { team: null, tier: "2" } },
      // GKE writes all the pool's taints again then, the lifted one too.
      spec: { taints: [others, TAINT, dedicated] },
    });
  });

  test("takes away a taint that the pool no longer asks for", () => {
    const existing = kubeNode("a");
    const now = pool({ taints: [], nodes: [node("a")] });
    expect(nodePatch(cluster(), now, node("a"), existing)).toMatchObject({ spec: { taints: [] } });
  });
});

test("withPoolTaints puts a lifted taint back beside those of others, and none twice", () => {
  const other = { key: "dedicated", effect: "NoSchedule" };
  const lifted = { ...kubeNode("a"), spec: { taints: [other] } };
  expect(withPoolTaints(pool(), lifted)).toEqual([other, TAINT]);
  expect(withPoolTaints(pool(), { ...lifted, spec: { taints: [other, TAINT] } })).toEqual([other, TAINT]);
});

describe("ranges of nodes", () => {
  test.each([
    ["10.20.0.0/14", 24, [], "10.20.0.0/24"],
    ["10.20.0.0/14", 24, ["10.20.0.0/24", "10.20.1.0/24"], "10.20.2.0/24"],
    ["10.20.0.0/14", 24, ["10.20.1.0/24"], "10.20.0.0/24"],
    ["10.20.0.0/14", 24, ["10.20.0.0/26"], "10.20.1.0/24"],
    ["10.20.0.0/14", 26, ["10.20.0.0/24"], "10.20.1.0/26"],
  ])("the first /%2$s of %1$s beside %3$j is %4$s", (outer, prefix, taken, expected) => {
    expect(firstFreeRange(outer, prefix, taken)).toBe(expected);
  });

  test("a pods range that is used up is an error that names it", () => {
    expect(() => firstFreeRange("10.0.0.0/24", 25, ["10.0.0.0/25", "10.0.0.128/25"])).toThrow(
      "the range 10.0.0.0/24 has no /25 left for another node (2 are taken)",
    );
  });

  test("a node gets neither the network's address nor the gateway's", () => {
    expect(firstFreeAddress("10.16.0.0/20", [])).toBe("10.16.0.2");
    expect(firstFreeAddress("10.16.0.0/20", ["10.16.0.2", "10.16.0.4"])).toBe("10.16.0.3");
  });

  // https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr#cidr_ranges_for_clusters
  test.each([
    [8, 28],
    [9, 27],
    [16, 27],
    [32, 26],
    [64, 25],
    [110, 24],
    [129, 23],
    [256, 23],
  ])("%i pods take a /%i", (pods, prefix) => {
    expect(podsPrefix(pods)).toBe(prefix);
  });
});

describe("machineResources", () => {
  // https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes
  test.each([
    ["e2-medium", 2000, 4, 940],
    ["e2-standard-2", 2000, 8, 1930],
    ["e2-standard-4", 4000, 16, 3920],
    ["n2-highmem-8", 8000, 64, 7910],
    ["n1-standard-1", 1000, 3.75, 940],
    ["n2-custom-4-8192", 4000, 8, 3920],
  ])("%s has %i millicores and %f GiB, of which pods get %i millicores", (type, cpu, gib, allocatable) => {
    expect(machineResources(type)).toMatchObject({
      cpuMillicores: cpu,
      memoryBytes: gib * 2 ** 30,
      allocatableCpuMillicores: allocatable,
    });
  });

  test("GKE keeps 2.6 GiB of 16 to itself, and 100 MiB more before it evicts", () => {
    expect(machineResources("e2-standard-4").allocatableMemoryBytes).toBe(Math.floor(13.4 * 2 ** 30) - 100 * 2 ** 20);
  });
});
