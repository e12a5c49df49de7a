import type { Cloud } from "../cloud";
import { badRequest } from "../http/errors";
import {
  at,
  type JsonObject,
  listOf,
  numberOf,
  objectOf,
  stringOf,
  stringsOf,
  withAbsent,
  withDefaults,
} from "../json";
import { regionOf, zonesOf } from "../locations";
import { DEFAULT_SCOPES } from "./cluster-defaults";
import { checkManagement, checkServiceAccount } from "./cluster-rules";
import { defaultMaxPods } from "./cluster-view";
import { partsOf } from "./names";
import type { ClusterRecord, PoolRecord } from "./records";
import { checkKeyOf } from "./references";
import {
  checkAutoscaling,
  checkMaxPods,
  checkNodeConfig,
  checkNodeCount,
  checkSurroundings,
  checkUpgradeSettings,
} from "./rules";
import { compareVersions, minorOf, offerFor, resolveVersion } from "./versions";

/** Machine families whose boot disks are Hyperdisks. */
const HYPERDISK_FAMILIES = /^(c4|c4a|c4d|n4|n4a|n4d|x4|z3)-/;

/** How many minors nodes may be older than the control plane. */
const MAX_NODE_SKEW = 2;

/** Length of the range that each node gets for its pods: twice as many addresses as pods, at least. */
export function podCidrSize(maxPods: number): number {
  return 32 - Math.ceil(Math.log2(maxPods * 2));
}

/** The configuration of nodes with what Google fills in. */
export function completeNodeConfig(given: JsonObject, cluster: ClusterRecord): JsonObject {
  const machineType = stringOf(given["machineType"]) || "e2-medium";
  const bootDisk = objectOf(given["bootDisk"]);
  const diskType =
    stringOf(bootDisk["diskType"]) ||
    stringOf(given["diskType"]) ||
    (HYPERDISK_FAMILIES.test(machineType) ? "hyperdisk-balanced" : "pd-balanced");
  const diskSizeGb = numberOf(bootDisk["sizeGb"]) || numberOf(given["diskSizeGb"]) || 100;
  const scopes = listOf(given["oauthScopes"]);
  const spot = given["spot"] === true || given["preemptible"] === true;
  const workloadIdentity = Boolean(at(cluster.api, "workloadIdentityConfig.workloadPool"));
  const labels = objectOf(given["resourceLabels"]);
  return {
    ...withDefaults(given, {
      effectiveCgroupMode: "EFFECTIVE_CGROUP_MODE_V2",
      imageType: "COS_CONTAINERD",
      kubeletConfig: {
        insecureKubeletReadonlyPortEnabled:
          at(
            cluster.api,
            "nodePoolDefaults.nodeConfigDefaults.nodeKubeletConfig.insecureKubeletReadonlyPortEnabled",
          ) === true,
        maxParallelImagePulls: 2,
      },
      metadata: { "disable-legacy-endpoints": "true" },
      serviceAccount: "default",
      shieldedInstanceConfig: given["shieldedInstanceConfig"] ? {} : { enableIntegrityMonitoring: true },
      windowsNodeConfig: {},
      ...(workloadIdentity ? { workloadMetadataConfig: { mode: "GKE_METADATA" } } : {}),
    }),
    machineType,
    diskType,
    diskSizeGb,
    bootDisk: { ...bootDisk, diskType, sizeGb: String(diskSizeGb) },
    oauthScopes: scopes.length > 0 ? scopes : [...DEFAULT_SCOPES],
    resourceLabels: { "goog-gke-node-pool-provisioning-model": spot ? "spot" : "on-demand", ...labels },
  };
}

/** The version of a pool's nodes. @throws ApiError 400 where the control plane does not allow it */
export function poolVersion(cloud: Cloud, cluster: ClusterRecord, requested: string | undefined): string {
  const master = stringOf(cluster.api["currentMasterVersion"])!;
  if (!requested || requested === "-" || requested === master) return master;
  const offer = offerFor(cloud.versions, stringOf(at(cluster.api, "releaseChannel.channel")));
  const version = resolveVersion(offer, requested, "Node");
  if (compareVersions(version, master) > 0) {
    throw badRequest(`Node version "${version}" must not be greater than master version "${master}".`);
  }
  if (minorOf(master) - minorOf(version) > MAX_NODE_SKEW) {
    throw badRequest(
      `Node version "${version}" must be within ${MAX_NODE_SKEW} minor versions of master version "${master}".`,
    );
  }
  return version;
}

/** GKE's metadata server speaks for workload identities. @throws ApiError 400 */
export function checkMetadataServer(config: JsonObject, cluster: ClusterRecord): void {
  const wanted = at(config, "workloadMetadataConfig.mode") === "GKE_METADATA";
  if (wanted && !at(cluster.api, "workloadIdentityConfig.workloadPool")) {
    throw badRequest("GKE_METADATA requires Workload Identity to be enabled on the cluster.");
  }
}

/** More networks than one, and queues for nodes, need what the cluster or the pool must have. @throws ApiError 400 */
function checkNetworks(given: JsonObject, cluster: ClusterRecord): void {
  const more = ["additionalNodeNetworkConfigs", "additionalPodNetworkConfigs"].some(
    (field) => listOf(at(given, `networkConfig.${field}`)).length > 0,
  );
  if (more && at(cluster.api, "networkConfig.enableMultiNetworking") !== true) {
    throw badRequest("Additional networks of a node pool require multi-networking to be enabled on the cluster.");
  }
  // https://cloud.google.com/kubernetes-engine/docs/how-to/provisioningrequest#create-node-pool
  const queued = at(given, "queuedProvisioning.enabled") === true;
  if (queued && at(given, "autoscaling.enabled") !== true) {
    throw badRequest("Queued provisioning requires autoscaling to be enabled on the node pool.");
  }
  if (
    at(given, "autoscaling.autoprovisioned") === true &&
    at(cluster.api, "autoscaling.enableNodeAutoprovisioning") !== true
  ) {
    throw badRequest("Node pools can only be autoprovisioned when node auto-provisioning is enabled on the cluster.");
  }
}

/** A new pool from a request. @throws ApiError 400 where its parts do not fit the cluster */
export function newPool(
  cloud: Cloud,
  clusterName: string,
  cluster: ClusterRecord,
  given: JsonObject,
  status: string,
): PoolRecord {
  const name = stringOf(given["name"]) ?? "";
  if (!/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name)) {
    throw badRequest(`Invalid value for field "node_pool.name": "${name}".`);
  }
  checkNodeCount("Node_pool.initial_node_count", numberOf(given["initialNodeCount"]));
  checkAutoscaling(objectOf(given["autoscaling"]));
  checkUpgradeSettings(objectOf(given["upgradeSettings"]));
  const config = completeNodeConfig(objectOf(given["config"]), cluster);
  checkServiceAccount(cloud, stringOf(config["serviceAccount"]));
  checkMetadataServer(config, cluster);
  checkNetworks(given, cluster);
  const maxPods = numberOf(at(given, "maxPodsConstraint.maxPodsPerNode")) ?? defaultMaxPods(cluster);
  checkMaxPods(maxPods);
  const locations = stringsOf(given["locations"]);
  const possible = zonesOf(regionOf(partsOf(clusterName).location) ?? "");
  const outside = locations.find((zone) => !possible.includes(zone));
  if (outside) throw badRequest(`Location "${outside}" is not a zone of the cluster's region.`);
  const version = poolVersion(cloud, cluster, stringOf(given["version"]));
  const zones = locations.length > 0 ? locations : stringsOf(cluster.api["locations"]);
  // What the cluster encrypts, every pool must be able to.
  const inherited = { confidentialNodes: cluster.api["confidentialNodes"] ?? {} };
  checkNodeConfig({ ...inherited, ...config }, objectOf(given["config"]), { zones, version });
  checkSurroundings(config, given);
  checkKeyOf(cloud, stringOf(config["bootDiskKmsKey"]), partsOf(clusterName).location);
  const pool = withAbsent(given, { initialNodeCount: 0, management: { autoRepair: true, autoUpgrade: true } });
  pool["networkConfig"] = withAbsent(objectOf(given["networkConfig"]), {
    podRange: at(cluster.api, "ipAllocationPolicy.clusterSecondaryRangeName") ?? "",
    podIpv4CidrBlock: cluster.api["clusterIpv4Cidr"] ?? "",
    podIpv4RangeUtilization: 0.001,
    subnetwork: at(cluster.api, "networkConfig.subnetwork") ?? "",
    enablePrivateNodes: at(cluster.api, "networkConfig.defaultEnablePrivateNodes") === true,
  });
  pool["upgradeSettings"] = completeUpgradeSettings(objectOf(given["upgradeSettings"]));
  checkManagement(cluster.api, objectOf(pool["management"]));
  const autoscaling = objectOf(pool["autoscaling"]);
  if (autoscaling["enabled"] === true) pool["autoscaling"] = withAbsent(autoscaling, { locationPolicy: "BALANCED" });
  return {
    hash: cloud.identity.hex(8),
    nodes: [],
    ownLocations: locations.length > 0,
    api: {
      ...pool,
      config,
      etag: cloud.identity.uuid(),
      locations: zones,
      maxPodsConstraint: { maxPodsPerNode: String(maxPods) },
      podIpv4CidrSize: podCidrSize(maxPods),
      status,
      version,
    },
  };
}

/** Upgrade settings with what GKE fills in. */
export function completeUpgradeSettings(given: JsonObject): JsonObject {
  if (given["strategy"] === "BLUE_GREEN") {
    const blueGreenSettings = withAbsent(objectOf(given["blueGreenSettings"]), {
      nodePoolSoakDuration: "3600s",
      standardRolloutPolicy: { batchNodeCount: 1, batchSoakDuration: "0s" },
    });
    return { ...given, blueGreenSettings };
  }
  const untouched = given["maxSurge"] === undefined && given["maxUnavailable"] === undefined;
  return withAbsent(given, { strategy: "SURGE", ...(untouched ? { maxSurge: 1 } : {}) });
}
