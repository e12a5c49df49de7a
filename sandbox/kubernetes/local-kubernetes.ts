import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type {
  ClusterAccess,
  ClusterHooks,
  ClusterIdentity,
  ClusterView,
  NodePoolChange,
  NodePoolView,
} from "../gcp/hooks";
import { Cluster, type ClusterEnvironment } from "./cluster";
import { ClusterFiles, clusterKey } from "./control-plane";

/** Gives every cluster of the simulated cloud a real control plane on this machine. */
export class LocalKubernetes implements ClusterHooks {
  private readonly byKey = new Map<string, Cluster>();

  /** @param directory Holds one directory a cluster. */
  public constructor(
    private readonly directory: string,
    private readonly environment: ClusterEnvironment,
  ) {}

  /** Every cluster whose control plane runs. */
  public get clusters(): readonly Cluster[] {
    return [...this.byKey.values()];
  }

  public find(identity: ClusterIdentity): Cluster | undefined {
    return this.byKey.get(clusterKey(identity));
  }

  /** Port of 127.0.0.1 where a DNS endpoint is served, or undefined for a name that is none. */
  public portOfDnsEndpoint(host: string): number | undefined {
    return this.clusters.find(({ view }) => view.dnsEndpoint === host)?.apiPort;
  }

  /**
   * Starts the clusters that the cloud has when a sandbox is started again, side by side, with the data that they had;
   * what lies here of others is deleted.
   *
   * @returns how each control plane is reached now: ports may have changed.
   */
  public async restore(
    clusters: readonly { readonly cluster: ClusterView; readonly pools: readonly NodePoolView[] }[],
  ): Promise<(readonly [ClusterIdentity, ClusterAccess])[]> {
    const keys = new Set(clusters.map(({ cluster }) => clusterKey(cluster)));
    const left = existsSync(this.directory) ? readdirSync(this.directory).filter((key) => !keys.has(key)) : [];
    for (const key of left) rmSync(this.filesOf(key).directory, { recursive: true, force: true });
    return Promise.all(
      clusters.map(async ({ cluster: view, pools }) => {
        const cluster = new Cluster(this.filesOf(clusterKey(view)), this.environment);
        this.byKey.set(clusterKey(view), cluster);
        const access = await cluster.start(view);
        for (const pool of pools) await cluster.updatePool(pool, "updated");
        return [view, access] as const;
      }),
    );
  }

  /** Ends every control plane. The data stays. */
  public async stop(): Promise<void> {
    await Promise.all(this.clusters.map((cluster) => cluster.stop()));
    this.byKey.clear();
  }

  public async onClusterCreating(view: ClusterView): Promise<ClusterAccess> {
    const key = clusterKey(view);
    const cluster = this.byKey.get(key) ?? new Cluster(this.filesOf(key), this.environment);
    this.byKey.set(key, cluster);
    try {
      return await cluster.start(view);
    } catch (error) {
      this.byKey.delete(key);
      await cluster.remove();
      throw error;
    }
  }

  public async onClusterUpdated(view: ClusterView, fields: readonly string[]): Promise<void> {
    await this.find(view)?.update(view, fields);
  }

  public async onNodePoolChanged(view: ClusterView, pool: NodePoolView, change: NodePoolChange): Promise<void> {
    await this.find(view)?.updatePool(pool, change);
  }

  public async onClusterDeleted(view: ClusterView): Promise<void> {
    const cluster = this.find(view);
    this.byKey.delete(clusterKey(view));
    await cluster?.remove();
  }

  private filesOf(key: string): ClusterFiles {
    return new ClusterFiles(join(this.directory, key));
  }
}
