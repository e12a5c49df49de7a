import { badRequest } from "../../http/errors";
import { at, type JsonObject, numberOf } from "../../json";
import { isZone } from "../../locations";

/** Pods on a node of Autopilot, where the request names a number. */
const PODS = 32;

/** Fields that cannot be set, with what GKE calls them. */
const NOT_ALLOWED: readonly (readonly [path: string, name: string])[] = [
  [
    "nodePoolDefaults.nodeConfigDefaults.nodeKubeletConfig",
    "node_pool_defaults.node_config_defaults.node_kubelet_config",
  ],
  ["autoscaling.resourceLimits", "autoscaling.resource_limits"],
  ["nodePools", "node_pools"],
];

/** What Autopilot decides itself: [field, the value that contradicts it, its name]. */
const DECIDED: readonly (readonly [path: string, wrong: boolean | string, name: string])[] = [
  ["addonsConfig.dnsCacheConfig.enabled", false, "NodeLocal DNSCache must be enabled"],
  [
    "addonsConfig.gcePersistentDiskCsiDriverConfig.enabled",
    false,
    "The Compute Engine persistent disk CSI driver must be enabled",
  ],
  ["addonsConfig.horizontalPodAutoscaling.disabled", true, "Horizontal Pod autoscaling must be enabled"],
  ["addonsConfig.httpLoadBalancing.disabled", true, "HTTP load balancing must be enabled"],
  ["autoscaling.enableNodeAutoprovisioning", false, "Node auto-provisioning must be enabled"],
  ["enableKubernetesAlpha", true, "Kubernetes alpha features cannot be enabled"],
  ["ipAllocationPolicy.useRoutes", true, "A VPC-native network must be used"],
  ["legacyAbac.enabled", true, "Legacy ABAC cannot be enabled"],
  ["networkConfig.datapathProvider", "LEGACY_DATAPATH", "GKE Dataplane V2 must be used"],
  ["networkConfig.enableIntraNodeVisibility", false, "Intranode visibility must be enabled"],
  ["networkPolicy.enabled", true, "The network policy addon cannot be enabled"],
  ["releaseChannel.channel", "UNSPECIFIED", "A release channel must be used"],
  ["shieldedNodes.enabled", false, "Shielded GKE nodes must be enabled"],
  ["verticalPodAutoscaling.enabled", false, "Vertical Pod autoscaling must be enabled"],
];

/** What of the configuration of nodes an Autopilot cluster does not let one choose. */
const OF_NODES = [
  ...[
    "accelerators",
    "bootDiskKmsKey",
    "diskSizeGb",
    "diskType",
    "imageType",
    "labels",
    "localSsdCount",
    "machineType",
  ],
  ...["metadata", "minCpuPlatform", "preemptible", "spot", "taints"],
];

/**
 * Refuses what cannot be said of an Autopilot cluster, at creation and in an update.
 *
 * @see https://github.com/GoogleCloudPlatform/ai-on-gke/issues/628
 * @see https://github.com/terraform-google-modules/terraform-google-kubernetes-engine/issues/2075
 * @see https://github.com/pulumi/pulumi-gcp/issues/714
 * @throws ApiError 400
 */
export function checkAutopilot(given: JsonObject, location: string): void {
  if (isZone(location)) throw badRequest("Autopilot clusters must be regional clusters.");
  const pods = numberOf(at(given, "defaultMaxPodsConstraint.maxPodsPerNode"));
  if (pods !== undefined && pods !== PODS) {
    throw badRequest(`Max pods constraint on node pools for Autopilot clusters should be ${PODS}.`);
  }
  for (const [path, name] of NOT_ALLOWED) {
    const value = at(given, path);
    if (value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)) {
      throw badRequest(`Setting ${name} is not allowed on GKE Autopilot clusters`);
    }
  }
  const nodes = OF_NODES.find((field) => {
    const value = at(given, `nodeConfig.${field}`);
    return value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0);
  });
  if (nodes) throw badRequest(`Setting node_config.${snake(nodes)} is not allowed on GKE Autopilot clusters`);
  checkDecided(given);
}

/** @throws ApiError 400 where a cluster contradicts what Autopilot decides */
export function checkDecided(cluster: JsonObject): void {
  const found = DECIDED.find(([path, wrong]) => at(cluster, path) === wrong);
  if (found) throw badRequest(`${found[2]} in Autopilot clusters.`);
}

/** Pools of an Autopilot cluster are Google's: https://github.com/gke-labs/kube-agents/issues/920. @throws ApiError 400 */
export function refusePools(cluster: JsonObject): void {
  if (at(cluster, "autopilot.enabled") === true)
    throw badRequest("Autopilot node pools cannot be accessed or modified.");
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
