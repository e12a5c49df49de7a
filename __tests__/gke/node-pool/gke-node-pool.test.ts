import { TerraformStack, Testing } from "cdktf";
import { GkeNodePool, type GkeNodePoolProps } from "../../../lib/gke";
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
  const prefix = (variant: Variant) => pool(variant).name_prefix as string;

  test("is made up by the provider, so that a new pool never meets the one it replaces", () => {
    expect(pool()).not.toHaveProperty("name");
    expect(prefix({})).toBe("general-");
  });

  test("leaves room for what the provider puts behind it, and never ends in two hyphens", () => {
    expect(prefix({ name: "a".repeat(40) })).toBe(`${"a".repeat(13)}-`);
    expect(prefix({ name: "twelve-chars-more" })).toBe("twelve-chars-");
    expect(prefix({ name: "a".repeat(40), generation: "2" })).toHaveLength(14);
  });

  test("changes with the generation, which replaces the pool", () => {
    expect(prefix({ generation: "1" })).toMatch(/^general-[0-9a-f]{4}-$/);
    expect(prefix({ generation: "2" })).not.toBe(prefix({ generation: "1" }));
    expect(GOOGLE_ATTRIBUTES["google_container_node_pool"]).toMatchObject({ name_prefix: { forceNew: true } });
  });
});

test("effective values can be read from it", () => {
  const stack = new TerraformStack(Testing.app(), "stack");
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
  const stack = new TerraformStack(Testing.app(), "stack");
  const cluster = createCluster(stack, clusterVariant);
  expect(() => new GkeNodePool(stack, "pool", { cluster, name: "general", maxNodes: 9, ...variant })).toThrow(message);
});
