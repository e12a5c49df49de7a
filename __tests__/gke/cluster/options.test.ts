import { googleAttributeProblems } from "../../support/google-attributes";
import { optionNames } from "../option-names";
import { DATAPLANE_V2, LEGACY } from "../support";
import { type ClusterVariant, createClusters, type Json } from "../synth";

const KEY = "projects/keys/locations/asia-northeast1/keyRings/ring/cryptoKeys/key";

/** Option, what is given, and where and what it becomes. `undefined` for an attribute that is not there. */
const OPTIONS: readonly [string, ClusterVariant, string, unknown][] = [
  ["name", { name: "other" }, "name", "other"],
  ["project", { name: "p" }, "project", "acme-staging"],
  ["location", { location: "us-east1" }, "location", "us-east1"],
  ["network", {}, "network", expect.stringContaining("google_compute_network.")],
  ["network", {}, "subnetwork", expect.stringContaining("google_compute_subnetwork.")],
  [
    "network",
    {},
    "ip_allocation_policy",
    {
      cluster_secondary_range_name: "staging-pods",
      services_secondary_range_name: "staging-services",
      stack_type: "IPV4",
    },
  ],
  [
    "network",
    { network: { extraPodRanges: { more: "10.32.0.0/14" } } },
    "ip_allocation_policy.additional_pod_ranges_config",
    { pod_range_names: ["more"] },
  ],
  [
    "network",
    { network: { controlPlane: "172.16.0.0/28" } },
    "private_cluster_config.master_ipv4_cidr_block",
    "172.16.0.0/28",
  ],
  [
    "network",
    { network: { controlPlane: "172.16.0.0/24", controlPlaneSubnetwork: "cp" } },
    "private_cluster_config",
    {
      enable_private_nodes: true,
      enable_private_endpoint: true,
      master_global_access_config: { enabled: false },
      private_endpoint_subnetwork: "cp",
    },
  ],
  ["datapath", { datapath: LEGACY }, "datapath_provider", "LEGACY_DATAPATH"],
  ["datapath", { datapath: LEGACY }, "network_policy", { enabled: false }],
  ["datapath", { datapath: LEGACY }, "addons_config.network_policy_config", undefined],
  ["datapath", { datapath: DATAPLANE_V2 }, "addons_config.network_policy_config", { disabled: true }],
  ["datapath", { datapath: LEGACY }, "default_snat_status", { disabled: true }],
  ["datapath", { datapath: LEGACY }, "monitoring_config.advanced_datapath_observability_config", undefined],
  ["datapath", { datapath: LEGACY }, "enable_fqdn_network_policy", undefined],
  [
    "datapath",
    { datapath: { ...LEGACY, calicoNetworkPolicy: true } },
    "network_policy",
    { enabled: true, provider: "CALICO" },
  ],
  [
    "datapath",
    { datapath: { ...LEGACY, calicoNetworkPolicy: true } },
    "addons_config.network_policy_config",
    { disabled: false },
  ],
  ["datapath", { datapath: DATAPLANE_V2 }, "datapath_provider", "ADVANCED_DATAPATH"],
  ["datapath", { datapath: DATAPLANE_V2 }, "network_policy", { enabled: false }],
  ["datapath", { datapath: DATAPLANE_V2 }, "default_snat_status", { disabled: false }],
  ["datapath", { datapath: DATAPLANE_V2 }, "in_transit_encryption_config", undefined],
  [
    "datapath",
    { datapath: DATAPLANE_V2 },
    "monitoring_config.advanced_datapath_observability_config",
    { enable_metrics: false, enable_relay: false },
  ],
  [
    "datapath",
    { datapath: { ...DATAPLANE_V2, flowMetrics: true, flowRelay: true } },
    "monitoring_config.advanced_datapath_observability_config",
    { enable_metrics: true, enable_relay: true },
  ],
  ["datapath", { datapath: { ...DATAPLANE_V2, fqdnNetworkPolicy: true } }, "enable_fqdn_network_policy", true],
  [
    "datapath",
    { datapath: { ...DATAPLANE_V2, clusterwideNetworkPolicy: true } },
    "enable_cilium_clusterwide_network_policy",
    true,
  ],
  [
    "datapath",
    { datapath: { ...DATAPLANE_V2, inTransitEncryption: true } },
    "in_transit_encryption_config",
    "IN_TRANSIT_ENCRYPTION_INTER_NODE_TRANSPARENT",
  ],
  [
    "datapath",
    { datapath: { ...DATAPLANE_V2, inTransitEncryption: false } },
    "in_transit_encryption_config",
    "IN_TRANSIT_ENCRYPTION_DISABLED",
  ],
  ["datapath", { datapath: { ...DATAPLANE_V2, multiNetworking: true } }, "enable_multi_networking", true],
  ["autopilot", { autopilot: true, datapath: DATAPLANE_V2 }, "enable_autopilot", true],
  ["autopilot", {}, "enable_autopilot", undefined],
  ["nodeLocations", { nodeLocations: ["asia-northeast1-a"] }, "node_locations", ["asia-northeast1-a"]],
  ["maxPodsPerNode", {}, "default_max_pods_per_node", 110],
  ["maxPodsPerNode", { maxPodsPerNode: 64 }, "default_max_pods_per_node", 64],
  ["initialNodeCount", {}, "node_pool.0.initial_node_count", 1],
  ["initialNodeCount", { location: "asia-northeast1-a" }, "node_pool.0.initial_node_count", 3],
  ["initialNodeCount", { initialNodeCount: 5 }, "node_pool.0.initial_node_count", 5],
  [
    "nodeServiceAccount",
    {},
    "node_pool.0.node_config.service_account",
    expect.stringContaining("google_service_account."),
  ],
  [
    "nodeServiceAccount",
    { nodeServiceAccount: "n@p.iam.gserviceaccount.com" },
    "node_pool.0.node_config.service_account",
    "n@p.iam.gserviceaccount.com",
  ],
  ["nodeTags", {}, "node_pool.0.node_config.tags", ["gke-staging"]],
  ["nodeTags", { nodeTags: ["mine"] }, "node_pool.0.node_config.tags", ["gke-staging", "mine"]],
  ["labels", {}, "resource_labels", undefined],
  ["labels", { labels: { team: "platform" } }, "resource_labels", { team: "platform" }],
  ["deletionProtection", {}, "deletion_protection", true],
  ["deletionProtection", { deletionProtection: false }, "deletion_protection", false],
  // Control plane
  ["privateNodes", {}, "private_cluster_config.enable_private_nodes", true],
  ["privateNodes", { privateNodes: false }, "private_cluster_config.enable_private_nodes", false],
  ["dnsEndpoint", {}, "control_plane_endpoints_config.dns_endpoint_config", { allow_external_traffic: true }],
  [
    "dnsEndpoint",
    { dnsEndpoint: false },
    "control_plane_endpoints_config.dns_endpoint_config",
    { allow_external_traffic: false },
  ],
  ["ipEndpoint", {}, "private_cluster_config.enable_private_endpoint", true],
  ["ipEndpoint", {}, "control_plane_endpoints_config.ip_endpoints_config", { enabled: true }],
  [
    "ipEndpoint",
    { ipEndpoint: "public", authorizedNetworks: [{ cidr: "0.0.0.0/0", name: "all" }] },
    "private_cluster_config.enable_private_endpoint",
    false,
  ],
  ["ipEndpoint", { ipEndpoint: "off" }, "control_plane_endpoints_config.ip_endpoints_config", { enabled: false }],
  [
    "ipEndpoint",
    { ipEndpoint: "off" },
    "private_cluster_config",
    { enable_private_nodes: true, enable_private_endpoint: true },
  ],
  ["ipEndpoint", { ipEndpoint: "off" }, "master_authorized_networks_config", undefined],
  ["authorizedNetworks", {}, "master_authorized_networks_config.cidr_blocks", []],
  [
    "authorizedNetworks",
    { authorizedNetworks: [{ cidr: "203.0.113.0/24", name: "office" }] },
    "master_authorized_networks_config.cidr_blocks",
    [{ cidr_block: "203.0.113.0/24", display_name: "office" }],
  ],
  ["enforceOnPrivateEndpoint", {}, "master_authorized_networks_config.private_endpoint_enforcement_enabled", true],
  [
    "enforceOnPrivateEndpoint",
    { enforceOnPrivateEndpoint: false },
    "master_authorized_networks_config.private_endpoint_enforcement_enabled",
    false,
  ],
  ["googlePublicAccess", {}, "master_authorized_networks_config.gcp_public_cidrs_access_enabled", false],
  [
    "googlePublicAccess",
    { googlePublicAccess: true },
    "master_authorized_networks_config.gcp_public_cidrs_access_enabled",
    true,
  ],
  ["privateEndpointGlobalAccess", {}, "private_cluster_config.master_global_access_config", { enabled: false }],
  [
    "privateEndpointGlobalAccess",
    { privateEndpointGlobalAccess: true },
    "private_cluster_config.master_global_access_config",
    { enabled: true },
  ],
  // Security
  ["securityGroup", {}, "authenticator_groups_config", undefined],
  [
    "securityGroup",
    { securityGroup: "gke-security-groups@acme.com" },
    "authenticator_groups_config",
    { security_group: "gke-security-groups@acme.com" },
  ],
  ["binaryAuthorization", {}, "binary_authorization", undefined],
  [
    "binaryAuthorization",
    { binaryAuthorization: true },
    "binary_authorization",
    { evaluation_mode: "PROJECT_SINGLETON_POLICY_ENFORCE" },
  ],
  ["secretsEncryptionKey", {}, "database_encryption", { state: "DECRYPTED" }],
  ["secretsEncryptionKey", { secretsEncryptionKey: KEY }, "database_encryption", { state: "ENCRYPTED", key_name: KEY }],
  ["bootDiskKmsKey", { bootDiskKmsKey: KEY }, "node_pool.0.node_config.boot_disk_kms_key", KEY],
  [
    "bootDiskKmsKey",
    { bootDiskKmsKey: KEY, autoProvisioning: { maxCpu: 1, maxMemoryGb: 1 } },
    "cluster_autoscaling.auto_provisioning_defaults.boot_disk_kms_key",
    KEY,
  ],
  [
    "bootDiskKmsKey",
    { bootDiskKmsKey: KEY, autopilot: true, datapath: DATAPLANE_V2 },
    "cluster_autoscaling.auto_provisioning_defaults.boot_disk_kms_key",
    KEY,
  ],
  ["confidentialNodes", {}, "confidential_nodes", undefined],
  [
    "confidentialNodes",
    { confidentialNodes: "SEV_SNP" },
    "confidential_nodes",
    { enabled: true, confidential_instance_type: "SEV_SNP" },
  ],
  ["confidentialNodes", { confidentialNodes: "SEV" }, "node_pool.0.node_config.machine_type", "n2d-standard-2"],
  ["confidentialNodes", { confidentialNodes: "TDX" }, "node_pool.0.node_config.machine_type", "c3-standard-4"],
  ["securityPosture", {}, "security_posture_config", { mode: "BASIC" }],
  ["securityPosture", { securityPosture: "DISABLED" }, "security_posture_config", { mode: "DISABLED" }],
  ["anonymousAuthentication", {}, "anonymous_authentication_config", { mode: "LIMITED" }],
  [
    "anonymousAuthentication",
    { anonymousAuthentication: "ENABLED" },
    "anonymous_authentication_config",
    { mode: "ENABLED" },
  ],
  ["secretManager", {}, "secret_manager_config", undefined],
  ["secretManager", { secretManager: true }, "secret_manager_config", { enabled: true }],
  // Maintenance
  ["releaseChannel", {}, "release_channel", { channel: "REGULAR" }],
  ["releaseChannel", { releaseChannel: "STABLE" }, "release_channel", { channel: "STABLE" }],
  ["minVersion", {}, "min_master_version", undefined],
  ["minVersion", { minVersion: "1.34" }, "min_master_version", "1.34"],
  [
    "maintenanceWindow",
    {},
    "maintenance_policy.recurring_window",
    { start_time: "2026-01-03T06:00:00Z", end_time: "2026-01-03T14:00:00Z", recurrence: "FREQ=WEEKLY;BYDAY=SA,SU" },
  ],
  [
    "maintenanceWindow",
    { maintenanceWindow: { startTime: "2026-01-01T22:00:00Z", hours: 4.5, recurrence: "FREQ=DAILY" } },
    "maintenance_policy.recurring_window",
    { start_time: "2026-01-01T22:00:00Z", end_time: "2026-01-02T02:30:00Z", recurrence: "FREQ=DAILY" },
  ],
  [
    "maintenanceExclusions",
    { maintenanceExclusions: [{ name: "sale", startTime: "2026-11-20T00:00:00Z", endTime: "2026-12-01T00:00:00Z" }] },
    "maintenance_policy.maintenance_exclusion",
    [
      {
        exclusion_name: "sale",
        start_time: "2026-11-20T00:00:00Z",
        end_time: "2026-12-01T00:00:00Z",
        exclusion_options: { scope: "NO_UPGRADES" },
      },
    ],
  ],
  [
    "maintenanceExclusions",
    {
      maintenanceExclusions: [
        {
          name: "sale",
          startTime: "2026-11-20T00:00:00Z",
          endTime: "2027-03-01T00:00:00Z",
          scope: "NO_MINOR_UPGRADES",
        },
      ],
    },
    "maintenance_policy.maintenance_exclusion.0.exclusion_options",
    { scope: "NO_MINOR_UPGRADES" },
  ],
  // Observability
  ["logging", {}, "logging_config", { enable_components: ["SYSTEM_COMPONENTS", "WORKLOADS"] }],
  [
    "logging",
    { autopilot: true, datapath: DATAPLANE_V2 },
    "logging_config",
    { enable_components: ["SYSTEM_COMPONENTS", "WORKLOADS"] },
  ],
  ["logging", { logging: [] }, "logging_config", { enable_components: [] }],
  ["monitoring", {}, "monitoring_config.enable_components", ["SYSTEM_COMPONENTS"]],
  [
    "monitoring",
    { monitoring: ["SYSTEM_COMPONENTS", "POD"] },
    "monitoring_config.enable_components",
    ["SYSTEM_COMPONENTS", "POD"],
  ],
  ["managedPrometheus", {}, "monitoring_config.managed_prometheus", { enabled: true }],
  ["managedPrometheus", { managedPrometheus: false }, "monitoring_config.managed_prometheus", { enabled: false }],
  ["costAllocation", {}, "cost_management_config", { enabled: true }],
  ["costAllocation", { costAllocation: false }, "cost_management_config", { enabled: false }],
  ["intranodeVisibility", {}, "enable_intranode_visibility", false],
  ["intranodeVisibility", { datapath: DATAPLANE_V2 }, "enable_intranode_visibility", true],
  ["intranodeVisibility", { intranodeVisibility: true }, "enable_intranode_visibility", true],
  ["notificationTopic", {}, "notification_config.pubsub", { enabled: false }],
  [
    "notificationTopic",
    { notificationTopic: "projects/p/topics/t" },
    "notification_config.pubsub",
    { enabled: true, topic: "projects/p/topics/t" },
  ],
  [
    "notificationEvents",
    { notificationTopic: "projects/p/topics/t", notificationEvents: ["UPGRADE_EVENT"] },
    "notification_config.pubsub.filter",
    { event_type: ["UPGRADE_EVENT"] },
  ],
  // Features
  ["gatewayApi", {}, "gateway_api_config", { channel: "CHANNEL_DISABLED" }],
  ["gatewayApi", { datapath: DATAPLANE_V2 }, "gateway_api_config", { channel: "CHANNEL_STANDARD" }],
  ["gatewayApi", { gatewayApi: true }, "gateway_api_config", { channel: "CHANNEL_STANDARD" }],
  ["verticalPodAutoscaling", {}, "vertical_pod_autoscaling", { enabled: true }],
  ["verticalPodAutoscaling", { verticalPodAutoscaling: false }, "vertical_pod_autoscaling", { enabled: false }],
  ["nodeLocalDns", {}, "addons_config.dns_cache_config", { enabled: false }],
  ["nodeLocalDns", { datapath: DATAPLANE_V2 }, "addons_config.dns_cache_config", { enabled: true }],
  ["nodeLocalDns", { nodeLocalDns: true }, "addons_config.dns_cache_config", { enabled: true }],
  ["csiDrivers", {}, "addons_config.gce_persistent_disk_csi_driver_config", { enabled: true }],
  ["csiDrivers", {}, "addons_config.gcp_filestore_csi_driver_config", { enabled: false }],
  ["csiDrivers", {}, "addons_config.gcs_fuse_csi_driver_config", { enabled: false }],
  ["csiDrivers", {}, "addons_config.lustre_csi_driver_config", undefined],
  [
    "csiDrivers",
    { csiDrivers: ["filestore"] },
    "addons_config.gce_persistent_disk_csi_driver_config",
    { enabled: false },
  ],
  ["csiDrivers", { csiDrivers: ["filestore"] }, "addons_config.gcp_filestore_csi_driver_config", { enabled: true }],
  ["csiDrivers", { csiDrivers: ["gcs-fuse"] }, "addons_config.gcs_fuse_csi_driver_config", { enabled: true }],
  ["csiDrivers", { csiDrivers: ["parallelstore"] }, "addons_config.parallelstore_csi_driver_config", { enabled: true }],
  ["csiDrivers", { csiDrivers: ["lustre"] }, "addons_config.lustre_csi_driver_config", { enabled: true }],
  ["httpLoadBalancing", {}, "addons_config.http_load_balancing", { disabled: false }],
  ["httpLoadBalancing", { httpLoadBalancing: false }, "addons_config.http_load_balancing", { disabled: true }],
  ["ilbSubsetting", {}, "enable_l4_ilb_subsetting", true],
  ["ilbSubsetting", { ilbSubsetting: false }, "enable_l4_ilb_subsetting", false],
  ["backupAgent", {}, "addons_config.gke_backup_agent_config", { enabled: false }],
  ["backupAgent", { backupAgent: true }, "addons_config.gke_backup_agent_config", { enabled: true }],
  ["dns", {}, "dns_config", undefined],
  [
    "dns",
    { dns: { provider: "CLOUD_DNS" } },
    "dns_config",
    { cluster_dns: "CLOUD_DNS", cluster_dns_scope: "CLUSTER_SCOPE" },
  ],
  [
    "dns",
    { dns: { provider: "CLOUD_DNS", scope: "VPC_SCOPE", domain: "staging.acme.internal" } },
    "dns_config",
    { cluster_dns: "CLOUD_DNS", cluster_dns_scope: "VPC_SCOPE", cluster_dns_domain: "staging.acme.internal" },
  ],
  [
    "dns",
    { dns: { provider: "CLOUD_DNS", additiveVpcDomain: "acme.internal" } },
    "dns_config.additive_vpc_scope_dns_domain",
    "acme.internal",
  ],
  ["dns", { dns: { provider: "KUBE_DNS" } }, "dns_config", { cluster_dns: "KUBE_DNS" }],
  ["configConnector", {}, "addons_config.config_connector_config", undefined],
  ["configConnector", { configConnector: true }, "addons_config.config_connector_config", { enabled: true }],
  ["fleetProject", {}, "fleet", undefined],
  ["fleetProject", { fleetProject: "acme-fleet" }, "fleet", { project: "acme-fleet" }],
  // Scaling
  ["autoProvisioning", {}, "cluster_autoscaling", { enabled: false, autoscaling_profile: "BALANCED" }],
  ["autoProvisioning", {}, "node_pool_auto_config", undefined],
  [
    "autoProvisioning",
    { autoProvisioning: { maxCpu: 8, maxMemoryGb: 32 } },
    "cluster_autoscaling",
    {
      enabled: true,
      autoscaling_profile: "BALANCED",
      resource_limits: [
        { resource_type: "cpu", maximum: 8 },
        { resource_type: "memory", maximum: 32 },
      ],
      auto_provisioning_defaults: {
        service_account: expect.stringContaining("google_service_account."),
        oauth_scopes: ["https://www.googleapis.com/auth/cloud-platform"],
        image_type: "COS_CONTAINERD",
        disk_type: "pd-balanced",
        disk_size: 100,
        shielded_instance_config: { enable_secure_boot: true, enable_integrity_monitoring: true },
        management: { auto_repair: true, auto_upgrade: true },
        upgrade_settings: { strategy: "SURGE", max_surge: 1, max_unavailable: 0 },
      },
    },
  ],
  [
    "autoProvisioning",
    { autoProvisioning: { maxCpu: 8, maxMemoryGb: 32 } },
    "node_pool_auto_config",
    {
      network_tags: { tags: ["gke-staging"] },
      node_kubelet_config: { insecure_kubelet_readonly_port_enabled: "FALSE" },
    },
  ],
  [
    "autoProvisioning",
    {
      autoProvisioning: {
        maxCpu: 8,
        maxMemoryGb: 32,
        minCpu: 1,
        minMemoryGb: 2,
        accelerators: [{ type: "nvidia-l4", max: 2 }],
      },
    },
    "cluster_autoscaling.resource_limits",
    [
      { resource_type: "cpu", minimum: 1, maximum: 8 },
      { resource_type: "memory", minimum: 2, maximum: 32 },
      { resource_type: "nvidia-l4", maximum: 2 },
    ],
  ],
  [
    "autoProvisioning",
    { autoProvisioning: { maxCpu: 8, maxMemoryGb: 32, zones: ["asia-northeast1-a", "asia-northeast1-b"] } },
    "cluster_autoscaling.auto_provisioning_locations",
    ["asia-northeast1-a", "asia-northeast1-b"],
  ],
  [
    "autoProvisioning",
    { autoProvisioning: { maxCpu: 8, maxMemoryGb: 32, diskType: "pd-ssd" } },
    "cluster_autoscaling.auto_provisioning_defaults.disk_type",
    "pd-ssd",
  ],
  [
    "autoProvisioning",
    { autoProvisioning: { maxCpu: 8, maxMemoryGb: 32, diskSizeGb: 50 } },
    "cluster_autoscaling.auto_provisioning_defaults.disk_size",
    50,
  ],
  [
    "datapathMigratedFrom",
    { datapath: DATAPLANE_V2, datapathMigratedFrom: "LEGACY_DATAPATH" },
    "lifecycle.precondition.0.condition",
    expect.stringMatching(
      /^\$\{contains\(\["ADVANCED_DATAPATH","LEGACY_DATAPATH"\], terraform_data\..*\.output\.provider\)\}$/,
    ),
  ],
  [
    "autoscalingProfile",
    { autoscalingProfile: "OPTIMIZE_UTILIZATION" },
    "cluster_autoscaling.autoscaling_profile",
    "OPTIMIZE_UTILIZATION",
  ],
];

let json: Json;
beforeAll(() => {
  json = createClusters(OPTIONS.map(([, variant]) => variant));
});

test.each(OPTIONS.map(([option, variant, path, expected], index) => ({ option, variant, path, expected, index })))(
  "$option: $variant makes $path",
  ({ path, expected, index }) => {
    const cluster = json.resource.google_container_cluster[`cluster-${index}`];
    const found = path.split(".").reduce((here, step) => here?.[step], cluster);
    expect(found).toEqual(expected);
  },
);

test("every attribute of every variant is one of the provider's", () => {
  expect(googleAttributeProblems(json)).toEqual([]);
});

test("every option has a row in the table", () => {
  const tested = new Set(OPTIONS.map(([name]) => name));
  const files: [string, string][] = [
    ["cluster/options.ts", "GkeClusterOptions"],
    ["cluster/options.ts", "GkeClusterProps"],
    ["cluster/control-plane.ts", "ControlPlaneOptions"],
    ["cluster/security.ts", "SecurityOptions"],
    ["cluster/maintenance.ts", "MaintenanceOptions"],
    ["cluster/observability.ts", "ObservabilityOptions"],
    ["cluster/features.ts", "FeatureOptions"],
    ["cluster/auto-provisioning.ts", "ScalingOptions"],
  ];
  const all = files.flatMap(([file, name]) => optionNames(file, name));
  expect(all.length).toBeGreaterThan(40);
  expect(all.filter((name) => !tested.has(name))).toEqual([]);
});
