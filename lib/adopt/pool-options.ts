import { given, type PlainMap, unless } from "./draft";
import type { LiveCluster, LivePool } from "./google";

const DEFAULT_DISK = "pd-balanced";
/** The label that this library gives its pools, and those that GKE gives. */
const NOT_THEIRS =
  /^(cdktf-gke-cilium|cloud\.google\.com|kubernetes\.io|([a-z0-9-]+\.)?k8s\.io|node\.kubernetes\.io)\//;

/**
 * The options of a node pool that make one like this: what differs from their defaults, and nothing else.
 *
 * @param startupTaintKey Key of the taint that the dataplane itself puts on nodes.
 */
export function poolOptions(
  pool: LivePool,
  cluster: LiveCluster,
  account: string | undefined,
  startupTaintKey: string | undefined,
): PlainMap {
  const { config = {}, autoscaling, management, upgradeSettings: upgrade } = pool;
  const zones = [...(pool.locations ?? [])].sort();
  const labels = Object.entries(config.labels ?? {}).filter(([key]) => !NOT_THEIRS.test(key));
  const taints = (config.taints ?? []).filter(({ key }) => key !== startupTaintKey);
  const accelerators = (config.accelerators ?? []).map(({ acceleratorType = "", acceleratorCount = "1" }) => ({
    type: acceleratorType,
    count: Number(acceleratorCount),
  }));
  const labelsOfMachines = Object.entries(config.resourceLabels ?? {}).filter(([key]) => !key.startsWith("goog-"));
  return given({
    name: shortName(pool.name),
    machineType: unless(config.machineType, "e2-standard-4"),
    ...size(pool),
    locationPolicy: autoscaling?.enabled
      ? unless(autoscaling.locationPolicy, config.spot === true ? "ANY" : "BALANCED")
      : undefined,
    zones: sameZones(zones, cluster.locations ?? []) ? undefined : zones,
    imageType: unless(config.imageType?.toUpperCase(), "COS_CONTAINERD"),
    diskType: unless(config.diskType, DEFAULT_DISK),
    diskSizeGb: unless(config.diskSizeGb, 100),
    bootDiskKmsKey: config.bootDiskKmsKey,
    spot: config.spot ? true : undefined,
    labels: labels.length > 0 ? Object.fromEntries(labels) : undefined,
    taints:
      taints.length > 0
        ? taints.map(({ key = "", value = "", effect = "NO_SCHEDULE" }) => ({ key, value, effect }))
        : undefined,
    networkTags: config.tags && config.tags.length > 0 ? config.tags : undefined,
    resourceLabels: labelsOfMachines.length > 0 ? Object.fromEntries(labelsOfMachines) : undefined,
    maxPodsPerNode: unless(
      Number(pool.maxPodsConstraint?.maxPodsPerNode ?? 110),
      Number(cluster.defaultMaxPodsConstraint?.maxPodsPerNode ?? 110),
    ),
    podRange: unless(pool.networkConfig?.podRange, cluster.ipAllocationPolicy?.clusterSecondaryRangeName ?? ""),
    accelerators: accelerators.length > 0 ? accelerators : undefined,
    secureBoot: unless(config.shieldedInstanceConfig?.enableSecureBoot ?? false, true),
    integrityMonitoring: unless(config.shieldedInstanceConfig?.enableIntegrityMonitoring ?? false, true),
    confidentialNodes: config.confidentialNodes?.enabled
      ? (config.confidentialNodes.confidentialInstanceType ?? "SEV")
      : undefined,
    serviceAccount: config.serviceAccount?.includes("@") ? unless(config.serviceAccount, account ?? "") : undefined,
    minCpuPlatform: config.minCpuPlatform || undefined,
    imageStreaming: config.gcfsConfig?.enabled ? true : undefined,
    gvnic: config.gvnic?.enabled ? true : undefined,
    loggingVariant: unless(config.loggingConfig?.variantConfig?.variant, "DEFAULT"),
    localSsdCount: config.ephemeralStorageLocalSsdConfig?.localSsdCount || undefined,
    maxSurge: upgrade?.strategy === "BLUE_GREEN" ? undefined : unless(upgrade?.maxSurge, 1),
    maxUnavailable: upgrade?.strategy === "BLUE_GREEN" ? undefined : unless(upgrade?.maxUnavailable, 0),
    blueGreen: upgrade?.strategy === "BLUE_GREEN" ? {} : undefined,
    autoRepair: unless(management?.autoRepair ?? false, true),
    autoUpgrade: unless(management?.autoUpgrade ?? false, true),
  });
}

/** What a definition calls a pool: its name, without the hash where this library made it, and short enough for one. */
export function shortName(name: string): string {
  return name
    .replace(/-[0-9a-f]{6}$/, "")
    .slice(0, 33)
    .replace(/-+$/, "");
}

function size({ autoscaling, initialNodeCount = 0 }: LivePool): PlainMap {
  if (autoscaling?.enabled !== true) return { nodeCountPerZone: initialNodeCount };
  if ((autoscaling.totalMaxNodeCount ?? 0) > 0)
    return { minNodes: autoscaling.totalMinNodeCount ?? 0, maxNodes: autoscaling.totalMaxNodeCount ?? 0 };
  return { minNodesPerZone: autoscaling.minNodeCount ?? 0, maxNodesPerZone: autoscaling.maxNodeCount ?? 0 };
}

function sameZones(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((zone) => b.includes(zone));
}
