import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { TerraformStack } from "cdktf";
import { GkeNodePool, type GkeNodePoolProps, type NodePoolCluster } from "../../../lib/gke";
import { REPLACING } from "../../../lib/gke/node-pool/name";
import { testApp } from "../../support/app";
import { GOOGLE_ATTRIBUTES, googleAttributeProblems } from "../../support/google-attributes";
import { DATAPLANE_V2 } from "../support";
import { createCluster, type Json, only, synth } from "../synth";

type Variant = Partial<Omit<GkeNodePoolProps, "cluster">>;

function pool(variant: Variant = {}): Json {
  const json = synth((stack) => {
    new GkeNodePool(stack, "pool", { cluster: createCluster(stack), name: "general", maxNodes: 9, ...variant });
  });
  return only(json, "google_container_node_pool");
}

/** A cluster that somebody else made. */
const CLUSTER: NodePoolCluster = {
  clusterName: "main",
  project: "acme-staging",
  location: "asia-northeast1",
  autopilot: false,
  releaseChannel: "REGULAR",
  zoneCount: 3,
  privateNodes: true,
  nodeServiceAccount: "nodes@acme-staging.iam.gserviceaccount.com",
  nodeTags: ["gke-main"],
  maxPodsPerNode: 110,
};

/** The names that one stack gives to pools. */
function names(variants: readonly Variant[], cluster = CLUSTER): string[] {
  const stack = new TerraformStack(testApp(), "stack");
  return variants.map(
    (variant, index) =>
      new GkeNodePool(stack, `pool-${index}`, { cluster, name: "general", maxNodes: 9, ...variant }).name,
  );
}

describe("a pool of which nothing is said", () => {
  let made: Json;
  beforeAll(() => {
    made = pool();
  });

  test("is as hard as a scanner asks for", () => {
    expect(made).toMatchObject({
      management: { auto_repair: true, auto_upgrade: true },
      node_config: {
        image_type: "COS_CONTAINERD",
        oauth_scopes: ["https://www.googleapis.com/auth/cloud-platform"],
        service_account: expect.stringContaining("google_service_account."),
        shielded_instance_config: { enable_secure_boot: true, enable_integrity_monitoring: true },
        workload_metadata_config: { mode: "GKE_METADATA" },
        kubelet_config: { insecure_kubelet_readonly_port_enabled: "FALSE" },
        metadata: { "disable-legacy-endpoints": "true" },
      },
    });
  });

  test("is replaced by a new one before it goes, and resizes are no change", () => {
    expect(made.lifecycle).toEqual({ create_before_destroy: true, ignore_changes: ["initial_node_count"] });
    expect(made).not.toHaveProperty("node_count");
  });

  test("has time for drains of an hour a node", () => {
    expect(made.timeouts).toEqual({ create: "60m", update: "240m", delete: "120m" });
  });
});

describe("the name", () => {
  test("is the same in every run, and fits", () => {
    expect(names([{}, {}])).toEqual(["general-a5a31b", "general-a5a31b"]);
    expect(names([{ name: "a".repeat(33) }])[0]).toHaveLength(40);
  });

  test.each<[string, Variant]>([
    ["the service account", { serviceAccount: "n@p.iam.gserviceaccount.com" }],
    ["spot", { spot: true }],
    ["secure boot", { secureBoot: false }],
    ["integrity monitoring", { integrityMonitoring: false }],
    ["the most pods", { maxPodsPerNode: 32 }],
    ["the range of pods", { podRange: "more" }],
    ["the disk's key", { bootDiskKmsKey: "projects/p/locations/l/keyRings/r/cryptoKeys/k" }],
    ["local SSDs", { machineType: "n2-standard-4", localSsdCount: 1 }],
    ["accelerators", { machineType: "g2-standard-4", accelerators: [{ type: "nvidia-l4", count: 1 }] }],
    ["the CPU platform", { minCpuPlatform: "Intel Ice Lake" }],
    ["encrypted memory", { machineType: "n2d-standard-4", confidentialNodes: "SEV" }],
    ["reservations", { reservation: { use: "NO_RESERVATION" } }],
    ["placement", { machineType: "n2-standard-4", placement: {} }],
    ["sole tenancy", { soleTenancy: { affinity: [{ key: "k", operator: "IN", values: ["v"] }] } }],
    ["queued provisioning", { queuedProvisioning: true }],
    ["flex start", { flexStart: true }],
    ["the longest run", { maxRunHours: 24 }],
    [
      "secondary boot disks",
      { imageStreaming: true, secondaryBootDisks: [{ diskImage: "projects/p/global/images/i" }] },
    ],
    ["raw local SSDs", { machineType: "n2-standard-4", rawLocalSsdCount: 1 }],
    ["the generation", { generation: "2" }],
    // GKE could, and would evict what runs there.
    ["startup taints", { startupTaints: [{ key: "s", value: "true", effect: "NO_EXECUTE" }] }],
  ])("changes with %s, which cannot be changed in place", (_, variant) => {
    const [before, after] = names([{}, variant]);
    expect(after).not.toBe(before);
  });

  test.each<[string, Variant]>([
    ["the machine type", { machineType: "n2-standard-8" }],
    ["the image", { imageType: "UBUNTU_CONTAINERD" }],
    ["the disk", { diskType: "pd-ssd", diskSizeGb: 50 }],
    ["the number of nodes", { minNodes: 3, maxNodes: 5 }],
    ["a fixed number of nodes", { maxNodes: undefined, nodeCountPerZone: 3 }],
    ["labels and taints", { labels: { a: "b" }, taints: [{ key: "a", value: "b", effect: "NO_SCHEDULE" }] }],
    ["tags and labels of machines", { networkTags: ["a"], resourceLabels: { a: "b" } }],
    ["how it is upgraded", { blueGreen: {} }],
    ["zones", { zones: ["asia-northeast1-a"] }],
    ["image streaming", { imageStreaming: true }],
    [
      "what runs below the pods",
      { gvnic: true, kubelet: { podPidsLimit: 4096 }, sysctls: { "vm.max_map_count": "262144" } },
    ],
  ])("stays with %s, which is changed in place", (_, variant) => {
    const [before, after] = names([{}, variant]);
    expect(after).toBe(before);
  });

  test("does not depend on what else is in the stack", () => {
    const alone = new TerraformStack(testApp(), "stack");
    const { name } = new GkeNodePool(alone, "pool", { cluster: createCluster(alone), name: "general", maxNodes: 9 });
    const stack = new TerraformStack(testApp(), "stack");
    const other = new ServiceAccount(stack, "other", { accountId: "other" });
    // Every reference that is made shifts the numbers inside cdktf's tokens.
    expect([other.email, other.member, other.id]).toHaveLength(3);
    const cluster = createCluster(stack);
    expect(new GkeNodePool(stack, "pool", { cluster, name: "general", maxNodes: 9 }).name).toBe(name);
  });

  test("knows every attribute that forces replacement in the pinned provider", () => {
    const attributes = GOOGLE_ATTRIBUTES["google_container_node_pool"] as Record<
      string,
      { readonly forceNew?: boolean }
    >;
    const forceNew = (prefix: string) =>
      Object.entries(attributes)
        .filter(
          ([path, { forceNew: isForceNew }]) =>
            isForceNew && path.startsWith(prefix) && !path.slice(prefix.length).includes("."),
        )
        .map(([path]) => path.slice(prefix.length).replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()))
        .sort();
    // Blocks that are part of the list below, whose names say everything about them, and what identifies a pool.
    const elsewhere = ["cluster", "initialNodeCount", "location", "name", "namePrefix", "nodeConfig", "project"];
    expect(forceNew("").filter((name) => !elsewhere.includes(name))).toEqual([...REPLACING.pool].sort());
    expect(forceNew("network_config.")).toEqual([...REPLACING.network].sort());
    expect(forceNew("node_config.")).toEqual([...REPLACING.node].sort());
    expect(forceNew("node_config.confidential_nodes.")).toEqual([...REPLACING.confidential].sort());
    // No further block holds such an attribute without being one itself.
    const covered = [
      ...REPLACING.pool,
      ...REPLACING.network,
      ...REPLACING.node,
      "confidentialNodes",
      ...elsewhere,
    ] as string[];
    const parents = Object.entries(attributes)
      .filter(([, { forceNew: isForceNew }]) => isForceNew)
      .map(([path]) => path.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()).split("."))
      .map(
        ([first, second]) =>
          (first === "nodeConfig" || first === "networkConfig" ? (second ?? first) : first) as string,
      );
    expect([...new Set(parents)].filter((parent) => !covered.includes(parent))).toEqual([]);
  });
});

test("effective values can be read from it", () => {
  const stack = new TerraformStack(testApp(), "stack");
  const made = new GkeNodePool(stack, "pool", {
    cluster: createCluster(stack, { maxPodsPerNode: 64 }),
    name: "general",
    machineType: "n4-standard-4",
    maxNodes: 9,
    startupTaints: [{ key: "s", value: "true", effect: "NO_EXECUTE" }],
  });
  expect(made).toMatchObject({
    machineType: "n4-standard-4",
    diskType: "hyperdisk-balanced",
    maxPodsPerNode: 64,
    taints: [{ key: "s" }],
  });
});

test("the resource stays open to what the options lack, and the check sees it", () => {
  const json = synth((stack) => {
    const made = new GkeNodePool(stack, "pool", { cluster: createCluster(stack), name: "general", maxNodes: 9 });
    made.nodePool.addOverride("node_config.linux_node_config.sysctls", { "net.core.somaxconn": "4096" });
    made.nodePool.addOverride("node_config.colour", "red");
  });
  expect(only(json, "google_container_node_pool").node_config.linux_node_config.sysctls).toEqual({
    "net.core.somaxconn": "4096",
  });
  expect(googleAttributeProblems(json)).toEqual([
    "google_container_node_pool.pool: 'node_config.colour' is not an attribute",
  ]);
});

test.each<[Variant, Parameters<typeof createCluster>[1], RegExp]>([
  [{ name: "A" }, {}, /stack\/pool: 'name' \(A\)/],
  [{ zones: ["us-east1-b"] }, {}, /'zones\[0\]' \(us-east1-b\) is outside the cluster's region asia-northeast1/],
  [{}, { autopilot: true, datapath: DATAPLANE_V2 }, /is a node pool, and Autopilot clusters have none of yours/],
  [{ autoUpgrade: false }, {}, /'autoUpgrade' \(false\) is not possible in release channel REGULAR/],
  [{ podRange: "more" }, {}, /'podRange' \(more\) is not one of the network's extra ranges of pods/],
  [
    {
      taints: [{ key: "s", value: "true", effect: "NO_EXECUTE" }],
      startupTaints: [{ key: "s", value: "true", effect: "NO_EXECUTE" }],
    },
    {},
    /'taints\[0\].key' \(s\) is the startup taint/,
  ],
])("%j in a cluster with %j is refused", (variant, clusterVariant, message) => {
  const stack = new TerraformStack(testApp(), "stack");
  const cluster = createCluster(stack, clusterVariant);
  expect(() => new GkeNodePool(stack, "pool", { cluster, name: "general", maxNodes: 9, ...variant })).toThrow(message);
});
