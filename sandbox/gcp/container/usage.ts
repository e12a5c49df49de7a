import { at, type JsonObject, objectsOf, stringOf } from "../json";
import type { Store } from "../state/store";
import { isClusterName } from "./names";

/** Clusters with their full resource names. */
export function allClusters(store: Store): (readonly [name: string, cluster: JsonObject])[] {
  return store.list("//container.googleapis.com/").filter(([name]) => isClusterName(name));
}

/**
 * Something of each cluster on a subnetwork, as compute would name it when the subnetwork is to be deleted: the
 * forwarding rule of the control plane's endpoint.
 */
export function clustersOnSubnetwork(store: Store, subnetworkTail: string): string[] {
  return allClusters(store)
    .filter(([, cluster]) => subnetworksOfCluster(cluster).includes(subnetworkTail))
    .map(([, cluster]) => userOf(cluster, subnetworkTail));
}

/** Secondary ranges of a subnetwork that clusters use, each with something of the cluster that uses it. */
export function rangesUsedByClusters(store: Store, subnetworkTail: string): Map<string, string> {
  const used = new Map<string, string>();
  for (const [name, cluster] of allClusters(store)) {
    if (!subnetworksOfCluster(cluster).includes(subnetworkTail)) continue;
    const pools = store.list(`${name}/nodePools/`).map(([, pool]) => stringOf(at(pool, "api.networkConfig.podRange")));
    const api = at(cluster, "api.ipAllocationPolicy");
    const ranges = [
      stringOf(at(api, "clusterSecondaryRangeName")),
      stringOf(at(api, "servicesSecondaryRangeName")),
      ...objectsOf(at(api, "additionalIpRangesConfigs")).flatMap((each) => each["podIpv4RangeNames"] as string[]),
      ...((at(api, "additionalPodRangesConfig.podRangeNames") as string[] | undefined) ?? []),
      ...pools,
    ];
    for (const range of ranges) if (range) used.set(range, userOf(cluster, subnetworkTail));
  }
  return used;
}

function subnetworksOfCluster(cluster: JsonObject): string[] {
  const additional = objectsOf(at(cluster, "api.ipAllocationPolicy.additionalIpRangesConfigs"));
  return [at(cluster, "api.networkConfig.subnetwork"), ...additional.map((each) => each["subnetwork"])].filter(
    (each) => typeof each === "string",
  );
}

function userOf(cluster: JsonObject, subnetworkTail: string): string {
  const name = stringOf(at(cluster, "api.name"));
  const hash = (stringOf(at(cluster, "api.id")) ?? "").slice(0, 8);
  return `${subnetworkTail.replace(/\/subnetworks\/.*/, "")}/forwardingRules/gke-${name}-${hash}-pe`;
}
