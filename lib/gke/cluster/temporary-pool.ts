import type { ContainerClusterConfig } from "@cdktf/provider-google/lib/container-cluster";
import { bootDisksOf } from "../../facts/machines";
import { isKnown } from "../../validation";
import { isZone } from "../location";
import { CLOUD_PLATFORM_SCOPE } from "./auto-provisioning";
import type { GkeClusterOptions } from "./options";
import type { ConfidentialNodes } from "./security";

/** Smallest machines that can do what the cluster asks of all its nodes. */
const MACHINE = "e2-medium";
const CONFIDENTIAL_MACHINE: Readonly<Record<ConfidentialNodes, string>> = {
  SEV: "n2d-standard-2",
  SEV_SNP: "n2d-standard-2",
  TDX: "c3-standard-4",
};
/** GKE takes 10, of which the operating system and GKE's own images leave next to nothing. */
const DISK_GB = 20;
/**
 * GKE takes 8, but brings about ten pods of its own to each node, and one without its network agent is never ready.
 * With 16, a node takes a /27 of pod addresses, an eighth of what it takes with GKE's default of 110.
 */
const MAX_PODS = 16;
const NODES_ZONAL = 3;
const NODES_A_ZONE = 1;

/** The pool that GKE insists on making with a cluster, and that is removed when the cluster stands. */
export interface TemporaryPool {
  readonly machineType: string;
  readonly diskType: string;
  /** Size of the boot disk in GB. */
  readonly diskSizeGb: number;
  readonly maxPodsPerNode: number;
  readonly nodesPerZone: number;
}

/** The pool as it will be: as small as it can be in addresses and in quota. */
export function temporaryPool(options: GkeClusterOptions & { readonly location?: string }): TemporaryPool {
  const { confidentialNodes: kind, maxPodsPerNode, location } = options;
  const machineType = kind !== undefined && isKnown(kind) ? CONFIDENTIAL_MACHINE[kind] : MACHINE;
  const disks = bootDisksOf(machineType) ?? [];
  return {
    machineType,
    // Disks of magnets do not count towards the quota of SSDs, which is small in new projects.
    diskType: disks.includes("pd-standard") ? "pd-standard" : "pd-balanced",
    diskSizeGb: DISK_GB,
    maxPodsPerNode: isKnown(maxPodsPerNode) ? Math.min(MAX_PODS, maxPodsPerNode) : MAX_PODS,
    nodesPerZone: options.initialNodeCount ?? (isKnown(location) && isZone(location) ? NODES_ZONAL : NODES_A_ZONE),
  };
}

/**
 * The pool as an attribute of the cluster. It lives until the cluster stands, but its nodes are made under the same
 * organization policies as all others, which often forbid the default account, plain boot or Google's keys. Written as
 * a pool, and not as `node_config`, because only a pool has its own number of pods a node: the cluster's cannot be
 * changed afterwards, and is what auto-provisioned pools take.
 */
export function temporaryPoolConfig(
  pool: TemporaryPool,
  nodes: { readonly serviceAccount: string; readonly bootDiskKmsKey?: string; readonly nodeTags: readonly string[] },
): Pick<ContainerClusterConfig, "removeDefaultNodePool" | "nodePool"> {
  return {
    removeDefaultNodePool: true,
    nodePool: [
      {
        // By this name the provider finds it to remove it.
        name: "default-pool",
        initialNodeCount: pool.nodesPerZone,
        maxPodsPerNode: pool.maxPodsPerNode,
        nodeConfig: {
          machineType: pool.machineType,
          diskType: pool.diskType,
          diskSizeGb: pool.diskSizeGb,
          imageType: "COS_CONTAINERD",
          serviceAccount: nodes.serviceAccount,
          oauthScopes: [CLOUD_PLATFORM_SCOPE],
          tags: [...nodes.nodeTags],
          bootDiskKmsKey: nodes.bootDiskKmsKey,
          metadata: { "disable-legacy-endpoints": "true" },
          shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
          workloadMetadataConfig: { mode: "GKE_METADATA" },
        },
      },
    ],
  };
}
