import { planned, said } from "./crafted";

describe("whatever others live on, of any provider", () => {
  const lost = (type: string, before: object = { name: "x" }) =>
    said(planned([[`${type}.a`, "delete", { ...before }, null]]));
  test.each([
    [
      "DA1 critical",
      "google_sql_database_instance openstack_blockstorage_volume_v3 kubernetes_persistent_volume_claim_v1",
    ],
    ["DA1 high", "aws_eks_cluster azurerm_kubernetes_cluster google_compute_instance aws_instance github_repository"],
    ["DA6 high", "kubernetes_secret_v1 kubernetes_secret google_secret_manager_secret aws_secretsmanager_secret"],
    [
      "DA7 medium",
      "kubernetes_service_v1 kubernetes_stateful_set_v1 kubernetes_deployment kubernetes_storage_class_v1 kubernetes_pod_disruption_budget_v1 kubernetes_validating_webhook_configuration_v1 kubernetes_csi_driver_v1",
    ],
    ["NW5 high", "google_compute_router"],
    [
      "NW6 high",
      "google_compute_firewall google_compute_network_firewall_policy google_compute_firewall_policy_rule google_compute_security_policy aws_security_group azurerm_network_security_group",
    ],
    [
      "NW7 high",
      "google_dns_record_set aws_route53_record cloudflare_record azurerm_dns_a_record google_compute_network_peering",
    ],
    ["NW9 high", "google_certificate_manager_certificate google_compute_forwarding_rule kubernetes_ingress_v1"],
    ["ID1 high", "google_service_account google_service_account_key google_iam_workload_identity_pool aws_iam_role"],
  ])("%s: %s", (rule, types) => {
    for (const type of types.split(" ")) expect([type, ...lost(type)]).toContain(rule);
  });

  test.each(["StatefulSet", "Service", "StorageClass", "CSIDriver", "PodDisruptionBudget"])(
    "a %s in a manifest as well",
    (kind) => {
      const manifest = { apiVersion: "v1", kind, metadata: { name: "a", namespace: "shop" } };
      expect(lost("kubernetes_manifest", { manifest })).toContain("DA7 medium");
      expect(lost("kubectl_manifest", { yaml_body: JSON.stringify(manifest) })).toContain("DA7 medium");
    },
  );

  test("a Secret in a manifest", () => {
    const manifest = { apiVersion: "v1", kind: "Secret", metadata: { name: "a", namespace: "shop" }, data: {} };
    expect(lost("kubernetes_manifest", { manifest })).toContain("DA6 high");
  });

  test("a load balancer is told once, and what nobody lives on is not told", () => {
    expect(lost("kubernetes_service_v1", { spec: [{ type: "LoadBalancer" }] })).toEqual(["NW9 high"]);
    for (const type of ["kubernetes_config_map_v1", "kubernetes_daemon_set_v1", "kubernetes_job_v1", "random_id"])
      expect([type, ...lost(type)]).toEqual([type]);
  });
});
