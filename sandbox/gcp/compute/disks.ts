import type { Cloud } from "../cloud";
import { partsOf } from "../container/names";
import { ClusterStore, type NodeRecord } from "../container/records";
import { allClusters } from "../container/usage";
import { ok } from "../http/exchange";
import { type JsonObject, numberOf, objectOf } from "../json";
import { filterResources } from "./filter";
import { selfLink } from "./links";
import type { ComputeRoutes } from "./routes";

const DEFAULT_GIGABYTES = 100;

/** The boot disk of every node in a project, by zone: it has the node's name, and comes and goes with it. */
function disksIn(cloud: Cloud, project: string): Map<string, JsonObject[]> {
  const records = new ClusterStore(cloud);
  const byZone = new Map<string, JsonObject[]>();
  for (const [name] of allClusters(cloud.store).filter(([each]) => partsOf(each).project === project)) {
    const labels = objectOf(records.cluster(name)?.api["resourceLabels"]);
    for (const [poolName, pool] of records.pools(name)) {
      const { cluster, pool: short = "" } = partsOf(poolName);
      const gigabytes = numberOf(objectOf(pool.api["config"])["diskSizeGb"]) ?? DEFAULT_GIGABYTES;
      const own = { ...labels, "goog-k8s-cluster-name": cluster, "goog-k8s-node-pool-name": short };
      for (const node of pool.nodes)
        byZone.set(node.zone, [...(byZone.get(node.zone) ?? []), bootDisk(project, node, gigabytes, own)]);
    }
  }
  return byZone;
}

function bootDisk(project: string, node: NodeRecord, gigabytes: number, labels: JsonObject): JsonObject {
  const place = `projects/${project}/zones/${node.zone}`;
  return {
    kind: "compute#disk",
    id: node.instanceId,
    name: node.name,
    zone: selfLink(place),
    status: "READY",
    sizeGb: String(gigabytes),
    labels,
    users: [selfLink(`${place}/instances/${node.name}`)],
    selfLink: selfLink(`${place}/disks/${node.name}`),
  };
}

/** Disks, to be listed: a view of the nodes. Nobody makes one by hand here. */
export function diskRoutes(add: ComputeRoutes, cloud: Cloud): void {
  add("GET", "/projects/{project}/zones/{zone}/disks", (request) => {
    const zone = request.param("zone");
    const items = disksIn(cloud, request.project!).get(zone) ?? [];
    return ok({ kind: "compute#diskList", items: filterResources(items, request.query.get("filter")) });
  });
  add("GET", "/projects/{project}/aggregated/disks", (request) => {
    const items = Object.fromEntries(
      [...disksIn(cloud, request.project!)].map(([zone, disks]) => [
        `zones/${zone}`,
        { disks: filterResources(disks, request.query.get("filter")) },
      ]),
    );
    return ok({ kind: "compute#diskAggregatedList", items });
  });
}
