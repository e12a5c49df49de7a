import { SANDBOX_ACCESS_TOKEN } from "./options";

/** Where each product that is simulated answers, by the name that it has in the google provider's variables. */
const SIMULATED: Readonly<Record<string, string>> = {
  ARTIFACT_REGISTRY: "/artifactregistry/v1/",
  BINARY_AUTHORIZATION: "/binaryauthorization/v1/",
  CLOUD_BILLING: "/cloudbilling/v1/",
  CLOUD_RESOURCE_MANAGER: "/cloudresourcemanager/",
  COMPUTE: "/compute/v1/",
  // Without a version: the client library of provider 6 appends `v1/` itself. Provider 7 cuts off the last part of the path
  // and then appends `v1/`, so that its requests come to `/v1/`, where the server finds them.
  CONTAINER: "/container/",
  GKE_BACKUP: "/gkebackup/v1/",
  GKE_HUB: "/gkehub/v1/",
  GKE_HUB2: "/gkehub/v1/",
  IAM: "/iam/v1/",
  IAM_BETA: "/iam/v1/",
  KMS: "/kms/v1/",
  // Without a version: each resource says which one it wants.
  MONITORING: "/monitoring/",
  PUBSUB: "/pubsub/v1/",
  RESOURCE_MANAGER: "/cloudresourcemanager/v1/",
  RESOURCE_MANAGER_V3: "/cloudresourcemanager/v3/",
  SECRET_MANAGER: "/secretmanager/v1/",
  SERVICE_USAGE: "/serviceusage/v1/",
  STORAGE: "/storage/v1/",
  TAGS: "/cloudresourcemanager/v3/",
};

/**
 * All other products of the google provider, from 6.50 to 7.45: their requests come here too and are answered 501, so that
 * none leaves the machine.
 */
const OTHER_PRODUCTS =
  "ACCESS_APPROVAL ACCESS_CONTEXT_MANAGER ACTIVE_DIRECTORY AGENTIC_APPLICATIONS AGENT_IDENTITY AGENT_REGISTRY " +
  "ALLOYDB APIGEE APIHUB APIKEYS APPHUB APP_ENGINE ASSURED_WORKLOADS BACKUP_DR BEYONDCORP BIGLAKE BIGLAKE_HIVE " +
  "BIGLAKE_ICEBERG BIGQUERY_ANALYTICS_HUB BIGQUERY_CONNECTION BIGQUERY_DATAPOLICY BIGQUERY_DATAPOLICYV2 " +
  "BIGQUERY_DATA_TRANSFER BIGQUERY_RESERVATION BIGTABLE BIG_QUERY BILLING BILLING_BUDGETS BLOCKCHAIN_NODE_ENGINE " +
  "CERTIFICATE_MANAGER CES CHRONICLE CLOUDBUILDV2 CLOUDDEPLOY CLOUDDOMAINS CLOUDFUNCTIONS2 CLOUD_ASSET CLOUD_BUILD " +
  "CLOUD_FUNCTIONS CLOUD_IDENTITY CLOUD_IDS CLOUD_QUOTAS CLOUD_RUN CLOUD_RUN_V2 CLOUD_SCHEDULER " +
  "CLOUD_SECURITY_COMPLIANCE CLOUD_SUPPORT CLOUD_TASKS COLAB COMPOSER CONFIG CONTACT_CENTER_INSIGHTS CONTAINERAWS " +
  "CONTAINERAZURE CONTAINER_ANALYSIS CONTAINER_ATTACHED CONTAINER_AWS CONTAINER_AZURE CORE_BILLING " +
  "DATABASE_MIGRATION_SERVICE DATAFLOW DATAFORM DATAPLEX DATAPROC DATAPROC_GDC DATAPROC_METASTORE DATASTREAM " +
  "DATA_CATALOG DATA_FUSION DATA_LINEAGE DATA_LOSS_PREVENTION DATA_PIPELINE DEPLOYMENT_MANAGER DEVELOPER_CONNECT " +
  "DIALOGFLOW DIALOGFLOW_CX DISCOVERY_ENGINE DNS DOCUMENT_AI DOCUMENT_AI_WAREHOUSE EDGECONTAINER EDGENETWORK " +
  "ESSENTIAL_CONTACTS EVENTARC FILESTORE FIREBASERULES FIREBASE_APP_CHECK FIREBASE_APP_HOSTING " +
  "FIREBASE_DATA_CONNECT FIREBASE_REMOTE_CONFIG FIRESTORE GEMINI GKEONPREM HEALTHCARE HYPERCOMPUTECLUSTER IAM2 " +
  "IAM3 IAM_CREDENTIALS IAM_WORKFORCE_POOL IAP IDENTITY_PLATFORM INTEGRATIONS INTEGRATION_CONNECTORS " +
  "LICENSE_MANAGER LOGGING LOOKER LUSTRE MANAGED_KAFKA MEMCACHE MEMORYSTORE MIGRATION_CENTER ML_ENGINE MODEL_ARMOR " +
  "MODEL_ARMOR_GLOBAL NETAPP NETWORK_CONNECTIVITY NETWORK_CONNECTIVITYV1 NETWORK_MANAGEMENT NETWORK_SECURITY " +
  "NETWORK_SERVICES NOTEBOOKS OBSERVABILITY ORACLE_DATABASE ORG_POLICY OS_CONFIG OS_CONFIG_V2 OS_LOGIN " +
  "PARALLELSTORE PARAMETER_MANAGER PARAMETER_MANAGER_REGIONAL PRIVATECA PRIVILEGED_ACCESS_MANAGER PUBLIC_CA " +
  "PUBSUB_LITE RECAPTCHA_ENTERPRISE REDIS SECRET_MANAGER_REGIONAL SECURE_SOURCE_MANAGER SECURITYPOSTURE " +
  "SECURITY_CENTER SECURITY_CENTER_MANAGEMENT SECURITY_CENTER_V2 SERVICE_DIRECTORY SERVICE_MANAGEMENT " +
  "SERVICE_NETWORKING SITE_VERIFICATION SOURCE_REPO SPANNER SQL STORAGE_BATCH_OPERATIONS STORAGE_CONTROL " +
  "STORAGE_INSIGHTS STORAGE_TRANSFER TAGS_LOCATION TPU TRANSCODER VECTOR_SEARCH VERTEX_AI VMWAREENGINE VPC_ACCESS " +
  "WORKBENCH WORKFLOWS WORKLOAD_IDENTITY WORKSTATIONS";

/**
 * Environment variables that point the google provider, and Terraform's GCS backend, at a simulator.
 *
 * They do not keep the provider from two calls of its own at start: it looks for a metadata server unless
 * GOOGLE_APPLICATION_CREDENTIALS names a file, and asks openidconnect.googleapis.com who it is; a proxy that refuses the
 * latter is ridden over.
 *
 * @param url Address of the simulator, as `listen()` returns it.
 * @param accessToken Token to call with. @default SANDBOX_ACCESS_TOKEN
 * @see https://registry.terraform.io/providers/hashicorp/google/latest/docs/guides/provider_reference#product_custom_endpoint
 */
export function environmentVariables(url: string, accessToken: string = SANDBOX_ACCESS_TOKEN): Record<string, string> {
  const endpoints = [
    ...Object.entries(SIMULATED),
    ...OTHER_PRODUCTS.split(" ").map((product) => [product, `/_unsimulated/${product.toLowerCase()}/v1/`] as const),
  ];
  return {
    ...Object.fromEntries(endpoints.map(([product, path]) => [`GOOGLE_${product}_CUSTOM_ENDPOINT`, url + path])),
    GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT: `${url}/storage/v1/`,
    GOOGLE_OAUTH_ACCESS_TOKEN: accessToken,
  };
}
