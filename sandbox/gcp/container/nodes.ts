import type { Cloud } from "../cloud";
import type { NodePoolChange } from "../hooks";
import { numberOf, objectOf } from "../json";
import { OperationFailure } from "../operations/record";
import { clusterView, poolView } from "./hook-views";
import { checkDiskKey } from "./keys";
import { partsOf } from "./names";
import { checkAddresses } from "./pod-addresses";
import { newNode, resized, sizesOf, withinLimits, zonesOfPool } from "./pool-sizes";
import { ClusterStore, type NodeRecord, type PoolRecord } from "./records";

/** Gives pools their nodes and tells the hooks; every change of nodes goes through here. */
export class Nodes {
  private readonly records: ClusterStore;

  public constructor(private readonly cloud: Cloud) {
    this.records = new ClusterStore(cloud);
  }

  /**
   * Brings each zone of a pool to a size within the pool's limits.
   *
   * @param stockout Zone that has no machines to give; `last` for the last one of the pool.
   * @throws OperationFailure where it would have had to, after the other zones have theirs
   */
  public async resize(
    poolName: string,
    wanted: ReadonlyMap<string, number>,
    change: NodePoolChange,
    stockout?: string,
  ): Promise<void> {
    const pool = this.records.pool(poolName);
    if (!pool) return;
    const { cluster, project } = partsOf(poolName);
    const zones = new Map(zonesOfPool(pool).map((zone) => [zone, wanted.get(zone) ?? 0]));
    const sizes = withinLimits(pool.api, zones);
    const empty = stockout === "last" ? zonesOfPool(pool).at(-1) : stockout;
    const present = sizesOf(pool).get(empty ?? "") ?? 0;
    const missing = empty === undefined ? 0 : (sizes.get(empty) ?? 0) - present;
    if (missing > 0) sizes.set(empty!, present);
    await this.set(poolName, resized(this.cloud, cluster, pool, sizes), change);
    if (missing > 0) throw outOfStock(project, empty!, missing, newNode(this.cloud, cluster, pool, empty!).name);
  }

  /** Moves a pool to other zones; each gets as many nodes as the fullest had. */
  public async move(poolName: string, zones: readonly string[]): Promise<void> {
    const pool = this.records.pool(poolName);
    if (!pool) return;
    const size = Math.max(0, ...sizesOf(pool).values());
    this.records.change<PoolRecord>(poolName, (record) => {
      record.api["locations"] = [...zones];
    });
    await this.resize(poolName, new Map(zones.map((zone) => [zone, size])), "resized");
  }

  /** Tells the hooks that what the nodes carry has changed (labels, taints), without new machines. */
  public async refresh(poolName: string, change: NodePoolChange): Promise<void> {
    if (this.records.pool(poolName)) await this.tell(poolName, change);
  }

  /**
   * Replaces every machine by one of the pool's present version and configuration, as GKE does: with surge a few at a
   * time, new ones first; with blue-green all new ones first, then all old ones go.
   */
  public async replaceAll(poolName: string): Promise<void> {
    const pool = this.records.pool(poolName);
    if (!pool || pool.nodes.length === 0) return;
    const { cluster } = partsOf(poolName);
    const settings = objectOf(pool.api["upgradeSettings"]);
    const surge = numberOf(settings["maxSurge"]) ?? 0;
    const unavailable = numberOf(settings["maxUnavailable"]) ?? 0;
    const batch = settings["strategy"] === "BLUE_GREEN" ? pool.nodes.length : Math.max(1, surge + unavailable);
    const ahead = settings["strategy"] === "BLUE_GREEN" ? batch : surge;
    let nodes = pool.nodes;
    const old = [...pool.nodes];
    while (old.length > 0) {
      const leaving = old.splice(0, batch);
      const arriving = leaving.map((node) => newNode(this.cloud, cluster, pool, node.zone));
      const early = arriving.slice(0, ahead);
      if (early.length > 0) await this.set(poolName, [...nodes, ...early], "upgrading");
      nodes = [...nodes.filter((node) => !leaving.includes(node)), ...arriving];
      await this.set(poolName, nodes, "upgrading");
    }
  }

  /** Takes all nodes away. */
  public async removeAll(poolName: string): Promise<void> {
    await this.set(poolName, [], "deleted");
  }

  private async set(poolName: string, nodes: NodeRecord[], change: NodePoolChange): Promise<void> {
    const before = this.records.pool(poolName);
    if (before) {
      checkAddresses(this.cloud, poolName, before, nodes);
      checkDiskKey(this.cloud, poolName, before, nodes);
    }
    this.records.change<PoolRecord>(poolName, (pool) => {
      pool.nodes = nodes;
    });
    if (this.records.pool(poolName)) await this.tell(poolName, change);
  }

  private async tell(poolName: string, change: NodePoolChange): Promise<void> {
    const clusterName = poolName.slice(0, poolName.indexOf("/nodePools/"));
    if (!this.records.cluster(clusterName)) return;
    await this.cloud.hooks.onNodePoolChanged?.(
      clusterView(this.cloud, clusterName),
      poolView(this.cloud, poolName),
      change,
    );
  }
}

/** https://github.com/tranquilitybase-io/tb-gcp/issues/589 */
function outOfStock(project: string, zone: string, missing: number, instance: string): OperationFailure {
  return new OperationFailure(
    "RESOURCE_EXHAUSTED",
    `\n\t(1) Google Compute Engine: Not all instances running in IGM after 14.691006793s. Expected ${missing}, running 0, transitioning ${missing}. Current errors: [GCE_STOCKOUT]: Instance '${instance}' creation failed: The zone 'projects/${project}/zones/${zone}' does not have enough resources available to fulfill the request.  Try a different zone, or try again later`,
  );
}
