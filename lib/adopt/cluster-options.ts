import type { DataplaneDraft, Plain, PlainMap } from "./draft";
import { given, unless } from "./draft";
import type { LiveCluster } from "./google";

const HOUR_MS = 3_600_000;
const DRIVERS = {
  "gce-pd": "gcePersistentDiskCsiDriverConfig",
  filestore: "gcpFilestoreCsiDriverConfig",
  "gcs-fuse": "gcsFuseCsiDriverConfig",
  parallelstore: "parallelstoreCsiDriverConfig",
  lustre: "lustreCsiDriverConfig",
} as const;

/** The options of a cluster that make one like this: what differs from their defaults, and nothing else. */
export function clusterOptions(cluster: LiveCluster, environment: string, kind: DataplaneDraft["kind"]): PlainMap {
  const autopilot = cluster.autopilot?.enabled === true;
  return given({
    name: unless(cluster.name, environment),
    autopilot: unless(autopilot, false),
    nodeLocations: autopilot ? undefined : nodeLocations(cluster),
    nodeServiceAccount: nodeAccountOf(cluster),
    labels: labelsOf(cluster.resourceLabels, environment),
    maxPodsPerNode: autopilot
      ? undefined
      : unless(Number(cluster.defaultMaxPodsConstraint?.maxPodsPerNode ?? 110), 110),
    ...controlPlane(cluster),
    ...maintenance(cluster),
    ...observability(cluster, kind),
    ...security(cluster),
    ...(autopilot ? {} : features(cluster, kind)),
    ...scaling(cluster, autopilot),
  });
}

type Options = Readonly<Record<string, Plain | undefined>>;

function nodeLocations(cluster: LiveCluster): string[] | undefined {
  const further = (cluster.locations ?? []).filter((zone) => zone !== cluster.location).sort();
  return further.length > 0 ? further : undefined;
}

/** An account that all pools share. The Compute Engine default account is none that this library gives to nodes. */
export function nodeAccountOf({ nodePools = [] }: LiveCluster): string | undefined {
  const accounts = new Set(nodePools.map(({ config }) => config?.serviceAccount ?? "default"));
  const [account] = accounts;
  return account?.includes("@") && !account.endsWith("-compute@developer.gserviceaccount.com") ? account : undefined;
}

function labelsOf(labels: LiveCluster["resourceLabels"], environment: string): PlainMap | undefined {
  const own = Object.entries(labels ?? {}).filter(
    ([key, value]) => !key.startsWith("goog-") && !(key === "environment" && value === environment),
  );
  return own.length > 0 ? Object.fromEntries(own) : undefined;
}

function controlPlane(cluster: LiveCluster): Options {
  const { controlPlaneEndpointsConfig: endpoints, privateClusterConfig: privacy } = cluster;
  const networks = cluster.masterAuthorizedNetworksConfig;
  const hasIp = endpoints?.ipEndpointsConfig?.enabled !== false;
  const isPublic =
    endpoints?.ipEndpointsConfig?.enablePublicEndpoint ??
    (privacy === undefined || privacy.enablePrivateEndpoint !== true);
  const allowed = (networks?.cidrBlocks ?? []).map(({ cidrBlock = "", displayName }) => ({
    cidr: cidrBlock,
    name: displayName || cidrBlock,
  }));
  return {
    privateNodes: unless(
      privacy?.enablePrivateNodes ?? cluster.networkConfig?.defaultEnablePrivateNodes ?? false,
      true,
    ),
    dnsEndpoint: unless(endpoints?.dnsEndpointConfig?.allowExternalTraffic ?? false, true),
    ipEndpoint: unless(hasIp ? (isPublic ? "public" : "private") : "off", "private"),
    authorizedNetworks: hasIp && allowed.length > 0 ? allowed : undefined,
    enforceOnPrivateEndpoint: hasIp ? unless(networks?.privateEndpointEnforcementEnabled ?? false, true) : undefined,
    googlePublicAccess: hasIp ? unless(networks?.gcpPublicCidrsAccessEnabled ?? false, false) : undefined,
    privateEndpointGlobalAccess: hasIp
      ? unless(endpoints?.ipEndpointsConfig?.globalAccess ?? privacy?.masterGlobalAccessConfig?.enabled ?? false, false)
      : undefined,
  };
}

function maintenance({ releaseChannel, maintenancePolicy }: LiveCluster): Options {
  const { recurringWindow, maintenanceExclusions = {} } = maintenancePolicy?.window ?? {};
  const { startTime, endTime } = recurringWindow?.window ?? {};
  const exclusions = Object.entries(maintenanceExclusions).map(([name, each]) => ({
    name,
    startTime: each.startTime ?? "",
    endTime: each.endTime ?? "",
    scope: each.maintenanceExclusionOptions?.scope ?? "NO_UPGRADES",
  }));
  return {
    releaseChannel: unless(releaseChannel?.channel ?? "UNSPECIFIED", "REGULAR"),
    maintenanceWindow:
      startTime && endTime && recurringWindow?.recurrence
        ? {
            startTime,
            hours: (Date.parse(endTime) - Date.parse(startTime)) / HOUR_MS,
            recurrence: recurringWindow.recurrence,
          }
        : undefined,
    maintenanceExclusions: exclusions.length > 0 ? exclusions : undefined,
  };
}

function observability(cluster: LiveCluster, kind: DataplaneDraft["kind"]): Options {
  const logging = cluster.loggingConfig?.componentConfig?.enableComponents ?? [];
  const monitoring = cluster.monitoringConfig?.componentConfig?.enableComponents ?? [];
  const { pubsub } = cluster.notificationConfig ?? {};
  return {
    logging: sameSet(logging, ["SYSTEM_COMPONENTS", "WORKLOADS"]) ? undefined : logging,
    monitoring: sameSet(monitoring, ["SYSTEM_COMPONENTS"]) ? undefined : monitoring,
    managedPrometheus: unless(cluster.monitoringConfig?.managedPrometheusConfig?.enabled ?? false, true),
    costAllocation: unless(cluster.costManagementConfig?.enabled ?? false, true),
    intranodeVisibility:
      cluster.autopilot?.enabled === true
        ? undefined
        : unless(cluster.networkConfig?.enableIntraNodeVisibility ?? false, kind === "v2"),
    notificationTopic: pubsub?.enabled ? pubsub.topic : undefined,
  };
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each) => b.includes(each));
}

function security(cluster: LiveCluster): Options {
  const encryption = cluster.databaseEncryption;
  const confidential = cluster.confidentialNodes;
  return {
    securityGroup: cluster.authenticatorGroupsConfig?.enabled
      ? cluster.authenticatorGroupsConfig.securityGroup
      : undefined,
    binaryAuthorization:
      cluster.binaryAuthorization?.evaluationMode === "PROJECT_SINGLETON_POLICY_ENFORCE" ? true : undefined,
    secretsEncryptionKey: encryption?.keyName && encryption.state !== "DECRYPTED" ? encryption.keyName : undefined,
    confidentialNodes: confidential?.enabled ? (confidential.confidentialInstanceType ?? "SEV") : undefined,
    securityPosture: unless(cluster.securityPostureConfig?.mode ?? "DISABLED", "BASIC"),
    anonymousAuthentication: unless(cluster.anonymousAuthenticationConfig?.mode ?? "ENABLED", "LIMITED"),
    secretManager: cluster.secretManagerConfig?.enabled ? true : undefined,
  };
}

function features(cluster: LiveCluster, kind: DataplaneDraft["kind"]): Options {
  const addons = cluster.addonsConfig ?? {};
  const drivers = Object.entries(DRIVERS)
    .filter(([, config]) => addons[config]?.enabled === true)
    .map(([driver]) => driver);
  const dns = cluster.networkConfig?.dnsConfig;
  return {
    httpLoadBalancing: unless(addons.httpLoadBalancing?.disabled !== true, true),
    nodeLocalDns: unless(addons.dnsCacheConfig?.enabled ?? false, kind !== "kubeProxyFree"),
    backupAgent: unless(addons.gkeBackupAgentConfig?.enabled ?? false, false),
    configConnector: addons.configConnectorConfig?.enabled ? true : undefined,
    csiDrivers: unless(drivers, ["gce-pd"]),
    gatewayApi: unless(cluster.networkConfig?.gatewayApiConfig?.channel === "CHANNEL_STANDARD", kind === "v2"),
    verticalPodAutoscaling: unless(cluster.verticalPodAutoscaling?.enabled ?? false, true),
    ilbSubsetting: unless(cluster.networkConfig?.enableL4ilbSubsetting ?? false, true),
    fleetProject: cluster.fleet?.project || undefined,
    dns:
      dns?.clusterDns === "CLOUD_DNS" || dns?.clusterDns === "KUBE_DNS"
        ? given({
            provider: dns.clusterDns,
            scope: dns.clusterDnsScope,
            domain: dns.clusterDnsScope === "VPC_SCOPE" ? dns.clusterDnsDomain : undefined,
            additiveVpcDomain: dns.additiveVpcScopeDnsDomain,
          })
        : undefined,
  };
}

function scaling({ autoscaling }: LiveCluster, autopilot: boolean): Options {
  if (autoscaling === undefined || autopilot) return {};
  const limits = autoscaling.resourceLimits ?? [];
  const limit = (type: string, side: "minimum" | "maximum") => {
    const text = limits.find(({ resourceType }) => resourceType === type)?.[side];
    return text === undefined ? undefined : Number(text);
  };
  const accelerators = limits
    .filter(({ resourceType }) => resourceType !== "cpu" && resourceType !== "memory")
    .map(({ resourceType = "", maximum = "0" }) => ({ type: resourceType, max: Number(maximum) }));
  const nodes = autoscaling.autoprovisioningNodePoolDefaults;
  return {
    autoscalingProfile: unless(autoscaling.autoscalingProfile ?? "BALANCED", "BALANCED"),
    autoProvisioning:
      autoscaling.enableNodeAutoprovisioning === true
        ? given({
            maxCpu: limit("cpu", "maximum") ?? 0,
            maxMemoryGb: limit("memory", "maximum") ?? 0,
            minCpu: limit("cpu", "minimum"),
            minMemoryGb: limit("memory", "minimum"),
            accelerators: accelerators.length > 0 ? accelerators : undefined,
            zones: autoscaling.autoprovisioningLocations,
            diskType: unless(nodes?.diskType, "pd-balanced"),
            diskSizeGb: unless(nodes?.diskSizeGb, 100),
          })
        : undefined,
  };
}
