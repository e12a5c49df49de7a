import type { ClusterView } from "../../gcp/hooks";
import { at } from "../../gcp/json";
import { isDataplaneV2 } from "../nodes";

/** A group of objects that GKE keeps in a cluster as long as something about the cluster asks for them. */
export type AddonName =
  | "core"
  | "calico"
  | "dataplane-v2"
  | "datapath-relay"
  | "fqdn-network-policy"
  | "cilium-clusterwide-network-policy"
  | "managed-prometheus"
  | "metadata-server"
  | "node-local-dns";

/** Every group and what asks for it, read from the cluster as the API shows it. */
const ASKS: Record<AddonName, (cluster: ClusterView) => boolean> = {
  core: () => true,
  calico: (cluster) =>
    !isDataplaneV2(cluster) &&
    at(cluster.resource, "networkPolicy.enabled") === true &&
    at(cluster.resource, "addonsConfig.networkPolicyConfig.disabled") !== true,
  "dataplane-v2": isDataplaneV2,
  "datapath-relay": (cluster) =>
    isDataplaneV2(cluster) &&
    at(cluster.resource, "monitoringConfig.advancedDatapathObservabilityConfig.enableRelay") === true,
  "fqdn-network-policy": (cluster) =>
    isDataplaneV2(cluster) && at(cluster.resource, "networkConfig.enableFqdnNetworkPolicy") === true,
  "cilium-clusterwide-network-policy": (cluster) =>
    isDataplaneV2(cluster) && at(cluster.resource, "networkConfig.enableCiliumClusterwideNetworkPolicy") === true,
  "managed-prometheus": (cluster) => at(cluster.resource, "monitoringConfig.managedPrometheusConfig.enabled") === true,
  "metadata-server": (cluster) => at(cluster.resource, "workloadIdentityConfig.workloadPool") !== undefined,
  "node-local-dns": (cluster) => at(cluster.resource, "addonsConfig.dnsCacheConfig.enabled") === true,
};

/** Every group, in the order in which they are installed. */
export const ADDON_NAMES = Object.keys(ASKS) as readonly AddonName[];

/** The groups that a cluster has. */
export function addonsOf(cluster: ClusterView): AddonName[] {
  return ADDON_NAMES.filter((name) => ASKS[name](cluster));
}
