import { at, type JsonObject, listOf, objectOf, setAt, withAbsent, withDefaults } from "../json";
import { completeEndpoints } from "./endpoints";
import { DEFAULT_CHANNEL, minorOf } from "./versions";

/** Scopes that nodes get where the request names none. */
export const DEFAULT_SCOPES: readonly string[] = [
  "https://www.googleapis.com/auth/devstorage.read_only",
  "https://www.googleapis.com/auth/logging.write",
  "https://www.googleapis.com/auth/monitoring",
  "https://www.googleapis.com/auth/service.management.readonly",
  "https://www.googleapis.com/auth/servicecontrol",
  "https://www.googleapis.com/auth/trace.append",
];

/** What is monitored of a cluster where the request does not say. */
const MONITORED = [
  ...["SYSTEM_COMPONENTS", "DAEMONSET", "DEPLOYMENT", "STATEFULSET", "JOBSET", "STORAGE", "HPA", "POD"],
  ...["CADVISOR", "KUBELET", "DCGM"],
];

/** From these minors on new clusters have other defaults. */
const NODE_LOCAL_DNS = 34;
const HPA_PROFILE = 34;
const LIMITED_ANONYMOUS = 35;
/** From this minor on everything that is stored is encrypted, and called so. */
const ALL_OBJECTS_ENCRYPTED = 35;

/** Messages of a cluster whose defaults depend on its version. */
function versionDefaults(minor: number): JsonObject {
  return {
    anonymousAuthenticationConfig: { mode: minor >= LIMITED_ANONYMOUS ? "LIMITED" : "ENABLED" },
    podAutoscaling: { hpaProfile: minor >= HPA_PROFILE ? "PERFORMANCE" : "HPA_PROFILE_UNSPECIFIED" },
  };
}

/** Messages that a cluster has in any case; one that the request brings is taken as it is. */
const MESSAGES: JsonObject = {
  autopilot: {},
  binaryAuthorization: {},
  databaseEncryption: { state: "DECRYPTED" },
  enterpriseConfig: { clusterTier: "STANDARD" },
  legacyAbac: {},
  notificationConfig: { pubsub: {} },
  releaseChannel: { channel: DEFAULT_CHANNEL },
  shieldedNodes: { enabled: true },
  userManagedKeysConfig: {},
};

/** Fields that messages of a cluster have in any case, whether or not the request brings the message. */
const FIELDS: { readonly [message: string]: JsonObject } = {
  addonsConfig: {
    gcePersistentDiskCsiDriverConfig: { enabled: true },
    kubernetesDashboard: { disabled: true },
    networkPolicyConfig: { disabled: true },
  },
  masterAuth: { clientCertificateConfig: {} },
  networkConfig: { serviceExternalIpsConfig: {} },
  nodePoolAutoConfig: { nodeKubeletConfig: { insecureKubeletReadonlyPortEnabled: false } },
  rbacBindingConfig: {
    enableInsecureBindingSystemAuthenticated: true,
    enableInsecureBindingSystemUnauthenticated: true,
  },
  securityPostureConfig: { mode: "BASIC", vulnerabilityMode: "VULNERABILITY_MODE_UNSPECIFIED" },
};

/** What pools of the cluster inherit. */
const NODE_DEFAULTS: JsonObject = {
  loggingConfig: { variantConfig: { variant: "DEFAULT" } },
  nodeKubeletConfig: { insecureKubeletReadonlyPortEnabled: false },
};

/** Limits of what node auto-provisioning may create in an Autopilot cluster. */
const AUTOPILOT_LIMITS = [
  { resourceType: "cpu", maximum: "1000000000" },
  { resourceType: "memory", maximum: "1000000000" },
  { resourceType: "nvidia-tesla-t4", maximum: "1000000000" },
  { resourceType: "nvidia-tesla-a100", maximum: "1000000000" },
];

function autopilotDefaults(project: string): JsonObject {
  return {
    addonsConfig: {
      dnsCacheConfig: { enabled: true },
      gcpFilestoreCsiDriverConfig: { enabled: true },
      gcsFuseCsiDriverConfig: { enabled: true },
      horizontalPodAutoscaling: {},
      httpLoadBalancing: {},
    },
    autoscaling: {
      autoprovisioningNodePoolDefaults: { oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"] },
      autoscalingProfile: "OPTIMIZE_UTILIZATION",
      enableNodeAutoprovisioning: true,
      resourceLimits: AUTOPILOT_LIMITS,
    },
    networkConfig: {
      datapathProvider: "ADVANCED_DATAPATH",
      dnsConfig: { clusterDns: "CLOUD_DNS", clusterDnsDomain: "cluster.local", clusterDnsScope: "CLUSTER_SCOPE" },
      enableIntraNodeVisibility: true,
      gatewayApiConfig: { channel: "CHANNEL_STANDARD" },
    },
    verticalPodAutoscaling: { enabled: true },
    workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
  };
}

/** A cluster from a request with everything that Google fills in and that depends on nothing but the request. */
export function completeCluster(given: JsonObject, project: string, version: string): JsonObject {
  const autopilot = at(given, "autopilot.enabled") === true;
  const minor = minorOf(version);
  const cluster = withAbsent(autopilot ? withDefaults(given, autopilotDefaults(project)) : given, {
    ...MESSAGES,
    ...versionDefaults(minor),
  });
  if (minor >= NODE_LOCAL_DNS) {
    cluster["addonsConfig"] = withAbsent(objectOf(cluster["addonsConfig"]), { dnsCacheConfig: { enabled: true } });
  }
  for (const [message, fields] of Object.entries(FIELDS)) {
    cluster[message] = withAbsent(objectOf(cluster[message]), fields);
  }
  const nodeDefaults = withAbsent(objectOf(at(given, "nodePoolDefaults.nodeConfigDefaults")), NODE_DEFAULTS);
  cluster["nodePoolDefaults"] = { nodeConfigDefaults: nodeDefaults };
  cluster["controlPlaneEndpointsConfig"] = completeEndpoints(given);
  cluster["autoscaling"] = completeAutoscaling(objectOf(cluster["autoscaling"]));
  cluster["databaseEncryption"] = completeEncryption(objectOf(cluster["databaseEncryption"]), {}, minor);
  if (at(cluster, "releaseChannel.channel") === "UNSPECIFIED") cluster["releaseChannel"] = {};
  cluster["maintenancePolicy"] = completeMaintenance(objectOf(given["maintenancePolicy"]));
  Object.assign(cluster, completeLogging(given), completeMonitoring(given));
  if (at(given, "networkPolicy.enabled") !== true) delete cluster["networkPolicy"];
  else if (!at(given, "addonsConfig.networkPolicyConfig")) setAt(cluster, "addonsConfig.networkPolicyConfig", {});
  delete cluster["nodePools"];
  delete cluster["nodeConfig"];
  return cluster;
}

/** Cluster autoscaling with its defaults; a CPU platform of "automatic" means none. */
export function completeAutoscaling(given: JsonObject): JsonObject {
  const enabled = given["enableNodeAutoprovisioning"] === true;
  const completed = withAbsent(given, { autoscalingProfile: "BALANCED" });
  const defaults = withAbsent(objectOf(given["autoprovisioningNodePoolDefaults"]), {
    imageType: "COS_CONTAINERD",
    management: { autoRepair: true, autoUpgrade: true },
    serviceAccount: "default",
    ...(enabled
      ? { diskSizeGb: 100, diskType: "pd-balanced", upgradeSettings: { maxSurge: 1, strategy: "SURGE" } }
      : {}),
  });
  completed["autoprovisioningNodePoolDefaults"] = defaults;
  if (listOf(defaults["oauthScopes"]).length === 0) defaults["oauthScopes"] = [...DEFAULT_SCOPES];
  for (const [field, fallback] of [
    ["serviceAccount", "default"],
    ["imageType", "COS_CONTAINERD"],
  ] as const) {
    if (defaults[field] === "") defaults[field] = fallback;
  }
  if (defaults["minCpuPlatform"] === "automatic") delete defaults["minCpuPlatform"];
  if (!enabled) delete completed["resourceLimits"];
  return completed;
}

/** Database encryption with its present state; a key that is no longer used stays listed for decryption. */
export function completeEncryption(given: JsonObject, before: JsonObject, minor: number): JsonObject {
  const encrypted = given["state"] === "ENCRYPTED" || given["state"] === "ALL_OBJECTS_ENCRYPTION_ENABLED";
  const state = !encrypted
    ? "DECRYPTED"
    : minor >= ALL_OBJECTS_ENCRYPTED
      ? "ALL_OBJECTS_ENCRYPTION_ENABLED"
      : "ENCRYPTED";
  return {
    state,
    currentState: `CURRENT_STATE_${state}`,
    ...(encrypted ? { keyName: given["keyName"] } : {}),
    ...(!encrypted && before["keyName"] ? { decryptionKeys: [before["keyName"]] } : {}),
  };
}

/** A maintenance policy as the API shows it: with a duration, and without what is the default of an exclusion. */
export function completeMaintenance(given: JsonObject): JsonObject {
  const window = objectOf(given["window"]);
  const daily = objectOf(window["dailyMaintenanceWindow"]);
  const exclusions = Object.entries(objectOf(window["maintenanceExclusions"])).map(([name, value]) => {
    const exclusion = objectOf(value);
    const options = objectOf(exclusion["maintenanceExclusionOptions"]);
    const scope = options["scope"] === "NO_UPGRADES" ? {} : options;
    return [
      name,
      { ...exclusion, ...(exclusion["maintenanceExclusionOptions"] ? { maintenanceExclusionOptions: scope } : {}) },
    ];
  });
  const shown: JsonObject = {
    ...(window["dailyMaintenanceWindow"] ? { dailyMaintenanceWindow: { duration: "PT4H0M0S", ...daily } } : {}),
    ...(window["recurringWindow"] ? { recurringWindow: window["recurringWindow"] } : {}),
    ...(exclusions.length > 0 ? { maintenanceExclusions: Object.fromEntries(exclusions) as JsonObject } : {}),
  };
  return Object.keys(shown).length > 0 ? { window: shown } : {};
}

/** The newer and the older logging fields, which say the same. */
export function completeLogging(given: JsonObject): JsonObject {
  const components = at(given, "loggingConfig.componentConfig.enableComponents");
  const off = given["loggingConfig"] ? listOf(components).length === 0 : given["loggingService"] === "none";
  return {
    loggingConfig: {
      componentConfig: off ? {} : { enableComponents: components ?? ["SYSTEM_COMPONENTS", "WORKLOADS"] },
    },
    loggingService: off ? "none" : "logging.googleapis.com/kubernetes",
  };
}

/** The newer and the older monitoring fields, which say the same. */
export function completeMonitoring(given: JsonObject): JsonObject {
  const config = objectOf(given["monitoringConfig"]);
  const components = at(config, "componentConfig.enableComponents");
  const off = config["componentConfig"] ? listOf(components).length === 0 : given["monitoringService"] === "none";
  return {
    monitoringConfig: {
      ...withAbsent(config, {
        advancedDatapathObservabilityConfig: {},
        // Given without `enabled`, which is how clients write false, it is off.
        managedPrometheusConfig: config["managedPrometheusConfig"]
          ? {}
          : { enabled: given["monitoringService"] !== "none" },
      }),
      componentConfig: off ? {} : { enableComponents: components ?? MONITORED },
    },
    monitoringService: off ? "none" : "monitoring.googleapis.com/kubernetes",
  };
}
