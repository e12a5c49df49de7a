import { badRequest } from "../http/errors";
import { at, copy, type Json, type JsonObject, objectOf, setAt, stringOf, stringsOf, withAbsent } from "../json";
import {
  completeAutoscaling,
  completeEncryption,
  completeLogging,
  completeMaintenance,
  completeMonitoring,
} from "./cluster-defaults";
import { completeEndpoints } from "./endpoints";
import { minorOf } from "./versions";

/** Changes the stored fields of a cluster by the value of one field of an update. */
export type FieldUpdate = (cluster: JsonObject, value: Json) => void;

/** The value replaces what is at a path; an empty message removes it where `emptyRemoves`. */
function replaces(path: string, emptyRemoves = false): FieldUpdate {
  return (cluster, value) => {
    const empty = emptyRemoves && Object.values(objectOf(value)).every((field) => field === "" || field === false);
    setAt(cluster, path, empty ? undefined : copy(value));
  };
}

/** The fields of the value replace those of the same name at a path; the others stay. */
function merges(path: string): FieldUpdate {
  return (cluster, value) => setAt(cluster, path, withAbsent(objectOf(value), objectOf(at(cluster, path))));
}

/** `enabled` of the value becomes the value of a flag. */
function flag(path: string): FieldUpdate {
  return (cluster, value) => setAt(cluster, path, at(value, "enabled") === true);
}

const DEFAULTS = "nodePoolDefaults.nodeConfigDefaults";

/**
 * What each field of an update does to a cluster, apart from versions, locations, pools and fleets, which have
 * consequences of their own. A field that is not here and not there is not simulated.
 */
export const FIELD_UPDATES: Readonly<Record<string, FieldUpdate>> = {
  additionalPodRangesConfig: (cluster, value) => {
    const path = "ipAllocationPolicy.additionalPodRangesConfig.podRangeNames";
    const names = new Set([...stringsOf(at(cluster, path)), ...stringsOf(at(value, "podRangeNames"))]);
    setAt(cluster, path, [...names]);
  },
  removedAdditionalPodRangesConfig: (cluster, value) => {
    const path = "ipAllocationPolicy.additionalPodRangesConfig";
    const removed = stringsOf(at(value, "podRangeNames"));
    const unknown = removed.find((name) => !stringsOf(at(cluster, `${path}.podRangeNames`)).includes(name));
    if (unknown !== undefined)
      throw badRequest(`Pod range "${unknown}" is not an additional pod range of the cluster.`);
    const kept = stringsOf(at(cluster, `${path}.podRangeNames`)).filter((name) => !removed.includes(name));
    setAt(cluster, path, kept.length > 0 ? { podRangeNames: kept } : undefined);
  },
  desiredAdditionalIpRangesConfig: (cluster, value) =>
    setAt(cluster, "ipAllocationPolicy.additionalIpRangesConfigs", at(value, "additionalIpRangesConfigs")),
  desiredAddonsConfig: merges("addonsConfig"),
  desiredAmbientNetworkingConfig: replaces("networkConfig.ambientNetworkingConfig"),
  desiredAnonymousAuthenticationConfig: replaces("anonymousAuthenticationConfig"),
  desiredAuthenticatorGroupsConfig: replaces("authenticatorGroupsConfig", true),
  desiredAutoIpamConfig: replaces("ipAllocationPolicy.autoIpamConfig"),
  desiredAutopilotClusterPolicyConfig: replaces("autopilot.clusterPolicyConfig"),
  desiredAutopilotWorkloadPolicyConfig: replaces("autopilot.workloadPolicyConfig"),
  desiredBinaryAuthorization: replaces("binaryAuthorization"),
  desiredClusterAutoscaling: (cluster, value) => {
    cluster["autoscaling"] = completeAutoscaling(objectOf(value));
  },
  desiredCompliancePostureConfig: replaces("compliancePostureConfig"),
  desiredContainerdConfig: replaces(`${DEFAULTS}.containerdConfig`),
  desiredControlPlaneEgress: replaces("controlPlaneEgress"),
  desiredControlPlaneEndpointsConfig: (cluster, value) => {
    const before = objectOf(cluster["controlPlaneEndpointsConfig"]);
    const after = objectOf(value);
    cluster["controlPlaneEndpointsConfig"] = completeEndpoints({
      controlPlaneEndpointsConfig: {
        dnsEndpointConfig: withAbsent(objectOf(after["dnsEndpointConfig"]), objectOf(before["dnsEndpointConfig"])),
        ipEndpointsConfig: after["ipEndpointsConfig"] ?? before["ipEndpointsConfig"],
      },
    });
  },
  desiredCostManagementConfig: replaces("costManagementConfig", true),
  desiredDatabaseEncryption: (cluster, value) => {
    cluster["databaseEncryption"] = completeEncryption(
      objectOf(value),
      objectOf(cluster["databaseEncryption"]),
      minorOf(stringOf(cluster["currentMasterVersion"]) ?? ""),
    );
  },
  desiredDefaultEnablePrivateNodes: replaces("networkConfig.defaultEnablePrivateNodes"),
  desiredDefaultSnatStatus: replaces("networkConfig.defaultSnatStatus"),
  desiredDisableL4LbFirewallReconciliation: replaces("networkConfig.disableL4LbFirewallReconciliation"),
  desiredDnsConfig: replaces("networkConfig.dnsConfig"),
  desiredEmulatedVersion: replaces("currentEmulatedVersion"),
  desiredEnableCiliumClusterwideNetworkPolicy: replaces("networkConfig.enableCiliumClusterwideNetworkPolicy"),
  desiredEnableFqdnNetworkPolicy: replaces("networkConfig.enableFqdnNetworkPolicy"),
  desiredEnableMultiNetworking: replaces("networkConfig.enableMultiNetworking"),
  desiredEnablePrivateEndpoint: (cluster, value) =>
    setAt(cluster, "controlPlaneEndpointsConfig.ipEndpointsConfig.enablePublicEndpoint", value !== true),
  desiredEnterpriseConfig: (cluster, value) => {
    const tier = at(value, "desiredTier");
    cluster["enterpriseConfig"] = { desiredTier: tier, clusterTier: tier };
  },
  desiredGatewayApiConfig: replaces("networkConfig.gatewayApiConfig"),
  desiredGcfsConfig: replaces(`${DEFAULTS}.gcfsConfig`),
  desiredIdentityServiceConfig: replaces("identityServiceConfig"),
  desiredInTransitEncryptionConfig: replaces("networkConfig.inTransitEncryptionConfig"),
  desiredIntraNodeVisibilityConfig: flag("networkConfig.enableIntraNodeVisibility"),
  desiredK8sBetaApis: replaces("enableK8sBetaApis"),
  enableK8sBetaApis: replaces("enableK8sBetaApis"),
  desiredL4ilbSubsettingConfig: (cluster, value) => {
    if (at(cluster, "networkConfig.enableL4ilbSubsetting") === true && at(value, "enabled") !== true) {
      throw badRequest("L4 ILB subsetting cannot be disabled once it is enabled.");
    }
    flag("networkConfig.enableL4ilbSubsetting")(cluster, value);
  },
  desiredLoggingConfig: (cluster, value) => Object.assign(cluster, completeLogging({ loggingConfig: value })),
  desiredLoggingService: (cluster, value) => Object.assign(cluster, completeLogging({ loggingService: value })),
  desiredManagedMachineLearningDiagnosticsConfig: replaces("managedMachineLearningDiagnosticsConfig"),
  desiredManagedOpentelemetryConfig: replaces("managedOpentelemetryConfig"),
  desiredMasterAuthorizedNetworksConfig: (cluster, value) =>
    setAt(cluster, "controlPlaneEndpointsConfig.ipEndpointsConfig.authorizedNetworksConfig", copy(value)),
  desiredMeshCertificates: replaces("meshCertificates"),
  desiredMonitoringConfig: (cluster, value) => {
    const before = objectOf(cluster["monitoringConfig"]);
    const config = withAbsent(objectOf(value), before);
    Object.assign(cluster, completeMonitoring({ monitoringConfig: config }));
  },
  desiredMonitoringService: (cluster, value) =>
    Object.assign(cluster, completeMonitoring({ monitoringService: value })),
  desiredNetworkPerformanceConfig: replaces("networkConfig.networkPerformanceConfig"),
  desiredNetworkTierConfig: replaces("ipAllocationPolicy.networkTierConfig"),
  desiredNodeCreationConfig: replaces("nodeCreationConfig"),
  desiredNodeKubeletConfig: merges(`${DEFAULTS}.nodeKubeletConfig`),
  desiredNodePoolAutoConfigKubeletConfig: merges("nodePoolAutoConfig.nodeKubeletConfig"),
  desiredNodePoolAutoConfigLinuxNodeConfig: replaces("nodePoolAutoConfig.linuxNodeConfig"),
  desiredNodePoolAutoConfigNetworkTags: replaces("nodePoolAutoConfig.networkTags"),
  desiredNodePoolAutoConfigResourceManagerTags: replaces("nodePoolAutoConfig.resourceManagerTags"),
  desiredNodePoolLoggingConfig: replaces(`${DEFAULTS}.loggingConfig`),
  desiredNotificationConfig: replaces("notificationConfig"),
  desiredParentProductConfig: replaces("parentProductConfig"),
  desiredPodAutoscaling: replaces("podAutoscaling"),
  desiredPrivateIpv6GoogleAccess: replaces("networkConfig.privateIpv6GoogleAccess"),
  desiredPrivilegedAdmissionConfig: replaces("autopilot.privilegedAdmissionConfig"),
  desiredRbacBindingConfig: merges("rbacBindingConfig"),
  desiredReleaseChannel: (cluster, value) => {
    cluster["releaseChannel"] = at(value, "channel") === "UNSPECIFIED" ? {} : copy(value);
  },
  desiredResourceUsageExportConfig: replaces("resourceUsageExportConfig", true),
  desiredRollbackSafeUpgrade: replaces("rollbackSafeUpgrade"),
  desiredSecretManagerConfig: replaces("secretManagerConfig"),
  desiredSecretSyncConfig: replaces("secretSyncConfig"),
  desiredSecurityPostureConfig: merges("securityPostureConfig"),
  desiredServiceExternalIpsConfig: replaces("networkConfig.serviceExternalIpsConfig"),
  desiredShieldedNodes: replaces("shieldedNodes"),
  desiredStackType: replaces("ipAllocationPolicy.stackType"),
  desiredUserManagedKeysConfig: replaces("userManagedKeysConfig"),
  userManagedKeysConfig: replaces("userManagedKeysConfig"),
  desiredVerticalPodAutoscaling: replaces("verticalPodAutoscaling"),
  desiredWorkloadIdentityConfig: (cluster, value) => {
    const pool = stringOf(at(value, "workloadPool"));
    setAt(cluster, "workloadIdentityConfig", pool ? { workloadPool: pool } : undefined);
  },
  gkeAutoUpgradeConfig: replaces("gkeAutoUpgradeConfig"),
  maintenancePolicy: (cluster, value) => {
    const { resourceVersion } = objectOf(cluster["maintenancePolicy"]);
    cluster["maintenancePolicy"] = { ...completeMaintenance(objectOf(value)), resourceVersion };
  },
  networkPolicy: (cluster, value) =>
    setAt(cluster, "networkPolicy", at(value, "enabled") === true ? copy(value) : undefined),
  legacyAbac: replaces("legacyAbac"),
  resourceLabels: replaces("resourceLabels"),
};
