import { cluster, node, pool, subnet } from "../record/spec";

/** Attributes of the pinned providers, each changed by itself: resource type, a resource of it, and the new values. */
export const CHANGES: readonly (readonly [
  type: string,
  base: Readonly<Record<string, unknown>>,
  changes: Readonly<Record<string, unknown>>,
])[] = [
  [
    "google_container_cluster",
    cluster({ resource_labels: { a: "b" }, min_master_version: "1.33" }),
    {
      name: "other",
      location: "asia-northeast2",
      network: "other",
      subnetwork: "other",
      datapath_provider: "ADVANCED_DATAPATH",
      initial_node_count: 2,
      "ip_allocation_policy.cluster_secondary_range_name": "other",
      resource_labels: { a: "c" },
      min_master_version: "1.34",
      deletion_protection: true,
    },
  ],
  [
    "google_container_node_pool",
    pool({ max_pods_per_node: 110, node_config: node({ spot: false }) }),
    {
      name: "other",
      cluster: "other",
      location: "asia-northeast2",
      max_pods_per_node: 64,
      initial_node_count: 2,
      "node_config.spot": true,
      "node_config.machine_type": "n2-standard-4",
      "node_config.image_type": "UBUNTU_CONTAINERD",
      "node_config.service_account": "other@example.com",
    },
  ],
  [
    "google_compute_subnetwork",
    subnet({ description: "a" }),
    { name: "other", network: "other", region: "asia-northeast2", description: "b", private_ip_google_access: true },
  ],
  [
    "google_compute_network",
    { name: "vpc", auto_create_subnetworks: false, routing_mode: "REGIONAL" },
    { name: "other", auto_create_subnetworks: true, description: "b", routing_mode: "GLOBAL" },
  ],
  [
    "google_compute_router_nat",
    {
      name: "nat",
      router: "router",
      region: "asia-northeast1",
      nat_ip_allocate_option: "AUTO_ONLY",
      source_subnetwork_ip_ranges_to_nat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
    },
    { name: "other", router: "other", region: "asia-northeast2", icmp_idle_timeout_sec: 60, min_ports_per_vm: 128 },
  ],
  [
    "google_compute_address",
    { name: "egress", region: "asia-northeast1" },
    { name: "other", region: "asia-northeast2", description: "b", network_tier: "STANDARD", labels: { a: "b" } },
  ],
  [
    "google_compute_firewall",
    { name: "nodes", network: "vpc", allow: [{ protocol: "tcp" }], source_ranges: ["10.0.0.0/8"] },
    { name: "other", network: "other", priority: 900, disabled: true, source_ranges: ["10.0.0.0/9"] },
  ],
  [
    "kubernetes_namespace_v1",
    { metadata: { name: "shop" } },
    { "metadata.name": "other", "metadata.labels": { a: "b" } },
  ],
  [
    "kubernetes_config_map_v1",
    { metadata: { name: "scripts", namespace: "shop" }, data: { a: "b" } },
    { "metadata.name": "other", "metadata.namespace": "other", data: { a: "c" } },
  ],
  [
    "kubernetes_secret_v1",
    { metadata: { name: "token", namespace: "shop" }, type: "Opaque" },
    { "metadata.name": "other", "metadata.namespace": "other", type: "example.com/other" },
  ],
];
