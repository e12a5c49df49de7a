import type { Cloud } from "../cloud";
import type { ClusterView, NodePoolView, TaintView } from "../hooks";
import { at, numberOf, objectOf, objectsOf, stringOf } from "../json";
import { showCluster, showPool } from "./cluster-view";
import { partsOf } from "./names";
import { ClusterStore } from "./records";

/** Kubernetes' names of the effects that GKE writes in capitals. */
const EFFECTS: Readonly<Record<string, string>> = {
  NO_SCHEDULE: "NoSchedule",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
  NO_EXECUTE: "NoExecute",
};

/** A cluster for the hooks. */
export function clusterView(cloud: Cloud, name: string): ClusterView {
  const { project, location, cluster } = partsOf(name);
  const resource = showCluster(cloud, name);
  return {
    project,
    location,
    name: cluster,
    id: stringOf(resource["id"]) ?? "",
    version: stringOf(resource["currentMasterVersion"]) ?? "",
    dnsEndpoint: stringOf(at(resource, "controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint")) ?? "",
    ...nodesRange(cloud, stringOf(at(resource, "networkConfig.subnetwork")) ?? ""),
    podsCidr: stringOf(resource["clusterIpv4Cidr"]) ?? "",
    servicesCidr: stringOf(resource["servicesIpv4Cidr"]) ?? "",
    resource,
  };
}

/** Primary range of a subnetwork (`projects/P/regions/R/subnetworks/N`), or nothing where it is gone. */
function nodesRange(cloud: Cloud, subnetwork: string): Pick<ClusterView, "nodesCidr"> {
  const range = stringOf(cloud.store.get(`//compute.googleapis.com/${subnetwork}`)?.["ipCidrRange"]);
  return range === undefined ? {} : { nodesCidr: range };
}

/** A node pool for the hooks. */
export function poolView(cloud: Cloud, name: string): NodePoolView {
  const record = new ClusterStore(cloud).pool(name)!;
  const config = objectOf(record.api["config"]);
  const labels = Object.entries(objectOf(config["labels"])).map(([key, value]) => [key, String(value)]);
  return {
    name: partsOf(name).pool!,
    version: stringOf(record.api["version"]) ?? "",
    machineType: stringOf(config["machineType"]) ?? "",
    labels: Object.fromEntries(labels),
    taints: objectsOf(config["taints"]).map(
      (taint): TaintView => ({
        key: stringOf(taint["key"]) ?? "",
        value: stringOf(taint["value"]) ?? "",
        effect: EFFECTS[stringOf(taint["effect"]) ?? ""] ?? "NoSchedule",
      }),
    ),
    spot: config["spot"] === true || config["preemptible"] === true,
    maxPodsPerNode: numberOf(at(record.api, "maxPodsConstraint.maxPodsPerNode")) ?? 110,
    nodes: record.nodes,
    resource: showPool(name, record),
  };
}
