import type { ContainerNodePoolConfig } from "@cdktf/provider-google/lib/container-node-pool";
import { isKnown, type Problem } from "../../validation";
import type { EffectiveNodePool } from "./effective";
import type { GkeNodePoolOptions } from "./options";

const LIMITS = ["maxNodes", "maxNodesPerZone", "nodeCountPerZone"] as const;

/** Options to the pool's attributes. */
export function sizeConfig(
  options: EffectiveNodePool,
): Pick<ContainerNodePoolConfig, "autoscaling" | "initialNodeCount" | "nodeCount"> {
  if (options.nodeCountPerZone !== undefined) return { nodeCount: options.nodeCountPerZone };
  const { locationPolicy } = options;
  if (options.maxNodesPerZone !== undefined) {
    const least = options.minNodesPerZone ?? 0;
    return {
      autoscaling: { minNodeCount: least, maxNodeCount: options.maxNodesPerZone, locationPolicy },
      initialNodeCount: least,
    };
  }
  const least = options.minNodes ?? 0;
  const most = options.maxNodes as number;
  return {
    autoscaling: { totalMinNodeCount: least, totalMaxNodeCount: most, locationPolicy },
    initialNodeCount: nodesAZone(least, most, options.zoneCount),
  };
}

/** Given for each zone, so that all zones together come as close to the minimum as the maximum allows. */
function nodesAZone(least: number, most: number, zones: number): number {
  if (!isKnown(least)) return 0;
  const enough = Math.ceil(least / zones);
  return !isKnown(most) || enough * zones <= most ? enough : Math.floor(least / zones);
}

/** Most nodes a pool can have in so many zones, upgrades apart. 0 where that is not known yet. */
export function maxNodesOf(options: GkeNodePoolOptions, zones: number): number {
  return total(options.nodeCountPerZone ?? options.maxNodesPerZone, options.maxNodes, zones);
}

/** Fewest nodes a pool has in so many zones. 0 where that is not known yet. */
export function leastNodesOf(options: GkeNodePoolOptions, zones: number): number {
  return total(options.nodeCountPerZone ?? options.minNodesPerZone, options.minNodes, zones);
}

function total(perZone: number | undefined, together: number | undefined, zones: number): number {
  if (perZone === undefined) return isKnown(together) ? together : 0;
  return isKnown(perZone) ? perZone * zones : 0;
}

/** What is wrong with the number of nodes. */
export function sizeProblems(options: GkeNodePoolOptions): Problem[] {
  const problems: Problem[] = [];
  const given = LIMITS.filter((limit) => options[limit] !== undefined);
  if (given.length === 0) {
    problems.push({
      property: "maxNodes",
      rule: "is missing: something must cap the number of nodes and the bill",
      remedy: "give maxNodes, maxNodesPerZone or nodeCountPerZone",
    });
  }
  if (given.length > 1) {
    problems.push({
      property: given[0] as string,
      value: options[given[0] as (typeof LIMITS)[number]],
      rule: `cannot be combined with '${given.slice(1).join("', '")}'`,
      remedy: "give one of them",
    });
  }
  for (const [least, most] of [
    ["minNodes", "maxNodes"],
    ["minNodesPerZone", "maxNodesPerZone"],
  ] as const) {
    const low = options[least];
    const high = options[most];
    if (low === undefined) continue;
    if (high === undefined) {
      problems.push({
        property: least,
        value: low,
        rule: `has no effect without '${most}'`,
        remedy: `give ${most} too`,
      });
    } else if (isKnown(low) && isKnown(high) && low > high) {
      problems.push({
        property: least,
        value: low,
        rule: `exceeds '${most}' (${high})`,
        remedy: `lower it or raise ${most}`,
      });
    }
  }
  if (options.nodeCountPerZone !== undefined && options.locationPolicy !== undefined) {
    problems.push({
      property: "locationPolicy",
      value: options.locationPolicy,
      rule: "has no effect without autoscaling",
      remedy: "leave it out",
    });
  }
  return problems;
}
