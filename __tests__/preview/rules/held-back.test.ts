import { finding, predicted, resources, said } from "./crafted";

type Attributes = Readonly<Record<string, unknown>>;
const of = (type: string) => (before: Attributes, after: Attributes) =>
  predicted(
    resources({ [`${type}.x`]: { name: "x", ...before } }),
    resources({ [`${type}.x`]: { name: "x", ...after } }),
  );
const cluster = of("google_container_cluster");

describe("upgrades are held back less", () => {
  const excluded = (more: Attributes) => ({
    maintenance_policy: {
      maintenance_exclusion: [
        { exclusion_name: "freeze", start_time: "2026-11-20T00:00:00Z", end_time: "2027-01-10T00:00:00Z", ...more },
      ],
    },
  });
  const scope = (name: string) => excluded({ exclusion_options: { scope: name } });
  const window = (recurrence: string) => ({
    maintenance_policy: {
      recurring_window: { start_time: "2026-01-03T06:00:00Z", end_time: "2026-01-03T14:00:00Z", recurrence },
    },
  });
  test.each<[what: string, before: Attributes, after: Attributes, says: string]>([
    [
      "an exclusion of fewer upgrades",
      scope("NO_UPGRADES"),
      scope("NO_MINOR_UPGRADES"),
      "scope of the exclusion freeze",
    ],
    [
      "one that begins later",
      excluded({}),
      excluded({ start_time: "2026-12-20T00:00:00Z" }),
      "begin of the exclusion freeze",
    ],
    ["another window", window("FREQ=WEEKLY;BYDAY=SA"), window("FREQ=DAILY"), "FREQ=DAILY"],
  ])("%s", (_, before, after, says) => {
    expect(finding("GK17", cluster(before, after))!.detail).toContain(says);
    expect(finding("GK17", cluster(before, before))).toBeUndefined();
  });

  test("an exclusion that keeps more off is none", () => {
    expect(said(cluster(scope("NO_MINOR_UPGRADES"), scope("NO_UPGRADES")))).toEqual([]);
  });
});

test.each([
  ["google_sql_database_instance", { deletion_protection: true }, { deletion_protection: false }],
  ["google_storage_bucket", { force_destroy: false }, { force_destroy: true }],
  ["aws_lb", { enable_deletion_protection: true }, { enable_deletion_protection: false }],
])("what keeps a %s from being destroyed goes off", (type, before, after) => {
  expect(said(of(type)(before, after))).toEqual(["GK3 medium"]);
  expect(said(of(type)(after, before))).toEqual([]);
});

test("whoever could not reach the control plane's old access rights can", () => {
  expect(said(cluster({ enable_legacy_abac: false }, { enable_legacy_abac: true }))).toEqual(["GK12 high"]);
});

test("networks that are let in to the control plane, whatever they are called and in which order", () => {
  const networks = (...blocks: object[]) => ({ master_authorized_networks_config: { cidr_blocks: blocks } });
  const [a, b] = [{ cidr_block: "10.0.0.0/8", display_name: "office" }, { cidr_block: "192.0.2.0/24" }];
  expect(finding("GK12", cluster(networks(a, b), networks(a)))!.detail).toMatch(/without 192\.0\.2\.0\/24$/);
  expect(finding("GK12", cluster(networks(a), networks(a, b)))!.detail).toMatch(/with 192\.0\.2\.0\/24$/);
  expect(said(cluster(networks(a, b), networks(b, a)))).toEqual([]);
  expect(said(cluster(networks(a), networks({ ...a, display_name: "hq" })))).toEqual([]);
});

test("pods' traffic between nodes is in the clear again", () => {
  const on = { in_transit_encryption_config: "IN_TRANSIT_ENCRYPTION_INTER_NODE_TRANSPARENT" };
  const off = { in_transit_encryption_config: "IN_TRANSIT_ENCRYPTION_DISABLED" };
  expect(said(cluster(on, off))).toEqual(["GK14 high"]);
  expect(said(cluster(off, on))).toEqual([]);
});

test("a cluster loses a further range for pods, in which a pool is", () => {
  const ranges = (pods: string, ...names: string[]) =>
    resources({
      "google_container_cluster.x": {
        name: "x",
        ip_allocation_policy: { additional_pod_ranges_config: { pod_range_names: names } },
      },
      "google_container_node_pool.p": { name: "p", cluster: "x", network_config: { pod_range: pods } },
    });
  const lost = predicted(ranges("b", "a", "b"), ranges("b", "a"));
  expect(finding("NW2", lost)!.detail).toMatch(/no longer has b for pods, and google_container_node_pool\.p does/);
  expect(finding("NW2", predicted(ranges("a", "a", "b"), ranges("a", "a")))).toBeUndefined();
});

describe("a NAT", () => {
  const nat = of("google_compute_router_nat");
  const ranges = (name: string) => ({ source_subnetwork_ip_ranges_to_nat: name });
  const subnet = (...names: string[]) => ({ subnetwork: [{ name: "nodes", source_ip_ranges_to_nat: names }] });
  test("no longer serves pods", () => {
    const [all, primary] = [ranges("ALL_SUBNETWORKS_ALL_IP_RANGES"), ranges("ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES")];
    expect(said(nat(all, primary))).toEqual(["NW5 high"]);
    expect(said(nat(primary, all))).toEqual([]);
    expect(said(nat(subnet("ALL_IP_RANGES"), subnet("PRIMARY_IP_RANGE")))).toEqual(["NW5 high"]);
  });

  test("gives nodes fewer ports", () => {
    expect(said(nat({ min_ports_per_vm: 1024 }, { min_ports_per_vm: 64 }))).toEqual(["NW5 medium"]);
    expect(said(nat({ min_ports_per_vm: 64 }, { min_ports_per_vm: 1024 }))).toEqual([]);
  });
});

describe("a pool whose limits are of another kind", () => {
  const pool = of("google_container_node_pool");
  const sized = (autoscaling?: Attributes, node_count?: number) => ({
    location: "asia-northeast1",
    autoscaling,
    node_count,
  });
  test("shrinks where they amount to less", () => {
    expect(said(pool(sized({ total_max_node_count: 9 }), sized({ max_node_count: 1 })))).toEqual(["NP6 medium"]);
    expect(said(pool(sized({ total_max_node_count: 9 }), sized({ max_node_count: 3 })))).toEqual([]);
    expect(said(pool(sized({ max_node_count: 3 }), sized({ total_max_node_count: 6 })))).toEqual(["NP6 medium"]);
  });

  test("or where a fixed number takes their place", () => {
    expect(said(pool(sized({ max_node_count: 3 }), sized(undefined, 1)))).toEqual(["NP6 medium"]);
    expect(said(pool(sized({ max_node_count: 3 }), sized(undefined, 3)))).toEqual([]);
  });
});

test("nodes lose the tag by which a firewall rule knows them", () => {
  const tagged = (...tags: string[]) =>
    resources({
      "google_container_node_pool.p": { name: "p", cluster: "c", location: "l-a", node_config: { tags } },
      "google_compute_firewall.f": { name: "f", network: "n", target_tags: ["web"], allow: [{ protocol: "tcp" }] },
    });
  expect(finding("NW6", predicted(tagged("web", "x"), tagged("x")))!.detail).toMatch(
    /node_config\.tags without web, for which google_compute_firewall\.f holds$/,
  );
  expect(said(predicted(tagged("web", "x"), tagged("web")))).toEqual([]);
});
