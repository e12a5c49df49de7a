import { GkeNodePool, type GkeNodePoolOptions, type GkeNodePoolProps } from "../../../lib/gke";
import { googleAttributeProblems } from "../../support/google-attributes";
import { optionNames } from "../option-names";
import { DATAPLANE_V2 } from "../support";
import { type ClusterVariant, createCluster, type Json, synth } from "../synth";

const KEY = "projects/keys/locations/asia-northeast1/keyRings/ring/cryptoKeys/key";
const SEVERAL_NETWORKS: ClusterVariant = { datapath: { ...DATAPLANE_V2, multiNetworking: true } };
const ZONAL: ClusterVariant = { location: "asia-northeast1-a" };
type Variant = Partial<GkeNodePoolOptions> & Pick<GkeNodePoolProps, "startupTaints" | "ownLabels">;

/** Option, what is given, where and what it becomes, and the cluster, if it matters. `undefined` for an attribute that is not there. */
const OPTIONS: readonly [string, Variant, string, unknown, ClusterVariant?][] = [
  ["cluster", {}, "cluster", "${google_container_cluster.cluster.name}"],
  ["cluster", {}, "project", "acme-staging"],
  ["cluster", {}, "location", "asia-northeast1"],
  ["cluster", {}, "network_config", { enable_private_nodes: true }],
  ["cluster", {}, "network_config", { enable_private_nodes: false }, { privateNodes: false }],
  ["cluster", {}, "node_config.service_account", expect.stringContaining("google_service_account.")],
  ["cluster", {}, "node_config.tags", ["gke-staging", "ours"], { nodeTags: ["ours"] }],
  ["name", {}, "name", expect.stringMatching(/^general-[0-9a-f]{6}$/)],
  ["machineType", {}, "node_config.machine_type", "e2-standard-4"],
  ["machineType", { machineType: "n2d-standard-8" }, "node_config.machine_type", "n2d-standard-8"],
  ["minNodes", {}, "autoscaling", { total_min_node_count: 0, total_max_node_count: 9, location_policy: "BALANCED" }],
  ["minNodes", {}, "initial_node_count", 0],
  ["minNodes", { minNodes: 3 }, "autoscaling.total_min_node_count", 3],
  ["minNodes", { minNodes: 3 }, "initial_node_count", 1],
  ["minNodes", { minNodes: 4 }, "initial_node_count", 2],
  ["minNodes", { minNodes: 4, maxNodes: 5 }, "initial_node_count", 1],
  ["minNodes", { minNodes: 4 }, "initial_node_count", 4, ZONAL],
  ["maxNodes", { maxNodes: 20 }, "autoscaling.total_max_node_count", 20],
  ["maxNodes", {}, "node_count", undefined],
  [
    "minNodesPerZone",
    { maxNodes: undefined, minNodesPerZone: 2, maxNodesPerZone: 5 },
    "autoscaling",
    { min_node_count: 2, max_node_count: 5, location_policy: "BALANCED" },
  ],
  ["minNodesPerZone", { maxNodes: undefined, minNodesPerZone: 2, maxNodesPerZone: 5 }, "initial_node_count", 2],
  [
    "maxNodesPerZone",
    { maxNodes: undefined, maxNodesPerZone: 5 },
    "autoscaling",
    { min_node_count: 0, max_node_count: 5, location_policy: "BALANCED" },
  ],
  ["nodeCountPerZone", { maxNodes: undefined, nodeCountPerZone: 2 }, "node_count", 2],
  ["nodeCountPerZone", { maxNodes: undefined, nodeCountPerZone: 2 }, "autoscaling", undefined],
  ["nodeCountPerZone", { maxNodes: undefined, nodeCountPerZone: 2 }, "initial_node_count", undefined],
  ["locationPolicy", { locationPolicy: "ANY" }, "autoscaling.location_policy", "ANY"],
  ["locationPolicy", { spot: true }, "autoscaling.location_policy", "ANY"],
  ["locationPolicy", { spot: true, locationPolicy: "BALANCED" }, "autoscaling.location_policy", "BALANCED"],
  ["zones", {}, "node_locations", undefined],
  ["zones", { zones: ["asia-northeast1-b"] }, "node_locations", ["asia-northeast1-b"]],
  ["zones", { zones: ["asia-northeast1-b"], minNodes: 3 }, "initial_node_count", 3],
  ["imageType", {}, "node_config.image_type", "COS_CONTAINERD"],
  ["imageType", { imageType: "UBUNTU_CONTAINERD" }, "node_config.image_type", "UBUNTU_CONTAINERD"],
  ["diskType", {}, "node_config.disk_type", "pd-balanced"],
  ["diskType", { diskType: "pd-ssd" }, "node_config.disk_type", "pd-ssd"],
  ["diskType", { machineType: "c4-standard-4" }, "node_config.disk_type", "hyperdisk-balanced"],
  ["diskSizeGb", {}, "node_config.disk_size_gb", 100],
  ["diskSizeGb", { diskSizeGb: 50 }, "node_config.disk_size_gb", 50],
  ["bootDiskKmsKey", {}, "node_config.boot_disk_kms_key", undefined],
  ["bootDiskKmsKey", {}, "node_config.boot_disk_kms_key", KEY, { bootDiskKmsKey: KEY }],
  ["bootDiskKmsKey", { bootDiskKmsKey: KEY }, "node_config.boot_disk_kms_key", KEY],
  [
    "localSsdCount",
    { machineType: "n2-standard-4", localSsdCount: 2 },
    "node_config.ephemeral_storage_local_ssd_config",
    { local_ssd_count: 2 },
  ],
  ["spot", {}, "node_config.spot", false],
  ["spot", { spot: true }, "node_config.spot", true],
  ["labels", {}, "node_config.labels", { "cdktf-gke-cilium/pool": "general" }],
  [
    "labels",
    { labels: { "example.com/a": "b" } },
    "node_config.labels",
    { "cdktf-gke-cilium/pool": "general", "example.com/a": "b" },
  ],
  ["taints", {}, "node_config.taint", undefined],
  [
    "taints",
    { taints: [{ key: "a", value: "b", effect: "NO_SCHEDULE" }] },
    "node_config.taint",
    [{ key: "a", value: "b", effect: "NO_SCHEDULE" }],
  ],
  [
    "startupTaints",
    {
      startupTaints: [{ key: "s", value: "true", effect: "NO_EXECUTE" }],
      taints: [{ key: "a", value: "", effect: "NO_SCHEDULE" }],
    },
    "node_config.taint",
    [
      { key: "s", value: "true", effect: "NO_EXECUTE" },
      { key: "a", value: "", effect: "NO_SCHEDULE" },
    ],
  ],
  [
    "ownLabels",
    { ownLabels: { "acme.com/own": "yes" }, labels: { team: "a" } },
    "node_config.labels",
    { "cdktf-gke-cilium/pool": "general", "acme.com/own": "yes", team: "a" },
  ],
  ["networkTags", { networkTags: ["mine"] }, "node_config.tags", ["gke-staging", "mine"]],
  ["resourceLabels", { resourceLabels: { team: "a" } }, "node_config.resource_labels", { team: "a" }],
  ["maxPodsPerNode", {}, "max_pods_per_node", 110],
  ["maxPodsPerNode", {}, "max_pods_per_node", 64, { maxPodsPerNode: 64 }],
  ["maxPodsPerNode", { maxPodsPerNode: 32 }, "max_pods_per_node", 32, { maxPodsPerNode: 64 }],
  [
    "podRange",
    { podRange: "more" },
    "network_config.pod_range",
    "more",
    { network: { extraPodRanges: { more: "10.32.0.0/14" } } },
  ],
  [
    "accelerators",
    { machineType: "g2-standard-4", accelerators: [{ type: "nvidia-l4", count: 1 }] },
    "node_config.guest_accelerator",
    [{ type: "nvidia-l4", count: 1, gpu_driver_installation_config: { gpu_driver_version: "DEFAULT" } }],
  ],
  [
    "accelerators",
    {
      machineType: "a2-highgpu-1g",
      accelerators: [
        {
          type: "nvidia-tesla-a100",
          count: 1,
          driverVersion: "LATEST",
          partitionSize: "1g.5gb",
          sharing: "MPS",
          maxClients: 3,
        },
      ],
    },
    "node_config.guest_accelerator",
    [
      {
        type: "nvidia-tesla-a100",
        count: 1,
        gpu_partition_size: "1g.5gb",
        gpu_driver_installation_config: { gpu_driver_version: "LATEST" },
        gpu_sharing_config: { gpu_sharing_strategy: "MPS", max_shared_clients_per_gpu: 3 },
      },
    ],
  ],
  [
    "secureBoot",
    {},
    "node_config.shielded_instance_config",
    { enable_secure_boot: true, enable_integrity_monitoring: true },
  ],
  ["secureBoot", { secureBoot: false }, "node_config.shielded_instance_config.enable_secure_boot", false],
  [
    "integrityMonitoring",
    { integrityMonitoring: false },
    "node_config.shielded_instance_config.enable_integrity_monitoring",
    false,
  ],
  ["confidentialNodes", {}, "node_config.confidential_nodes", undefined],
  [
    "confidentialNodes",
    { machineType: "n2d-standard-2", confidentialNodes: "SEV_SNP" },
    "node_config.confidential_nodes",
    { enabled: true, confidential_instance_type: "SEV_SNP" },
  ],
  [
    "serviceAccount",
    { serviceAccount: "n@p.iam.gserviceaccount.com" },
    "node_config.service_account",
    "n@p.iam.gserviceaccount.com",
  ],
  ["minCpuPlatform", { minCpuPlatform: "Intel Ice Lake" }, "node_config.min_cpu_platform", "Intel Ice Lake"],
  ["imageStreaming", {}, "node_config.gcfs_config", undefined],
  ["imageStreaming", { imageStreaming: true }, "node_config.gcfs_config", { enabled: true }],
  ["imageStreaming", { imageStreaming: false }, "node_config.gcfs_config", { enabled: false }],
  ["maxSurge", {}, "upgrade_settings", { strategy: "SURGE", max_surge: 1, max_unavailable: 0 }],
  ["maxSurge", { maxSurge: 3 }, "upgrade_settings.max_surge", 3],
  [
    "maxUnavailable",
    { maxSurge: 0, maxUnavailable: 2 },
    "upgrade_settings",
    { strategy: "SURGE", max_surge: 0, max_unavailable: 2 },
  ],
  [
    "blueGreen",
    { blueGreen: {} },
    "upgrade_settings",
    {
      strategy: "BLUE_GREEN",
      blue_green_settings: {
        node_pool_soak_duration: "3600s",
        standard_rollout_policy: { batch_node_count: 1, batch_soak_duration: "0s" },
      },
    },
  ],
  [
    "blueGreen",
    { blueGreen: { batchShare: 0.25, batchSoakMinutes: 5, soakMinutes: 30 } },
    "upgrade_settings.blue_green_settings",
    {
      node_pool_soak_duration: "1800s",
      standard_rollout_policy: { batch_percentage: 0.25, batch_soak_duration: "300s" },
    },
  ],
  [
    "blueGreen",
    { blueGreen: { batchNodes: 2 } },
    "upgrade_settings.blue_green_settings.standard_rollout_policy.batch_node_count",
    2,
  ],
  ["autoRepair", {}, "management", { auto_repair: true, auto_upgrade: true }],
  ["autoRepair", { autoRepair: false }, "management.auto_repair", false, { releaseChannel: "UNSPECIFIED" }],
  ["autoUpgrade", { autoUpgrade: false }, "management.auto_upgrade", false, { releaseChannel: "UNSPECIFIED" }],
  ["gvnic", {}, "node_config.gvnic", undefined],
  ["gvnic", { gvnic: true }, "node_config.gvnic", { enabled: true }],
  ["loggingVariant", { loggingVariant: "MAX_THROUGHPUT" }, "node_config.logging_variant", "MAX_THROUGHPUT"],
  ["kubelet", {}, "node_config.kubelet_config", { insecure_kubelet_readonly_port_enabled: "FALSE" }],
  [
    "kubelet",
    {
      kubelet: {
        cpuManagerPolicy: "static",
        cpuCfsQuota: true,
        cpuCfsQuotaPeriod: "50ms",
        podPidsLimit: 4096,
        containerLogMaxSize: "50Mi",
        containerLogMaxFiles: 3,
        imageGcHighThresholdPercent: 80,
        imageGcLowThresholdPercent: 70,
        maxParallelImagePulls: 4,
        allowedUnsafeSysctls: ["net.core.somaxconn"],
        singleProcessOomKill: true,
      },
    },
    "node_config.kubelet_config",
    {
      cpu_manager_policy: "static",
      cpu_cfs_quota: true,
      cpu_cfs_quota_period: "50ms",
      pod_pids_limit: 4096,
      container_log_max_size: "50Mi",
      container_log_max_files: 3,
      image_gc_high_threshold_percent: 80,
      image_gc_low_threshold_percent: 70,
      max_parallel_image_pulls: 4,
      allowed_unsafe_sysctls: ["net.core.somaxconn"],
      single_process_oom_kill: true,
      insecure_kubelet_readonly_port_enabled: "FALSE",
    },
  ],
  ["sysctls", {}, "node_config.linux_node_config", undefined],
  [
    "sysctls",
    { sysctls: { "net.core.somaxconn": "4096" } },
    "node_config.linux_node_config",
    { sysctls: { "net.core.somaxconn": "4096" } },
  ],
  [
    "hugePages",
    { hugePages: { size2m: 512, size1g: 2 } },
    "node_config.linux_node_config.hugepages_config",
    { hugepage_size_2m: 512, hugepage_size_1g: 2 },
  ],
  [
    "privateRegistries",
    { privateRegistries: [{ fqdns: ["r.acme.internal"], certificateSecret: "projects/p/secrets/s/versions/1" }] },
    "node_config.containerd_config.private_registry_access_config",
    {
      enabled: true,
      certificate_authority_domain_config: [
        {
          fqdns: ["r.acme.internal"],
          gcp_secret_manager_certificate_config: { secret_uri: "projects/p/secrets/s/versions/1" },
        },
      ],
    },
  ],
  ["reservation", {}, "node_config.reservation_affinity", undefined],
  [
    "reservation",
    { reservation: { use: "SPECIFIC_RESERVATION", names: ["r"] } },
    "node_config.reservation_affinity",
    {
      consume_reservation_type: "SPECIFIC_RESERVATION",
      key: "compute.googleapis.com/reservation-name",
      values: ["r"],
    },
  ],
  [
    "placement",
    { machineType: "n2-standard-4", placement: { policyName: "near" } },
    "placement_policy",
    { type: "COMPACT", policy_name: "near" },
  ],
  [
    "soleTenancy",
    {
      soleTenancy: {
        affinity: [{ key: "compute.googleapis.com/node-group-name", operator: "IN", values: ["g"] }],
        minNodeCpus: 2,
      },
    },
    "node_config.sole_tenant_config",
    {
      node_affinity: [{ key: "compute.googleapis.com/node-group-name", operator: "IN", values: ["g"] }],
      min_node_cpus: 2,
    },
  ],
  ["queuedProvisioning", { queuedProvisioning: true }, "queued_provisioning", { enabled: true }],
  ["queuedProvisioning", { queuedProvisioning: true }, "autoscaling.location_policy", "ANY"],
  [
    "queuedProvisioning",
    { queuedProvisioning: true },
    "node_config.reservation_affinity",
    { consume_reservation_type: "NO_RESERVATION" },
  ],
  ["flexStart", { flexStart: true }, "node_config.flex_start", true],
  ["flexStart", { flexStart: true }, "node_config.max_run_duration", "604800s"],
  ["flexStart", { flexStart: true }, "management.auto_repair", false],
  ["maxRunHours", { maxRunHours: 1.5 }, "node_config.max_run_duration", "5400s"],
  [
    "secondaryBootDisks",
    {
      imageStreaming: true,
      secondaryBootDisks: [{ diskImage: "projects/p/global/images/i", mode: "CONTAINER_IMAGE_CACHE" }],
    },
    "node_config.secondary_boot_disks",
    [{ disk_image: "projects/p/global/images/i", mode: "CONTAINER_IMAGE_CACHE" }],
  ],
  [
    "rawLocalSsdCount",
    { machineType: "n2-standard-4", rawLocalSsdCount: 2 },
    "node_config.local_nvme_ssd_block_config",
    { local_ssd_count: 2 },
  ],
  [
    "nodeNetworks",
    { nodeNetworks: [{ network: "n", subnetwork: "s" }] },
    "network_config.additional_node_network_configs",
    [{ network: "n", subnetwork: "s" }],
    SEVERAL_NETWORKS,
  ],
  [
    "podNetworks",
    { podNetworks: [{ subnetwork: "s", podRange: "r", maxPodsPerNode: 32 }] },
    "network_config.additional_pod_network_configs",
    [{ subnetwork: "s", secondary_pod_range: "r", max_pods_per_node: 32 }],
    SEVERAL_NETWORKS,
  ],
  [
    "adoptedAs",
    { adoptedAs: { name: "default-pool", hash: "000000" } },
    "name",
    expect.stringMatching(/^general-[0-9a-f]{6}$/),
  ],
  ["generation", { generation: "2" }, "name", expect.stringMatching(/^general-[0-9a-f]{6}$/)],
];

/** One stack for each kind of cluster, with a pool for each row. */
const pools = new Map<number, Json>();
const stacks: Json[] = [];
beforeAll(() => {
  const clusters = [...new Set(OPTIONS.map(([, , , , cluster]) => JSON.stringify(cluster ?? {})))];
  for (const cluster of clusters) {
    const rows = OPTIONS.map((row, index) => ({ row, index })).filter(
      ({ row }) => JSON.stringify(row[4] ?? {}) === cluster,
    );
    const json = synth((stack) => {
      const made = createCluster(stack, JSON.parse(cluster));
      for (const { row, index } of rows)
        new GkeNodePool(stack, `pool-${index}`, { cluster: made, name: "general", maxNodes: 9, ...row[1] });
    });
    stacks.push(json);
    for (const { index } of rows) pools.set(index, json.resource.google_container_node_pool[`pool-${index}`]);
  }
});

test.each(OPTIONS.map(([option, variant, path, expected], index) => ({ option, variant, path, expected, index })))(
  "$option: $variant makes $path",
  ({ path, expected, index }) => {
    expect(path.split(".").reduce((here, step) => here?.[step], pools.get(index))).toEqual(expected);
  },
);

test("every attribute of every variant is one of the provider's", () => {
  expect(stacks.flatMap((stack) => googleAttributeProblems(stack))).toEqual([]);
});

test("every option has a row in the table", () => {
  const tested = new Set(OPTIONS.map(([name]) => name));
  const files: [string, string][] = [
    ["options", "GkeNodePoolOptions"],
    ["options", "GkeNodePoolProps"],
    ["system", "NodeSystemOptions"],
    ["procurement", "ProcurementOptions"],
    ["attachments", "AttachmentOptions"],
  ];
  const all = files.flatMap(([file, name]) => optionNames(`node-pool/${file}.ts`, name));
  expect(all.length).toBeGreaterThan(30);
  expect(all.filter((name) => !tested.has(name))).toEqual([]);
});

test("an adopted pool keeps its name until something changes that cannot be changed in place", () => {
  const nameOf = (options: Partial<GkeNodePoolOptions>) => {
    let name = "";
    synth((stack) => {
      const cluster = createCluster(stack);
      name = new GkeNodePool(stack, "pool", { name: "general", cluster, maxNodes: 9, ...options }).name;
    });
    return name;
  };
  const adoptedAs = { name: "default-pool", hash: nameOf({}).slice(-6) };
  expect(nameOf({ adoptedAs })).toBe("default-pool");
  expect(nameOf({ adoptedAs, machineType: "n2-standard-8", maxNodes: 20 })).toBe("default-pool");
  expect(nameOf({ adoptedAs, spot: true })).toBe(nameOf({ spot: true }));
});
