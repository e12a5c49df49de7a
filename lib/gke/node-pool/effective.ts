import { type Architecture, architectureOf, bootDisksOf } from "../../facts/machines";
import { isKnown } from "../../validation";
import { DEFAULT_RELEASE_CHANNEL, type ReleaseChannel } from "../cluster/maintenance";
import { DEFAULT_MAX_PODS_PER_NODE } from "../cluster/options";
import { zoneCount } from "../location";
import type { NodeTaint } from "../node-taint";
import { either } from "../tokens";
import type { NodePoolContext } from "./context";
import type { GkeNodePoolOptions } from "./options";
import { comesLater } from "./procurement";
import { leastNodesOf, maxNodesOf } from "./size";
import { extraNodesOf } from "./upgrade";

export const DEFAULT_MACHINE_TYPE = "e2-standard-4";
const DEFAULT_DISK_TYPE = "pd-balanced";
const DEFAULT_DISK_GB = 100;

/** Options that every pool has, said or not. */
type Filled =
  | "autoRepair"
  | "autoUpgrade"
  | "diskSizeGb"
  | "diskType"
  | "imageType"
  | "integrityMonitoring"
  | "locationPolicy"
  | "machineType"
  | "maxPodsPerNode"
  | "secureBoot"
  | "spot"
  | "taints";

/** A node pool as it will be: everything said, nothing left to a default. Tokens stay tokens. */
export interface EffectiveNodePool
  extends Omit<GkeNodePoolOptions, Filled>,
    Required<Pick<GkeNodePoolOptions, Filled>> {
  /** Taints of the nodes, those of the dataplane first. GKE's own, of Arm machines and GPUs, are not among them. */
  readonly allTaints: readonly NodeTaint[];
  /** Undefined where the machine type is not in the table of published ones. */
  readonly architecture?: Architecture;
  readonly releaseChannel: ReleaseChannel;
  /** In how many zones its nodes run. */
  readonly zoneCount: number;
  /** Nodes that it always has, in all zones together; 0 where that is not known. */
  readonly leastNodes: number;
  /** Nodes that it can have, upgrades apart; 0 where that is not known. */
  readonly mostNodes: number;
  /** How many more it has while it is upgraded. */
  readonly extraNodes: number;
}

/**
 * Fills in every default of a node pool, once: rules, constructs, dataplanes and monitoring read the answer.
 *
 * @param options Examined options with as much of their surroundings as is known.
 */
export function effectiveNodePool(options: GkeNodePoolOptions & NodePoolContext): EffectiveNodePool {
  const { location: home, releaseChannel, startupTaints, ...rest } = options;
  const { zoneCount: clusterZones, autopilot: _, podRangeNames: __, ...others } = rest;
  const { clusterMaxPodsPerNode, clusterConfidentialNodes, multiNetworking: ___, ...given } = others;
  const machineType = options.machineType ?? DEFAULT_MACHINE_TYPE;
  const spot = options.spot ?? false;
  const taints = options.taints ?? [];
  const zones =
    options.zones !== undefined && isKnown(options.zones)
      ? options.zones.length
      : (clusterZones ?? zoneCount(isKnown(home) ? home : "", undefined));
  const mostNodes = maxNodesOf(options, zones);
  const architecture = isKnown(machineType) ? architectureOf(machineType) : undefined;
  return {
    ...given,
    machineType,
    imageType: options.imageType ?? "COS_CONTAINERD",
    diskType:
      options.diskType ?? (isKnown(machineType) ? bootDisksOf(machineType)?.[0] : undefined) ?? DEFAULT_DISK_TYPE,
    diskSizeGb: options.diskSizeGb ?? DEFAULT_DISK_GB,
    spot,
    locationPolicy: options.locationPolicy ?? (comesLater(options) ? "ANY" : either(spot, "ANY", "BALANCED")),
    maxPodsPerNode: options.maxPodsPerNode ?? clusterMaxPodsPerNode ?? DEFAULT_MAX_PODS_PER_NODE,
    secureBoot: options.secureBoot ?? true,
    integrityMonitoring: options.integrityMonitoring ?? true,
    ...((options.confidentialNodes ?? clusterConfidentialNodes) === undefined
      ? {}
      : { confidentialNodes: options.confidentialNodes ?? clusterConfidentialNodes }),
    // GKE refuses repair of what only comes for some days.
    autoRepair: options.autoRepair ?? options.flexStart !== true,
    autoUpgrade: options.autoUpgrade ?? true,
    taints,
    allTaints: [...(isKnown(startupTaints) ? startupTaints : []), ...(isKnown(taints) ? taints : [])],
    ...(architecture === undefined ? {} : { architecture }),
    releaseChannel: releaseChannel ?? DEFAULT_RELEASE_CHANNEL,
    zoneCount: zones,
    leastNodes: leastNodesOf(options, zones),
    mostNodes,
    extraNodes: extraNodesOf(options, mostNodes),
  };
}
