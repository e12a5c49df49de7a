import type { ClusterDatapath } from "../cluster-datapath";
import type { ClusterNetwork } from "../network/cluster-network";
import type { NodeServiceAccountOptions } from "../service-account/options";
import type { ScalingOptions } from "./auto-provisioning";
import type { ControlPlaneOptions } from "./control-plane";
import type { FeatureOptions } from "./features";
import type { MaintenanceOptions } from "./maintenance";
import type { ObservabilityOptions } from "./observability";
import type { SecurityOptions } from "./security";

/** Most pods a node runs where nothing else is said: GKE's own default. */
export const DEFAULT_MAX_PODS_PER_NODE = 110;

/**
 * What an environment's author says about its cluster. Everything has a default that is safe to run in production.
 * What is not here is set on the resource itself; docs/overrides.md has the lines.
 */
export interface GkeClusterOptions
  extends ControlPlaneOptions,
    SecurityOptions,
    MaintenanceOptions,
    ObservabilityOptions,
    FeatureOptions,
    ScalingOptions,
    NodeServiceAccountOptions {
  /**
   * Name of the cluster, at most 40 characters. For one that exists and is called otherwise than its environment.
   * Changing it replaces the cluster.
   *
   * @default - the environment's
   */
  readonly name?: string;

  /**
   * Autopilot: Google runs the nodes. Dataplane V2 only, regional only, no node pools. Changing it replaces the cluster.
   *
   * @default false
   */
  readonly autopilot?: boolean;

  /**
   * Zones of the nodes; of a zonal cluster the further ones.
   *
   * @default - three zones of the region, or the cluster's zone
   */
  readonly nodeLocations?: readonly string[];

  /**
   * Most pods a node runs, 8 to 256, for pools that say nothing themselves. Each node takes a block of pod addresses of
   * at least twice as many. Changing it replaces the cluster.
   *
   * @default 110
   */
  readonly maxPodsPerNode?: number;

  /**
   * Nodes a zone of the pool that GKE insists on making with the cluster, and that is removed at once. It decides how
   * large the control plane starts; one that must grow while node pools are made blocks them for up to half an hour
   * (https://github.com/hashicorp/terraform-provider-google/issues/10354). Read only when the cluster is created.
   *
   * @default - 3 in a zonal cluster, 1 a zone in a regional one
   */
  readonly initialNodeCount?: number;

  /**
   * Address of an existing service account for the nodes.
   *
   * @default - one of their own, with the least roles that work
   */
  readonly nodeServiceAccount?: string;

  /**
   * Network tags of all nodes, besides the one the firewall rule for webhooks aims at.
   *
   * @default - none
   */
  readonly nodeTags?: readonly string[];

  /**
   * Labels of the cluster, for billing and search. Those that Google or others put there stay.
   *
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;

  /**
   * What the cluster was made with, where Google has changed its datapath in place since: then Dataplane V2 is not refused
   * as a change that only a new cluster can have. The plan asks the cluster and fails where it does not run Dataplane V2
   * yet. The steps are in docs/mode-switch.md. Leave it out for new clusters.
   *
   * @default - the datapath is the one that the cluster was made with
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/about-migrating-dataplane-v2
   */
  readonly datapathMigratedFrom?: "LEGACY_DATAPATH";

  /**
   * Whether Terraform refuses to delete the cluster, be it by `destroy` or to replace it. To delete one, set it to
   * false and deploy that first.
   *
   * @default true
   */
  readonly deletionProtection?: boolean;
}

/** What {@link GkeCluster} takes. */
export interface GkeClusterProps extends GkeClusterOptions {
  /** Name of the cluster, at most 40 characters. No default: changing it replaces the cluster. */
  readonly name: string;

  /** Id of its project. No default: a deployment must never go to the project that happens to be set. */
  readonly project: string;

  /** Region of a regional cluster, zone of a zonal one. Changing it replaces the cluster. */
  readonly location: string;

  /** Its network. */
  readonly network: ClusterNetwork;

  /** What its dataplane asks for. No default: it is decided with the dataplane, once for all. */
  readonly datapath: ClusterDatapath;
}
