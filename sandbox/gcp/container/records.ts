import type { Cloud } from "../cloud";
import type { ClusterAccess } from "../hooks";
import { notFound } from "../http/errors";
import type { JsonObject } from "../json";
import { apiPath, clusterName, nodePoolName } from "./names";

/** A cluster as the simulator keeps it. */
export type ClusterRecord = {
  /** The fields that requests set and that Google fills in; what follows from others is made when it is shown. */
  api: JsonObject;
  /** Eight hexadecimal characters that appear in the names of what belongs to the cluster. */
  readonly hash: string;
  /** How the control plane is reached; set once it exists. */
  access?: { endpoint: string; privateEndpoint?: string; clusterCaCertificate: string };
  /** Secondary ranges that GKE added to the subnetwork by itself and takes away again. */
  ownRanges?: string[];
  /** Names of the firewall rules of its Services. */
  serviceFirewalls?: string[];
};

/** A virtual machine of a pool. */
export type NodeRecord = {
  readonly name: string;
  readonly zone: string;
  readonly version: string;
  readonly instanceId: string;
};

/** A node pool as the simulator keeps it. */
export type PoolRecord = {
  api: JsonObject;
  readonly hash: string;
  nodes: NodeRecord[];
  /** Whether the pool has zones of its own, as opposed to those of the cluster. */
  ownLocations: boolean;
};

/** Reads and writes clusters and their pools. */
export class ClusterStore {
  public constructor(private readonly cloud: Cloud) {}

  public cluster(name: string): ClusterRecord | undefined {
    return this.cloud.store.get(name) as ClusterRecord | undefined;
  }

  /** @throws ApiError 404 */
  public requireCluster(project: string, location: string, cluster: string): [name: string, record: ClusterRecord] {
    const name = clusterName(project, location, cluster);
    const record = this.cluster(name);
    if (!record) throw notFound(`Not found: ${apiPath(name)}.`);
    return [name, record];
  }

  public pool(name: string): PoolRecord | undefined {
    return this.cloud.store.get(name) as PoolRecord | undefined;
  }

  /** @throws ApiError 404, for the cluster first */
  public requirePool(project: string, location: string, cluster: string, pool: string): [string, PoolRecord] {
    this.requireCluster(project, location, cluster);
    const name = nodePoolName(project, location, cluster, pool);
    const record = this.pool(name);
    if (!record) throw notFound(`Not found: node pool "${pool}" not found.`);
    return [name, record];
  }

  /** Pools of a cluster with their names, in the order they were created. */
  public pools(cluster: string): [name: string, record: PoolRecord][] {
    return this.cloud.store.list(`${cluster}/nodePools/`).map(([name, record]) => [name, record as PoolRecord]);
  }

  public put(name: string, record: ClusterRecord | PoolRecord): void {
    this.cloud.store.put(name, record);
  }

  /** Changes what is stored now, whatever was read before. Does nothing where it is gone. */
  public change<T extends ClusterRecord | PoolRecord>(name: string, change: (record: T) => void): void {
    const record = this.cloud.store.get(name) as T | undefined;
    if (!record) return;
    change(record);
    this.cloud.store.put(name, record);
  }

  /** Sets the status of a cluster or pool, with a message where something went wrong. */
  public setStatus(name: string, status: string, message?: string): void {
    this.change<ClusterRecord | PoolRecord>(name, (record) => {
      record.api["status"] = status;
      if (message !== undefined) record.api["statusMessage"] = message;
    });
  }

  public delete(name: string): void {
    this.cloud.store.delete(name);
  }

  public setAccess(name: string, access: ClusterAccess): void {
    this.change<ClusterRecord>(name, (record) => {
      record.access = { ...access };
    });
  }
}
