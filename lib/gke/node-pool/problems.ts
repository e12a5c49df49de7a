import type { Problem } from "../../validation";
import type { ReleaseChannel } from "../cluster/maintenance";
import { maxPodsProblems, serviceAccountProblems } from "../cluster/problems";
import { zonesProblems } from "../location";
import { CLUSTER_NAME, COMPUTE_NAME, nameProblems, resourceLabelProblems } from "../naming";
import type { NodeTaint } from "../node-taint";
import { machineProblems } from "./machine";
import { HASH_LENGTH } from "./name";
import type { GkeNodePoolOptions } from "./options";
import { sizeProblems } from "./size";
import { nodeLabelProblems, taintProblems } from "./taints";
import { upgradeProblems } from "./upgrade";

const POOL_NAME = { min: 1, max: CLUSTER_NAME.max - HASH_LENGTH - 1 };

/** What a node pool's surroundings add to the rules, as far as it is known. */
export interface NodePoolContext {
  /** Region or zone of the cluster. */
  readonly location?: string;
  /** Whether the cluster is Autopilot. */
  readonly autopilot?: boolean;
  /** Release channel of the cluster. */
  readonly releaseChannel?: ReleaseChannel;
  /** Taints of the dataplane. */
  readonly startupTaints?: readonly NodeTaint[];
  /** Names of the secondary ranges that pools can take pods' addresses from, besides the cluster's. */
  readonly podRangeNames?: readonly string[];
}

/**
 * Everything that is wrong with a node pool.
 *
 * @param options What its author says, with as much of its surroundings as is known.
 */
export function gkeNodePoolProblems(options: GkeNodePoolOptions & NodePoolContext): Problem[] {
  return [
    ...nameProblems("name", options.name, POOL_NAME),
    ...machineProblems(options),
    ...sizeProblems(options),
    ...zonesProblems("zones", options.zones, options.location),
    ...taintProblems(options.taints, options.startupTaints),
    ...nodeLabelProblems(options.labels),
    ...resourceLabelProblems("resourceLabels", options.resourceLabels),
    ...(options.networkTags ?? []).flatMap((tag, index) => nameProblems(`networkTags[${index}]`, tag, COMPUTE_NAME)),
    ...maxPodsProblems("maxPodsPerNode", options.maxPodsPerNode),
    ...serviceAccountProblems("serviceAccount", options.serviceAccount),
    ...upgradeProblems(options),
    ...contextProblems(options),
  ];
}

function contextProblems(options: GkeNodePoolOptions & NodePoolContext): Problem[] {
  const problems: Problem[] = [];
  if (options.autopilot) {
    problems.push({
      property: "name",
      value: options.name,
      rule: "is a node pool, and Autopilot clusters have none of yours",
      remedy: "remove the pool or set autopilot to false",
    });
  }
  if (
    options.autoUpgrade === false &&
    options.releaseChannel !== undefined &&
    options.releaseChannel !== "UNSPECIFIED"
  ) {
    problems.push({
      property: "autoUpgrade",
      value: false,
      rule: `is not possible in release channel ${options.releaseChannel}`,
      remedy: "leave it out and use a maintenance exclusion, or set releaseChannel to UNSPECIFIED",
    });
  }
  if (options.podRange !== undefined && options.podRangeNames && !options.podRangeNames.includes(options.podRange)) {
    problems.push({
      property: "podRange",
      value: options.podRange,
      rule: "is not one of the network's extra ranges of pods",
      remedy: `add it to network.extraPodRanges${options.podRangeNames.length > 0 ? ` or choose ${options.podRangeNames.join(", ")}` : ""}`,
    });
  }
  return problems;
}
