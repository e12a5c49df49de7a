import { predicted, resources } from "../rules/crafted";

type Attributes = Readonly<Record<string, unknown>>;

/** What becomes of a resource by a change. */
function fate(type: string, before: Attributes, after: Attributes): string {
  const [change] = predicted(resources({ [`${type}.x`]: before }), resources({ [`${type}.x`]: after })).resources;
  return change!.action;
}

const pool = (more: Attributes): Attributes => ({
  name: "general",
  cluster: "dev",
  location: "asia-northeast1",
  ...more,
});
const node = (metadata?: Attributes) => pool({ node_config: [{ machine_type: "e2-medium", metadata }] });
const cluster = (more: Attributes): Attributes => ({ name: "dev", location: "asia-northeast1", ...more });
const deployment = (match_labels: Attributes): Attributes => ({
  metadata: { name: "a" },
  spec: { selector: { match_labels } },
});

describe("recorded with google 6.50.0 and kubernetes 2.38.0", () => {
  test.each<[what: string, type: string, before: Attributes, after: Attributes, fate: string]>([
    ["a key of a map", "google_container_node_pool", node({ a: "b" }), node({ a: "c" }), "replace"],
    ["another key in a map", "google_container_node_pool", node({ a: "b" }), node({ a: "b", d: "e" }), "replace"],
    ["a map that the provider keeps", "google_container_node_pool", node({ a: "b" }), node(), "configure"],
    [
      "a block that comes",
      "google_container_node_pool",
      pool({}),
      pool({ placement_policy: [{ type: "COMPACT" }] }),
      "replace",
    ],
    [
      "a block that goes",
      "google_container_node_pool",
      pool({ placement_policy: [{ type: "COMPACT" }] }),
      pool({}),
      "replace",
    ],
    ["labels of a selector", "kubernetes_deployment_v1", deployment({ a: "b" }), deployment({ c: "d" }), "replace"],
    [
      "parameters",
      "kubernetes_storage_class_v1",
      { metadata: { name: "a" }, parameters: { type: "x" } },
      { metadata: { name: "a" }, parameters: { type: "y" } },
      "replace",
    ],
    [
      "a list that loses an element",
      "google_container_cluster",
      cluster({ enable_k8s_beta_apis: { enabled_apis: ["a/v1", "b/v1"] } }),
      cluster({ enable_k8s_beta_apis: { enabled_apis: ["a/v1"] } }),
      "replace",
    ],
    [
      "a list that gains one",
      "google_container_cluster",
      cluster({ enable_k8s_beta_apis: { enabled_apis: ["a/v1"] } }),
      cluster({ enable_k8s_beta_apis: { enabled_apis: ["a/v1", "b/v1"] } }),
      "update",
    ],
    [
      "what is in an object that is immutable",
      "kubernetes_config_map_v1",
      { metadata: { name: "a" }, data: { a: "b" }, immutable: true },
      { metadata: { name: "a" }, data: { a: "c" }, immutable: true },
      "replace",
    ],
    [
      "what is in one that is not",
      "kubernetes_config_map_v1",
      { metadata: { name: "a" }, data: { a: "b" } },
      { metadata: { name: "a" }, data: { a: "c" } },
      "update",
    ],
    [
      "a location in other letters",
      "google_storage_bucket",
      { name: "a", location: "eu" },
      { name: "a", location: "EU" },
      "configure",
    ],
    [
      "another location",
      "google_storage_bucket",
      { name: "a", location: "EU" },
      { name: "a", location: "US" },
      "replace",
    ],
    [
      "a block that is emptied",
      "google_container_cluster",
      cluster({ master_authorized_networks_config: [{ cidr_blocks: [{ cidr_block: "10.0.0.0/8" }] }] }),
      cluster({ master_authorized_networks_config: [{}] }),
      "update",
    ],
    [
      "a block that is left out, which the provider keeps",
      "google_container_cluster",
      cluster({ master_authorized_networks_config: [{ cidr_blocks: [{ cidr_block: "10.0.0.0/8" }] }] }),
      cluster({}),
      "configure",
    ],
    [
      "a list that is emptied",
      "google_container_cluster",
      cluster({ node_locations: ["asia-northeast1-a"] }),
      cluster({ node_locations: [] }),
      "update",
    ],
    ["what Terraform itself brings", "terraform_data", { triggers_replace: 1 }, { triggers_replace: 2 }, "replace"],
    ["a random name that is to be another", "random_id", { byte_length: 2 }, { byte_length: 4 }, "replace"],
  ])("%s (%s)", (_, type, before, after, expected) => expect(fate(type, before, after)).toBe(expected));
});
