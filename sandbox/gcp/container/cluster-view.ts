import type { Cloud } from "../cloud";
import { at, type JsonObject, numberOf, objectOf, stringOf } from "../json";
import { isZone } from "../locations";
import { printProto } from "../proto-json";
import { showEndpoints } from "./endpoints";
import { apiPath, partsOf } from "./names";
import { groupName, zonesOfPool } from "./pool-sizes";
import { type ClusterRecord, ClusterStore, type PoolRecord } from "./records";
import { compareVersions } from "./versions";

/** Fields declared `optional` in the API, as `parent.field`: printed even when they hold false. */
const OPTIONAL_FIELDS: ReadonlySet<string> = new Set([
  "*.gcpPublicCidrsAccessEnabled",
  "*.insecureKubeletReadonlyPortEnabled",
  "*.privateEndpointEnforcementEnabled",
  "dnsEndpointConfig.allowExternalTraffic",
  "dnsEndpointConfig.enableK8sTokensViaDns",
  "ipEndpointsConfig.enablePublicEndpoint",
  "ipEndpointsConfig.enabled",
  "ipEndpointsConfig.globalAccess",
  "kubeletConfig.cpuCfsQuota",
  "networkConfig.enablePrivateNodes",
]);

const LINK = "https://container.googleapis.com/v1/";

/** The cluster as `GET` shows it. */
export function showCluster(cloud: Cloud, name: string): JsonObject {
  const records = new ClusterStore(cloud);
  const record = records.cluster(name)!;
  const pools = records.pools(name);
  const { location } = partsOf(name);
  const first = pools.find(([, pool]) => pool.api["name"] === "default-pool") ?? pools[0];
  const versions = pools.map(([, pool]) => stringOf(pool.api["version"]) ?? "").sort(compareVersions);
  const shownPools = pools.map(([poolName, pool]) => showPool(poolName, pool));
  const short = (path: string): string => (stringOf(at(record.api, path)) ?? "").replace(/.*\//, "");
  const cluster: JsonObject = {
    ...record.api,
    ...showEndpoints(cloud, name, record),
    masterAuth: {
      ...objectOf(record.api["masterAuth"]),
      ...(record.access ? { clusterCaCertificate: record.access.clusterCaCertificate } : {}),
    },
    network: short("networkConfig.network"),
    subnetwork: short("networkConfig.subnetwork"),
    location,
    ...(isZone(location) ? { zone: location } : {}),
    selfLink: LINK + apiPath(name),
    currentNodeVersion: versions[0] ?? record.api["currentMasterVersion"],
    currentNodeCount: pools.reduce((sum, [, pool]) => sum + pool.nodes.length, 0),
    instanceGroupUrls: shownPools.flatMap((pool) => pool["instanceGroupUrls"] as string[]),
    ...(first ? { nodeConfig: objectOf(first[1].api["config"]) } : {}),
    nodePools: shownPools,
  };
  return printProto(cluster, OPTIONAL_FIELDS);
}

/** The node pool as `GET` shows it. */
export function showPool(name: string, pool: PoolRecord): JsonObject {
  const { project, cluster } = partsOf(name);
  const groups = zonesOfPool(pool).map((zone) => {
    const group = groupName(cluster, stringOf(pool.api["name"])!, pool, zone);
    return `https://www.googleapis.com/compute/v1/projects/${project}/zones/${zone}/instanceGroupManagers/${group}`;
  });
  return printProto({ ...pool.api, instanceGroupUrls: groups, selfLink: LINK + apiPath(name) }, OPTIONAL_FIELDS);
}

/** Number of pods that fit on a node of a cluster where its pool does not say. */
export function defaultMaxPods(cluster: ClusterRecord): number {
  return numberOf(at(cluster.api, "defaultMaxPodsConstraint.maxPodsPerNode")) ?? 110;
}
