import { planned, said } from "./crafted";

describe("whatever others live on, of any provider", () => {
  const lost = (type: string, before: object = { name: "x" }) =>
    said(planned([[`${type}.a`, "delete", { ...before }, null]]));
  test.each([
    [
      "DA1 critical",
      "google_sql_database_instance openstack_blockstorage_volume_v3 kubernetes_persistent_volume_claim_v1",
    ],
    [
      "DA1 critical",
      "google_healthcare_fhir_store google_dataproc_metastore_service google_logging_project_bucket_config google_sourcerepo_repository google_vertex_ai_index google_discovery_engine_data_store google_storage_managed_folder google_composer_environment",
    ],
    [
      "DA1 critical",
      "aws_memorydb_cluster aws_rds_global_cluster aws_glacier_vault aws_qldb_ledger aws_cognito_user_pool aws_codecommit_repository aws_mq_broker azurerm_mssql_managed_instance azurerm_redis_cache azurerm_eventhub azurerm_log_analytics_workspace azurerm_kusto_cluster azurerm_storage_blob",
    ],
    [
      "DA1 critical",
      "cockroach_cluster neon_project clickhouse_service supabase_project heroku_addon yandex_mdb_postgresql_cluster vultr_block_storage openstack_objectstorage_container_v1 harbor_project upstash_redis_database snowflake_table",
    ],
    ["DA1 high", "aws_eks_cluster azurerm_kubernetes_cluster google_compute_instance aws_instance github_repository"],
    [
      "DA1 high",
      "proxmox_vm_qemu google_compute_instance_group_manager google_workbench_instance google_dataproc_cluster",
    ],
    [
      "DA2 critical",
      "google_privateca_certificate_authority aws_acmpca_certificate_authority vault_transit_secret_backend_key azurerm_key_vault_managed_hardware_security_module_key",
    ],
    ["DA6 high", "kubernetes_secret_v1 kubernetes_secret google_secret_manager_secret aws_secretsmanager_secret"],
    [
      "DA6 high",
      "google_secret_manager_secret_version azurerm_key_vault_certificate google_parameter_manager_parameter",
    ],
    ["DA6 medium", "random_password tls_private_key"],
    ["GK14 high", "google_gke_hub_membership google_gke_hub_feature"],
    [
      "GK19 medium",
      "google_monitoring_alert_policy google_monitoring_notification_channel google_logging_project_sink",
    ],
    ["NW4 critical", "hcloud_network digitalocean_vpc oci_core_vcn openstack_networking_network_v2 alicloud_vswitch"],
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
    ["NW7 high", "google_network_connectivity_spoke google_compute_service_attachment google_dns_response_policy"],
    ["NW9 high", "google_compute_network_endpoint_group google_cloud_run_v2_service google_compute_ssl_certificate"],
    [
      "ID1 high",
      "google_sql_user mongodbatlas_database_user google_apikeys_key google_storage_hmac_key postgresql_role",
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

  test.each(["PrometheusRule", "ServiceMonitor", "PodMonitoring"])("a %s, which watches", (kind) => {
    const manifest = { apiVersion: "v1", kind, metadata: { name: "a", namespace: "shop" } };
    expect(lost("kubernetes_manifest", { manifest })).toEqual(["GK19 medium"]);
  });

  test("a range that is peered with Google's services, and no other address", () => {
    expect(lost("google_compute_global_address", { purpose: "VPC_PEERING", address_type: "INTERNAL" })).toEqual([
      "NW7 high",
    ]);
    expect(lost("google_compute_global_address", { address_type: "INTERNAL" })).toEqual([]);
  });

  test.each(
    "google_compute_attached_disk google_firestore_index google_cloudbuildv2_repository google_sql_source_representation_instance aws_db_subnet_group aws_db_parameter_group azurerm_storage_management_policy azurerm_redis_firewall_rule kafka_acl google_redis_cluster_user_created_connections aws_volume_attachment aws_eks_addon snowflake_warehouse argocd_repository docker_network".split(
      " ",
    ),
  )("%s holds nothing", (type) => expect(lost(type).join()).not.toMatch(/DA1|NW4/));

  test("an account that pods run as, unless its workload goes, too", () => {
    const account = { metadata: [{ name: "web", namespace: "shop" }] };
    const workload = { spec: [{ template: [{ spec: [{ service_account_name: "web" }] }] }] };
    expect(lost("kubernetes_service_account_v1", account)).toEqual(["DA7 medium"]);
    const both = planned([
      ["kubernetes_service_account_v1.a", "delete", account, null],
      ["kubernetes_daemon_set_v1.a", "delete", workload, null],
    ]);
    expect(said(both)).toEqual([]);
  });

  test("a load balancer is told once, and what nobody lives on is not told", () => {
    expect(lost("kubernetes_service_v1", { spec: [{ type: "LoadBalancer" }] })).toEqual(["NW9 high"]);
    for (const type of ["kubernetes_config_map_v1", "kubernetes_daemon_set_v1", "kubernetes_job_v1", "random_id"])
      expect([type, ...lost(type)]).toEqual([type]);
  });
});
