import type {
  ContainerNodePoolNetworkConfig,
  ContainerNodePoolNodeConfig,
} from "@cdktf/provider-google/lib/container-node-pool";
import {
  type CheckTable,
  decided,
  listOf,
  nested,
  oneOf,
  type Problem,
  required,
  text,
  wholeNumber,
} from "../../validation";
import { anyText } from "../checks";
import { maxPods } from "../cluster/pods-per-node";

/** A disk with images of containers, or data, that each node has from the start. */
export interface SecondaryBootDisk {
  /** Image of the disk: `projects/<project>/global/images/<image>`. */
  readonly diskImage: string;

  /**
   * `CONTAINER_IMAGE_CACHE` where the disk holds images of containers.
   *
   * @default - data
   */
  readonly mode?: "CONTAINER_IMAGE_CACHE";
}

/** A further network of each node. */
export interface NodeNetwork {
  /** The VPC, by name. */
  readonly network: string;
  /** Its subnet, by name. */
  readonly subnetwork: string;
}

/** A further network of each node's pods. */
export interface PodNetwork {
  /** The subnet, by name. */
  readonly subnetwork: string;
  /** Name of its secondary range. */
  readonly podRange: string;
  /** Most pods a node on that network. */
  readonly maxPodsPerNode: number;
}

/** What each node has besides. Each of these gives the pool another name: it cannot be changed in place. */
export interface AttachmentOptions {
  /**
   * Secondary boot disks, so that large images need not be pulled. Needs {@link GkeNodePoolOptions.imageStreaming}.
   *
   * @default - none
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/data-container-image-preloading
   */
  readonly secondaryBootDisks?: readonly SecondaryBootDisk[];

  /**
   * Local SSDs as raw block devices, for programs that make a file system of their own. Excludes `localSsdCount`.
   *
   * @default - none
   */
  readonly rawLocalSsdCount?: number;

  /**
   * Further networks of the nodes. Needs `Dataplane.v2({ multiNetworking: true })`.
   *
   * @default - the cluster's alone
   */
  readonly nodeNetworks?: readonly NodeNetwork[];

  /**
   * Further networks of the pods. Needs `Dataplane.v2({ multiNetworking: true })`.
   *
   * @default - the cluster's alone
   */
  readonly podNetworks?: readonly PodNetwork[];
}

/** The checks of these options, each by itself. */
export const ATTACHMENTS: CheckTable<AttachmentOptions> = {
  secondaryBootDisks: decided(
    listOf(
      nested<SecondaryBootDisk>({
        diskImage: required(
          text({
            matches: /(^|\/)projects\/[^/]+\/global\/images\/[^/]+$/,
            rule: "is not the full name of an image",
            remedy: "give projects/<project>/global/images/<image>",
          }),
          "name the image",
        ),
        mode: oneOf(["CONTAINER_IMAGE_CACHE"]),
      }),
      { most: 127 },
    ),
  ),
  rawLocalSsdCount: wholeNumber({ from: 1, remedy: "give the number of local SSDs, or leave it out" }),
  nodeNetworks: decided(
    listOf(
      nested<NodeNetwork>({
        network: required(anyText, "name the VPC"),
        subnetwork: required(anyText, "name its subnet"),
      }),
    ),
  ),
  podNetworks: decided(
    listOf(
      nested<PodNetwork>({
        subnetwork: required(anyText, "name the subnet"),
        podRange: required(anyText, "name its secondary range"),
        maxPodsPerNode: required(maxPods, "give the most pods a node"),
      }),
    ),
  ),
};

/** Options to the nodes' attributes. */
export function attachmentNodeConfig({
  secondaryBootDisks,
  rawLocalSsdCount,
}: AttachmentOptions): Pick<ContainerNodePoolNodeConfig, "secondaryBootDisks" | "localNvmeSsdBlockConfig"> {
  return {
    secondaryBootDisks: secondaryBootDisks?.map(({ diskImage, mode }) => ({ diskImage, mode })),
    localNvmeSsdBlockConfig: rawLocalSsdCount === undefined ? undefined : { localSsdCount: rawLocalSsdCount },
  };
}

/** Options to the pool's network. */
export function attachmentNetworkConfig({
  nodeNetworks,
  podNetworks,
}: AttachmentOptions): Pick<
  ContainerNodePoolNetworkConfig,
  "additionalNodeNetworkConfigs" | "additionalPodNetworkConfigs"
> {
  return {
    additionalNodeNetworkConfigs: nodeNetworks?.map(({ network, subnetwork }) => ({ network, subnetwork })),
    additionalPodNetworkConfigs: podNetworks?.map(({ subnetwork, podRange, maxPodsPerNode }) => ({
      subnetwork,
      secondaryPodRange: podRange,
      maxPodsPerNode,
    })),
  };
}

/** What is wrong with them beside the rest of the pool. */
export function attachmentProblems(
  options: AttachmentOptions & {
    readonly localSsdCount?: number;
    readonly imageStreaming?: boolean;
    readonly multiNetworking?: boolean;
  },
): Problem[] {
  const problems: Problem[] = [];
  if (options.rawLocalSsdCount !== undefined && options.localSsdCount !== undefined)
    problems.push({
      property: "rawLocalSsdCount",
      value: options.rawLocalSsdCount,
      rule: "cannot be combined with 'localSsdCount'",
      remedy: "give one of the two",
    });
  if ((options.secondaryBootDisks ?? []).length > 0 && (options.imageStreaming ?? false) === false)
    problems.push({
      property: "secondaryBootDisks",
      value: `${options.secondaryBootDisks?.length} of them`,
      rule: "need image streaming, without which GKE takes no secondary boot disk",
      remedy: "set imageStreaming to true",
    });
  if (options.multiNetworking === false)
    for (const property of ["nodeNetworks", "podNetworks"] as const)
      if (options[property] !== undefined)
        problems.push({
          property,
          value: `${options[property].length} of them`,
          rule: "need a dataplane with several networks for one pod",
          remedy: "use Dataplane.v2({ multiNetworking: true }), or leave it out",
        });
  return problems;
}
