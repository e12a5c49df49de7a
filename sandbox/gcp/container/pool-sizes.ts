import { createHash } from "node:crypto";
import type { Cloud } from "../cloud";
import { at, type JsonObject, numberOf, objectOf, stringOf, stringsOf } from "../json";
import type { Demand } from "../quotas";
import { partsOf } from "./names";
import type { NodeRecord, PoolRecord } from "./records";

/** Longest part of a cluster's or pool's name that goes into the names of its machines. */
const NAME_PART = 20;

/** `gke-CLUSTER-POOL-HASH`, what the machines of a pool in one zone begin with. */
export function instancePrefix(cluster: string, poolName: string, pool: PoolRecord, zone: string): string {
  const hash = createHash("sha256").update(`${pool.hash}:${zone}`).digest("hex").slice(0, 8);
  const part = (name: string): string => name.slice(0, NAME_PART).replace(/-+$/, "");
  return `gke-${part(cluster)}-${part(poolName)}-${hash}`;
}

/** Name of the instance group (and its manager) of a pool in one zone. */
export function groupName(cluster: string, poolName: string, pool: PoolRecord, zone: string): string {
  return `${instancePrefix(cluster, poolName, pool, zone)}-grp`;
}

/** Zones of a pool. */
export function zonesOfPool(pool: PoolRecord): string[] {
  return stringsOf(pool.api["locations"]);
}

/** What the first nodes of a new pool take of the region's quotas. */
export function demandOf(name: string, pool: PoolRecord): Demand {
  const { project, location } = partsOf(name);
  return {
    project,
    location,
    machineType: stringOf(at(pool.api, "config.machineType")) ?? "",
    nodes: (numberOf(pool.api["initialNodeCount"]) ?? 0) * zonesOfPool(pool).length,
  };
}

/** Number of nodes by zone, zones without nodes included. */
export function sizesOf(pool: PoolRecord): Map<string, number> {
  return new Map(zonesOfPool(pool).map((zone) => [zone, pool.nodes.filter((node) => node.zone === zone).length]));
}

/**
 * How many nodes each zone may have at least and at most. Limits are per zone or for the pool as a whole; without
 * autoscaling any number is allowed.
 */
export function withinLimits(api: JsonObject, wanted: ReadonlyMap<string, number>): Map<string, number> {
  const sizes = new Map(wanted);
  const autoscaling = objectOf(api["autoscaling"]);
  if (autoscaling["enabled"] !== true) return sizes;
  const limit = (name: string): number => numberOf(autoscaling[name]) ?? 0;
  const zones = [...sizes.keys()];
  if (limit("totalMaxNodeCount") > 0) {
    const total = (): number => [...sizes.values()].reduce((sum, size) => sum + size, 0);
    const step = (by: 1 | -1): void => {
      const order = [...zones].sort((a, b) => by * (sizes.get(a)! - sizes.get(b)!));
      sizes.set(order[0]!, sizes.get(order[0]!)! + by);
    };
    while (total() < limit("totalMinNodeCount")) step(1);
    while (total() > limit("totalMaxNodeCount")) step(-1);
    return sizes;
  }
  for (const zone of zones) {
    sizes.set(zone, Math.min(Math.max(sizes.get(zone)!, limit("minNodeCount")), limit("maxNodeCount")));
  }
  return sizes;
}

/** A new machine for a pool, with the pool's version as it is now. */
export function newNode(cloud: Cloud, cluster: string, pool: PoolRecord, zone: string): NodeRecord {
  const poolName = stringOf(pool.api["name"])!;
  return {
    name: `${instancePrefix(cluster, poolName, pool, zone)}-${cloud.identity.suffix(4)}`,
    zone,
    version: stringOf(at(pool.api, "version")) ?? "",
    instanceId: cloud.identity.id(),
  };
}

/** The pool's nodes so that each zone has as many as wanted; the oldest stay. */
export function resized(
  cloud: Cloud,
  cluster: string,
  pool: PoolRecord,
  wanted: ReadonlyMap<string, number>,
): NodeRecord[] {
  return [...wanted].flatMap(([zone, size]) => {
    const kept = pool.nodes.filter((node) => node.zone === zone).slice(0, size);
    return [...kept, ...Array.from({ length: size - kept.length }, () => newNode(cloud, cluster, pool, zone))];
  });
}
