import type { ClusterHooks, NodePoolView } from "../../../sandbox/gcp/hooks";
import { at, type JsonObject } from "../../../sandbox/gcp/json";
import { makeCluster, messageOf, PROJECT, paths, REGION, start, stopAll, type TestCloud } from "./client";

afterEach(stopAll);

const POOLS = `${paths.clusters}/dev/nodePools`;
const IDENTITY = { project: PROJECT, location: REGION, name: "dev" };

/** What the hooks were told of one pool: why, and how many nodes of which version it then had. */
interface Told {
  readonly change: string;
  readonly pool: NodePoolView;
}

async function withPool(nodePool: JsonObject = {}): Promise<TestCloud & { readonly told: Told[] }> {
  const told: Told[] = [];
  const hooks: ClusterHooks = {
    onNodePoolChanged: (_, pool, change) => {
      if (pool.name === "p") told.push({ change, pool });
    },
  };
  const cloud = await start({ hooks });
  await makeCluster(cloud, { locations: [`${REGION}-a`, `${REGION}-b`] });
  await cloud.ok("POST", POOLS, { nodePool: { name: "p", initialNodeCount: 1, ...nodePool } });
  return { ...cloud, told };
}

function versions(pool: NodePoolView): string[] {
  return pool.nodes.map((node) => node.version.slice(0, 4)).sort();
}

function sizes(pool: NodePoolView): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const { zone } of pool.nodes) counted[zone.slice(-1)] = (counted[zone.slice(-1)] ?? 0) + 1;
  return counted;
}

describe("a new pool", () => {
  test("gets what Google fills in, and its nodes in each zone of the cluster", async () => {
    const { ok, told } = await withPool({ config: { labels: { a: "b" }, spot: true } });
    expect(await ok("GET", `${POOLS}/p`)).toMatchObject({
      status: "RUNNING",
      locations: [`${REGION}-a`, `${REGION}-b`],
      management: { autoRepair: true, autoUpgrade: true },
      upgradeSettings: { strategy: "SURGE", maxSurge: 1 },
      maxPodsConstraint: { maxPodsPerNode: "110" },
      config: {
        machineType: "e2-medium",
        diskType: "pd-balanced",
        imageType: "COS_CONTAINERD",
        serviceAccount: "default",
        resourceLabels: { "goog-gke-node-pool-provisioning-model": "spot" },
        metadata: { "disable-legacy-endpoints": "true" },
      },
    });
    expect(told.map(({ change, pool }) => [change, sizes(pool)])).toEqual([["created", { a: 1, b: 1 }]]);
    expect(told[0]!.pool).toMatchObject({
      labels: { a: "b" },
      spot: true,
      maxPodsPerNode: 110,
      machineType: "e2-medium",
    });
    expect(told[0]!.pool.nodes[0]!.name).toMatch(/^gke-dev-p-[0-9a-f]{8}-\w{4}$/);
  });

  test("tells its taints as Kubernetes writes them", async () => {
    const taint = { key: "node.cilium.io/agent-not-ready", value: "true", effect: "NO_EXECUTE" };
    const { told } = await withPool({ config: { taints: [taint] } });
    expect(told[0]!.pool.taints).toEqual([{ ...taint, effect: "NoExecute" }]);
  });

  test("on a cluster with Workload Identity, and a disk of the machine's family, where it says neither", async () => {
    const cloud = await start();
    await makeCluster(cloud, { workloadIdentityConfig: { workloadPool: `${PROJECT}.svc.id.goog` } });
    await cloud.ok("POST", POOLS, { nodePool: { name: "p", config: { machineType: "n4-standard-2" } } });
    expect(await cloud.ok("GET", `${POOLS}/p`)).toMatchObject({
      config: { workloadMetadataConfig: { mode: "GKE_METADATA" }, diskType: "hyperdisk-balanced" },
    });
  });

  test.each([
    [110, 24],
    [64, 25],
    [32, 26],
    [8, 28],
  ])("with %d pods a node gives each a /%d", async (maxPodsPerNode, size) => {
    const { ok } = await withPool({ maxPodsConstraint: { maxPodsPerNode: String(maxPodsPerNode) } });
    expect(await ok("GET", `${POOLS}/p`)).toMatchObject({ podIpv4CidrSize: size });
  });

  test("can have a pod range of its own, existing or created", async () => {
    const { ok, call } = await withPool();
    const networkConfig = { createPodRange: true, podRange: "more", podIpv4CidrBlock: "10.40.0.0/16" };
    await ok("POST", POOLS, { nodePool: { name: "q", networkConfig } });
    expect(at(await ok("GET", `${POOLS}/q`), "networkConfig.podIpv4CidrBlock")).toBe("10.40.0.0/16");
    await ok("POST", POOLS, { nodePool: { name: "r", networkConfig: { podRange: "more" } } });
    expect(at(await ok("GET", `${POOLS}/r`), "networkConfig.podIpv4CidrBlock")).toBe("10.40.0.0/16");
    const answer = await call("POST", POOLS, { nodePool: { name: "s", networkConfig: { podRange: "no" } } });
    expect(messageOf(answer)).toContain('Pod secondary range "no" not found');
  });

  test.each([
    ["of a name that is taken", { name: "p" }, 409],
    ["of a name that cannot be", { name: "P" }, 400],
    ["newer than the control plane", { name: "q", version: "1.34.4-gke.1000" }, 400],
    ["in a zone of another region", { name: "q", locations: ["us-east1-b"] }, 400],
    [
      "with metadata that needs Workload Identity",
      { name: "q", config: { workloadMetadataConfig: { mode: "GKE_METADATA" } } },
      400,
    ],
    ["that is not repaired in a release channel", { name: "q", management: { autoUpgrade: true } }, 400],
  ])("is refused %s", async (_, nodePool, status) => {
    const { call } = await withPool();
    expect((await call("POST", POOLS, { nodePool })).status).toBe(status);
  });

  test("whose creation fails is there in status ERROR and can be deleted", async () => {
    const { ok, call, simulator } = await withPool();
    simulator.addFault({ path: "/nodePools$", operation: { error: { code: "INTERNAL", message: "no machines" } } });
    await ok("POST", POOLS, { nodePool: { name: "q" } });
    expect(await ok("GET", `${POOLS}/q`)).toMatchObject({ status: "ERROR", statusMessage: "no machines" });
    await ok("DELETE", `${POOLS}/q`);
    expect((await call("GET", `${POOLS}/q`)).status).toBe(404);
  });
});

describe("size", () => {
  test("is set by zone", async () => {
    const { ok, told } = await withPool();
    await ok("POST", `${POOLS}/p:setSize`, { nodeCount: 3 });
    await ok("POST", `${POOLS}/p:setSize`, { nodeCount: 0 });
    expect(told.slice(1).map(({ change, pool }) => [change, sizes(pool)])).toEqual([
      ["resized", { a: 3, b: 3 }],
      ["resized", {}],
    ]);
  });

  test("keeps the nodes that may stay", async () => {
    const { ok, told } = await withPool({ initialNodeCount: 2 });
    const before = told[0]!.pool.nodes.map((node) => node.name);
    await ok("POST", `${POOLS}/p:setSize`, { nodeCount: 1 });
    const after = told[1]!.pool.nodes.map((node) => node.name);
    expect(before).toEqual(expect.arrayContaining(after));
    expect(after).toHaveLength(2);
  });

  test.each([
    ["per zone", { enabled: true, minNodeCount: 2, maxNodeCount: 3 }, { a: 2, b: 2 }],
    ["in all", { enabled: true, totalMinNodeCount: 3, totalMaxNodeCount: 5 }, { a: 2, b: 1 }],
  ])("stays within the limits of autoscaling %s", async (_, autoscaling, wanted) => {
    const { told } = await withPool({ autoscaling });
    expect(sizes(told[0]!.pool)).toEqual(wanted);
  });

  test("is set by the autoscaler without an operation, within its limits", async () => {
    const { simulator, told } = await withPool({ autoscaling: { enabled: true, minNodeCount: 1, maxNodeCount: 3 } });
    const operations = simulator.operations().length;
    await simulator.setNodePoolSize(IDENTITY, "p", { [`${REGION}-a`]: 9 });
    expect(told.slice(1).map(({ change, pool }) => [change, sizes(pool)])).toEqual([["autoscaled", { a: 3, b: 1 }]]);
    expect(simulator.operations()).toHaveLength(operations);
    await expect(simulator.setNodePoolSize(IDENTITY, "no", {})).rejects.toThrow("there is no node pool");
  });

  test("follows limits that are changed through the cluster", async () => {
    const { ok, told } = await withPool();
    const desiredNodePoolAutoscaling = { enabled: true, minNodeCount: 2, maxNodeCount: 4 };
    await ok("PUT", `${paths.clusters}/dev`, { update: { desiredNodePoolId: "p", desiredNodePoolAutoscaling } });
    expect(sizes(told.at(-1)!.pool)).toEqual({ a: 2, b: 2 });
    expect(await ok("GET", `${POOLS}/p`)).toMatchObject({
      autoscaling: { minNodeCount: 2, locationPolicy: "BALANCED" },
    });
    await ok("PUT", `${paths.clusters}/dev`, { update: { desiredNodePoolId: "p", desiredNodePoolAutoscaling: {} } });
    expect((await ok("GET", `${POOLS}/p`))["autoscaling"]).toBeUndefined();
  });

  test("is the same with another image, which is set through the cluster and on new machines", async () => {
    const { ok, call, told } = await withPool();
    const before = told[0]!.pool.nodes.map((node) => node.name);
    const set = (desiredImageType: string) =>
      call("PUT", `${paths.clusters}/dev`, { update: { desiredNodePoolId: "p", desiredImageType } });
    expect((await set("UBUNTU_CONTAINERD")).status).toBe(200);
    expect(await ok("GET", `${POOLS}/p`)).toMatchObject({ config: { imageType: "UBUNTU_CONTAINERD" } });
    const after = told.at(-1)!.pool;
    expect(sizes(after)).toEqual(sizes(told[0]!.pool));
    for (const { name } of after.nodes) expect(before).not.toContain(name);
    expect((await set("SOLARIS")).status).toBe(400);
  });

  test("follows the zones of the cluster, unless the pool has zones of its own", async () => {
    const { ok, told } = await withPool();
    await ok("POST", POOLS, { nodePool: { name: "own", initialNodeCount: 1, locations: [`${REGION}-b`] } });
    await ok("PUT", `${paths.clusters}/dev`, { update: { desiredLocations: [`${REGION}-a`, `${REGION}-c`] } });
    expect(sizes(told.at(-1)!.pool)).toEqual({ a: 1, c: 1 });
    expect(await ok("GET", `${POOLS}/own`)).toMatchObject({ locations: [`${REGION}-b`] });
    await ok("PUT", `${POOLS}/p`, { locations: [`${REGION}-b`] });
    expect(sizes(told.at(-1)!.pool)).toEqual({ b: 1 });
  });
});

describe("upgrades", () => {
  async function upgraded(upgradeSettings: JsonObject): Promise<Told[]> {
    const cloud = await withPool({ initialNodeCount: 1, upgradeSettings });
    await cloud.ok("PUT", `${paths.clusters}/dev`, { update: { desiredMasterVersion: "1.34" } });
    cloud.told.length = 0;
    await cloud.ok("PUT", `${POOLS}/p`, { nodePoolId: "p", nodeVersion: "1.34.4-gke.1000" });
    expect(await cloud.ok("GET", `${POOLS}/p`)).toMatchObject({ version: "1.34.4-gke.1000", status: "RUNNING" });
    return cloud.told;
  }

  test("with surge put a new node beside the old before they take one away", async () => {
    const told = await upgraded({ strategy: "SURGE", maxSurge: 1 });
    expect(told.map(({ change, pool }) => [change, versions(pool)])).toEqual([
      ["upgrading", ["1.33", "1.33", "1.34"]],
      ["upgrading", ["1.33", "1.34"]],
      ["upgrading", ["1.33", "1.34", "1.34"]],
      ["upgrading", ["1.34", "1.34"]],
    ]);
  });

  test("without surge take a node away first", async () => {
    const told = await upgraded({ strategy: "SURGE", maxSurge: 0, maxUnavailable: 1 });
    expect(told.map(({ pool }) => versions(pool))).toEqual([
      ["1.33", "1.34"],
      ["1.34", "1.34"],
    ]);
  });

  test("blue-green have all new nodes before any old one goes", async () => {
    const told = await upgraded({ strategy: "BLUE_GREEN" });
    expect(told.map(({ pool }) => versions(pool))).toEqual([
      ["1.33", "1.33", "1.34", "1.34"],
      ["1.34", "1.34"],
    ]);
  });

  test("are refused beyond the control plane, and to what is not on offer", async () => {
    const { call } = await withPool();
    expect(messageOf(await call("PUT", `${POOLS}/p`, { nodeVersion: "1.34" }))).toContain("must not be greater than");
    expect(messageOf(await call("PUT", `${POOLS}/p`, { nodeVersion: "1.2" }))).toContain("is unsupported");
  });
});

describe("changes", () => {
  test.each<[string, JsonObject, string, unknown, string]>([
    ["labels", { labels: { labels: { x: "y" } } }, "config.labels", { x: "y" }, "updated"],
    [
      "taints",
      { taints: { taints: [{ key: "k", value: "v", effect: "NO_SCHEDULE" }] } },
      "config.taints",
      [{ key: "k", value: "v", effect: "NO_SCHEDULE" }],
      "updated",
    ],
    ["tags", { tags: { tags: ["t"] } }, "config.tags", ["t"], "updated"],
    ["resource labels", { resourceLabels: { labels: { r: "s" } } }, "config.resourceLabels", { r: "s" }, "updated"],
    ["machine type", { machineType: "e2-standard-8" }, "config.machineType", "e2-standard-8", "upgrading"],
    ["disk size", { diskSizeGb: "200" }, "config.diskSizeGb", 200, "upgrading"],
    ["boot disk", { bootDisk: { diskType: "pd-ssd" } }, "config.diskType", "pd-ssd", "upgrading"],
    ["kubelet", { kubeletConfig: { podPidsLimit: "4096" } }, "config.kubeletConfig.podPidsLimit", "4096", "upgrading"],
    [
      "logging",
      { loggingConfig: { variantConfig: { variant: "MAX_THROUGHPUT" } } },
      "config.loggingConfig.variantConfig.variant",
      "MAX_THROUGHPUT",
      "upgrading",
    ],
  ])("of %s reach the nodes", async (_, body, path, wanted, change) => {
    const { ok, told } = await withPool();
    const before = told[0]!.pool.nodes.map((node) => node.name);
    await ok("PUT", `${POOLS}/p`, { name: "p", ...body });
    expect(at(await ok("GET", `${POOLS}/p`), path)).toEqual(wanted);
    expect(told.at(-1)!.change).toBe(change);
    const same = told.at(-1)!.pool.nodes.every((node) => before.includes(node.name));
    expect(same).toBe(change === "updated");
  });

  test.each<[string, string, JsonObject, string, unknown]>([
    ["upgrade settings", "PUT", { upgradeSettings: { strategy: "SURGE", maxSurge: 3 } }, "upgradeSettings.maxSurge", 3],
    [
      "private nodes",
      "PUT",
      { nodeNetworkConfig: { enablePrivateNodes: true } },
      "networkConfig.enablePrivateNodes",
      true,
    ],
  ])("of %s leave the nodes alone", async (_, method, body, path, wanted) => {
    const { ok, told } = await withPool();
    await ok(method, `${POOLS}/p`, body);
    expect(at(await ok("GET", `${POOLS}/p`), path)).toEqual(wanted);
    expect(told).toHaveLength(1);
  });

  test("of management are held to the release channel", async () => {
    const { ok, call } = await withPool();
    const management = { autoRepair: true, autoUpgrade: false };
    expect((await call("POST", `${POOLS}/p:setManagement`, { management })).status).toBe(400);
    await ok("PUT", `${paths.clusters}/dev`, { update: { desiredReleaseChannel: { channel: "UNSPECIFIED" } } });
    await ok("POST", `${POOLS}/p:setManagement`, { management });
    expect((await ok("GET", `${POOLS}/p`))["management"]).toEqual({ autoRepair: true });
  });

  test.each([
    ["nothing", { name: "p" }, 400],
    ["what is not simulated", { image: "mine" }, 501],
  ])("of %s are refused", async (_, body, status) => {
    const { call } = await withPool();
    expect((await call("PUT", `${POOLS}/p`, body)).status).toBe(status);
  });
});

test("a deleted pool takes its nodes with it", async () => {
  const { ok, told } = await withPool();
  await ok("DELETE", `${POOLS}/p`);
  expect(told.at(-1)).toMatchObject({ change: "deleted", pool: { nodes: [] } });
  const { nodePools } = await ok("GET", POOLS);
  expect((nodePools as JsonObject[]).map((pool) => pool["name"])).toEqual(["default-pool"]);
});
