import { at, type ClusterParts, everyPool } from "./parts";

/** One recommendation that several rule sets share. */
export interface HardeningRule {
  readonly title: string;
  /** CIS GKE Benchmark 1.4, as GKE policy automation numbers it. */
  readonly cis?: string;
  /** Name of the policy in GKE policy automation (gke-policies-v2). */
  readonly policy?: string;
  /** Ids of checkov 3.3. */
  readonly checkov?: readonly string[];
  /** Ids of trivy-checks. */
  readonly trivy?: readonly string[];
  /** What decides it in a definition; absent where nothing can turn it off. */
  readonly option?: string;
  readonly met: (parts: ClusterParts) => boolean;
  /** Why an environment may do without. */
  readonly reason?: string;
}

const SHIELDED = "node_config.shielded_instance_config";

/** Sources: google/gke-policy-automation, aquasecurity/trivy-checks, checkov 3.3.30, read on 2026-11-26. */
export const HARDENING_RULES: readonly HardeningRule[] = [
  {
    title: "Nodes run as an account of their own",
    cis: "5.2.1",
    policy: "node_pool_forbid_default_sa",
    trivy: ["GCP-0050"],
    option: "cluster.nodeServiceAccount",
    met: (parts) => parts.pools.every((pool) => typeof at(pool, "node_config.service_account") === "string"),
  },
  {
    title: "Pods get identities through Workload Identity",
    cis: "5.2.2",
    policy: "workload_identity",
    checkov: ["CKV_GCP_69"],
    trivy: ["GCP-0057"],
    met: (parts) =>
      typeof at(parts.cluster, "workload_identity_config.workload_pool") === "string" &&
      everyPool(parts, "node_config.workload_metadata_config.mode", "GKE_METADATA"),
  },
  {
    title: "Secrets are encrypted with a key of one's own",
    cis: "5.3.1",
    policy: "secret_encryption",
    option: "cluster.secretsEncryptionKey",
    met: ({ cluster }) => at(cluster, "database_encryption.state") === "ENCRYPTED",
    reason: "needs a key ring, its rotation and somebody to look after both; Google encrypts the disks either way",
  },
  {
    title: "The metadata API of old is off",
    trivy: ["GCP-0048"],
    met: (parts) => everyPool(parts, "node_config.metadata.disable-legacy-endpoints", "true"),
  },
  {
    title: "Nodes run Container-Optimized OS",
    cis: "5.5.1",
    policy: "node_pool_use_cos",
    trivy: ["GCP-0054"],
    option: "nodePools[].imageType",
    met: (parts) => everyPool(parts, "node_config.image_type", "COS_CONTAINERD"),
  },
  {
    title: "Nodes are repaired",
    cis: "5.5.2",
    policy: "node_pool_autorepair",
    checkov: ["CKV_GCP_9"],
    trivy: ["GCP-0063"],
    option: "nodePools[].autoRepair",
    met: (parts) => everyPool(parts, "management.auto_repair", true),
  },
  {
    title: "Nodes are upgraded",
    cis: "5.5.3",
    policy: "node_pool_autoupgrade",
    checkov: ["CKV_GCP_10"],
    trivy: ["GCP-0058"],
    option: "nodePools[].autoUpgrade",
    met: (parts) => everyPool(parts, "management.auto_upgrade", true),
  },
  {
    title: "The cluster follows a release channel",
    cis: "5.5.4",
    policy: "cluster_release_channels",
    checkov: ["CKV_GCP_70"],
    option: "cluster.releaseChannel",
    met: ({ cluster }) =>
      ["RAPID", "REGULAR", "STABLE", "EXTENDED"].includes(String(at(cluster, "release_channel.channel"))),
  },
  {
    title: "Nodes are shielded",
    cis: "5.5.5",
    policy: "shielded_nodes",
    checkov: ["CKV_GCP_71"],
    trivy: ["GCP-0055"],
    met: ({ cluster }) => at(cluster, "enable_shielded_nodes") === true,
  },
  {
    title: "Nodes' integrity is monitored",
    cis: "5.5.6",
    policy: "node_pool_integrity_monitoring",
    checkov: ["CKV_GCP_72"],
    option: "nodePools[].integrityMonitoring",
    met: (parts) => everyPool(parts, `${SHIELDED}.enable_integrity_monitoring`, true),
  },
  {
    title: "Nodes boot securely",
    cis: "5.5.7",
    policy: "node_pool_secure_boot",
    checkov: ["CKV_GCP_68"],
    option: "nodePools[].secureBoot",
    met: (parts) => everyPool(parts, `${SHIELDED}.enable_secure_boot`, true),
  },
  {
    title: "Flows are logged",
    cis: "5.6.1",
    checkov: ["CKV_GCP_26"],
    trivy: ["GCP-0029", "GCP-0076"],
    option: "network.flowLogs",
    met: ({ subnetwork }) => subnetwork === undefined || at(subnetwork, "log_config") !== undefined,
    reason: "costs money for every gigabyte of logs, and whoever shares a network logs it there",
  },
  {
    title: "Traffic within a node is visible to the VPC",
    cis: "5.6.1",
    policy: "intranode_visibility",
    checkov: ["CKV_GCP_61"],
    option: "cluster.intranodeVisibility",
    met: ({ cluster }) => at(cluster, "enable_intranode_visibility") === true,
    reason:
      "where Cilium runs, Hubble sees the same traffic with names of pods; the detour over the VPC costs speed and logs",
  },
  {
    title: "Pods have addresses of the VPC",
    cis: "5.6.2",
    policy: "vpc_native_cluster",
    checkov: ["CKV_GCP_23"],
    trivy: ["GCP-0049"],
    met: ({ cluster }) => at(cluster, "networking_mode") === "VPC_NATIVE",
  },
  {
    title: "Who reaches the control plane by IP is listed",
    cis: "5.6.3",
    policy: "control_plane_access",
    checkov: ["CKV_GCP_18", "CKV_GCP_20"],
    trivy: ["GCP-0053", "GCP-0061"],
    option: "cluster.authorizedNetworks, cluster.ipEndpoint",
    met: ({ cluster }) =>
      at(cluster, "control_plane_endpoints_config.ip_endpoints_config.enabled") === false ||
      at(cluster, "master_authorized_networks_config") !== undefined,
    reason: "without an IP endpoint there is nothing to list: the DNS-based one asks IAM",
  },
  {
    title: "The control plane has no public address",
    cis: "5.6.4",
    policy: "control_plane_endpoint",
    checkov: ["CKV_GCP_25"],
    trivy: ["GCP-0059"],
    option: "cluster.ipEndpoint",
    met: ({ cluster }) =>
      at(cluster, "control_plane_endpoints_config.ip_endpoints_config.enabled") === false ||
      at(cluster, "private_cluster_config.enable_private_endpoint") === true,
  },
  {
    title: "Nodes have no public addresses",
    cis: "5.6.5",
    policy: "private_cluster",
    checkov: ["CKV_GCP_64"],
    option: "cluster.privateNodes",
    met: ({ cluster }) => at(cluster, "private_cluster_config.enable_private_nodes") === true,
  },
  {
    title: "Network policies are enforced",
    cis: "5.6.7",
    policy: "network_policies",
    checkov: ["CKV_GCP_12"],
    trivy: ["GCP-0056"],
    option: "dataplane",
    met: ({ cluster, pools }) =>
      at(cluster, "network_policy.enabled") === true ||
      at(cluster, "datapath_provider") === "ADVANCED_DATAPATH" ||
      // Nodes that wait for Cilium's agent are nodes on which it enforces.
      (pools.length > 0 &&
        pools.every((pool) => JSON.stringify(at(pool, "node_config")).includes("cilium-agent-not-ready"))),
    reason: "kube-proxy-free: Cilium enforces them, which tools that only see the cluster resource cannot know",
  },
  {
    title: "Logs and metrics of the system are kept",
    cis: "5.7.1",
    policy: "monitoring_and_logging",
    checkov: ["CKV_GCP_1", "CKV_GCP_8"],
    trivy: ["GCP-0060", "GCP-0052"],
    option: "cluster.logging, cluster.monitoring",
    met: ({ cluster }) =>
      JSON.stringify(at(cluster, "logging_config.enable_components") ?? []).includes("SYSTEM_COMPONENTS") &&
      JSON.stringify(at(cluster, "monitoring_config.enable_components") ?? []).includes("SYSTEM_COMPONENTS"),
  },
  {
    title: "No client certificates",
    cis: "5.8.2",
    policy: "control_plane_disable_cert_authentication",
    checkov: ["CKV_GCP_13"],
    trivy: ["GCP-0064"],
    met: ({ cluster }) => at(cluster, "master_auth.client_certificate_config.issue_client_certificate") === false,
  },
  {
    title: "RBAC by Google groups",
    cis: "5.8.3",
    policy: "node_rbac_security_group",
    checkov: ["CKV_GCP_65"],
    option: "cluster.securityGroup",
    met: ({ cluster }) => at(cluster, "authenticator_groups_config.security_group") !== undefined,
    reason: "needs an organization with a group gke-security-groups@<domain>",
  },
  {
    title: "No authorization of old (ABAC)",
    cis: "5.8.4",
    policy: "control_plane_disable_legacy_authorization",
    checkov: ["CKV_GCP_7"],
    trivy: ["GCP-0062"],
    met: ({ cluster }) => at(cluster, "enable_legacy_abac") === false,
  },
  {
    title: "Disks are encrypted with a key of one's own",
    cis: "5.9.1",
    policy: "node_pool_disk_encryption",
    option: "cluster.bootDiskKmsKey, nodePools[].bootDiskKmsKey",
    met: (parts) => parts.pools.every((pool) => at(pool, "node_config.boot_disk_kms_key") !== undefined),
    reason: "as with secrets: a key to look after; Google encrypts the disks either way",
  },
  {
    title: "No alpha features",
    checkov: ["CKV2_GCP_19"],
    met: ({ cluster }) => at(cluster, "enable_kubernetes_alpha") !== true,
  },
  {
    title: "Only signed images run",
    cis: "5.10.5",
    policy: "cluster_binary_authorization",
    checkov: ["CKV_GCP_66"],
    option: "cluster.binaryAuthorization",
    met: ({ cluster }) => at(cluster, "binary_authorization.evaluation_mode") === "PROJECT_SINGLETON_POLICY_ENFORCE",
    reason:
      "the project's policy decides what is signed: without one it allows everything, and a wrong one stops Cilium",
  },
  {
    title: "Security posture is watched",
    policy: "cluster_enable_security_posture",
    option: "cluster.securityPosture",
    met: ({ cluster }) => ["BASIC", "ENTERPRISE"].includes(String(at(cluster, "security_posture_config.mode"))),
  },
  {
    title: "The kubelet's port without login is closed",
    met: (parts) => everyPool(parts, "node_config.kubelet_config.insecure_kubelet_readonly_port_enabled", "FALSE"),
  },
  {
    title: "Nobody is let in anonymously",
    option: "cluster.anonymousAuthentication",
    met: ({ cluster }) => at(cluster, "anonymous_authentication_config.mode") === "LIMITED",
  },
  {
    title: "Resources carry labels",
    checkov: ["CKV_GCP_21"],
    trivy: ["GCP-0051"],
    option: "labels, cluster.labels",
    met: ({ cluster, providerLabels }) =>
      at(cluster, "resource_labels") !== undefined || Object.keys(providerLabels).length > 0,
    reason: "the provider adds its default labels to every resource, which tools that read one resource do not see",
  },
];

/**
 * Findings of checkov that stand, each with the rule whose reason or whose judgement here says why. Whatever else it
 * finds fails the run.
 */
export const CHECKOV_EXEMPTIONS: Readonly<Record<string, string>> = {
  CKV_GCP_12: "Network policies are enforced",
  CKV_GCP_20: "Who reaches the control plane by IP is listed",
  CKV_GCP_21: "Resources carry labels",
  CKV_GCP_61: "Traffic within a node is visible to the VPC",
  CKV_GCP_65: "RBAC by Google groups",
  CKV_GCP_66: "Only signed images run",
  // It looks at the cluster's first pool by another path than the one that the provider has for it.
  CKV_GCP_69: "Pods get identities through Workload Identity",
};

/** Findings that stand whatever is configured: checkov looks where the answer is not, and the rule's judgement here says why. */
export const CHECKOV_BLIND: readonly string[] = ["CKV_GCP_12", "CKV_GCP_21", "CKV_GCP_69"];
