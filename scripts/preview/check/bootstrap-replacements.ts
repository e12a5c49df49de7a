import { anew, append, type Replacement, set, witness } from "./replacement";

const [POOL, PROVIDER] = ["google_iam_workload_identity_pool", "google_iam_workload_identity_pool_provider"];

/** Changes of what a project is bootstrapped with. */
export const BOOTSTRAP_REPLACEMENTS: readonly Replacement[] = [
  {
    what: "accounts are called otherwise",
    change: append("google_service_account", "account_id", "-two"),
    stays: false,
  },
  {
    what: "the role of the previewer is called otherwise",
    change: append("google_project_iam_custom_role", "role_id", "Two"),
    stays: false,
  },
  {
    what: "a permission is another",
    change: set("google_project_iam_member", { role: "roles/compute.viewer" }, /deployer-compute-networkAdmin/),
    stays: false,
  },
  {
    what: "a permission on a bucket is another",
    change: set("google_storage_bucket_iam_member", { role: "roles/storage.objectAdmin" }, /deployer-plans/),
    stays: false,
  },
  {
    what: "whoever may act as the deployer may do something else",
    change: set(
      "google_service_account_iam_member",
      { role: "roles/iam.serviceAccountOpenIdTokenCreator" },
      /deployer-group/,
    ),
    stays: false,
  },
  {
    what: "the provider of identities is called otherwise",
    change: append(PROVIDER, "workload_identity_pool_provider_id", "-two"),
    stays: false,
  },
  {
    what: "the pool of identities is called otherwise, and so are all who are let in",
    change: append(POOL, "workload_identity_pool_id", "-two"),
    stays: false,
  },
  {
    what: "the pool of identities and its provider are made anew, and keep their names",
    setUp: witness,
    change: anew(/^google_iam_workload_identity_pool/),
    stays: true,
    ends: "half way",
    restored: {
      [POOL]: "projects/acme-dev/locations/global/workloadIdentityPools/github-two",
      [PROVIDER]: "projects/acme-dev/locations/global/workloadIdentityPools/github-two/providers/platform-two",
    },
  },
  {
    what: "the pool of identities alone is made anew, and goes on under another name",
    change: anew(/^google_iam_workload_identity_pool$/),
    stays: true,
    ends: "half way",
    mend: append(POOL, "workload_identity_pool_id", "-three"),
  },
  {
    what: "a service is another",
    change: set("google_project_service", { service: "pubsub.googleapis.com" }, /logging/),
    stays: false,
  },
  {
    what: "the bucket for plans is called otherwise",
    change: append("google_storage_bucket", "name", "-two", /plans/),
    stays: false,
  },
  {
    what: "the bucket for plans, made first, lies elsewhere",
    change: set(
      "google_storage_bucket",
      { location: "EUROPE-WEST1", "lifecycle.create_before_destroy": true },
      /plans/,
    ),
    stays: true,
  },
  {
    what: "the bucket for plans lies elsewhere",
    change: set("google_storage_bucket", { location: "EUROPE-WEST1" }, /plans/),
    stays: false,
  },
];
