import type { ReleaseChannel } from "../cluster/maintenance";
import type { ConfidentialNodes } from "../cluster/security";
import type { NodeTaint } from "../node-taint";

/** What a node pool's surroundings add to the rules, as far as it is known. */
export interface NodePoolContext {
  /** Region or zone of the cluster. */
  readonly location?: string;
  /** In how many zones nodes of the cluster run. */
  readonly zoneCount?: number;
  /** Whether the cluster is Autopilot. */
  readonly autopilot?: boolean;
  /**
   * Release channel of the cluster.
   *
   * @default - the cluster's own default
   */
  readonly releaseChannel?: ReleaseChannel;
  /** Taints of the dataplane; none where Google runs it. */
  readonly startupTaints?: readonly NodeTaint[];
  /** Names of the secondary ranges that pools can take pods' addresses from, besides the cluster's. */
  readonly podRangeNames?: readonly string[];
  /** Most pods a node of the cluster runs. */
  readonly clusterMaxPodsPerNode?: number;
  /** Whether pods of the cluster can have several networks. */
  readonly multiNetworking?: boolean;
  /** Encryption of the memory of all nodes of the cluster. */
  readonly clusterConfidentialNodes?: ConfidentialNodes;
}
