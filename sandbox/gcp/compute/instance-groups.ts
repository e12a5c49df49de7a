import { createHash } from "node:crypto";
import type { Cloud } from "../cloud";
import { partsOf } from "../container/names";
import { groupName, instancePrefix, zonesOfPool } from "../container/pool-sizes";
import { ClusterStore, type NodeRecord } from "../container/records";
import { allClusters } from "../container/usage";
import { type ApiRequest, ok } from "../http/exchange";
import { type JsonObject, stringOf } from "../json";
import { resourceNotFound } from "./errors";
import { filterResources } from "./filter";
import { selfLink } from "./links";
import type { ComputeRoutes } from "./routes";

/** The instance group of a node pool in one zone. */
interface Group {
  readonly name: string;
  readonly prefix: string;
  readonly place: string;
  readonly nodes: readonly NodeRecord[];
  readonly network: string;
  readonly subnetwork: string;
}

function groupsIn(cloud: Cloud, project: string, zone: string): Group[] {
  const records = new ClusterStore(cloud);
  return allClusters(cloud.store)
    .filter(([name]) => partsOf(name).project === project)
    .flatMap(([name]) =>
      records.pools(name).flatMap(([poolName, pool]) => {
        if (!zonesOfPool(pool).includes(zone)) return [];
        const { cluster, pool: short } = partsOf(poolName);
        const network = records.cluster(name)!.api["networkConfig"] as JsonObject;
        return {
          name: groupName(cluster, short!, pool, zone),
          prefix: instancePrefix(cluster, short!, pool, zone),
          place: `projects/${project}/zones/${zone}`,
          nodes: pool.nodes.filter((node) => node.zone === zone),
          network: stringOf(network["network"]) ?? "",
          subnetwork: stringOf(network["subnetwork"]) ?? "",
        };
      }),
    );
}

function manager(group: Group): JsonObject {
  return {
    kind: "compute#instanceGroupManager",
    id: idOf(group.name),
    name: group.name,
    zone: selfLink(group.place),
    baseInstanceName: group.prefix,
    instanceGroup: selfLink(`${group.place}/instanceGroups/${group.name}`),
    instanceTemplate: selfLink(`${group.place.replace(/\/zones\/.*/, "")}/global/instanceTemplates/${group.prefix}`),
    targetSize: group.nodes.length,
    currentActions: { none: group.nodes.length },
    instanceLifecyclePolicy: { defaultActionOnFailure: "REPAIR", forceUpdateOnRepair: "YES" },
    status: { isStable: true },
    updatePolicy: {
      maxSurge: { fixed: 1 },
      maxUnavailable: { fixed: 1 },
      minimalAction: "REPLACE",
      replacementMethod: "SUBSTITUTE",
      type: "OPPORTUNISTIC",
    },
    selfLink: selfLink(`${group.place}/instanceGroupManagers/${group.name}`),
  };
}

function instanceGroup(group: Group): JsonObject {
  return {
    kind: "compute#instanceGroup",
    id: idOf(group.name),
    name: group.name,
    zone: selfLink(group.place),
    network: selfLink(group.network),
    subnetwork: selfLink(group.subnetwork),
    size: group.nodes.length,
    selfLink: selfLink(`${group.place}/instanceGroups/${group.name}`),
  };
}

function instanceLink(group: Group, node: NodeRecord): string {
  return selfLink(`${group.place}/instances/${node.name}`);
}

/** A 64-bit id that is always the same for a name. */
function idOf(name: string): string {
  const hash = createHash("sha256").update(name).digest().readBigUInt64BE();
  return hash.toString().padStart(19, "1").slice(0, 19);
}

/** Instance groups and their managers: a view of the node pools, nothing of their own. */
export function instanceGroupRoutes(add: ComputeRoutes, cloud: Cloud): void {
  for (const [collection, show] of [
    ["instanceGroupManagers", manager],
    ["instanceGroups", instanceGroup],
  ] as const) {
    const path = `/projects/{project}/zones/{zone}/${collection}`;
    const find = (request: ApiRequest): Group => {
      const [zone, name] = [request.param("zone"), request.param("name")];
      const found = groupsIn(cloud, request.project!, zone).find((group) => group.name === name);
      if (!found) throw resourceNotFound(`projects/${request.project}/zones/${zone}/${collection}/${name}`);
      return found;
    };
    add("GET", path, (request) => {
      const tail = `projects/${request.project}/zones/${request.param("zone")}/${collection}`;
      const items = groupsIn(cloud, request.project!, request.param("zone")).map(show);
      return ok({
        kind: `compute#${collection.slice(0, -1)}List`,
        id: tail,
        items: filterResources(items, request.query.get("filter")),
        selfLink: selfLink(tail),
      });
    });
    add("GET", `${path}/{name}`, (request) => ok(show(find(request))));
    if (collection === "instanceGroups") {
      add("POST", `${path}/{name}/listInstances`, (request) => {
        const group = find(request);
        const items = group.nodes.map((node) => ({ instance: instanceLink(group, node), status: "RUNNING" }));
        return ok({ kind: "compute#instanceGroupsListInstances", items });
      });
    } else {
      add("POST", `${path}/{name}/listManagedInstances`, (request) => {
        const group = find(request);
        const managedInstances = group.nodes.map((node) => ({
          id: node.instanceId,
          instance: instanceLink(group, node),
          instanceStatus: "RUNNING",
          currentAction: "NONE",
        }));
        return ok({ managedInstances });
      });
    }
  }
}
