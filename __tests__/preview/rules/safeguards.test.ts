import { reportOf } from "../support";
import { planned, predicted, resources, said } from "./crafted";

const becomes = (type: string, before: object, after: object) =>
  said(planned([[`${type}.x`, "update", { ...before }, { ...after }]])).filter((hit) => /^(ID5|GK22|NP12) /.test(hit));
const made = (type: string, after: object) =>
  said(planned([[`${type}.x`, "create", null, { ...after }]])).filter((hit) => hit.startsWith("ID5 "));

describe("a permission for everybody, or for everything", () => {
  test.each([
    ["google_storage_bucket_iam_member", { role: "roles/storage.objectViewer", member: "allUsers" }],
    ["google_artifact_registry_repository_iam_member", { role: "roles/viewer", member: "allAuthenticatedUsers" }],
    ["google_cloud_run_service_iam_binding", { role: "roles/run.invoker", members: ["allUsers", "user:a@x.y"] }],
    [
      "google_storage_bucket_iam_policy",
      { policy_data: JSON.stringify({ bindings: [{ role: "roles/storage.admin", members: ["allUsers"] }] }) },
    ],
    ["google_storage_bucket_access_control", { entity: "allUsers", role: "READER" }],
    ["google_storage_default_object_access_control", { entity: "allAuthenticatedUsers", role: "READER" }],
    ["aws_s3_bucket_acl", { acl: "public-read" }],
    [
      "kubernetes_cluster_role_binding_v1",
      { role_ref: [{ name: "view" }], subject: [{ kind: "Group", name: "system:authenticated" }] },
    ],
    [
      "kubernetes_role_binding",
      { role_ref: [{ name: "edit" }], subject: [{ kind: "User", name: "system:anonymous" }] },
    ],
  ])("%s %j is critical", (type, after) => expect(made(type, after)).toEqual(["ID5 critical"]));

  test.each([
    ["google_project_iam_member", { role: "roles/owner", member: "user:a@x.y" }],
    ["google_project_iam_member", { role: "roles/resourcemanager.projectIamAdmin", member: "user:a@x.y" }],
    ["google_folder_iam_binding", { role: "roles/editor", members: ["user:a@x.y"] }],
    [
      "kubernetes_cluster_role_binding",
      { role_ref: [{ name: "cluster-admin" }], subject: [{ kind: "ServiceAccount", name: "ci" }] },
    ],
    ["aws_iam_role_policy_attachment", { role: "ci", policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" }],
    ["azurerm_role_assignment", { principal_id: "p", role_definition_name: "Owner" }],
  ])("%s %j is high", (type, after) => expect(made(type, after)).toEqual(["ID5 high"]));

  test.each([
    ["google_project_iam_member", { role: "roles/logging.logWriter", member: "user:a@x.y" }],
    ["google_project_iam_member", { role: "roles/ownership.viewer", member: "user:allUsers@x.y" }],
    [
      "google_project_iam_member",
      {
        role: "roles/resourcemanager.projectIamAdmin",
        member: "user:a@x.y",
        condition: [{ title: "only these", expression: "true" }],
      },
    ],
    ["google_storage_bucket_iam_policy", { policy_data: "no JSON" }],
    ["aws_s3_bucket_acl", { acl: "private" }],
    [
      "kubernetes_cluster_role_binding_v1",
      { role_ref: [{ name: "view" }], subject: [{ kind: "ServiceAccount", name: "cluster-admin" }] },
    ],
  ])("%s %j says nothing", (type, after) => expect(made(type, after)).toEqual([]));

  test("one that was there before is none; another member of it is", () => {
    const type = "google_storage_bucket_iam_binding";
    const open = { role: "roles/storage.objectViewer", members: ["allUsers"] };
    expect(becomes(type, open, { ...open, members: ["allUsers", "user:a@x.y"] })).toEqual([]);
    expect(becomes(type, { ...open, members: ["user:a@x.y"] }, open)).toEqual(["ID5 critical"]);
  });

  test("who gets it is named, also where only the apply knows", () => {
    const grant = (role: string) =>
      resources({ "google_project_iam_member.ci": { role, member: "${google_service_account.ci.member}" } });
    const [finding] = reportOf([predicted(grant("roles/viewer"), grant("roles/owner"))]).findings.filter(
      ({ rule }) => rule === "ID5",
    );
    expect(JSON.stringify(finding)).toContain("google_service_account.ci.member} gets roles/owner");
  });

  test("one that is taken away is none", () => {
    const gone = planned([["google_project_iam_member.x", "delete", { role: "roles/owner", member: "user:a" }, null]]);
    expect(said(gone).filter((hit) => hit.startsWith("ID5"))).toEqual([]);
  });
});

describe("a safeguard that goes", () => {
  const nodes = (config: object) => ({ node_config: [config] });
  const shielded = (config: object) => nodes({ shielded_instance_config: [config] });
  const kubelet = (port: string) => nodes({ kubelet_config: [{ insecure_kubelet_readonly_port_enabled: port }] });
  const provisioned = (defaults: object) => ({ cluster_autoscaling: [{ auto_provisioning_defaults: [defaults] }] });
  const CLUSTER = "google_container_cluster";
  const POOL = "google_container_node_pool";

  test.each([
    [CLUSTER, { enable_shielded_nodes: true }, { enable_shielded_nodes: false }],
    [CLUSTER, {}, { enable_shielded_nodes: false }],
    [
      CLUSTER,
      { binary_authorization: [{ evaluation_mode: "PROJECT_SINGLETON_POLICY_ENFORCE" }] },
      { binary_authorization: [{ evaluation_mode: "DISABLED" }] },
    ],
    [
      CLUSTER,
      { anonymous_authentication_config: [{ mode: "LIMITED" }] },
      { anonymous_authentication_config: [{ mode: "ENABLED" }] },
    ],
    [
      CLUSTER,
      { rbac_binding_config: [{ enable_insecure_binding_system_authenticated: false }] },
      { rbac_binding_config: [{ enable_insecure_binding_system_authenticated: true }] },
    ],
    [
      CLUSTER,
      { security_posture_config: [{ mode: "BASIC", vulnerability_mode: "VULNERABILITY_BASIC" }] },
      { security_posture_config: [{ mode: "BASIC", vulnerability_mode: "VULNERABILITY_DISABLED" }] },
    ],
    [
      CLUSTER,
      { node_pool_auto_config: [{ node_kubelet_config: [{ insecure_kubelet_readonly_port_enabled: "FALSE" }] }] },
      { node_pool_auto_config: [{ node_kubelet_config: [{ insecure_kubelet_readonly_port_enabled: "TRUE" }] }] },
    ],
    [CLUSTER, provisioned({ service_account: "n@p.iam" }), provisioned({ service_account: "default" })],
    [
      CLUSTER,
      provisioned({ shielded_instance_config: [{ enable_secure_boot: true }] }),
      provisioned({ shielded_instance_config: [{ enable_secure_boot: false }] }),
    ],
    [
      CLUSTER,
      provisioned({ shielded_instance_config: [{ enable_integrity_monitoring: true }] }),
      provisioned({ shielded_instance_config: [{ enable_integrity_monitoring: false }] }),
    ],
    [POOL, shielded({ enable_secure_boot: true }), shielded({ enable_secure_boot: false })],
    [POOL, shielded({ enable_integrity_monitoring: true }), shielded({ enable_integrity_monitoring: false })],
    [POOL, kubelet("FALSE"), kubelet("TRUE")],
    [POOL, nodes({ service_account: "n@p.iam.gserviceaccount.com" }), nodes({ service_account: "default" })],
    [POOL, { network_config: [{ enable_private_nodes: true }] }, { network_config: [{ enable_private_nodes: false }] }],
    [POOL, nodes({ confidential_nodes: [{ enabled: true }] }), nodes({ confidential_nodes: [{ enabled: false }] })],
  ])("%s: %j, then %j", (type, from, to) => {
    expect(becomes(type, from, to)).toEqual(["GK22 high"]);
    expect(becomes(type, to, from)).toEqual([]);
    expect(becomes(type, from, { ...from, description: "x" })).toEqual([]);
  });
});

describe("upgrades that take nodes away first", () => {
  const POOL = "google_container_node_pool";
  const settings = (max_surge: number, max_unavailable: number, more: object = {}) => ({
    upgrade_settings: [{ max_surge, max_unavailable, ...more }],
  });

  test("more nodes at once without others in their place", () => {
    expect(becomes(POOL, settings(1, 0), settings(0, 1))).toEqual(["NP12 medium"]);
    expect(becomes(POOL, {}, settings(0, 1))).toEqual(["NP12 medium"]);
    expect(becomes(POOL, settings(1, 1), settings(1, 3))).toEqual(["NP12 medium"]);
  });

  test("not where fewer go, more are added, or a whole pool stands beside the old one first", () => {
    expect(becomes(POOL, settings(0, 2), settings(0, 1))).toEqual([]);
    expect(becomes(POOL, settings(1, 0), settings(3, 0))).toEqual([]);
    expect(becomes(POOL, settings(1, 0), settings(0, 1, { strategy: "BLUE_GREEN" }))).toEqual([]);
  });
});
