import type { Cloud } from "../cloud";
import { badRequest } from "../http/errors";
import { serviceAccountName } from "../iam/service-accounts";
import { at, type Json, type JsonObject, stringOf } from "../json";
import { gkeAgent, KEY_USER, keyResource, mayUseKey } from "./keys";

/** What a cluster with a legacy datapath cannot have, as [field, what it is called in the refusal]. */
const ONLY_ADVANCED_DATAPATH: readonly (readonly [string, string])[] = [
  ["networkConfig.enableCiliumClusterwideNetworkPolicy", "CiliumClusterwideNetworkPolicy"],
  ["networkConfig.enableFqdnNetworkPolicy", "FQDN network policy"],
  ["networkConfig.enableMultiNetworking", "Multi-networking"],
  ["monitoringConfig.advancedDatapathObservabilityConfig.enableMetrics", "Advanced datapath observability"],
];

/** Refuses a cluster whose parts do not fit together, at creation and after each change. @throws ApiError 400 */
export function checkCluster(cluster: JsonObject): void {
  const is = (path: string, value: Json): boolean => at(cluster, path) === value;
  const advanced = is("networkConfig.datapathProvider", "ADVANCED_DATAPATH");
  if (advanced && is("networkPolicy.enabled", true)) {
    throw badRequest("Enabling NetworkPolicy for clusters with DatapathProvider=ADVANCED_DATAPATH is not allowed.");
  }
  if (advanced && at(cluster, "ipAllocationPolicy.useIpAliases") !== true) {
    throw badRequest("DatapathProvider=ADVANCED_DATAPATH requires a VPC-native cluster.");
  }
  if (is("networkPolicy.enabled", true) && is("addonsConfig.networkPolicyConfig.disabled", true)) {
    throw badRequest("Network policy addon must be enabled before updating the nodes.");
  }
  if (!advanced) {
    const found = ONLY_ADVANCED_DATAPATH.find(([path]) => at(cluster, path) === true);
    if (found) throw badRequest(`${found[1]} requires DatapathProvider=ADVANCED_DATAPATH.`);
    const transit = stringOf(at(cluster, "networkConfig.inTransitEncryptionConfig")) ?? "";
    if (transit.startsWith("IN_TRANSIT_ENCRYPTION_INTER_NODE")) {
      throw badRequest("In-transit encryption requires DatapathProvider=ADVANCED_DATAPATH.");
    }
  }
  if (is("addonsConfig.configConnectorConfig.enabled", true) && !at(cluster, "workloadIdentityConfig.workloadPool")) {
    throw badRequest("Config Connector requires Workload Identity to be enabled.");
  }
  const dnsOnly = is("controlPlaneEndpointsConfig.ipEndpointsConfig.enabled", false);
  if (dnsOnly && at(cluster, "controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic") !== true) {
    throw badRequest("At least one of the IP endpoints and the DNS endpoint with external traffic must be enabled.");
  }
}

/** Refuses a cluster that needs something of the project that is not there. @throws ApiError 400 */
export function checkDependencies(cloud: Cloud, project: string, cluster: JsonObject): void {
  const pool = stringOf(at(cluster, "workloadIdentityConfig.workloadPool"));
  if (pool && pool !== `${project}.svc.id.goog`) {
    throw badRequest(
      `Currently, the only supported workload pool is the workload pool of the Cloud project: ${project}.svc.id.goog.`,
    );
  }
  checkEncryptionKey(cloud, project, encryptionKey(cluster));
  const topic = stringOf(at(cluster, "notificationConfig.pubsub.topic"));
  if (
    at(cluster, "notificationConfig.pubsub.enabled") === true &&
    !cloud.store.has(`//pubsub.googleapis.com/${topic}`)
  ) {
    throw badRequest(`Pub/Sub topic "${topic}" was not found.`);
  }
  const account = stringOf(at(cluster, "autoscaling.autoprovisioningNodePoolDefaults.serviceAccount"));
  checkServiceAccount(cloud, account);
}

/** Whether secrets are encrypted with a key of the user's. */
export function isEncrypted(cluster: JsonObject): boolean {
  return at(cluster, "databaseEncryption.state") !== "DECRYPTED";
}

function encryptionKey(cluster: JsonObject): string | undefined {
  return isEncrypted(cluster) ? stringOf(at(cluster, "databaseEncryption.keyName")) : undefined;
}

/** GKE's own service agent must be able to use the key. @throws ApiError 400 */
function checkEncryptionKey(cloud: Cloud, project: string, key: string | undefined): void {
  if (!key) return;
  if (!cloud.store.has(keyResource(key))) throw badRequest(`Cloud KMS key "${key}" was not found.`);
  const agent = gkeAgent(cloud, project);
  if (mayUseKey(cloud, agent, key)) return;
  throw badRequest(`Cloud KMS key "${key}" cannot be used: ${agent} lacks ${KEY_USER} on it.`, {
    reason: "failedPrecondition",
    status: "FAILED_PRECONDITION",
  });
}

/** @throws ApiError 400 where the account is one of a project of the sandbox and does not exist */
export function checkServiceAccount(cloud: Cloud, email: string | undefined): void {
  const project = /@([^.]+)\.iam\.gserviceaccount\.com$/.exec(email ?? "")?.[1];
  if (!email || !project || cloud.projects.find(project) === undefined) return;
  if (!cloud.store.has(serviceAccountName(project, email))) {
    throw badRequest(`Service account "${email}" does not exist.`);
  }
}

/** In a release channel, GKE insists on repairing and upgrading nodes. @throws ApiError 400 */
export function checkManagement(cluster: JsonObject, management: JsonObject): void {
  const channel = stringOf(at(cluster, "releaseChannel.channel"));
  if (!channel) return;
  for (const [field, name] of [
    ["autoUpgrade", "Auto_upgrade"],
    ["autoRepair", "Auto_repair"],
  ] as const) {
    if (management[field] !== true) throw badRequest(`${name} must be true when release_channel ${channel} is set.`);
  }
}
