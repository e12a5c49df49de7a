import { GOOGLE_ATTRIBUTES, googleAttributeProblems } from "../support/google-attributes";

const CLUSTER = { name: "main", location: "europe-west1" };

function problemsOf(type: string, config: object): string[] {
  return googleAttributeProblems({ resource: { [type]: { it: config } } });
}

test("a resource that keeps to the table has no problem", () => {
  expect(
    problemsOf("google_container_cluster", {
      ...CLUSTER,
      initial_node_count: 1,
      deletion_protection: false,
      resource_labels: { team: "platform" },
      network: "${google_compute_network.vpc.id}",
      maintenance_policy: { recurring_window: { start_time: "a", end_time: "b", recurrence: "c" } },
      node_config: { oauth_scopes: ["cloud-platform"], taint: [{ key: "a", value: "b", effect: "NO_SCHEDULE" }] },
      lifecycle: { ignore_changes: ["node_config", "database_encryption[0].state"] },
      timeouts: { create: "60m" },
      depends_on: ["google_compute_router_nat.nat"],
      provider: "google",
    }),
  ).toEqual([]);
});

test.each<[string, string, object, string]>([
  ["an unknown resource type", "google_nonsense", {}, "is a resource type that the table does not know"],
  ["an unknown attribute", "google_container_cluster", { ...CLUSTER, colour: 1 }, "'colour' is not an attribute"],
  [
    "an unknown attribute of a block",
    "google_container_cluster",
    { ...CLUSTER, node_config: { colour: 1 } },
    "'node_config.colour' is not an attribute",
  ],
  [
    "an unknown attribute of the second block of a list",
    "google_container_node_pool",
    {
      cluster: "main",
      node_config: {
        taint: [
          { key: "a", value: "b", effect: "NO_SCHEDULE" },
          { key: "a", value: "b", effect: "NO_SCHEDULE", x: 1 },
        ],
      },
    },
    "'node_config.taint.x' is not an attribute",
  ],
  [
    "an attribute that is only answered",
    "google_container_cluster",
    { ...CLUSTER, endpoint: "10.0.0.1" },
    "'endpoint' is answered by the API and cannot be set",
  ],
  ["a missing required attribute", "google_container_cluster", { location: "europe-west1" }, "'name' is required"],
  [
    "a missing required attribute of a block",
    "google_container_cluster",
    { ...CLUSTER, release_channel: {} },
    "'release_channel.channel' is required",
  ],
  ["a null in place of a required one", "google_container_cluster", { name: null }, "'name' is required"],
  [
    "text in place of a Bool",
    "google_container_cluster",
    { ...CLUSTER, deletion_protection: "yes" },
    "'deletion_protection' (\"yes\") is not a Bool",
  ],
  [
    "a fraction in place of an Int",
    "google_container_cluster",
    { ...CLUSTER, initial_node_count: 1.5 },
    "'initial_node_count' (1.5) is not a Int",
  ],
  [
    "text in place of a Float",
    "google_compute_subnetwork",
    { name: "a", network: "b", log_config: { flow_sampling: "0.5" } },
    "'log_config.flow_sampling' (\"0.5\") is not a Float",
  ],
  ["a number in place of a String", "google_container_cluster", { ...CLUSTER, name: 1 }, "'name' (1) is not a String"],
  [
    "a list in place of a Map",
    "google_container_cluster",
    { ...CLUSTER, resource_labels: ["a"] },
    "'resource_labels' is not a map of strings",
  ],
  [
    "a map with something else than strings",
    "google_container_cluster",
    { ...CLUSTER, resource_labels: { a: true } },
    "'resource_labels' is not a map of strings",
  ],
  [
    "a value in place of a list",
    "google_container_cluster",
    { ...CLUSTER, node_locations: "europe-west1-b" },
    "'node_locations' is not a list",
  ],
  [
    "a value in place of a block",
    "google_container_cluster",
    { ...CLUSTER, release_channel: ["REGULAR"] },
    "'release_channel' holds something that is not a block",
  ],
  [
    "a block in place of a value",
    "google_container_cluster",
    { ...CLUSTER, node_locations: [{}] },
    "'node_locations' holds something that is not a value",
  ],
  [
    "a block more often than allowed",
    "google_container_cluster",
    { ...CLUSTER, release_channel: [{ channel: "RAPID" }, { channel: "STABLE" }] },
    "'release_channel' is there 2 times, at most 1",
  ],
  [
    "a list with fewer items than allowed",
    "google_container_cluster",
    { ...CLUSTER, ip_allocation_policy: { additional_pod_ranges_config: { pod_range_names: [] } } },
    "'ip_allocation_policy.additional_pod_ranges_config.pod_range_names' is there 0 times, at least 1",
  ],
  [
    "two attributes that exclude each other",
    "google_container_cluster",
    { ...CLUSTER, enable_autopilot: true, enable_shielded_nodes: true },
    "'enable_shielded_nodes' conflicts with 'enable_autopilot'",
  ],
  [
    "two attributes that exclude each other, one of them in a block",
    "google_container_cluster",
    { ...CLUSTER, enable_autopilot: true, addons_config: { dns_cache_config: { enabled: true } } },
    "'addons_config.dns_cache_config' conflicts with 'enable_autopilot'",
  ],
  [
    "none of a choice",
    "google_compute_firewall",
    { name: "a", network: "b" },
    "exactly one of allow, deny is needed, there are 0",
  ],
  [
    "two of a choice",
    "google_compute_firewall",
    { name: "a", network: "b", allow: [{ protocol: "tcp" }], deny: [{ protocol: "udp" }] },
    "exactly one of allow, deny is needed, there are 2",
  ],
  [
    "nothing of a choice in a block",
    "google_compute_subnetwork",
    { name: "a", network: "b", log_config: { metadata_fields: [] } },
    "at least one of log_config.aggregation_interval, log_config.flow_sampling, log_config.metadata, log_config.filter_expr is needed",
  ],
  [
    "an ignored change of an attribute that does not exist",
    "google_container_cluster",
    { ...CLUSTER, lifecycle: { ignore_changes: ["nodes"] } },
    "lifecycle.ignore_changes names 'nodes', which is not an attribute",
  ],
])("it finds %s", (_, type, config, problem) => {
  expect(problemsOf(type, config)).toContain(`${type}.it: ${problem}`);
});

test("requiredWith is a rule of every resource type in which the table has it", () => {
  const rules = Object.entries(GOOGLE_ATTRIBUTES).flatMap(([type, attributes]) =>
    Object.entries(attributes).flatMap(([path, { requiredWith = [] }]) =>
      path.includes(".") ? [] : requiredWith.map((other) => ({ type, path, other })),
    ),
  );
  expect(rules.length).toBeGreaterThan(0);
  for (const { type, path, other } of rules) {
    const value = { Bool: true, Int: 1, String: "x", List: [], Set: [], Map: {} }[
      GOOGLE_ATTRIBUTES[type]?.[path]?.type ?? ""
    ];
    expect(problemsOf(type, { [path]: value })).toContain(`${type}.it: '${path}' needs '${other}'`);
  }
});

test("a problem names the resource it is in", () => {
  expect(googleAttributeProblems({ resource: { google_service_account: { nodes: {} } } })).toEqual([
    "google_service_account.nodes: 'account_id' is required",
  ]);
});

test("resources of other providers and stacks without any are left alone", () => {
  expect(googleAttributeProblems({ resource: { helm_release: { cilium: { colour: 1 } } } })).toEqual([]);
  expect(googleAttributeProblems({})).toEqual([]);
});
