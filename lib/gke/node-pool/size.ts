import type { ContainerNodePoolConfig } from "@cdktf/provider-google/lib/container-node-pool";
import { isKnown, type Problem } from "../../validation";
import type { GkeNodePoolOptions } from "./options";

/** https://cloud.google.com/kubernetes-engine/quotas */
const MAX_NODES_PER_ZONE = 1000;

const LIMITS = ["maxNodes", "maxNodesPerZone", "nodeCountPerZone"] as const;

/** Options to the pool's attributes. */
export function sizeConfig(
  options: GkeNodePoolOptions,
  zones: number,
): Pick<ContainerNodePoolConfig, "autoscaling" | "initialNodeCount" | "nodeCount"> {
  if (options.nodeCountPerZone !== undefined) return { nodeCount: options.nodeCountPerZone };
  const locationPolicy = options.locationPolicy ?? (options.spot ? "ANY" : "BALANCED");
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
    initialNodeCount: nodesAZone(least, most, zones),
  };
}

/** Given for each zone, so that all zones together come as close to the minimum as the maximum allows. */
function nodesAZone(least: number, most: number, zones: number): number {
  if (!isKnown(least)) return 0;
  const enough = Math.ceil(least / zones);
  return !isKnown(most) || enough * zones <= most ? enough : Math.floor(least / zones);
}

/** Most nodes a pool can have, upgrades apart. 0 where that is not known yet. */
export function maxNodesOf(options: GkeNodePoolOptions, clusterZones: number): number {
  const zones = options.zones?.length ?? clusterZones;
  const perZone = options.nodeCountPerZone ?? options.maxNodesPerZone;
  const total = perZone === undefined ? options.maxNodes : isKnown(perZone) ? perZone * zones : undefined;
  return isKnown(total) ? total : 0;
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
  return [...problems, ...numberProblems(options)];
}

function numberProblems(options: GkeNodePoolOptions): Problem[] {
  const problems: Problem[] = [];
  for (const [property, least, most] of [
    ["minNodes", 0, undefined],
    ["maxNodes", 1, undefined],
    ["minNodesPerZone", 0, MAX_NODES_PER_ZONE],
    ["maxNodesPerZone", 1, MAX_NODES_PER_ZONE],
    ["nodeCountPerZone", 0, MAX_NODES_PER_ZONE],
  ] as const) {
    const value = options[property];
    if (!isKnown(value)) continue;
    if (Number.isInteger(value) && value >= least && (most === undefined || value <= most)) continue;
    problems.push({
      property,
      value,
      rule: `is not a whole number ${most === undefined ? `of at least ${least}` : `from ${least} to ${most}`}`,
      remedy: "choose another number of nodes",
    });
  }
  return problems;
}
