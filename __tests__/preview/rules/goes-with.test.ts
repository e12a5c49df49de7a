import { finding, planned, predicted, resources, said } from "./crafted";

const BUCKET = "google_storage_bucket.plans";
const GRANT = "google_storage_bucket_iam_member.deployer";
const grant = (bucket: string) => ({ bucket, role: "roles/storage.objectUser", member: "serviceAccount:d@p" });

describe("parts of what is replaced under its name", () => {
  const app = (location: string, bucket: string, more: object = {}) =>
    resources({ [BUCKET]: { name: "acme-plans", location, ...more }, [GRANT]: grant(bucket) });

  test.each(["acme-plans", `\${${BUCKET}.name}`])("a bucket's grant is told, given as %s", (bucket) => {
    const stack = predicted(app("ASIA", bucket), app("EU", bucket));
    expect(finding("ST19", stack)).toMatchObject({ severity: "high", detail: `${GRANT} of acme-plans` });
  });

  test("so it is in a plan, where the grant does not change", () => {
    const stack = planned([
      [
        BUCKET,
        "delete,create",
        { name: "b", location: "ASIA" },
        { name: "b", location: "EU" },
        { replace_paths: [["location"]] },
      ],
      [GRANT, "no-op", grant("b/acme"), grant("b/acme")],
      [`${GRANT}2`, "no-op", grant("b"), grant("b")],
    ]);
    expect(finding("ST19", stack)!.detail).toBe(`${GRANT}2 of b`);
  });

  test.each<[string, object, object]>([
    [
      "is called otherwise, and the grant follows",
      app("ASIA", `\${${BUCKET}.name}`),
      app("EU", `\${${BUCKET}.name}`, { name: "acme-two" }),
    ],
    ["is only updated", app("ASIA", "acme-plans"), app("ASIA", "acme-plans", { versioning: { enabled: true } })],
    ["is another one", app("ASIA", "others"), app("EU", "others")],
    [
      "stays, because its name is taken",
      app("ASIA", "acme-plans", { lifecycle: { create_before_destroy: true } }),
      app("EU", "acme-plans", { lifecycle: { create_before_destroy: true } }),
    ],
    [
      "is named by its id, so that the grant is made anew as well",
      app("ASIA", `\${${BUCKET}.id}`),
      app("EU", `\${${BUCKET}.id}`),
    ],
  ])("nothing is said where the bucket %s", (_, before, after) => {
    expect(said(predicted(before as never, after as never)).filter((line) => line.startsWith("ST19"))).toEqual([]);
  });

  test("a part that is only updated, or moved, is told, and one that merely has the name of the whole is not", () => {
    const bucket = { name: "plans", location: "ASIA" };
    const object = (name: string, of: string) => ({ name, bucket: of, content: "" });
    const stack = planned([
      [BUCKET, "delete,create", bucket, { ...bucket, location: "EU" }],
      ["google_storage_bucket_object.own", "update", object("a", "plans"), { ...object("a", "plans"), content: "b" }],
      ["google_storage_bucket_object.other", "no-op", object("plans", "others"), object("plans", "others")],
    ]);
    expect(finding("ST19", stack)!.detail).toBe("google_storage_bucket_object.own of plans");
  });

  test.each(["endpoint_group", "attachment", "firewall_policy_association"])(
    "a network's %s is no part of it, and the rules of its firewall policy are the policy's",
    (kind) => {
      const network = { name: "hub", project: "p" };
      const policy = { name: "base", project: "p" };
      const stack = planned([
        ["google_compute_network.n", "delete,create", network, network],
        ["google_compute_network_firewall_policy.p", "delete,create", policy, policy],
        [`google_compute_network_${kind}.a`, "no-op", { name: "a", network: "hub" }, { name: "a", network: "hub" }],
        [
          "google_compute_network_firewall_policy_rule.r",
          "no-op",
          { firewall_policy: "base" },
          { firewall_policy: "base" },
        ],
      ]);
      expect(finding("ST19", stack)!.detail).toBe("google_compute_network_firewall_policy_rule.r of base");
    },
  );

  test("pools that go with their cluster are told once, as pools", () => {
    const cluster = { name: "dev", location: "a", network: "one", deletion_protection: false };
    const pool = { name: "general", cluster: "dev", location: "a" };
    const stack = planned([
      ["google_container_cluster.c", "delete,create", cluster, { ...cluster, network: "two" }],
      ["google_container_node_pool.p", "no-op", pool, pool],
    ]);
    expect(said(stack).filter((line) => /^(ST19|NP8)/.test(line))).toEqual(["NP8 high"]);
  });

  test("a NAT of a router of that name in another region is another one's", () => {
    const router = { name: "egress", region: "a", network: "one" };
    const nat = { name: "nat", router: "egress" };
    const stack = planned([
      ["google_compute_router.r", "delete,create", router, { ...router, network: "two" }],
      ["google_compute_router_nat.a", "no-op", { ...nat, region: "a" }, { ...nat, region: "a" }],
      ["google_compute_router_nat.b", "no-op", { ...nat, region: "b" }, { ...nat, region: "b" }],
    ]);
    expect(finding("ST19", stack)!.detail).toBe("google_compute_router_nat.a of egress");
  });

  test.each<[string, string, object, object, string, object]>([
    [
      "records of a zone",
      "google_dns_managed_zone.z",
      { name: "acme", dns_name: "a.example." },
      { name: "acme", dns_name: "b.example." },
      "google_dns_record_set.www",
      { name: "www", managed_zone: "acme", type: "A", rrdatas: ["192.0.2.1"] },
    ],
    [
      "a NAT of a router",
      "google_compute_router.r",
      { name: "egress", region: "a", network: "one" },
      { name: "egress", region: "a", network: "two" },
      "google_compute_router_nat.nat",
      { name: "nat", router: "egress", region: "a" },
    ],
    [
      "a peering of a network, whose id is no name",
      "google_compute_network.n",
      { name: "hub", network_id: "42" },
      { name: "hub" },
      "google_compute_network_peering.p",
      { name: "spoke", network: "projects/p/global/networks/hub" },
    ],
    [
      "who may act as an account",
      "google_service_account.s",
      { account_id: "nodes", project: "p" },
      { account_id: "nodes", project: "p" },
      "google_service_account_iam_member.m",
      {
        service_account_id: "projects/p/serviceAccounts/nodes@p.iam.gserviceaccount.com",
        role: "roles/iam.serviceAccountUser",
        member: "user:a@example.com",
      },
    ],
    [
      "what is in a namespace",
      "kubernetes_namespace_v1.n",
      { metadata: [{ name: "shop" }] },
      { metadata: [{ name: "shop" }] },
      "kubernetes_config_map_v1.c",
      { metadata: [{ name: "c", namespace: "shop" }], data: {} },
    ],
    [
      "a release in a namespace",
      "kubernetes_namespace.n",
      { metadata: [{ name: "shop" }] },
      { metadata: [{ name: "shop" }] },
      "helm_release.r",
      { name: "r", namespace: "shop" },
    ],
  ])("%s are told", (_, parent, before, after, part, values) => {
    const stack = planned([
      [parent, "delete,create", before as never, after as never],
      [part, "no-op", values as never, values as never],
    ]);
    expect(finding("ST19", stack)!.detail).toContain(part);
  });
});
