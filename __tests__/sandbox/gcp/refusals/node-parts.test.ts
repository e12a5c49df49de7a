import type { JsonObject } from "../../../../sandbox/gcp/json";
import { makeCluster, paths, start, stopAll, type TestCloud } from "../client";
import { type Case, expectRefused } from "./refused";

const POOLS = `${paths.clusters}/dev/nodePools`;

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await start();
  await makeCluster(cloud);
});
afterAll(stopAll);

const config = (more: JsonObject): JsonObject => ({ config: more });
const on = (machineType: string, more: JsonObject): JsonObject => ({ config: { machineType, ...more } });
const gpu = (more: JsonObject): JsonObject =>
  on("n1-standard-4", { accelerators: [{ acceleratorType: "nvidia-tesla-t4", acceleratorCount: "1", ...more }] });
const sysctl = (key: string, value: string): JsonObject => config({ linuxNodeConfig: { sysctls: { [key]: value } } });

describe("nodes are refused", () => {
  // Rules of https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/NodeConfig and the pages it names
  test.each<Case>([
    [
      "that are Spot and start flexibly",
      config({ flexStart: true, spot: true }),
      "Flex-start cannot be used together with Spot",
    ],
    // https://cloud.google.com/kubernetes-engine/docs/concepts/dws: up to seven days
    [
      "that start flexibly and stay for eight days",
      config({ flexStart: true, maxRunDuration: "691200s" }),
      "Must be at most 604800s",
    ],
    ["with Fast Socket and no gVNIC", config({ fastSocket: { enabled: true } }), "Fast Socket requires gVNIC"],
    // https://cloud.google.com/kubernetes-engine/docs/how-to/sandbox-pods
    [
      "of gVisor on Ubuntu",
      config({ sandboxConfig: { type: "GVISOR" }, imageType: "UBUNTU_CONTAINERD" }),
      "GKE Sandbox requires the image type COS_CONTAINERD",
    ],
    [
      "with three threads a core",
      on("n2-standard-4", { advancedMachineFeatures: { threadsPerCore: "3" } }),
      "threads_per_core must be 1 or 2",
    ],
    // https://cloud.google.com/compute/docs/instances/nested-virtualization/overview#restrictions
    [
      "that nest on E2",
      on("e2-standard-4", { advancedMachineFeatures: { enableNestedVirtualization: true } }),
      "Nested virtualization is not supported",
    ],
    [
      "of a reservation without name",
      config({ reservationAffinity: { consumeReservationType: "SPECIFIC_RESERVATION" } }),
      "needs its key and at least one value",
    ],
    [
      "of any reservation of a name",
      config({ reservationAffinity: { consumeReservationType: "ANY_RESERVATION", key: "a", values: ["b"] } }),
      "can only be set with SPECIFIC_RESERVATION",
    ],
    [
      "of sole tenants that are nobody",
      config({ soleTenantConfig: { nodeAffinities: [{ key: "a", operator: "IN", values: [] }] } }),
      "needs a key and at least one value",
    ],
    ["of an account that is none", config({ serviceAccount: "builder" }), 'Invalid service account "builder"'],
    // https://cloud.google.com/vpc/docs/quota#per_instance
    [
      "with 65 tags",
      config({ tags: Array.from({ length: 65 }, (_, i) => `t${i}`) }),
      "65 tags. At most 64 are allowed",
    ],
    ["with a resource label in capitals", config({ resourceLabels: { Team: "x" } }), "Invalid field 'resource_labels'"],
    // website/docs/r/container_cluster.html.markdown of the google provider: provisioned_iops is for Hyperdisks
    [
      "with a faster disk of a kind that has one speed",
      config({ bootDisk: { diskType: "pd-balanced", provisionedIops: "5000" } }),
      "can only be set for Hyperdisks",
    ],
    ["with confidential disks of a kind without", config({ enableConfidentialStorage: true }), "hyperdisk-balanced"],
    ["of a storage pool that is none", config({ storagePools: ["mine"] }), 'Invalid storage pool "mine"'],
    [
      "with a cache on disks that E2 has not",
      config({ ephemeralStorageLocalSsdConfig: { dataCacheCount: 1 } }),
      "does not support 1 local SSDs for data cache",
    ],
    // https://cloud.google.com/kubernetes-engine/docs/concepts/timesharing-gpus
    [
      "whose GPU is shared by 49",
      gpu({ gpuSharingConfig: { gpuSharingStrategy: "TIME_SHARING", maxSharedClientsPerGpu: "49" } }),
      "between 2 and 48",
    ],
    ["with a part of a GPU that has none", gpu({ gpuPartitionSize: "1g.5gb" }), "does not support GPU partitions"],
    // https://cloud.google.com/kubernetes-engine/docs/how-to/node-system-config
    [
      "with pages of 1 GiB on E2",
      config({ linuxNodeConfig: { hugepages: { hugepageSize1g: 1 } } }),
      "does not support 1G hugepages",
    ],
    ["with a sysctl of words", sysctl("net.core.somaxconn", "many"), "must be a whole number"],
    ["with a buffer of one size", sysctl("net.ipv4.tcp_rmem", "4096"), "must be three whole numbers"],

    [
      "with a bandwidth that E2 has not",
      { networkConfig: { networkPerformanceConfig: { totalEgressBandwidthTier: "TIER_1" } } },
      "Tier 1 bandwidth is not supported",
    ],
    [
      "in a topology of TPUs without",
      { placementPolicy: { tpuTopology: "2x2" } },
      'TPU topology "2x2" is not supported',
    ],
    [
      "on networks that the cluster has not",
      { networkConfig: { additionalNodeNetworkConfigs: [{ network: "n", subnetwork: "s" }] } },
      "require multi-networking",
    ],
    [
      "that queue and are not scaled",
      { queuedProvisioning: { enabled: true } },
      "Queued provisioning requires autoscaling",
    ],
    [
      "that are provisioned automatically where none are",
      { autoscaling: { enabled: true, maxNodeCount: 3, autoprovisioned: true } },
      "only be autoprovisioned when",
    ],
    [
      "whose pods range is to be made and exists",
      { networkConfig: { createPodRange: true, podRange: "pods", podIpv4CidrBlock: "10.99.0.0/16" } },
      'Pod secondary range "pods" already exists',
    ],
  ])("%s", async (_, more, words) => {
    await expectRefused(cloud, "POST", POOLS, { nodePool: { name: "p", ...more } }, words);
  });

  test.each<Case>([
    [
      "for a metadata server without Workload Identity",
      { workloadMetadataConfig: { mode: "GKE_METADATA" } },
      "GKE_METADATA requires Workload Identity",
    ],
    [
      "for an etag that is another's",
      { tags: { tags: ["x"] }, etag: "00000000-0000-4000-8000-000000000000" },
      "etag does not match",
    ],
    ["for a range that does not exist", { nodeNetworkConfig: { podRange: "gone" } }, 'range "gone" not found'],
    ["for Fast Socket and no gVNIC", { fastSocket: { enabled: true } }, "Fast Socket requires gVNIC"],
    ["for a label in capitals", { resourceLabels: { labels: { Team: "x" } } }, "Invalid field 'resource_labels'"],
  ])("when they change, %s", async (_, change, words) => {
    await expectRefused(cloud, "PUT", `${POOLS}/default-pool`, change, words);
  });
});

describe("nodes are accepted", () => {
  test.each<[string, JsonObject]>([
    [
      "of a named reservation",
      config({
        reservationAffinity: {
          consumeReservationType: "SPECIFIC_RESERVATION",
          key: "compute.googleapis.com/reservation-name",
          values: ["mine"],
        },
      }),
    ],
    ["with a buffer of three sizes", sysctl("net.ipv4.tcp_rmem", "4096 87380 6291456")],
    ["of gVisor on its own image", config({ sandboxConfig: { type: "GVISOR" }, imageType: "cos_containerd" })],
    ["with Fast Socket and gVNIC", config({ fastSocket: { enabled: true }, gvnic: { enabled: true } })],
    ["whose GPU is shared", gpu({ gpuSharingConfig: { gpuSharingStrategy: "MPS", maxSharedClientsPerGpu: "8" } })],
    [
      "that queue",
      {
        queuedProvisioning: { enabled: true },
        autoscaling: { enabled: true, totalMaxNodeCount: 3 },
        ...config({ reservationAffinity: { consumeReservationType: "NO_RESERVATION" } }),
      },
    ],
    ["of another project's account", config({ serviceAccount: "nodes@other-project.iam.gserviceaccount.com" })],
  ])("%s", async (_, more) => {
    await cloud.ok("POST", POOLS, { nodePool: { name: "fine", ...more } });
    await cloud.ok("DELETE", `${POOLS}/fine`);
  });

  test("with the etag they have", async () => {
    const { etag } = await cloud.ok("GET", `${POOLS}/default-pool`);
    await cloud.ok("PUT", `${POOLS}/default-pool`, { tags: { tags: ["x"] }, etag: etag! });
    expect(await cloud.ok("GET", `${POOLS}/default-pool`)).toMatchObject({ config: { tags: ["x"] } });
  });
});
