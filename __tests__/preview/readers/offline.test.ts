import { Secrets } from "../../../lib/preview/diff/secrets";
import type { ResourceChange } from "../../../lib/preview/model/changes";
import { readOffline } from "../../../lib/preview/readers/offline";
import { readTemplate } from "../../../lib/preview/readers/template";

type Blocks = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function compare(before: Blocks | undefined, after: Blocks | undefined, more: Record<string, unknown> = {}) {
  const secrets = new Secrets();
  const config = (resource: Blocks | undefined, blocks = {}) =>
    resource && readTemplate({ resource, ...blocks }, secrets);
  const options = { name: "dev-cluster", dependencies: [], annotations: [], secrets };
  return readOffline(config(before), config(after, more), options);
}

/** The only resource of a kind, after a change of its attributes. */
function change(type: string, before: Record<string, unknown>, after: Record<string, unknown>): ResourceChange {
  return compare({ [type]: { x: before } }, { [type]: { x: after } }).resources[0]!;
}

const CLUSTER = "google_container_cluster";
const POOL = "google_container_node_pool";

describe("what the provider would plan", () => {
  test.each<[what: string, type: string, before: object, after: object, action: string]>([
    ["an attribute that forces a replacement", CLUSTER, { location: "a" }, { location: "b" }, "replace"],
    ["one that does not", CLUSTER, { resource_labels: { a: "1" } }, { resource_labels: { a: "2" } }, "update"],
    ["one within a block", POOL, { node_config: { spot: false } }, { node_config: { spot: true } }, "replace"],
    [
      "one that changes in place by recreating nodes",
      POOL,
      { node_config: { machine_type: "a" } },
      { node_config: { machine_type: "b" } },
      "update",
    ],
    ["a default that is written out", CLUSTER, {}, { enable_kubernetes_alpha: false }, "configure"],
    ["a default that is no longer written out", CLUSTER, { enable_kubernetes_alpha: false }, {}, "configure"],
    ["an optional attribute the provider keeps", CLUSTER, { node_locations: ["a", "b"] }, {}, "configure"],
    ["a set in another order", CLUSTER, { node_locations: ["a", "b"] }, { node_locations: ["b", "a"] }, "configure"],
    [
      "a block as an object or as a list of one",
      CLUSTER,
      { release_channel: { channel: "REGULAR" } },
      { release_channel: [{ channel: "REGULAR" }] },
      "configure",
    ],
    [
      "a network by link or by name",
      CLUSTER,
      { network: "projects/p/global/networks/n" },
      { network: "n" },
      "configure",
    ],
    [
      "a link with or without its host",
      CLUSTER,
      { network: "https://www.googleapis.com/compute/v1/projects/p/global/networks/n" },
      { network: "projects/p/global/networks/n" },
      "configure",
    ],
    ["another network", CLUSTER, { network: "projects/p/global/networks/n" }, { network: "m" }, "replace"],
    [
      "a size for a range of that size",
      CLUSTER,
      { ip_allocation_policy: { cluster_ipv4_cidr_block: "/14" } },
      { ip_allocation_policy: { cluster_ipv4_cidr_block: "10.0.0.0/14" } },
      "configure",
    ],
    [
      "a size for a range of another size",
      CLUSTER,
      { ip_allocation_policy: { cluster_ipv4_cidr_block: "/14" } },
      { ip_allocation_policy: { cluster_ipv4_cidr_block: "10.0.0.0/16" } },
      "replace",
    ],
    [
      "a datapath named for the first time",
      CLUSTER,
      { datapath_provider: "DATAPATH_PROVIDER_UNSPECIFIED" },
      { datapath_provider: "LEGACY_DATAPATH" },
      "replace",
    ],
    [
      "L4 subsetting switched on",
      CLUSTER,
      { enable_l4_ilb_subsetting: false },
      { enable_l4_ilb_subsetting: true },
      "update",
    ],
    [
      "L4 subsetting switched off",
      CLUSTER,
      { enable_l4_ilb_subsetting: true },
      { enable_l4_ilb_subsetting: false },
      "replace",
    ],
    [
      "a beta API added",
      CLUSTER,
      { enable_k8s_beta_apis: { enabled_apis: ["a"] } },
      { enable_k8s_beta_apis: { enabled_apis: ["a", "b"] } },
      "update",
    ],
    [
      "a subnet that grows",
      "google_compute_subnetwork",
      { ip_cidr_range: "10.0.0.0/20" },
      { ip_cidr_range: "10.0.0.0/16" },
      "update",
    ],
    [
      "a subnet that shrinks",
      "google_compute_subnetwork",
      { ip_cidr_range: "10.0.0.0/20" },
      { ip_cidr_range: "10.0.0.0/24" },
      "replace",
    ],
    ["a release's version", "helm_release", { name: "c", version: "1" }, { name: "c", version: "2" }, "update"],
    ["a release's namespace", "helm_release", { name: "c", namespace: "a" }, { name: "c", namespace: "b" }, "replace"],
    ["a type nobody tabled", "google_dns_managed_zone", { name: "a" }, { name: "b" }, "update"],
    [
      "an ignored attribute",
      CLUSTER,
      { location: "a", lifecycle: { ignore_changes: ["location"] } },
      { location: "b", lifecycle: { ignore_changes: ["location"] } },
      "configure",
    ],
    [
      "an attribute in an ignored block",
      CLUSTER,
      { node_config: { spot: true } },
      { node_config: { spot: false }, lifecycle: { ignore_changes: ["node_config"] } },
      "configure",
    ],
    [
      "anything where all is ignored",
      CLUSTER,
      { location: "a" },
      { location: "b", lifecycle: { ignore_changes: "all" } },
      "configure",
    ],
    [
      "what only Terraform reads",
      CLUSTER,
      { location: "a", depends_on: ["x.y"] },
      { location: "a", depends_on: [], "//": { metadata: {} } },
      "configure",
    ],
  ])("%s", (_, type, before, after, action) => {
    expect(change(type, { ...before }, { ...after }).action).toBe(action);
  });

  test("a replacement names its causes and its order", () => {
    const after = { location: "b", network: "n", lifecycle: { create_before_destroy: true } };
    const replaced = change(CLUSTER, { location: "a", network: "n" }, after);
    expect(replaced).toMatchObject({ action: "replace", order: "create-first", replacePaths: [["location"]] });
    expect(change(CLUSTER, { location: "a" }, { location: "b" }).order).toBe("delete-first");
  });
});

describe("addresses", () => {
  test("a new, a removed and a repeated block", () => {
    const { resources } = compare({ [CLUSTER]: { old: { name: "a" } } }, { [POOL]: { many: { name: "p", count: 2 } } });
    expect(resources.map(({ address, action }) => [address, action])).toEqual([
      [`${POOL}.many[0]`, "create"],
      [`${POOL}.many[1]`, "create"],
      [`${CLUSTER}.old`, "delete"],
    ]);
  });

  test("the resources of a stack that is gone are forgotten, not deleted", () => {
    const stack = compare({ [CLUSTER]: { x: { name: "a" } } }, undefined);
    expect(stack).toMatchObject({ presence: "removed", resources: [{ action: "forget" }] });
  });

  test("a moved block is no change, or the change it makes besides", () => {
    const moved = { moved: [{ from: `${CLUSTER}.old`, to: `${CLUSTER}.new` }] };
    const renamed = (labels: object) => ({ [CLUSTER]: { new: { name: "a", ...labels } } });
    const before = { [CLUSTER]: { old: { name: "a" } } };
    expect(compare(before, renamed({}), moved).resources).toMatchObject([
      { action: "move", previousAddress: `${CLUSTER}.old` },
    ]);
    expect(compare(before, renamed({ resource_labels: { a: "b" } }), moved).resources).toMatchObject([
      { action: "update", previousAddress: `${CLUSTER}.old` },
    ]);
  });

  test("a rename does not flood what refers to it by a known name", () => {
    const pool = (name: string) => ({ [POOL]: { p: { name: "p", cluster: `\${${CLUSTER}.${name}.name}` } } });
    const { resources } = compare(
      { [CLUSTER]: { old: { name: "a" } }, ...pool("old") },
      { [CLUSTER]: { new: { name: "a" } }, ...pool("new") },
    );
    expect(resources.map(({ action }) => action)).toEqual(["create", "no-op", "delete"]);
  });
});

describe("references", () => {
  const cluster = (location: string) => ({ [CLUSTER]: { c: { name: "a", location } } });
  const pool = (attribute: string) => ({ [POOL]: { p: { name: "p", cluster: `\${${CLUSTER}.c.${attribute}}` } } });

  test("what refers to a computed attribute of a replaced resource is replaced with it", () => {
    const { resources } = compare({ ...cluster("a"), ...pool("id") }, { ...cluster("b"), ...pool("id") });
    expect(resources[1]).toMatchObject({
      action: "replace",
      fields: [{ path: "cluster", forces: true, note: `refers to ${CLUSTER}.c, which is replaced` }],
    });
  });

  test("a name that stays the same does not, as Terraform knows it", () => {
    const { resources } = compare({ ...cluster("a"), ...pool("name") }, { ...cluster("b"), ...pool("name") });
    expect(resources[1]!.action).toBe("no-op");
  });

  test("are read as what they stand for, so that a changed name is seen where it is used", () => {
    const named = (name: string) => ({ [CLUSTER]: { c: { name } }, ...pool("name") });
    expect(compare(named("a"), named("b")).resources[1]).toMatchObject({
      action: "replace",
      fields: [{ before: "a", after: "b" }],
    });
  });
});

describe("secrets", () => {
  test("no mark is needed: the provider's schema, the name and the value's shape hide them", () => {
    const { resources } = compare(undefined, {
      helm_release: {
        r: { name: "r", repository_password: "hunter2hunter2", set_sensitive: [{ name: "a", value: "s3cr3tvalue" }] },
      },
      kubernetes_secret_v1: { s: { data: { anything: "opensesame" } } },
      google_cloud_run_v2_service: {
        r: { template: { env: [{ name: "DB_PASSWORD", value: "correct-horse" }], note: "correct-horse too" } },
      },
    });
    const text = JSON.stringify(resources);
    for (const secret of ["hunter2", "s3cr3tvalue", "opensesame"]) expect(text).not.toContain(secret);
    const fields = resources[2]!.fields;
    expect(fields.map(({ after }) => after)).toEqual(["DB_PASSWORD", "(sensitive value)", "(sensitive value) too"]);
  });

  test("a changed secret is a change, though both sides look the same", () => {
    const secret = (value: string) => ({ name: "r", repository_password: value });
    expect(change("helm_release", secret("aaaaaaaa"), secret("bbbbbbbb"))).toMatchObject({
      action: "update",
      fields: [{ path: "repository_password", before: "(sensitive value)", after: "(sensitive value)" }],
    });
  });
});

describe("Helm values", () => {
  const release = (...values: string[]) => ({ name: "r", values });

  test("are compared as what they add up to, whatever their format and division", () => {
    const before = release('{"a":{"b":1,"c":2}}');
    expect(change("helm_release", before, release("a:\n  c: 2\n", "a: {b: 1}\n"))).toMatchObject({
      action: "update",
      fields: [{ path: "values", note: "only the formatting differs" }],
    });
    expect(change("helm_release", before, release('{"a":{"b":1,"c":2}}', '{"a":{"c":null}}')).fields).toEqual([
      { path: "values › a.c", kind: "removed", before: "2", after: undefined },
    ]);
  });

  test("an expression hides its own part only, and escaped templates are what they stand for", () => {
    const fields = change(
      "helm_release",
      release('{"a":"$${x}","b":1}'),
      release('{"a":"$${y}","b":1}', "${jsonencode({c = x.y.z})}"),
    ).fields;
    expect(fields).toEqual([
      { path: "values › a", kind: "changed", before: "${x}", after: "${y}" },
      { path: "values › c", kind: "added", before: undefined, after: "${x.y.z}" },
    ]);
  });

  test("a text that is no mapping is told, because Helm will refuse it", () => {
    expect(change("helm_release", release('{"a":1}'), release('{"a":1}', "- a\n- b\n")).fields).toEqual([
      { path: "values[1]", kind: "changed", note: "is no YAML mapping: Helm will refuse it" },
    ]);
  });

  test("set, set_list and set_sensitive come last, with Helm's types and path rules", () => {
    const after = {
      name: "r",
      set: [
        { name: "a.b", value: "true" },
        { name: "c\\.d", value: "1" },
        { name: "e[1]", value: "x" },
        { name: "f", value: "007", type: "string" },
      ],
      set_list: [{ name: "g", value: ["x"] }],
      set_sensitive: [{ name: "h", value: "x" }],
    };
    const fields = change("helm_release", { name: "r" }, after).fields;
    expect(fields.map(({ path, after }) => `${path}=${after}`)).toEqual([
      "values › a.b=true",
      'values ›["c.d"]=1',
      "values › e=null",
      "values › e=x",
      "values › f=007",
      "values › g=x",
      "values › h=(sensitive value)",
    ]);
  });
});
