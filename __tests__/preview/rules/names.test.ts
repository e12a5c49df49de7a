import { finding, planned, predicted, resources, said } from "./crafted";

const FIRST = "create,delete";
const LAST = "delete,create";

const replaced = (address: string, order: string, before: object, after: object, forced: string) =>
  planned([[address, order, before as never, after as never, { replace_paths: [[forced]] }]]);

describe("what an object is known by", () => {
  const POOL = "google_iam_workload_identity_pool.p";
  const PROVIDER = "google_iam_workload_identity_pool_provider.p";

  test.each<[string, string, object, object, string]>([
    [
      "a dataset's id",
      "google_bigquery_dataset.d",
      { dataset_id: "d", location: "a" },
      { dataset_id: "d", location: "a" },
      "d",
    ],
    [
      "a table's id",
      "google_bigquery_table.t",
      { dataset_id: "d", table_id: "t" },
      { dataset_id: "d", table_id: "t" },
      "t",
    ],
    ["an account's id", "google_service_account.a", { account_id: "a" }, { account_id: "a" }, "a"],
    ["a role's id", "google_project_iam_custom_role.r", { role_id: "r" }, { role_id: "r" }, "r"],
    ["a bucket", "aws_s3_bucket.b", { bucket: "b" }, { bucket: "b" }, "b"],
    ["a key of a ring", "google_kms_crypto_key.k", { name: "k", key_ring: "r" }, { name: "k", key_ring: "r" }, "k"],
    ["a project", "google_project.p", { name: "P", project_id: "p" }, { name: "P", project_id: "p" }, "p"],
  ])("%s is taken while the old one is there", (_, address, before, after, name) => {
    expect(finding("ST17", replaced(address, FIRST, before, after, "x"))!.detail).toBe(`both are called ${name}`);
  });

  test.each<[string, string, object, object, string]>([
    [
      "a table of the same dataset",
      "google_bigquery_table.t",
      { dataset_id: "d", table_id: "t" },
      { dataset_id: "d", table_id: "u" },
      "table_id",
    ],
    [
      "a table of another dataset",
      "google_bigquery_table.t",
      { dataset_id: "d", table_id: "t" },
      { dataset_id: "e", table_id: "t" },
      "dataset_id",
    ],
    [
      "a provider of the same pool",
      PROVIDER,
      { workload_identity_pool_id: "p", workload_identity_pool_provider_id: "a" },
      { workload_identity_pool_id: "p", workload_identity_pool_provider_id: "b" },
      "workload_identity_pool_provider_id",
    ],
    [
      "a key of another ring",
      "google_kms_crypto_key.k",
      { name: "k", key_ring: "r" },
      { name: "k", key_ring: "s" },
      "key_ring",
    ],
    [
      "another project that is shown alike",
      "google_project.p",
      { name: "P", project_id: "p" },
      { name: "P", project_id: "q" },
      "project_id",
    ],
    [
      "a record of another zone",
      "google_dns_record_set.r",
      { name: "a.", managed_zone: "y" },
      { name: "a.", managed_zone: "z" },
      "managed_zone",
    ],
  ])("%s is free", (_, address, before, after, forced) => {
    expect(said(replaced(address, FIRST, before, after, forced)).filter((line) => /^ST(17|20)/.test(line))).toEqual([]);
  });

  test.each<[string, string, object, string]>([
    ["an identity pool", POOL, { workload_identity_pool_id: "github" }, "github stays taken for 30 days"],
    [
      "its provider",
      PROVIDER,
      { workload_identity_pool_id: "github", workload_identity_pool_provider_id: "acme" },
      "acme stays taken for 30 days",
    ],
    [
      "a workforce pool",
      "google_iam_workforce_pool.p",
      { workforce_pool_id: "staff", location: "global" },
      "staff stays taken for 30 days",
    ],
    ["a key ring", "google_kms_key_ring.r", { name: "cluster", location: "a" }, "cluster stays taken for ever"],
    ["a project", "google_project.p", { name: "Acme", project_id: "acme-dev" }, "acme-dev stays taken for ever"],
    [
      "a secret of AWS",
      "aws_secretsmanager_secret.s",
      { name: "db" },
      "db stays taken for as long as the secret can be restored",
    ],
  ])("%s that is deleted first keeps its name", (_, address, values, detail) => {
    expect(finding("ST20", replaced(address, LAST, values, values, "x"))).toMatchObject({
      severity: "critical",
      detail,
    });
  });

  test("nothing is kept where prevent_destroy refuses the plan", () => {
    const key = (purpose: string) =>
      resources({
        "google_kms_crypto_key.k": { name: "k", key_ring: "r", purpose, lifecycle: { prevent_destroy: true } },
      });
    expect(said(predicted(key("ENCRYPT_DECRYPT"), key("MAC")))).toContain("ST13 high");
    expect(finding("ST20", predicted(key("ENCRYPT_DECRYPT"), key("MAC")))).toBeUndefined();
  });

  test.each<[string, string, string, object, object]>([
    ["called otherwise", POOL, LAST, { workload_identity_pool_id: "a" }, { workload_identity_pool_id: "b" }],
    [
      "made first, which is another matter",
      POOL,
      FIRST,
      { workload_identity_pool_id: "a" },
      { workload_identity_pool_id: "a" },
    ],
    ["of a kind that gives its name back", "google_service_account.a", LAST, { account_id: "a" }, { account_id: "a" }],
    [
      "a secret that cannot be restored",
      "aws_secretsmanager_secret.s",
      LAST,
      { name: "db", recovery_window_in_days: 0 },
      { name: "db", recovery_window_in_days: 0 },
    ],
  ])("nothing is kept of what is %s", (_, address, order, before, after) => {
    expect(said(replaced(address, order, before, after, "x")).filter((line) => line.startsWith("ST20"))).toEqual([]);
  });
});
