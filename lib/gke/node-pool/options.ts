import type { ConfidentialNodes } from "../cluster/security";
import type { NodeTaint } from "../node-taint";
import type { Accelerator } from "./accelerator";
import type { AttachmentOptions } from "./attachments";
import type { BlueGreenUpgrade } from "./blue-green-upgrade";
import type { NodePoolCluster } from "./node-pool-cluster";
import type { ProcurementOptions } from "./procurement";
import type { NodeSystemOptions } from "./system";

/** A node pool that existed before. */
export interface AdoptedPool {
  /** Its name in GKE. */
  readonly name: string;

  /**
   * The six characters that the name of a pool made by this library would have ended in when it was adopted: they stand for
   * everything about it that cannot be changed in place.
   */
  readonly hash: string;
}

/** What an environment's author says about a node pool. */
export interface GkeNodePoolOptions extends AttachmentOptions, NodeSystemOptions, ProcurementOptions {
  /** Name, at most 33 characters: the pool's own name is this, a hyphen and six characters. No default. */
  readonly name: string;

  /**
   * Machine type. Changed in place, node by node.
   *
   * @default "e2-standard-4"
   */
  readonly machineType?: string;

  /**
   * Fewest nodes of the pool, in all zones together. 0 lets it go away when nothing needs it.
   *
   * @default - 0 where maxNodes is given
   */
  readonly minNodes?: number;

  /**
   * Most nodes of the pool, in all zones together. One of this, `maxNodesPerZone` and `nodeCountPerZone` is required:
   * it caps the bill.
   *
   * @default - see the other two
   */
  readonly maxNodes?: number;

  /**
   * Fewest nodes a zone.
   *
   * @default - 0 where maxNodesPerZone is given
   */
  readonly minNodesPerZone?: number;

  /**
   * Most nodes a zone.
   *
   * @default - the limits are for all zones together
   */
  readonly maxNodesPerZone?: number;

  /**
   * Fixed number of nodes a zone, without autoscaling. A manual resize is undone by the next deployment.
   *
   * @default - autoscaled
   */
  readonly nodeCountPerZone?: number;

  /**
   * How the autoscaler spreads nodes: `BALANCED` over the zones, `ANY` where there is capacity.
   *
   * @default - "BALANCED"; "ANY" with spot, queued provisioning and flex start
   */
  readonly locationPolicy?: "BALANCED" | "ANY";

  /**
   * Zones of the nodes.
   *
   * @default - those of the cluster
   */
  readonly zones?: readonly string[];

  /**
   * Operating system. Cilium's recipe for GKE needs Container-Optimized OS.
   *
   * @default "COS_CONTAINERD"
   */
  readonly imageType?: "COS_CONTAINERD" | "UBUNTU_CONTAINERD";

  /**
   * Kind of the boot disk: `pd-standard`, `pd-balanced`, `pd-ssd` or `hyperdisk-balanced`, which newer machine types
   * require. Which machine takes which is in `lib/facts/machines`.
   *
   * @default - "pd-balanced"; "hyperdisk-balanced" where the machine type takes no other
   */
  readonly diskType?: string;

  /**
   * Size of the boot disk in GB, at least 10.
   *
   * @default 100
   */
  readonly diskSizeGb?: number;

  /**
   * Cloud KMS key of the boot disk.
   *
   * @default - the cluster's
   */
  readonly bootDiskKmsKey?: string;

  /**
   * Local SSDs for the pods' scratch space.
   *
   * @default - none, or what the machine type brings
   */
  readonly localSsdCount?: number;

  /**
   * Spot machines: cheap, and taken away at any time.
   *
   * @default false
   */
  readonly spot?: boolean;

  /**
   * Kubernetes labels of the nodes, changed in place, besides `cdktf-gke-cilium/pool`, which is the pool's {@link name}:
   * it stays when the pool is replaced by a new one, so that a `nodeSelector` can name it. Prefixes of Kubernetes and of
   * Google are theirs.
   *
   * The label of our own is also what lets the last of yours be taken away: the provider takes no labels at all for any
   * labels, as GKE may have set them (terraform-provider-google 6.50.0, `node_config.labels` is computed; measured).
   *
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;

  /**
   * Taints of the nodes. GKE changes them on living nodes at once: adding one that is `NO_EXECUTE` evicts every pod
   * that does not tolerate it.
   *
   * @default - none
   */
  readonly taints?: readonly NodeTaint[];

  /**
   * Network tags, besides the cluster's.
   *
   * @default - none
   */
  readonly networkTags?: readonly string[];

  /**
   * Labels of the machines, for billing and search.
   *
   * @default - none
   */
  readonly resourceLabels?: Readonly<Record<string, string>>;

  /**
   * Most pods a node runs, 8 to 256.
   *
   * @default - the cluster's
   */
  readonly maxPodsPerNode?: number;

  /**
   * Name of the secondary range that pods get addresses of.
   *
   * @default - the cluster's range of pods
   */
  readonly podRange?: string;

  /**
   * GPUs.
   *
   * @default - none
   */
  readonly accelerators?: readonly Accelerator[];

  /**
   * Secure boot: only signed kernel modules are loaded. Off for drivers that are not signed.
   *
   * @default true
   */
  readonly secureBoot?: boolean;

  /**
   * Measured boot that is compared with a baseline.
   *
   * @default true
   */
  readonly integrityMonitoring?: boolean;

  /**
   * Encryption of the nodes' memory.
   *
   * @default - what the cluster has
   */
  readonly confidentialNodes?: ConfidentialNodes;

  /**
   * Address of the nodes' service account.
   *
   * @default - the cluster's
   */
  readonly serviceAccount?: string;

  /**
   * Lowest CPU generation: `Intel Ice Lake`.
   *
   * @default - what Compute Engine picks
   */
  readonly minCpuPlatform?: string;

  /**
   * Image streaming: containers start while their image still downloads. Only images of Artifact Registry.
   *
   * @default false
   */
  readonly imageStreaming?: boolean;

  /**
   * Nodes added during an upgrade.
   *
   * @default 1
   */
  readonly maxSurge?: number;

  /**
   * Nodes that may be missing during an upgrade.
   *
   * @default 0
   */
  readonly maxUnavailable?: number;

  /**
   * Upgrade with a second set of nodes in place of a few more. Excludes `maxSurge` and `maxUnavailable`.
   *
   * @default - nodes are upgraded a few at a time
   */
  readonly blueGreen?: BlueGreenUpgrade;

  /**
   * Whether GKE repairs nodes that fail. Cannot be off in a release channel, and never is on with flex start.
   *
   * @default - true; false with flex start
   */
  readonly autoRepair?: boolean;

  /**
   * Whether GKE upgrades nodes. Cannot be off in a release channel.
   *
   * @default true
   */
  readonly autoUpgrade?: boolean;

  /**
   * A pool that exists under another name than this library would give it. `gke-cilium adopt` writes it. It counts as long
   * as nothing is changed that cannot be changed in place: then the pool is replaced by one with a name of this library's.
   *
   * @default - the pool is made here
   */
  readonly adoptedAs?: AdoptedPool;

  /**
   * Any text. Changing it replaces the pool by a new one: new nodes first, then the old ones are drained. For changes
   * to the resource that Terraform cannot make in place and the other options do not know.
   *
   * @default - none
   */
  readonly generation?: string;
}

/** What {@link GkeNodePool} takes. */
export interface GkeNodePoolProps extends GkeNodePoolOptions {
  /** The cluster it belongs to. */
  readonly cluster: NodePoolCluster;

  /**
   * Taints that the dataplane lifts from each node when it is ready for pods.
   *
   * @default - none
   */
  readonly startupTaints?: readonly NodeTaint[];

  /**
   * Labels of the nodes that are not their author's.
   *
   * @default - none but the one that names the pool
   */
  readonly ownLabels?: Readonly<Record<string, string>>;
}
