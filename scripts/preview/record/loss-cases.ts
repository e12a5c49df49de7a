import { type Attributes, cluster, dev, node, PINNED, pool, type RuleCase, subnet } from "./spec";

const C = "google_container_cluster.cluster";
const P = "google_container_node_pool.general";
const B = "google_container_node_pool.batch";
const N = "google_compute_network.dev";
const S = "google_compute_subnetwork.nodes";
const network: Attributes = { name: "dev", auto_create_subnetworks: false };

/** One resource that changes, or goes where `fires` is nothing. */
function single(
  rule: string,
  address: string,
  before: Attributes,
  fires: Attributes | undefined,
  silent: Attributes,
): RuleCase {
  const provider = address.split("_")[0]!;
  // Where nothing is left the provider of what was there must still be the pinned one.
  const versions = { [provider]: PINNED[provider]! };
  const app = (attributes: Attributes | undefined) =>
    attributes ? dev({ [address]: attributes }) : dev({}, undefined, { versions });
  return {
    rule,
    fires: { before: app(before), after: app(fires) },
    silent: { before: app(before), after: app(silent) },
  };
}

const ofCluster = (rule: string, before: Attributes, fires: Attributes, silent: Attributes): RuleCase =>
  single(rule, C, cluster(before), cluster(fires), cluster(silent));

const ofPool = (rule: string, before: Attributes, fires: Attributes, silent: Attributes): RuleCase =>
  single(rule, P, pool(before), pool(fires), pool(silent));

const ZONES = ["asia-northeast1-a", "asia-northeast1-b", "asia-northeast1-c"];
const bucket: Attributes = { name: "acme-dev-data", location: "ASIA-NORTHEAST1" };
const key: Attributes = { name: "disks", key_ring: "projects/acme-dev/locations/asia-northeast1/keyRings/dev" };
const account: Attributes = { account_id: "dev-nodes", display_name: "Nodes" };
const member = (role: string): Attributes => ({
  project: "acme-dev",
  role,
  member: "serviceAccount:n@acme-dev.iam.gserviceaccount.com",
});
const orgPolicy = (rules: readonly Attributes[]): Attributes => ({
  name: "projects/acme-dev/policies/iam.disableServiceAccountKeyCreation",
  parent: "projects/acme-dev",
  spec: { rules },
});
const firewall = (ranges: readonly string[]): Attributes => ({
  name: "webhooks",
  network: "dev",
  source_ranges: ranges,
  allow: [{ protocol: "tcp", ports: ["8443"] }],
});
const exclusion = (end: string): Attributes => ({
  maintenance_policy: {
    recurring_window: {
      start_time: "2026-01-03T06:00:00Z",
      end_time: "2026-01-03T14:00:00Z",
      recurrence: "FREQ=WEEKLY;BYDAY=SA",
    },
    maintenance_exclusion: [{ exclusion_name: "freeze", start_time: "2026-11-20T00:00:00Z", end_time: end }],
  },
});
const namespace = (name: string, labels: Attributes = {}): Attributes => ({ metadata: { name, labels } });
const crd = (name: string): Attributes => ({
  name: "crds",
  namespace: "default",
  chart: "./manifests",
  values: [
    JSON.stringify({
      manifests: {
        [name]: { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name } },
      },
    }),
  ],
});

const secret = { metadata: { name: "db", namespace: "shop" }, data: { user: "app" } };
const storage = { metadata: { name: "fast" }, storage_provisioner: "pd.csi.storage.gke.io", reclaim_policy: "Delete" };

export const LOSS_CASES: readonly RuleCase[] = [
  single("DA1", "google_storage_bucket.data", bucket, undefined, { ...bucket, labels: { a: "b" } }),
  single("DA2", "google_kms_crypto_key.disks", key, undefined, { ...key, labels: { a: "b" } }),
  single("DA3", "kubernetes_namespace_v1.shop", namespace("shop"), undefined, namespace("shop", { team: "shop" })),
  single("DA4", "helm_release.crds", crd("things.example.com"), crd("others.example.com"), {
    ...crd("things.example.com"),
    timeout: 600,
  }),
  single(
    "DA5",
    "google_folder.team",
    { display_name: "team", parent: "organizations/1", deletion_protection: false },
    undefined,
    { display_name: "teams", parent: "organizations/1", deletion_protection: false },
  ),
  single("DA6", "kubernetes_secret_v1.db", secret, undefined, { ...secret, data: { user: "shop" } }),
  single("DA7", "kubernetes_storage_class_v1.fast", storage, undefined, { ...storage, reclaim_policy: "Retain" }),
  single("ID1", "google_service_account.nodes", account, undefined, { ...account, display_name: "Nodes of dev" }),
  single(
    "ID2",
    "google_project_iam_member.nodes",
    member("roles/container.defaultNodeServiceAccount"),
    member("roles/logging.logWriter"),
    member("roles/container.defaultNodeServiceAccount"),
  ),
  ofCluster(
    "ID3",
    { workload_identity_config: { workload_pool: "acme-dev.svc.id.goog" } },
    { workload_identity_config: { workload_pool: "acme-hub.svc.id.goog" } },
    { workload_identity_config: { workload_pool: "acme-dev.svc.id.goog" }, resource_labels: { a: "b" } },
  ),
  single("ID4", "google_project_service.container", { service: "container.googleapis.com" }, undefined, {
    service: "container.googleapis.com",
    disable_on_destroy: false,
  }),
  single(
    "ID5",
    "google_project_iam_member.nodes",
    member("roles/logging.logWriter"),
    member("roles/editor"),
    member("roles/monitoring.metricWriter"),
  ),
  single("ID6", "google_org_policy_policy.keys", orgPolicy([{ enforce: "TRUE" }]), orgPolicy([{ enforce: "FALSE" }]), {
    ...orgPolicy([{ enforce: "TRUE" }]),
    dry_run_spec: { rules: [{ enforce: "FALSE" }] },
  }),
  ofCluster(
    "GK22",
    { enable_shielded_nodes: true },
    { enable_shielded_nodes: false },
    { enable_shielded_nodes: true, resource_labels: { a: "b" } },
  ),
  ofPool(
    "NP12",
    { upgrade_settings: { max_surge: 1, max_unavailable: 0 } },
    { upgrade_settings: { max_surge: 0, max_unavailable: 2 } },
    { upgrade_settings: { max_surge: 2, max_unavailable: 0 } },
  ),
  ofCluster(
    "GK14",
    { addons_config: { gce_persistent_disk_csi_driver_config: { enabled: true } } },
    { addons_config: { gce_persistent_disk_csi_driver_config: { enabled: false } } },
    {
      addons_config: {
        gce_persistent_disk_csi_driver_config: { enabled: true },
        gcs_fuse_csi_driver_config: { enabled: true },
      },
    },
  ),
  ofCluster(
    "GK15",
    { network_policy: { enabled: false } },
    { network_policy: { enabled: true, provider: "CALICO" } },
    { network_policy: { enabled: false }, resource_labels: { a: "b" } },
  ),
  ofCluster(
    "GK16",
    { release_channel: { channel: "REGULAR" } },
    { release_channel: { channel: "RAPID" } },
    { release_channel: { channel: "REGULAR" }, resource_labels: { a: "b" } },
  ),
  ofCluster(
    "GK17",
    exclusion("2027-01-10T00:00:00Z"),
    exclusion("2026-11-30T00:00:00Z"),
    exclusion("2027-01-20T00:00:00Z"),
  ),
  ofCluster(
    "GK18",
    { node_locations: ZONES },
    { node_locations: ZONES.slice(0, 2) },
    { node_locations: [...ZONES].reverse(), resource_labels: { a: "b" } },
  ),
  ofCluster(
    "GK19",
    { logging_config: { enable_components: ["SYSTEM_COMPONENTS", "APISERVER"] } },
    { logging_config: { enable_components: ["SYSTEM_COMPONENTS"] } },
    { logging_config: { enable_components: ["SYSTEM_COMPONENTS", "APISERVER", "SCHEDULER"] } },
  ),
  ofCluster(
    "GK20",
    { dns_config: { cluster_dns: "PLATFORM_DEFAULT" } },
    { dns_config: { cluster_dns: "CLOUD_DNS", cluster_dns_scope: "CLUSTER_SCOPE" } },
    { dns_config: { cluster_dns: "PLATFORM_DEFAULT" }, resource_labels: { a: "b" } },
  ),
  ofCluster(
    "GK21",
    { database_encryption: { state: "ENCRYPTED", key_name: "projects/p/locations/l/keyRings/r/cryptoKeys/a" } },
    { database_encryption: { state: "DECRYPTED" } },
    {
      database_encryption: { state: "ENCRYPTED", key_name: "projects/p/locations/l/keyRings/r/cryptoKeys/a" },
      resource_labels: { a: "b" },
    },
  ),
  {
    rule: "NP9",
    fires: { before: dev({ [P]: pool(), [B]: pool({ name: "batch" }) }), after: dev({ [P]: pool() }) },
    silent: { before: dev({ [P]: pool() }), after: dev({ [P]: pool(), [B]: pool({ name: "batch" }) }) },
  },
  ofPool(
    "NP10",
    { name: "general-a", node_config: node({ spot: false }), lifecycle: { create_before_destroy: true } },
    { name: "general-b", node_config: node({ spot: true }), lifecycle: { create_before_destroy: true } },
    {
      name: "general-a",
      node_config: node({ spot: false, labels: { a: "b" } }),
      lifecycle: { create_before_destroy: true },
    },
  ),
  ofPool(
    "NP11",
    { node_locations: ZONES },
    { node_locations: ZONES.slice(1) },
    { node_locations: ZONES, node_config: node() },
  ),
  {
    rule: "NW4",
    fires: {
      before: dev({ [N]: network, [S]: subnet() }),
      after: dev({ [N]: { ...network, name: "other" }, [S]: subnet() }),
    },
    silent: {
      before: dev({ [N]: network, [S]: subnet() }),
      after: dev({ [N]: { ...network, routing_mode: "GLOBAL" }, [S]: subnet() }),
    },
  },
  single(
    "NW5",
    "google_compute_route.out",
    { name: "out", network: "dev", dest_range: "0.0.0.0/0", next_hop_gateway: "default-internet-gateway" },
    undefined,
    { name: "out", network: "dev", dest_range: "0.0.0.0/0", next_hop_gateway: "default-internet-gateway" },
  ),
  single(
    "NW6",
    "google_compute_firewall.webhooks",
    firewall(["10.16.0.0/20", "35.191.0.0/16"]),
    firewall(["10.16.0.0/20"]),
    firewall(["10.16.0.0/20", "35.191.0.0/16", "130.211.0.0/22"]),
  ),
  {
    rule: "NW10",
    fires: {
      before: dev({ [N]: { ...network, mtu: 1460 } }),
      after: dev({ [N]: { ...network, mtu: 8896 } }),
    },
    silent: {
      before: dev({ [N]: { ...network, mtu: 1460 } }),
      after: dev({ [N]: { ...network, mtu: 1460, routing_mode: "GLOBAL" } }),
    },
  },
  single(
    "NW11",
    "google_compute_firewall.webhooks",
    firewall(["10.16.0.0/20"]),
    firewall(["10.16.0.0/20", "0.0.0.0/0"]),
    firewall(["10.16.0.0/20", "35.191.0.0/16"]),
  ),
  single(
    "NW7",
    "google_compute_network_peering.shared",
    {
      name: "shared",
      network: "projects/acme-dev/global/networks/dev",
      peer_network: "projects/acme-hub/global/networks/hub",
    },
    undefined,
    {
      name: "shared",
      network: "projects/acme-dev/global/networks/dev",
      peer_network: "projects/acme-hub/global/networks/hub",
      export_custom_routes: true,
    },
  ),
  ofCluster(
    "NW8",
    { default_snat_status: { disabled: false } },
    { default_snat_status: { disabled: true } },
    { default_snat_status: { disabled: false }, resource_labels: { a: "b" } },
  ),
  single(
    "NW9",
    "google_compute_global_forwarding_rule.web",
    { name: "web", target: "projects/acme-dev/global/targetHttpsProxies/web", port_range: "443" },
    undefined,
    { name: "web", target: "projects/acme-dev/global/targetHttpsProxies/web", port_range: "443", labels: { a: "b" } },
  ),
  ofCluster(
    "PL3",
    { datapath_provider: "ADVANCED_DATAPATH", enable_cilium_clusterwide_network_policy: true },
    { datapath_provider: "ADVANCED_DATAPATH", enable_cilium_clusterwide_network_policy: false },
    {
      datapath_provider: "ADVANCED_DATAPATH",
      enable_cilium_clusterwide_network_policy: true,
      resource_labels: { a: "b" },
    },
  ),
];
