/**
 * What the providers decide by the values themselves, and their schemas do not tell (google 6.50.0:
 * resource_container_cluster.go, resource_compute_subnetwork.go; CustomizeDiff and DiffSuppressFunc).
 */

/** When a change of an attribute replaces its resource. */
export type ReplacingChange =
  /** From true to anything else. */
  | "switched-off"
  /** A list that loses an element. */
  | "loses-element"
  /** A range that is not around the one before (`IsShrinkageIpCidr`). */
  | "shrinks";

/** Attributes that replace their resource by some changes only. */
export const REPLACING_CHANGES: Readonly<Record<string, ReplacingChange>> = {
  "google_container_cluster.enable_l4_ilb_subsetting": "switched-off",
  "google_container_cluster.enable_fqdn_network_policy": "switched-off",
  "google_container_cluster.enable_k8s_beta_apis.enabled_apis": "loses-element",
  "google_compute_subnetwork.ip_cidr_range": "shrinks",
};

/** Names of maps among the attributes that replace their resource: whatever key changes, it is the attribute that does. */
export const FORCED_MAPS: ReadonlySet<string> = new Set(
  "metadata resource_manager_tags tags match_labels limits requests parameters node_selector keepers triggers".split(
    " ",
  ),
);

/** Objects of Kubernetes whose contents replace them once they are `immutable` (CustomizeDiff of kubernetes 2.38.0). */
export const IMMUTABLE_CONTENTS: ReadonlySet<string> = new Set([
  "kubernetes_config_map_v1",
  "kubernetes_config_map",
  "kubernetes_secret_v1",
  "kubernetes_secret",
]);

/** Ranges that may be given as a size (`/14`), which the API turns into a range. */
export const SIZE_OR_RANGE: ReadonlySet<string> = new Set([
  "ip_allocation_policy.cluster_ipv4_cidr_block",
  "ip_allocation_policy.services_ipv4_cidr_block",
]);

/** Names of resources that may be given as a link, whole or in part. */
export const LINKS: ReadonlySet<string> = new Set([
  "network",
  "subnetwork",
  "network_config.subnetwork",
  "node_config.service_account",
  "router",
]);
