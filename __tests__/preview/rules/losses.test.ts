import { planned, predicted, resources, said } from "./crafted";

const goes = (type: string, before: object = { name: "x" }) =>
  said(planned([[`${type}.x`, "delete", { ...before }, null]]));
const becomes = (type: string, before: object, after: object) =>
  said(planned([[`${type}.x`, "update", { ...before }, { ...after }]]));

describe("what holds data is at least high when it goes, whoever provides it", () => {
  test.each([
    "google_storage_bucket",
    "google_sql_database_instance",
    "google_sql_database",
    "google_compute_disk",
    "google_compute_region_disk",
    "google_filestore_instance",
    "google_spanner_instance",
    "google_spanner_database",
    "google_bigtable_instance",
    "google_bigquery_dataset",
    "google_bigquery_table",
    "google_firestore_database",
    "google_alloydb_cluster",
    "google_redis_instance",
    "google_artifact_registry_repository",
    "google_compute_snapshot",
    "google_pubsub_topic",
    "google_gke_backup_backup_plan",
    "aws_s3_bucket",
    "aws_db_instance",
    "aws_rds_cluster",
    "aws_dynamodb_table",
    "aws_ebs_volume",
    "aws_efs_file_system",
    "aws_elasticache_replication_group",
    "azurerm_storage_account",
    "azurerm_mssql_database",
    "azurerm_postgresql_flexible_server",
    "azurerm_cosmosdb_account",
    "azurerm_managed_disk",
    "mongodbatlas_cluster",
    "digitalocean_database_cluster",
    "cloudflare_r2_bucket",
    "hcloud_volume",
    "kubernetes_persistent_volume_claim_v1",
    "kubernetes_persistent_volume_claim",
    "kubernetes_persistent_volume_v1",
  ])("%s", (type) => expect(goes(type)[0]).toMatch(/^DA1 (critical|high)$/));

  test("in a manifest as well", () => {
    const manifest = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "data", namespace: "shop" } };
    expect(goes("kubernetes_manifest", { manifest })).toContain("DA1 critical");
    expect(goes("kubectl_manifest", { yaml_body: JSON.stringify(manifest) })).toContain("DA1 critical");
  });

  test.each([
    "google_storage_bucket_iam_member",
    "google_storage_bucket_object",
    "google_sql_user",
    "google_compute_disk_resource_policy_attachment",
    "aws_s3_bucket_policy",
    "aws_route_table",
    "kubernetes_config_map_v1",
    "google_monitoring_dashboard",
    "terraform_data",
    "random_id",
  ])("%s only speaks of it", (type) => expect(goes(type).join()).not.toMatch(/DA1/));

  test("what the provider only lets go is kept", () => {
    expect(goes("google_sql_database", { name: "d", deletion_policy: "ABANDON" })).toEqual(["GK4 high"]);
  });
});

describe("what others live on", () => {
  test.each<[what: string, type: string, before: object, rule: string]>([
    ["a key", "google_kms_crypto_key", { name: "k" }, "DA2 critical"],
    ["a key version", "google_kms_crypto_key_version", {}, "DA2 critical"],
    ["another cloud's key", "aws_kms_key", {}, "DA2 critical"],
    ["an API", "google_project_service", { service: "compute.googleapis.com" }, "ID4 critical"],
    ["an API of less weight", "google_project_service", { service: "pubsub.googleapis.com" }, "ID4 high"],
    ["a network", "google_compute_network", { name: "n" }, "NW4 critical"],
    ["a subnet", "google_compute_subnetwork", { name: "n" }, "NW4 critical"],
    ["the default route", "google_compute_route", { dest_range: "0.0.0.0/0" }, "NW5 critical"],
    ["a route", "google_compute_route", { dest_range: "10.0.0.0/8" }, "NW5 high"],
    ["NAT", "google_compute_router_nat", { name: "n" }, "NW5 critical"],
    ["a firewall", "google_compute_firewall", { source_ranges: ["35.191.0.0/16"] }, "NW6 high"],
    ["a peering", "google_compute_network_peering", {}, "NW7 high"],
    ["private services", "google_service_networking_connection", {}, "NW7 high"],
    ["a zone of names", "google_dns_managed_zone", {}, "NW7 high"],
    ["an ingress", "kubernetes_ingress_v1", {}, "NW9 high"],
    ["a forwarding rule", "google_compute_forwarding_rule", {}, "NW9 high"],
    ["a load balancer of Kubernetes", "kubernetes_service_v1", { spec: [{ type: "LoadBalancer" }] }, "NW9 high"],
    ["a service account", "google_service_account", { account_id: "a" }, "ID1 high"],
    ["a namespace", "kubernetes_namespace_v1", { metadata: [{ name: "shop" }] }, "DA3 critical"],
    ["a namespace of the older kind", "kubernetes_namespace", { metadata: [{ name: "shop" }] }, "DA3 critical"],
    ["a release", "helm_release", { name: "ingress-nginx", chart: "ingress-nginx" }, "HR6 high"],
    ["a project", "google_project", { project_id: "p" }, "DA5 critical"],
  ])("%s", (_, type, before, rule) => expect(goes(type, before)).toContain(rule));

  test("namespaces, kinds of objects and gateways in manifests", () => {
    const manifest = (kind: string) => ({ manifest: { kind, metadata: { name: "x" } } });
    expect(goes("kubernetes_manifest", manifest("Namespace"))).toContain("DA3 critical");
    expect(goes("kubernetes_manifest", manifest("CustomResourceDefinition"))).toContain("DA4 critical");
    expect(goes("kubernetes_manifest", manifest("Gateway"))).toContain("NW9 high");
  });

  test("a service account that nodes run as", () => {
    const email = "nodes@p.iam.gserviceaccount.com";
    const pool = [
      "google_container_node_pool.p",
      "no-op",
      { node_config: [{ service_account: email }] },
      { node_config: [{ service_account: email }] },
    ] as const;
    expect(said(planned([["google_service_account.a", "delete", { account_id: "nodes", email }, null], pool]))).toEqual(
      ["ID1 critical"],
    );
    const app = (account: object) =>
      resources({
        ...account,
        "google_container_node_pool.p": {
          name: "p",
          node_config: { service_account: "${google_service_account.a.email}" },
        },
      });
    const accounts = (name: string) => ({ "google_service_account.a": { account_id: name } });
    expect(said(predicted(app(accounts("nodes")), app(accounts("others"))))).toContain("ID1 critical");
  });

  test("an API that stays on when its resource goes is no loss", () => {
    expect(goes("google_project_service", { service: "compute.googleapis.com", disable_on_destroy: false })).toEqual(
      [],
    );
  });
});

describe("permissions", () => {
  const member = (role: string) => ({ project: "p", role, member: "serviceAccount:a@b" });
  test.each<[what: string, type: string, before: object | null, after: object | null, rules: string[]]>([
    ["of nodes", "google_project_iam_member", member("roles/container.defaultNodeServiceAccount"), null, ["ID2 high"]],
    ["of workloads", "google_service_account_iam_member", member("roles/iam.workloadIdentityUser"), null, ["ID2 high"]],
    ["of somebody", "google_project_iam_member", member("roles/viewer"), null, ["ID2 medium"]],
    [
      "one of several",
      "google_project_iam_binding",
      { role: "roles/viewer", members: ["a", "b"] },
      { role: "roles/viewer", members: ["a"] },
      ["ID2 medium"],
    ],
    [
      "that takes all others away",
      "google_project_iam_binding",
      null,
      { role: "roles/viewer", members: ["a"] },
      ["ID2 high"],
    ],
    ["of a whole project", "google_project_iam_policy", null, { policy_data: "{}" }, ["ID2 high"]],
    ["one more", "google_project_iam_binding", { role: "r", members: ["a"] }, { role: "r", members: ["a", "b"] }, []],
  ])("%s", (_, type, before, after, rules) => {
    const actions = before === null ? "create" : after === null ? "delete" : "update";
    expect(said(planned([[`${type}.x`, actions, before && { ...before }, after && { ...after }]]))).toEqual(rules);
  });
});

describe("firewalls", () => {
  const rule = (more: object) => ({
    name: "f",
    source_ranges: ["10.0.0.0/20"],
    allow: [{ protocol: "tcp", ports: ["443"] }],
    ...more,
  });
  test.each<[what: string, before: object, after: object, rules: string[]]>([
    ["without health checks", { source_ranges: ["10.0.0.0/20", "130.211.0.0/22"] }, {}, ["NW6 high"]],
    ["with fewer ports", {}, { allow: [{ protocol: "tcp", ports: ["80"] }] }, ["NW6 high"]],
    ["with one more port", {}, { allow: [{ protocol: "tcp", ports: ["443", "8443"] }] }, []],
    ["with every port of the protocol", {}, { allow: [{ protocol: "tcp" }] }, []],
    ["with everything", {}, { allow: [{ protocol: "all" }] }, []],
    [
      "with a range around the port, in two blocks",
      {},
      { allow: [{ protocol: "udp" }, { protocol: "TCP", ports: ["400-500"] }] },
      [],
    ],
    ["with another protocol", {}, { allow: [{ protocol: "udp", ports: ["443"] }] }, ["NW6 high"]],
    ["with nothing", {}, { allow: [] }, ["NW6 high"]],
    ["switched off", {}, { disabled: true }, ["NW6 high"]],
    ["around the old range", {}, { source_ranges: ["10.0.0.0/16"] }, []],
    ["with one more", {}, { source_ranges: ["10.0.0.0/20", "10.1.0.0/20"] }, []],
    ["with another description", {}, { description: "x" }, []],
    ["for everybody", {}, { source_ranges: ["10.0.0.0/20", "0.0.0.0/0"] }, ["NW11 high"]],
    ["for half of everybody, twice", {}, { source_ranges: ["10.0.0.0/20", "0.0.0.0/1", "128.0.0.0/1"] }, ["NW11 high"]],
    [
      "for everybody, as before",
      { source_ranges: ["0.0.0.0/0"] },
      { source_ranges: ["0.0.0.0/0"], description: "x" },
      [],
    ],
    [
      "for everybody to ping",
      {},
      { source_ranges: ["10.0.0.0/20", "::/0"], allow: [{ protocol: "icmp" }, { protocol: "58" }] },
      ["NW6 high"],
    ],
    [
      "for everybody on one more port",
      { source_ranges: ["0.0.0.0/0"] },
      { source_ranges: ["0.0.0.0/0"], allow: [{ protocol: "tcp", ports: ["443", "22"] }] },
      ["NW11 high"],
    ],
    [
      "out, to everybody",
      { direction: "EGRESS" },
      { direction: "EGRESS", source_ranges: ["10.0.0.0/20", "0.0.0.0/0"] },
      [],
    ],
  ])("%s", (_, before, after, rules) =>
    expect(becomes("google_compute_firewall", rule(before), rule(after))).toEqual(rules),
  );
});

describe("everybody is let in, whatever the provider", () => {
  const azure = (more: object) => ({ access: "Allow", direction: "Inbound", destination_port_range: "22", ...more });
  const policy = (ranges: string[], more: object = {}) => ({
    action: "allow",
    direction: "INGRESS",
    match: [{ src_ip_ranges: ranges, layer4_configs: [{ ip_protocol: "tcp", ports: ["22"] }] }],
    ...more,
  });
  const office = ["203.0.113.0/24"];
  const all = ["0.0.0.0/0"];
  test.each<[what: string, type: string, before: object, after: object, isTold: boolean]>([
    [
      "a rule of AWS",
      "aws_security_group_rule",
      { type: "ingress", cidr_blocks: office },
      { type: "ingress", cidr_blocks: all },
      true,
    ],
    [
      "a way out of AWS",
      "aws_security_group_rule",
      { type: "egress", cidr_blocks: office },
      { type: "egress", cidr_blocks: all },
      false,
    ],
    [
      "a newer rule of AWS",
      "aws_vpc_security_group_ingress_rule",
      { cidr_ipv6: "2001:db8::/32" },
      { cidr_ipv6: "::/0" },
      true,
    ],
    [
      "a group of AWS",
      "aws_security_group",
      { ingress: [] },
      { ingress: [{ protocol: "tcp", from_port: 22, to_port: 22, cidr_blocks: all }] },
      true,
    ],
    [
      "a group's way out",
      "aws_security_group",
      { egress: [] },
      { egress: [{ protocol: "-1", cidr_blocks: all }] },
      false,
    ],
    [
      "a group for the office",
      "aws_security_group",
      { ingress: [] },
      { ingress: [{ protocol: "tcp", cidr_blocks: office }] },
      false,
    ],
    [
      "a rule of Azure",
      "azurerm_network_security_rule",
      azure({ source_address_prefix: "10.0.0.0/8" }),
      azure({ source_address_prefix: "*" }),
      true,
    ],
    [
      "a list of Azure",
      "azurerm_network_security_rule",
      azure({ source_address_prefixes: office }),
      azure({ source_address_prefixes: [...office, "Internet"] }),
      true,
    ],
    [
      "a denial of Azure",
      "azurerm_network_security_rule",
      azure({ access: "Deny", source_address_prefix: "10.0.0.0/8" }),
      azure({ access: "Deny", source_address_prefix: "*" }),
      false,
    ],
    [
      "a group of Azure",
      "azurerm_network_security_group",
      { security_rule: [] },
      { security_rule: [azure({ source_address_prefix: "*" })] },
      true,
    ],
    ["a rule of a policy", "google_compute_network_firewall_policy_rule", policy(office), policy(all), true],
    [
      "a denial of a policy",
      "google_compute_network_firewall_policy_rule",
      policy(office, { action: "deny" }),
      policy(all, { action: "deny" }),
      false,
    ],
    [
      "a denial",
      "google_compute_firewall",
      { source_ranges: office, deny: [{ protocol: "all" }] },
      { source_ranges: all, deny: [{ protocol: "all" }] },
      false,
    ],
  ])("%s", (_, type, before, after, isTold) =>
    expect(becomes(type, { name: "f", ...before }, { name: "f", ...after }).includes("NW11 high")).toBe(isTold),
  );
});

describe("a range in use", () => {
  const app = (range: string | undefined, pool: object) =>
    resources({
      "google_compute_subnetwork.s": {
        name: "s",
        secondary_ip_range: [
          { range_name: "pods", ip_cidr_range: "10.4.0.0/14" },
          ...(range ? [{ range_name: "pods-2", ip_cidr_range: range }] : []),
        ],
      },
      "google_container_node_pool.p": { name: "p", ...pool },
      "google_container_cluster.c": { name: "c", ip_allocation_policy: { cluster_secondary_range_name: "pods" } },
    });
  const uses = { network_config: { pod_range: "pods-2" } };
  const extra = { network_config: { additional_pod_network_configs: [{ secondary_pod_range: "pods-2" }] } };

  test.each<[what: string, before: object, after: object, rules: string[]]>([
    ["by a pool, edited", app("10.28.0.0/16", uses), app("10.32.0.0/16", uses), ["NW2 critical"]],
    [
      "by a pool, gone with it",
      app("10.28.0.0/16", { ...uses, name: "p-1" }),
      app(undefined, { name: "p-2" }),
      ["NP1 critical", "NW2 critical"],
    ],
    ["by a further network of a pool", app("10.28.0.0/16", extra), app("10.32.0.0/16", extra), ["NW2 critical"]],
    ["by nobody", app("10.28.0.0/16", {}), app("10.32.0.0/16", {}), []],
  ])("%s", (_, before, after, rules) => expect(said(predicted(before as never, after as never))).toEqual(rules));

  test("that an additional range of the cluster names", () => {
    const cluster = (range: string) => ({
      ...app(range, {}),
      resource: {
        ...(app(range, {})["resource"] as object),
        google_container_cluster: {
          c: { name: "c", ip_allocation_policy: { additional_pod_ranges_config: { pod_range_names: ["pods-2"] } } },
        },
      },
    });
    expect(said(predicted(cluster("10.28.0.0/16"), cluster("10.32.0.0/16")))).toEqual(["NW2 critical"]);
  });
});

describe("the parts of a cluster", () => {
  const cluster = (more: object) => ({ name: "c", location: "a", ...more });
  test.each<[what: string, before: object, after: object, rules: string[]]>([
    [
      "a driver",
      { addons_config: [{ gcs_fuse_csi_driver_config: [{ enabled: true }] }] },
      { addons_config: [{ gcs_fuse_csi_driver_config: [{ enabled: false }] }] },
      ["GK14 high"],
    ],
    [
      "Ingress",
      { addons_config: [{ http_load_balancing: [{ disabled: false }] }] },
      { addons_config: [{ http_load_balancing: [{ disabled: true }] }] },
      ["GK14 high"],
    ],
    [
      "the Gateway API",
      { gateway_api_config: [{ channel: "CHANNEL_STANDARD" }] },
      { gateway_api_config: [{ channel: "CHANNEL_DISABLED" }] },
      ["GK14 high"],
    ],
    ["Calico off", { network_policy: [{ enabled: true }] }, { network_policy: [{ enabled: false }] }, ["GK15 high"]],
    [
      "no channel",
      { release_channel: [{ channel: "REGULAR" }] },
      { release_channel: [{ channel: "UNSPECIFIED" }] },
      ["GK16 medium"],
    ],
    ["a version for the first time", { min_master_version: null }, { min_master_version: "1.34" }, ["GK11 medium"]],
    ["a zone", { node_locations: ["a", "b"] }, { node_locations: ["a"] }, ["GK18 high"]],
    ["a zone more", { node_locations: ["a"] }, { node_locations: ["a", "b"] }, []],
    [
      "the flow relay",
      { monitoring_config: [{ advanced_datapath_observability_config: [{ enable_relay: true }] }] },
      { monitoring_config: [{ advanced_datapath_observability_config: [{ enable_relay: false }] }] },
      ["GK19 medium"],
    ],
    [
      "Workload Identity",
      { workload_identity_config: [{ workload_pool: "p.svc.id.goog" }] },
      { workload_identity_config: [] },
      ["ID3 high"],
    ],
    [
      "a driver more",
      { addons_config: [{ gcs_fuse_csi_driver_config: [{ enabled: false }] }] },
      { addons_config: [{ gcs_fuse_csi_driver_config: [{ enabled: true }] }] },
      [],
    ],
  ])("%s", (_, before, after, rules) =>
    expect(becomes("google_container_cluster", cluster(before), cluster(after))).toEqual(rules),
  );

  test("an exclusion that ends, and one that is only longer", () => {
    const policy = (end: string) => ({
      maintenance_policy: [{ maintenance_exclusion: [{ exclusion_name: "x", end_time: end }] }],
    });
    const late = "2027-01-01T00:00:00Z";
    expect(becomes("google_container_cluster", policy(late), policy("2026-12-01T00:00:00Z"))).toEqual(["GK17 medium"]);
    expect(becomes("google_container_cluster", policy(late), { maintenance_policy: [] })).toEqual(["GK17 medium"]);
    expect(becomes("google_container_cluster", policy(late), policy("2027-02-01T00:00:00Z"))).toEqual([]);
  });
});

test("a pool's own identity and Google's account behind one of Kubernetes", () => {
  const mode = (value: string) => ({ node_config: [{ workload_metadata_config: [{ mode: value }] }] });
  expect(becomes("google_container_node_pool", mode("GKE_METADATA"), mode("GCE_METADATA"))).toContain("ID3 high");
  const account = (annotations: object) => ({ metadata: [{ name: "a", annotations }] });
  const google = { "iam.gke.io/gcp-service-account": "a@b" };
  expect(becomes("kubernetes_service_account_v1", account(google), account({}))).toEqual(["ID3 high"]);
  expect(becomes("kubernetes_service_account_v1", account(google), account({ ...google, x: "y" }))).toEqual([]);
});

describe("node pools", () => {
  const POOL = "google_container_node_pool";
  const scaled = (total: number, count: number) => ({
    name: "p",
    location: "europe-west1",
    node_locations: ["a", "b", "c"],
    node_count: count,
    autoscaling: [{ total_min_node_count: 1, total_max_node_count: total, min_node_count: 0, max_node_count: 0 }],
  });
  test.each<[what: string, before: object, after: object, rules: string[]]>([
    ["a higher total", scaled(9, 3), scaled(20, 3), []],
    ["a total below what runs", scaled(9, 3), scaled(3, 3), ["NP6 medium"]],
    ["labels, of a pool that has more nodes than its limit", scaled(3, 3), { ...scaled(3, 3), labels: {} }, []],
    ["a total that is still enough", scaled(20, 1), scaled(9, 1), []],
    ["another label", scaled(9, 3), { ...scaled(9, 3), node_config: [{ labels: { a: "b" } }] }, []],
    [
      "a maximum a zone below what runs",
      { node_count: 5, autoscaling: [{ max_node_count: 5 }] },
      { node_count: 5, autoscaling: [{ max_node_count: 3 }] },
      ["NP6 medium"],
    ],
    ["fewer nodes", { node_count: 5 }, { node_count: 3 }, ["NP6 medium"]],
    ["more nodes", { node_count: 3 }, { node_count: 5 }, []],
  ])("%s", (_, before, after, rules) => expect(becomes(POOL, before, after)).toEqual(rules));

  test("deleted: alone, beside others, with a successor, with its cluster", () => {
    const gone = (name: string) => [`${POOL}.${name}`, "delete", { name }, null] as const;
    const kept = [`${POOL}.k`, "no-op", { name: "k" }, { name: "k" }] as const;
    const fresh = [`${POOL}.f`, "create", null, { name: "f" }] as const;
    expect(said(planned([gone("a")]))).toEqual(["NP9 critical"]);
    expect(said(planned([gone("a"), kept]))).toEqual(["NP9 high"]);
    expect(said(planned([gone("a"), fresh]))).toEqual(["NP9 critical"]);
    const cluster = ["google_container_cluster.c", "delete", { name: "c" }, null] as const;
    expect(said(planned([gone("a"), cluster]))).toEqual(["GK1 critical", "NP9 high"]);
  });
});
