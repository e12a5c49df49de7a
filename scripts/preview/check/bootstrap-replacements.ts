import { append, type Replacement, set } from "./replacement";

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
