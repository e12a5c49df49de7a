import type { EffectiveCluster } from "../cluster/effective";
import type { ReleaseChannel } from "../cluster/maintenance";

/** What a node pool needs of its cluster. {@link GkeCluster} is one. */
export interface NodePoolCluster {
  /** Name of the cluster, as a reference to the resource where there is one. */
  readonly clusterName: string;
  readonly project: string;
  readonly location: string;
  /** Whether Google runs the nodes. */
  readonly autopilot: boolean;
  readonly releaseChannel: ReleaseChannel;
  /** Names of the secondary ranges that pools can take pods' addresses from, where they are known. */
  readonly podRangeNames?: readonly string[];
  /** In how many zones nodes run unless a pool says otherwise. */
  readonly zoneCount: number;
  readonly privateNodes: boolean;
  /** Address of the nodes' service account. */
  readonly nodeServiceAccount: string;
  /** Network tags of all nodes. */
  readonly nodeTags: readonly string[];
  /** Most pods a node runs. */
  readonly maxPodsPerNode: number;
  /** Whether pods can have several networks, where that is known. */
  readonly multiNetworking?: boolean;
  /** The cluster as it will be, where it is made here. */
  readonly effective?: Pick<EffectiveCluster, "confidentialNodes">;
  /** Cloud KMS key of the disks. */
  readonly bootDiskKmsKey?: string;
}
