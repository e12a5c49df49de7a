import type { JsonObject } from "../../../../sandbox/gcp/json";
import { makeCluster, PROJECT, paths, REGION, start, stopAll, type TestCloud } from "../client";
import { type Case, expectRefused } from "./refused";

const POOLS = `${paths.clusters}/dev/nodePools`;

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await start();
  await makeCluster(cloud);
});
afterAll(stopAll);

const scaled = (limits: JsonObject): JsonObject => ({ autoscaling: { enabled: true, ...limits } });
const machine = (machineType: string, more: JsonObject = {}): JsonObject => ({ config: { machineType, ...more } });
const kubelet = (kubeletConfig: JsonObject): JsonObject => ({ config: { kubeletConfig } });
const gpu = (acceleratorType: string, acceleratorCount = "1"): JsonObject => ({
  accelerators: [{ acceleratorType, acceleratorCount }],
});

describe("a pool is refused", () => {
  test.each<Case>([
    // keras-team/kinetic#305
    [
      "of machines that do not exist",
      machine("e2-standard-5"),
      `Invalid machine type "e2-standard-5" in zone "${REGION}-a": GCE_NOT_FOUND`,
    ],
    ["of a series that does not exist", machine("z9-standard-4"), "GCE_NOT_FOUND"],
    ["of a size that its series has not", machine("n2-highcpu-128"), "GCE_NOT_FOUND"],
    ["of custom machines of a series without", machine("c3-custom-4-8192"), "GCE_NOT_FOUND"],
    // nkoson/gke-tutorial#7
    [
      "of machines that are too small",
      machine("f1-micro"),
      "Node pools of f1-micro machines are not supported due to insufficient memory.",
    ],
    ["with disks that do not exist", machine("e2-standard-4", { diskType: "pd-fast" }), 'Invalid disk type "pd-fast"'],
    // Compute Engine's words for a disk that a machine cannot use
    [
      "with disks that its machines cannot use",
      machine("n4-standard-4", { diskType: "pd-balanced" }),
      "pd-balanced disk type cannot be used by n4-standard-4 machine type.",
    ],
    [
      "with Hyperdisks on an old series",
      machine("e2-standard-4", { diskType: "hyperdisk-balanced" }),
      "hyperdisk-balanced disk type cannot be used by e2-standard-4 machine type.",
    ],
    [
      "with disks that nothing starts from",
      machine("n2-standard-4", { diskType: "hyperdisk-throughput" }),
      "disk type cannot be used by",
    ],
    [
      "with disks that are too small",
      machine("e2-standard-4", { diskSizeGb: 9 }),
      "Disk size must be between 10 and 65536 GB",
    ],
    // https://cloud.google.com/kubernetes-engine/docs/deprecations/docker-containerd
    [
      "with Docker",
      { config: { imageType: "COS" } },
      "node images based on Docker container runtimes is not supported in GKE v1.33",
    ],
    [
      "with an image that does not exist",
      { config: { imageType: "ARCH_CONTAINERD" } },
      'Invalid image type "ARCH_CONTAINERD"',
    ],
    // hashicorp/terraform-provider-google#8387
    [
      "with a GPU on the default machine",
      { config: gpu("nvidia-tesla-t4") },
      "Cannot use default machine type (e2-medium) with GPUs; choose a different machine type.",
    ],
    [
      "with a GPU on a series without",
      machine("e2-standard-4", gpu("nvidia-tesla-t4")),
      'Machine type "e2-standard-4" does not support accelerators',
    ],
    [
      "with a GPU that does not exist",
      machine("n1-standard-4", gpu("nvidia-tesla-z1")),
      'Accelerator type "nvidia-tesla-z1" does not exist',
    ],
    ["with three GPUs", machine("n1-standard-8", gpu("nvidia-tesla-t4", "3")), "Invalid number of accelerators"],
    [
      "with local SSDs on a series without",
      machine("e2-standard-4", { localSsdCount: 1 }),
      "does not support 1 local SSDs",
    ],
    [
      "of confidential nodes on a series without",
      machine("e2-standard-4", { confidentialNodes: { enabled: true } }),
      "Confidential nodes feature is not supported on machine type e2-standard-4",
    ],
    [
      "with another kind of encrypted memory",
      machine("n2d-standard-4", { confidentialNodes: { confidentialInstanceType: "TDX" } }),
      "Confidential nodes feature is not supported",
    ],
    [
      "with a CPU platform on a series without",
      machine("e2-standard-4", { minCpuPlatform: "Intel Haswell" }),
      "does not support a minimum CPU platform",
    ],
    [
      "with a CPU platform that does not exist",
      machine("n2-standard-4", { minCpuPlatform: "Transmeta" }),
      'CPU platform "Transmeta" does not exist',
    ],
    ["that is spot and preemptible", { config: { spot: true, preemptible: true } }, "Only one of spot and preemptible"],

    [
      "close together on a series without",
      { ...machine("e2-standard-4"), placementPolicy: { type: "COMPACT" } },
      "Compact placement is not supported",
    ],
    // NodeConfig in the API's reference: oauthScopes, metadata
    [
      "with a scope that is none",
      { config: { oauthScopes: ["compute-rw"] } },
      'Scope "compute-rw" is not a valid OAuth scope',
    ],
    [
      "with metadata of GKE's",
      { config: { metadata: { "kube-env": "x" } } },
      'Metadata key "kube-env" is reserved for use by GKE',
    ],
    ["with metadata that is none", { config: { metadata: { "a b": "x" } } }, 'Invalid metadata key "a b"'],
    [
      "on a disk encrypted with a key that does not exist",
      { config: { bootDiskKmsKey: `projects/${PROJECT}/locations/${REGION}/keyRings/r/cryptoKeys/gone` } },
      "was not found",
    ],

    // hashicorp/terraform-provider-google#6003, bitpoke/stack#86
    [
      "with a label of Kubernetes",
      { config: { labels: { "node-role.kubernetes.io/db": "true" } } },
      "Applying kubernetes label is not allowed: node-role.kubernetes.io/db.",
    ],
    [
      "with a label of Kubernetes' other domain",
      { config: { labels: { "k8s.io/a": "b" } } },
      "Applying kubernetes label is not allowed: k8s.io/a.",
    ],
    // hashicorp/terraform-provider-google#19677
    [
      "with a label of GKE",
      { config: { labels: { "cloud.google.com/compute-class": "x" } } },
      'Node labels with key "cloud.google.com/compute-class" are managed by GKE or Kubernetes and must not be manually specified.',
    ],
    ["with a label that is none", { config: { labels: { "a b": "c" } } }, 'Invalid label key "a b"'],
    ["with a label's value that is none", { config: { labels: { a: "b c" } } }, 'Invalid label value "b c"'],
    [
      "with a taint twice",
      { config: { taints: ["x", "y"].map((value) => ({ key: "a", value, effect: "NO_SCHEDULE" })) } },
      "Taints must be unique by key and effect pair",
    ],
    ["with a taint without effect", { config: { taints: [{ key: "a", value: "b" }] } }, "must have an effect"],
    ["with a tag in capitals", { config: { tags: ["GKE"] } }, "Must be a match of regex"],

    // https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/container_node_pool#nested_upgrade_settings
    [
      "that is never upgraded",
      { upgradeSettings: { maxSurge: 0, maxUnavailable: 0 } },
      "at least one of them must be greater than zero",
    ],
    ["that surges backwards", { upgradeSettings: { maxSurge: -1, maxUnavailable: 1 } }, "must not be negative"],
    [
      "that surges too far",
      { upgradeSettings: { maxSurge: 15, maxUnavailable: 6 } },
      "must be less than or equal to 20",
    ],
    [
      "that surges with blue and green",
      { upgradeSettings: { strategy: "BLUE_GREEN", maxSurge: 1 } },
      "can only be used when strategy is set to SURGE",
    ],
    [
      "with blue and green that surges",
      { upgradeSettings: { strategy: "SURGE", blueGreenSettings: {} } },
      "can only be used when strategy is set to BLUE_GREEN",
    ],
    [
      "with batches counted twice",
      {
        upgradeSettings: {
          strategy: "BLUE_GREEN",
          blueGreenSettings: { standardRolloutPolicy: { batchNodeCount: 1, batchPercentage: 0.5 } },
        },
      },
      "Only one of batch_node_count and batch_percentage",
    ],
    [
      "that soaks for more than a week",
      { upgradeSettings: { strategy: "BLUE_GREEN", blueGreenSettings: { nodePoolSoakDuration: "604801s" } } },
      "must be between 0 and 604800 seconds",
    ],

    // hashicorp/terraform-provider-google#5441
    [
      "whose minimum is above its maximum",
      scaled({ minNodeCount: 2, maxNodeCount: 1 }),
      "min_node_count must be less than or equal to",
    ],
    [
      "whose minimum in all is above its maximum",
      scaled({ totalMinNodeCount: 2, totalMaxNodeCount: 1 }),
      "total_min_node_count must be less than or equal to",
    ],
    // terraform-google-modules/terraform-google-kubernetes-engine#1554
    [
      "without a maximum",
      scaled({}),
      "Node_pool_autoscaling.max_node_count and node_pool_autoscaling.total_max_node_count cannot be both set to zero.",
    ],
    ["with limits of both kinds", scaled({ maxNodeCount: 3, totalMaxNodeCount: 9 }), "cannot be both set."],
    ["with a negative minimum", scaled({ minNodeCount: -1, maxNodeCount: 3 }), "must be greater than or equal to zero"],
    ["of more than a thousand nodes a zone", scaled({ maxNodeCount: 1001 }), "must be less than or equal to 1000"],
    ["of a negative size", { initialNodeCount: -1 }, "must be greater than or equal to zero"],
    ["with seven pods a node", { maxPodsConstraint: { maxPodsPerNode: "7" } }, "it must be between 8 and 256"],

    // website/docs/r/container_cluster.html.markdown of the google provider: nested_kubelet_config
    ["with few processes a pod", kubelet({ podPidsLimit: "1000" }), "pod_pids_limit must be between 1024 and 4194303"],
    ["with many log files", kubelet({ containerLogMaxFiles: 11 }), "container_log_max_files must be between 2 and 10"],
    [
      "with large log files",
      kubelet({ containerLogMaxSize: "501Mi" }),
      "container_log_max_size must be between 10Mi and 500Mi",
    ],
    ["with an unknown CPU manager", kubelet({ cpuManagerPolicy: "dynamic" }), "cpu_manager_policy must be one of"],
    [
      "with images that are pulled one by one",
      kubelet({ maxParallelImagePulls: 1 }),
      "max_parallel_image_pulls must be between 2 and 5",
    ],
    [
      "with image collection upside down",
      kubelet({ imageGcLowThresholdPercent: 80, imageGcHighThresholdPercent: 70 }),
      "must be lower than",
    ],
    [
      "with a sysctl that does not exist",
      { config: { linuxNodeConfig: { sysctls: { "dev.cdrom.lock": "1" } } } },
      'sysctl "dev.cdrom.lock" is not supported',
    ],
  ])("%s", async (_, more, words) => {
    await expectRefused(cloud, "POST", POOLS, { nodePool: { name: "p", ...more } }, words);
  });

  test("with control groups of version 1, from 1.35 on", async () => {
    // TestAccContainerCluster_withNodeConfigLinuxNodeConfig of the google provider
    const own = await start();
    const config = { linuxNodeConfig: { cgroupMode: "CGROUP_MODE_V1" } };
    await makeCluster(own, { initialClusterVersion: "1.34", releaseChannel: { channel: "RAPID" } });
    await own.ok("POST", POOLS, { nodePool: { name: "old", config } });
    await own.ok("PUT", `${paths.clusters}/dev`, { update: { desiredMasterVersion: "1.35" } });
    await expectRefused(
      own,
      "POST",
      POOLS,
      { nodePool: { name: "p", config } },
      "Node pools with cgroupv1 is not supported",
    );
  });

  test("that does not exist, with its name alone", async () => {
    await expectRefused(cloud, "GET", `${POOLS}/nope`, undefined, 'Not found: node pool "nope" not found.', 404);
  });
});

describe("a pool is accepted", () => {
  test.each<[string, JsonObject]>([
    ["of every shape of machine", machine("n2-custom-6-20480")],
    ["of extended memory", machine("n2-custom-2-32768-ext")],
    ["of machines with GPUs", machine("g2-standard-4", gpu("nvidia-l4"))],
    ["of a series whose sizes are not listed", machine("a3-highgpu-8g", gpu("nvidia-h100-80gb", "8"))],
    [
      "with limits in all, also where it has one zone",
      { locations: [`${REGION}-a`], ...scaled({ totalMinNodeCount: 0, totalMaxNodeCount: 3 }) },
    ],
    ["that is replaced without a spare", { upgradeSettings: { maxSurge: 0, maxUnavailable: 1 } }],
    [
      "with a label of its own domain",
      {
        config: {
          labels: { "acme.example/team": "core", "node.kubernetes.io/exclude-from-external-load-balancers": "true" },
        },
      },
    ],
    ["with encrypted memory", machine("n2d-standard-4", { confidentialNodes: { enabled: true } })],
  ])("%s", async (_, more) => {
    await cloud.ok("POST", POOLS, { nodePool: { name: "fine", ...more } });
    await cloud.ok("DELETE", `${POOLS}/fine`);
  });
});

describe("a change of a pool is refused", () => {
  const POOL = `${POOLS}/default-pool`;
  test.each<[string, string, string, JsonObject, string]>([
    ["to machines that do not exist", "PUT", POOL, { machineType: "e2-huge-4" }, "GCE_NOT_FOUND"],
    [
      "to disks that its machines cannot use",
      "PUT",
      POOL,
      { diskType: "hyperdisk-balanced" },
      "cannot be used by e2-medium",
    ],
    [
      "to a label of Kubernetes",
      "PUT",
      POOL,
      { labels: { labels: { "kubernetes.io/os": "x" } } },
      "Applying kubernetes label is not allowed",
    ],
    [
      "to the same taint twice",
      "PUT",
      POOL,
      { taints: { taints: ["x", "y"].map((value) => ({ key: "a", value, effect: "NO_EXECUTE" })) } },
      "Taints must be unique",
    ],
    [
      "to no upgrades",
      "PUT",
      POOL,
      { upgradeSettings: { maxSurge: 0, maxUnavailable: 0 } },
      "must be greater than zero",
    ],
    ["to a negative size", "POST", `${POOL}:setSize`, { nodeCount: -1 }, "must be greater than or equal to zero"],
    [
      "to limits upside down",
      "POST",
      `${POOL}:setAutoscaling`,
      { autoscaling: { enabled: true, minNodeCount: 5, maxNodeCount: 1 } },
      "must be less than or equal to",
    ],
    [
      "to limits upside down, through the cluster",
      "PUT",
      `${paths.clusters}/dev`,
      {
        update: {
          desiredNodePoolId: "default-pool",
          desiredNodePoolAutoscaling: { enabled: true, minNodeCount: 5, maxNodeCount: 1 },
        },
      },
      "must be less than or equal to",
    ],
  ])("%s", async (_, method, path, body, words) => {
    await expectRefused(cloud, method, path, body, words);
  });
});

describe("the operation fails", () => {
  async function small(more: JsonObject): Promise<{ operation: JsonObject; own: TestCloud }> {
    const own = await start();
    await own.ok("POST", paths.networks, { name: "main", autoCreateSubnetworks: false });
    await own.ok("POST", paths.subnetworks, {
      name: "nodes",
      network: `projects/${PROJECT}/global/networks/main`,
      ipCidrRange: "10.16.0.0/28",
      secondaryIpRanges: [
        { rangeName: "pods", ipCidrRange: "10.20.0.0/23" },
        { rangeName: "services", ipCidrRange: "10.24.0.0/24" },
      ],
    });
    const operation = await own.ok("POST", paths.clusters, {
      cluster: {
        name: "dev",
        network: `projects/${PROJECT}/global/networks/main`,
        subnetwork: `projects/${PROJECT}/regions/${REGION}/subnetworks/nodes`,
        initialNodeCount: 1,
        ipAllocationPolicy: { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" },
        ...more,
      },
    });
    return { operation, own };
  }

  test("where the pods range has no block left for a node", async () => {
    // hashicorp/terraform-cdk#1964: a /23 holds two blocks for 110 pods, and there are three zones
    const { operation, own } = await small({});
    expect(operation).toMatchObject({ status: "DONE", error: { code: 8 } });
    expect(operation["statusMessage"]).toMatch(
      /\(1\) requested resource is exhausted: Not all instances running in IGM after [\d.]+s\. Expected 1, running 0, transitioning 1\. Current errors: \[IP_SPACE_EXHAUSTED\]: Instance 'gke-dev-default-pool-[0-9a-f]{8}-\w{4}' creation failed: IP space of 'projects\/acme-dev\/regions\/asia-northeast1\/subnetworks\/nodes-pods-[0-9a-f]{16}' is exhausted\./,
    );
    expect(await own.ok("GET", `${paths.clusters}/dev`)).toMatchObject({ status: "ERROR" });
    await own.ok("DELETE", `${paths.clusters}/dev`);
  });

  test("where the subnetwork has no address left for a node", async () => {
    const { operation, own } = await small({ defaultMaxPodsConstraint: { maxPodsPerNode: "8" } });
    expect(operation["error"]).toBeUndefined();
    const resized = await own.ok("POST", `${POOLS}/default-pool:setSize`, { nodeCount: 5 });
    expect(resized["statusMessage"]).toContain("subnetworks/nodes' is exhausted");
    expect(await own.ok("GET", `${paths.clusters}/dev`)).toMatchObject({ currentNodeCount: 3 });
  });

  test("where Compute Engine may not use the key of the disks", async () => {
    // hashicorp/terraform-provider-google#5103; the cluster's own key is another matter and another account
    const own = await start();
    await makeCluster(own);
    const ring = `projects/${PROJECT}/locations/${REGION}/keyRings/nodes`;
    const key = `${ring}/cryptoKeys/disks`;
    await own.ok("POST", `/kms/v1/projects/${PROJECT}/locations/${REGION}/keyRings?keyRingId=nodes`, {});
    await own.ok("POST", `/kms/v1/${ring}/cryptoKeys?cryptoKeyId=disks`, { purpose: "ENCRYPT_DECRYPT" });
    const create = (name: string) =>
      own.ok("POST", POOLS, { nodePool: { name, initialNodeCount: 2, config: { bootDiskKmsKey: key } } });
    const refused = await create("first");
    expect(refused).toMatchObject({ status: "DONE", error: { code: 7 } });
    expect(refused["statusMessage"]).toContain(
      `Cloud KMS error when using key ${key}: Permission 'cloudkms.cryptoKeyVersions.useToEncrypt' denied on resource '${key}' (or it may not exist).`,
    );
    expect(await own.ok("GET", `${POOLS}/first`)).toMatchObject({ status: "ERROR" });
    const { number } = own.simulator.projects()[0]!;
    const grant = (service: string) => {
      const member = `serviceAccount:service-${number}@${service}.iam.gserviceaccount.com`;
      return own.ok("POST", `/kms/v1/${key}:setIamPolicy`, {
        policy: { bindings: [{ role: "roles/cloudkms.cryptoKeyEncrypterDecrypter", members: [member] }] },
      });
    };
    await grant("container-engine-robot");
    expect((await create("second"))["error"]).toMatchObject({ code: 7 });
    await grant("compute-system");
    expect((await create("third"))["error"]).toBeUndefined();
    expect(await own.ok("GET", `${POOLS}/third`)).toMatchObject({ status: "RUNNING" });
    // A machine without a key of one's own needs no grant.
    await grant("container-engine-robot");
    expect((await own.ok("POST", `${POOLS}/third:setSize`, { nodeCount: 3 }))["error"]).toMatchObject({ code: 7 });
    expect((await own.ok("POST", `${POOLS}/default-pool:setSize`, { nodeCount: 2 }))["error"]).toBeUndefined();
    // Nor are machines that are there, and stay.
    expect((await own.ok("POST", `${POOLS}/third:setSize`, { nodeCount: 1 }))["error"]).toBeUndefined();
  });
});
