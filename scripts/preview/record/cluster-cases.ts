import { type Attributes, cilium, cluster, dev, node, pool, type RuleCase, STARTUP_TAINT } from "./spec";

const C = "google_container_cluster.cluster";
const P = "google_container_node_pool.general";
const R = "helm_release.cilium";

function one(rule: string, before: Attributes, fires: Attributes, silent: Attributes): RuleCase {
  const app = (attributes: Attributes) => dev({ [C]: cluster(attributes) });
  return {
    rule,
    fires: { before: app(before), after: app(fires) },
    silent: { before: app(before), after: app(silent) },
  };
}

function onePool(rule: string, before: Attributes, fires: Attributes, silent: Attributes): RuleCase {
  const app = (attributes: Attributes) => dev({ [P]: pool(attributes) });
  return {
    rule,
    fires: { before: app(before), after: app(fires) },
    silent: { before: app(before), after: app(silent) },
  };
}

/** Policies Calico enforces, and what it takes to switch them on. */
const CALICO = { network_policy: { enabled: true, provider: "CALICO" } };
const tainted = (effect: string) => pool({ node_config: node({ taint: [{ ...STARTUP_TAINT, effect }] }) });

export const CLUSTER_CASES: readonly RuleCase[] = [
  one("GK1", {}, { location: "asia-northeast1-a" }, { resource_labels: { team: "network" } }),
  one(
    "GK2",
    { deletion_protection: true },
    { deletion_protection: true, network: "other" },
    { deletion_protection: true, resource_labels: { a: "b" } },
  ),
  one(
    "GK3",
    { deletion_protection: true },
    { deletion_protection: false },
    { deletion_protection: true, resource_labels: { a: "b" } },
  ),
  {
    rule: "GK4",
    fires: {
      before: dev({
        "google_project.shared": { name: "shared", project_id: "acme-shared", deletion_policy: "PREVENT" },
      }),
      after: dev({}),
    },
    silent: {
      before: dev({
        "google_project.shared": { name: "shared", project_id: "acme-shared", deletion_policy: "DELETE" },
      }),
      after: dev({}),
    },
  },
  one("GK5", {}, { datapath_provider: "ADVANCED_DATAPATH" }, { location: "asia-northeast1-a" }),
  one(
    "GK6",
    {},
    { ip_allocation_policy: { cluster_secondary_range_name: "more-pods", services_secondary_range_name: "services" } },
    {
      ip_allocation_policy: {
        cluster_secondary_range_name: "pods",
        services_secondary_range_name: "services",
        stack_type: "IPV4",
      },
    },
  ),
  one(
    "GK7",
    { network: "projects/acme-dev/global/networks/dev" },
    { network: "dev", resource_labels: { a: "b" } },
    { network: "projects/acme-dev/global/networks/other" },
  ),
  one(
    "GK8",
    { remove_default_node_pool: false, initial_node_count: 0, node_pool: { name: "inline", initial_node_count: 1 } },
    { remove_default_node_pool: false, initial_node_count: 0, node_pool: { name: "other", initial_node_count: 1 } },
    {
      remove_default_node_pool: false,
      initial_node_count: 0,
      node_pool: { name: "inline", initial_node_count: 1 },
      resource_labels: { a: "b" },
    },
  ),
  one("GK9", {}, { initial_node_count: 2 }, { resource_labels: { a: "b" } }),
  one(
    "GK10",
    { addons_config: { dns_cache_config: { enabled: false } } },
    { addons_config: { dns_cache_config: { enabled: true } } },
    { addons_config: { dns_cache_config: { enabled: false }, http_load_balancing: { disabled: true } } },
  ),
  one(
    "GK11",
    { min_master_version: "1.33.5-gke.1080000" },
    { min_master_version: "1.34.1-gke.1829001" },
    { min_master_version: "1.33.5-gke.2019000" },
  ),
  one(
    "GK12",
    { master_authorized_networks_config: { cidr_blocks: [{ cidr_block: "10.0.0.0/8" }] } },
    { master_authorized_networks_config: { cidr_blocks: [{ cidr_block: "10.1.0.0/16" }] } },
    { master_authorized_networks_config: { cidr_blocks: [{ cidr_block: "10.0.0.0/8" }] }, resource_labels: { a: "b" } },
  ),
  {
    rule: "GK13",
    fires: {
      before: dev({ [C]: cluster() }, { [R]: cilium() }),
      after: dev({ [C]: cluster(CALICO) }, { [R]: cilium() }),
    },
    silent: {
      before: dev({ [C]: cluster() }, { [R]: cilium({ cni: { chainingMode: "generic-veth" } }) }),
      after: dev({ [C]: cluster(CALICO) }, { [R]: cilium({ cni: { chainingMode: "generic-veth" } }) }),
    },
  },
  onePool(
    "NP1",
    { node_config: node({ spot: false }) },
    { node_config: node({ spot: true }) },
    { node_config: node({ spot: true }), lifecycle: { create_before_destroy: true } },
  ),
  onePool(
    "NP2",
    { node_config: node({ spot: false }), lifecycle: { create_before_destroy: true } },
    { node_config: node({ spot: true }), lifecycle: { create_before_destroy: true } },
    { name: "general-2", node_config: node({ spot: true }), lifecycle: { create_before_destroy: true } },
  ),
  onePool(
    "NP3",
    { node_config: node() },
    { node_config: node({ machine_type: "n2-standard-8" }) },
    { node_config: node({ labels: { tier: "web" } }) },
  ),
  onePool(
    "NP4",
    { max_pods_per_node: 110 },
    { max_pods_per_node: 64 },
    { max_pods_per_node: 110, node_config: node({ spot: true }) },
  ),
  {
    rule: "NP5",
    fires: {
      before: dev({ [P]: tainted("NO_EXECUTE") }, { [R]: cilium() }),
      after: dev({ [P]: tainted("NO_SCHEDULE") }, { [R]: cilium() }),
    },
    silent: {
      before: dev({ [P]: tainted("NO_SCHEDULE") }, { [R]: cilium() }),
      after: dev(
        {
          [P]: pool({
            node_config: node({ taint: [{ ...STARTUP_TAINT, effect: "NO_SCHEDULE" }], labels: { a: "b" } }),
          }),
        },
        { [R]: cilium() },
      ),
    },
  },
  onePool(
    "NP6",
    { initial_node_count: undefined, node_count: 5 },
    { initial_node_count: undefined, node_count: 3, autoscaling: { min_node_count: 1, max_node_count: 3 } },
    { initial_node_count: undefined, node_count: 7 },
  ),
  onePool(
    "NP7",
    { node_config: node() },
    { node_config: node({ taint: [STARTUP_TAINT] }) },
    { node_config: node({ taint: [{ ...STARTUP_TAINT, effect: "NO_SCHEDULE" }] }) },
  ),
  {
    rule: "NP8",
    fires: {
      before: dev({ [C]: cluster(), [P]: pool({ cluster: "${google_container_cluster.cluster.name}" }) }),
      after: dev({
        [C]: cluster({ datapath_provider: "ADVANCED_DATAPATH" }),
        [P]: pool({ cluster: "${google_container_cluster.cluster.name}" }),
      }),
    },
    silent: {
      before: dev({ [C]: cluster(), [P]: pool({ cluster: "${google_container_cluster.cluster.id}" }) }),
      after: dev({
        [C]: cluster({ datapath_provider: "ADVANCED_DATAPATH" }),
        [P]: pool({ cluster: "${google_container_cluster.cluster.id}" }),
      }),
    },
  },
];
