import type { ITerraformDependable } from "cdktf";

/** What a cluster and its node pools need of a network. {@link GkeNetwork} is one. */
export interface ClusterNetwork {
  /** Self link or id of the VPC. */
  readonly network: string;

  /** Self link or id of the nodes' subnet. */
  readonly subnetwork: string;

  /** The nodes' range, as CIDR. */
  readonly nodes: string;

  /** The pods' range, as CIDR. */
  readonly pods: string;

  /** The services' range, as CIDR. */
  readonly services: string;

  /** Name of the secondary range of pods. */
  readonly podsRangeName: string;

  /** Name of the secondary range of services; absent with GKE's own range, which is in no subnet. */
  readonly servicesRangeName?: string;

  /** Further ranges of pods: name of the secondary range to its CIDR. */
  readonly extraPodRanges: Readonly<Record<string, string>>;

  /** Range the control plane's private endpoint takes its address from, where it is not the nodes' range. */
  readonly controlPlane?: string;

  /** Subnet of that range, where it is one of the VPC's and not made by GKE. */
  readonly controlPlaneSubnetwork?: string;

  /** Network tag that every node carries. The firewall rule for webhooks aims at it. */
  readonly nodeTag: string;

  /** What must exist before the first node starts: without a way out it cannot pull images. */
  readonly egress: readonly ITerraformDependable[];
}
