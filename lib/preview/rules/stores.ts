/** Whole types, of any provider, whose objects hold what nobody can make again. */
const STORES = [
  /_(bucket|database|database_instance|db_instance|rds_cluster|rds_cluster_instance|dynamodb_table|bigtable_table|bigtable_instance)$/,
  /_(disk|compute_disk|compute_region_disk|ebs_volume|managed_disk|volume|block_volume|efs_file_system|fsx_\w+_file_system|filestore_instance|blockstorage_volume)(_v\d+)?$/,
  /_(persistent_volume|persistent_volume_claim)(_v\d+)?$/,
  /_(sql_database|sql_database_instance|spanner_(instance|database)|alloydb_(cluster|instance)|firestore_database|datastore_\w+)$/,
  /_(bigquery_(dataset|table)|redshift_cluster|elasticache_\w*(cluster|group)|redis_(instance|cluster)|memorystore_instance|memcache_instance)$/,
  /_(postgresql_\w*server|mysql_\w*server|mssql_server|mssql_database|mariadb_server|cosmosdb_\w+|storage_account|storage_container|storage_share)$/,
  /_(artifact_registry_repository|container_registry|ecr_repository|netapp_volume|lustre_instance|parallelstore_instance)$/,
  /_(opensearch_domain|elasticsearch_domain|docdb_cluster|neptune_cluster|kinesis_stream|msk_cluster|managed_kafka_cluster)$/,
  /^(mongodbatlas|confluent|aiven|digitalocean|hcloud|linode|scaleway|ovh|oci|vault|etcd|minio|elasticstack)_\w*(cluster|database|db|volume|bucket|topic|space|index|store|mount)\w*$/,
];

/** Clusters of others than Google, with all their objects; machines, with the disks they start from; code. */
const WHOLES =
  /_(eks_cluster|kubernetes_cluster|managed_kubernetes\w*|lke_cluster|compute_instance|virtual_machine|linux_virtual_machine|windows_virtual_machine|droplet)$|^aws_instance$|^(github_repository|gitlab_project)$/;

/** Copies of data, whose loss takes the way back, and what holds data for a while. */
const COPIES =
  /(?<!route|routing)_table$|_(topic|subscription|queue|keyspace|collection|schema)$|_(snapshot|backup|backup_plan|backup_vault|db_snapshot|image|volume_snapshot|recovery_services_vault|gke_backup_backup_plan)s?$/;

/** Ways in which a type's name only speaks of a store: who may read it, what lies in it. */
const ABOUT =
  /_iam_|_policy$|_acl$|_access_control$|_notification$|_object$|_user$|_attachment$|_grant$|_role$|_lifecycle|_versioning$|_public_access_block$|_cors|_logging$|_ssl|_cert|_metadata$|_schedule$|_attached_disk$|_backend_bucket$|_linked_dataset$|_export_bucket$|_listing_subscription$|_source_representation_instance$|_anywhere_cache$|_target_server$|_endpoint_deployed_index$|_repository_index$|cloudbuildv2_repository$|firestore_index$/;

/** Nouns that name a store by themselves where a type ends with them. */
const NOUNS = new Set(
  (
    "bucket database db datastore disk volume filesystem share dataset table keyspace collection blob ledger repository " +
    "registry storage index vault filestore featurestore"
  ).split(" "),
);

/** What runs a store, where the type says which one. */
const VESSELS = new Set(
  (
    "instance cluster server service workspace namespace environment project account domain broker stream deployment node " +
    "store container cache subscription eventhub hub"
  ).split(" "),
);

/** Programs and services that keep data, as providers name them. */
const ENGINES = new Set(
  (
    "sql mysql postgres postgresql pg mariadb mssql oracle db database rds aurora docdb neptune dynamodb redis valkey elasticache memorydb dax " +
    "memcache memcached memorystore cassandra scylla cockroach mongo mongodb mongodbatlas mdb couchbase couchdb clickhouse kusto " +
    "timestream influx influxdb elastic elasticsearch opensearch solr search kafka msk kinesis rabbitmq mq pulsar nats eventhub " +
    "eventhubs servicebus bigtable bigquery spanner alloydb firestore datastore datastream snowflake redshift synapse databricks " +
    "lake etcd supabase neon planetscale upstash yugabyte tidb singlestore timescale filestore efs fsx netapp lustre " +
    "parallelstore ceph minio harbor artifactory nexus composer metastore looker healthcare fhir hl7 dicom feature featurestore storage " +
    "objectstorage objectstore cbs kv analytics fusion"
  ).split(" "),
);

/** Whole types that no rule of words finds. */
const NAMED =
  /^heroku_addon$|_(user_pool|identity_platform_tenant|cloudwatch_log_group|log_analytics_workspace|logging_\w+_bucket_config|vmwareengine_private_cloud|storage_(managed_)?folder|storage_pool|data_store|spanner_instance_partition|secure_source_manager_instance|app_configuration|eventhub|sqs_queue|storage_(queue|table))$/;

/** Machines of any provider and clusters of them, with the disks they start from. */
const MACHINES =
  /_(instance_group_manager|instance_from_template|autoscaling_group|virtual_machine_scale_set|vm|vm_qemu|device|server|(notebooks|workbench)_instance|tpu_node|(dataproc|emr|edgecontainer|vmwareengine|container_aws|container_azure|gkeonprem_\w+)_cluster)$/;

/**
 * What is lost with an object of a type: `critical` where it holds data that nobody can make again, `high` where it holds
 * copies of it, or everything that runs somewhere.
 */
export function worthOf(type: string): "critical" | "high" | undefined {
  if (ABOUT.test(type)) return undefined;
  if (WHOLES.test(type)) return "high";
  if (STORES.some((pattern) => pattern.test(type)) || NAMED.test(type) || isStore(type)) return "critical";
  return COPIES.test(type) || MACHINES.test(type) ? "high" : undefined;
}

function isStore(type: string): boolean {
  const [provider = "", ...words] = type.replace(/_v\d+$/, "").split("_");
  // What only Terraform has, and objects of Kubernetes that name a store and are none.
  if (/^(terraform|random|local|null|time|tls|kubernetes|helm|archive|external|argocd|flux)$/.test(provider))
    return false;
  const last = words.at(-1) ?? "";
  if (NOUNS.has(last)) return !["route", "routing", "lookup"].includes(words.at(-2) ?? "");
  return VESSELS.has(last) && (ENGINES.has(provider) || words.slice(0, -1).some((word) => ENGINES.has(word)));
}
