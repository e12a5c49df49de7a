import type { ContainerNodePoolUpgradeSettings } from "@cdktf/provider-google/lib/container-node-pool";
import { isKnown, type Problem } from "../../validation";
import { seconds } from "../tokens";
import type { GkeNodePoolOptions } from "./options";

const DEFAULT_MAX_SURGE = 1;
const DEFAULT_MAX_UNAVAILABLE = 0;
const DEFAULT_BATCH_NODES = 1;
const DEFAULT_BATCH_SOAK_MINUTES = 0;
const DEFAULT_SOAK_MINUTES = 60;
/** Nodes at a time, https://cloud.google.com/kubernetes-engine/docs/concepts/node-pool-upgrade-strategies */
export const MAX_PARALLEL = 20;

/** Options to the pool's attributes. */
export function upgradeConfig(options: GkeNodePoolOptions): ContainerNodePoolUpgradeSettings {
  const { blueGreen } = options;
  if (blueGreen === undefined) {
    return {
      strategy: "SURGE",
      maxSurge: options.maxSurge ?? DEFAULT_MAX_SURGE,
      maxUnavailable: options.maxUnavailable ?? DEFAULT_MAX_UNAVAILABLE,
    };
  }
  return {
    strategy: "BLUE_GREEN",
    blueGreenSettings: {
      nodePoolSoakDuration: seconds(blueGreen.soakMinutes ?? DEFAULT_SOAK_MINUTES),
      standardRolloutPolicy: {
        ...(blueGreen.batchShare === undefined
          ? { batchNodeCount: blueGreen.batchNodes ?? DEFAULT_BATCH_NODES }
          : { batchPercentage: blueGreen.batchShare }),
        batchSoakDuration: seconds(blueGreen.batchSoakMinutes ?? DEFAULT_BATCH_SOAK_MINUTES),
      },
    },
  };
}

/** How many nodes more than its maximum a pool has while it is upgraded. */
export function extraNodesOf(options: GkeNodePoolOptions, maxNodes: number): number {
  if (options.blueGreen !== undefined) return maxNodes;
  const surge = options.maxSurge ?? DEFAULT_MAX_SURGE;
  return isKnown(surge) ? Math.min(surge, maxNodes) : 0;
}

/** What is wrong with how nodes are upgraded. */
export function upgradeProblems(options: GkeNodePoolOptions): Problem[] {
  return [...surgeProblems(options), ...blueGreenProblems(options)];
}

function surgeProblems(options: GkeNodePoolOptions): Problem[] {
  const problems: Problem[] = [];
  for (const property of ["maxSurge", "maxUnavailable"] as const) {
    const value = options[property];
    if (options.blueGreen !== undefined && value !== undefined) {
      problems.push({
        property,
        value,
        rule: "has no effect with 'blueGreen'",
        remedy: "leave it out, or leave blueGreen out",
      });
    }
  }
  const surge = options.maxSurge ?? DEFAULT_MAX_SURGE;
  const unavailable = options.maxUnavailable ?? DEFAULT_MAX_UNAVAILABLE;
  if (options.blueGreen !== undefined || !isKnown(surge) || !isKnown(unavailable)) return problems;
  const together = surge + unavailable;
  if (together === 0) {
    problems.push({
      property: "maxSurge",
      value: surge,
      rule: "leaves no node to begin an upgrade with, together with 'maxUnavailable' (0)",
      remedy: "raise one of the two",
    });
  }
  if (together > MAX_PARALLEL) {
    problems.push({
      property: "maxSurge",
      value: surge,
      rule: `exceeds ${MAX_PARALLEL} together with 'maxUnavailable' (${unavailable})`,
      remedy: "lower one of the two",
    });
  }
  return problems;
}

function blueGreenProblems({ blueGreen }: GkeNodePoolOptions): Problem[] {
  if (blueGreen?.batchShare === undefined || blueGreen.batchNodes === undefined) return [];
  return [
    {
      property: "blueGreen.batchShare",
      value: blueGreen.batchShare,
      rule: "cannot be combined with 'batchNodes'",
      remedy: "give one of the two",
    },
  ];
}
