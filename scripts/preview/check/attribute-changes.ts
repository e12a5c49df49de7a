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
      // What the API would have filled in, which a crafted state lacks.
      endpoint_types: ["ENDPOINT_TYPE_VM"],
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

/** Changes that an attribute's row in a table does not decide alone: maps, blocks that come or go, lists as a whole. */
export const WHOLE_CHANGES: typeof CHANGES = [
  [
    "google_container_node_pool",
    pool({ node_config: node({ metadata: { a: "b" } }), placement_policy: [{ type: "COMPACT" }] }),
    {
      "node_config.metadata": { a: "c" },
      placement_policy: undefined,
      "node_config.tags": ["a"],
      "node_config.labels": { a: "c" },
    },
  ],
  [
    "google_container_cluster",
    cluster({ enable_k8s_beta_apis: { enabled_apis: ["a/v1", "b/v1"] }, resource_labels: { a: "b" } }),
    { "enable_k8s_beta_apis.enabled_apis": ["a/v1"], enable_kubernetes_alpha: true, enable_multi_networking: true },
  ],
  [
    "kubernetes_deployment_v1",
    {
      metadata: { name: "web" },
      spec: {
        selector: { match_labels: { a: "b" } },
        template: {
          metadata: { labels: { a: "b", c: "d" } },
          spec: { container: [{ name: "web", image: "web:1" }] },
        },
      },
    },
    { "spec.selector.match_labels": { c: "d" }, "spec.replicas": "2" },
  ],
  [
    "kubernetes_pod_disruption_budget_v1",
    { metadata: { name: "web" }, spec: { max_unavailable: "1", selector: { match_labels: { a: "b" } } } },
    { "spec.max_unavailable": "2", "spec.selector.match_labels": { a: "c" } },
  ],
  [
    "kubernetes_storage_class_v1",
    { metadata: { name: "fast" }, storage_provisioner: "pd.csi.storage.gke.io", parameters: { type: "pd-ssd" } },
    { parameters: { type: "pd-standard" }, allow_volume_expansion: false },
  ],
  [
    "kubernetes_config_map_v1",
    { metadata: { name: "sealed" }, data: { a: "b" }, immutable: true },
    { data: { a: "c" } },
  ],
];
