import { existsSync, readdirSync } from "node:fs";
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
import { ClusterFiles } from "./control-plane";

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
    return this.byKey.get(keyOf(identity));
  }

  /** Port of 127.0.0.1 where a DNS endpoint is served, or undefined for a name that is none. */
  public portOfDnsEndpoint(host: string): number | undefined {
    return this.clusters.find(({ view }) => view.dnsEndpoint === host)?.apiPort;
  }

  /** Starts every cluster that was there when the sandbox was stopped, side by side. */
  public async resume(): Promise<void> {
    if (!existsSync(this.directory)) return;
    const keys = readdirSync(this.directory).filter((key) => existsSync(this.filesOf(key).record));
    await Promise.all(
      keys.map(async (key) => {
        const cluster = new Cluster(this.filesOf(key), this.environment);
        await cluster.resume();
        this.byKey.set(key, cluster);
      }),
    );
  }

  /** Ends every control plane. The data stays. */
  public async stop(): Promise<void> {
    await Promise.all(this.clusters.map((cluster) => cluster.stop()));
    this.byKey.clear();
  }

  public async onClusterCreating(view: ClusterView): Promise<ClusterAccess> {
    const key = keyOf(view);
    const cluster = this.byKey.get(key) ?? new Cluster(this.filesOf(key), this.environment);
    this.byKey.set(key, cluster);
    try {
      return await cluster.create(view);
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
    this.byKey.delete(keyOf(view));
    await cluster?.remove();
  }

  private filesOf(key: string): ClusterFiles {
    return new ClusterFiles(join(this.directory, key));
  }
}

/** Project ids, locations and cluster names hold no dots. */
function keyOf({ project, location, name }: ClusterIdentity): string {
  return `${project}.${location}.${name}`;
}
