import { badRequest } from "../../http/errors";
import { at, type JsonObject, objectOf, stringOf, stringsOf } from "../../json";
import { checkTags } from "./node-extras";

/** Refuses features that do not go together, at creation and after each change. @throws ApiError 400 */
export function checkFeatures(cluster: JsonObject): void {
  checkComponents(cluster);
  checkDns(objectOf(at(cluster, "networkConfig.dnsConfig")));
  const gateway = stringOf(at(cluster, "networkConfig.gatewayApiConfig.channel")) ?? "";
  if (gateway.startsWith("CHANNEL_S") && at(cluster, "addonsConfig.httpLoadBalancing.disabled") === true) {
    throw badRequest("Gateway API requires the HTTP load balancing addon to be enabled.");
  }
  if (cluster["enableKubernetesAlpha"] === true && at(cluster, "releaseChannel.channel")) {
    throw badRequest("Kubernetes alpha clusters cannot be enrolled in a release channel.");
  }
  if (at(cluster, "databaseEncryption.state") !== "DECRYPTED") checkKey(cluster);
  if (
    at(cluster, "meshCertificates.enableCertificates") === true &&
    !at(cluster, "workloadIdentityConfig.workloadPool")
  ) {
    throw badRequest("Mesh certificates require Workload Identity to be enabled.");
  }
  const group = stringOf(at(cluster, "authenticatorGroupsConfig.securityGroup")) ?? "";
  if (group !== "" && !/^gke-security-groups@[^@]+\.[^@]+$/.test(group)) {
    throw badRequest(`Security group "${group}" must be in the format gke-security-groups@yourdomain.com.`);
  }
  for (const api of stringsOf(at(cluster, "enableK8sBetaApis.enabledApis"))) {
    if (!/^[a-z0-9.-]+\/v\d+beta\d+\/[a-z]+$/.test(api)) {
      throw badRequest(`Beta API "${api}" must be in the format <group>/<version>/<resource>.`);
    }
  }
  checkTags(stringsOf(at(cluster, "nodePoolAutoConfig.networkTags.tags")));
  const posture = stringOf(at(cluster, "networkConfig.inTransitEncryptionConfig")) ?? "";
  if (posture.startsWith("IN_TRANSIT_ENCRYPTION_INTER_NODE") && at(cluster, "autopilot.enabled") === true) {
    throw badRequest("In-transit encryption is not supported in Autopilot clusters.");
  }
}

/** The system's own logs and metrics come first: https://cloud.google.com/sdk/gcloud/reference/container/clusters/update#--logging */
function checkComponents(cluster: JsonObject): void {
  for (const [field, name] of [
    ["loggingConfig", "logging"],
    ["monitoringConfig", "monitoring"],
  ] as const) {
    const components = stringsOf(at(cluster, `${field}.componentConfig.enableComponents`));
    if (components.length > 0 && !components.includes("SYSTEM_COMPONENTS")) {
      throw badRequest(
        `SYSTEM_COMPONENTS must be enabled in ${name}_config when other components are: ${components.join(", ")}.`,
      );
    }
  }
  const automatic = at(cluster, "monitoringConfig.managedPrometheusConfig.autoMonitoringConfig.scope") === "ALL";
  if (automatic && at(cluster, "monitoringConfig.managedPrometheusConfig.enabled") !== true) {
    throw badRequest("Auto-monitoring requires managed collection of Prometheus metrics to be enabled.");
  }
  const metrics = at(cluster, "monitoringConfig.advancedDatapathObservabilityConfig.enableRelay") === true;
  if (metrics && at(cluster, "networkConfig.datapathProvider") !== "ADVANCED_DATAPATH") {
    throw badRequest("Advanced datapath observability requires DatapathProvider=ADVANCED_DATAPATH.");
  }
}

/**
 * Where logs and metrics go: Cluster.loggingService and monitoringService in the API's reference.
 *
 * @param given The fields as a request has them; a completed cluster only has those that exist.
 * @throws ApiError 400
 */
export function checkServices(given: JsonObject): void {
  for (const name of ["logging", "monitoring"]) {
    const service = stringOf(given[`${name}Service`]) ?? "";
    if (new RegExp(`^(none|${name}\\.googleapis\\.com(/kubernetes)?)?$`).test(service)) continue;
    throw badRequest(`Invalid value for field "cluster.${name}_service": "${service}".`);
  }
}

function checkDns(dns: JsonObject): void {
  const [provider, scope, domain] = ["clusterDns", "clusterDnsScope", "clusterDnsDomain"].map(
    (field) => stringOf(dns[field]) ?? "",
  );
  if (provider !== "CLOUD_DNS" && scope !== "" && scope !== "DNS_SCOPE_UNSPECIFIED") {
    throw badRequest("A DNS scope can only be set with Cloud DNS.");
  }
  if (provider !== "CLOUD_DNS" && stringOf(dns["additiveVpcScopeDnsDomain"])) {
    throw badRequest("An additive VPC scope DNS domain can only be set with Cloud DNS.");
  }
  if (provider === "CLOUD_DNS" && scope === "VPC_SCOPE" && domain === "") {
    throw badRequest("Cloud DNS with VPC scope requires a cluster DNS domain.");
  }
  if (domain !== "" && !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(domain!)) {
    throw badRequest(`Cluster DNS domain "${domain}" is not a valid DNS name.`);
  }
}

function checkKey(cluster: JsonObject): void {
  const key = stringOf(at(cluster, "databaseEncryption.keyName")) ?? "";
  if (!/^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/.test(key)) {
    throw badRequest(`Invalid Cloud KMS key name "${key}".`);
  }
}
