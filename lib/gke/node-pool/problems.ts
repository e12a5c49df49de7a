import { type CheckTable, examine, isKnown, type Problem } from "../../validation";
import { keyLocationProblems, zonesProblems, zonesWarnings } from "../location";
import { attachmentProblems } from "./attachments";
import type { NodePoolContext } from "./context";
import { type EffectiveNodePool, effectiveNodePool } from "./effective";
import { machineProblems, machineWarnings } from "./machine";
import type { GkeNodePoolOptions } from "./options";
import { comesLater, procurementProblems } from "./procurement";
import { sizeProblems } from "./size";
import { systemProblems } from "./system";
import { GKE_NODE_POOL_FACTS } from "./table";
import { nodeLabelProblems, taintProblems, taintWarnings } from "./taints";
import { upgradeProblems } from "./upgrade";

type Options = GkeNodePoolOptions & NodePoolContext;

/**
 * Everything that is wrong with a node pool.
 *
 * @param given What its author says, with as much of its surroundings as is known.
 */
export function gkeNodePoolProblems(given: Options, table: CheckTable<Options> = GKE_NODE_POOL_FACTS): Problem[] {
  const { problems, options } = examine<Options>(given, table);
  const pool = effectiveNodePool(options);
  return [
    ...problems,
    ...machineProblems(options, pool),
    ...sizeProblems(options),
    ...zonesProblems("zones", options.zones, options.location),
    ...keyLocationProblems("bootDiskKmsKey", options.bootDiskKmsKey, options.location),
    ...taintProblems(options.taints, options.startupTaints),
    ...nodeLabelProblems(options.labels),
    ...upgradeProblems(options),
    ...systemProblems(options),
    ...procurementProblems(options, pool.machineType),
    ...attachmentProblems(options),
    ...contextProblems(options, pool),
  ];
}

/** What works, or may work, but deserves a sentence. */
export function gkeNodePoolWarnings(given: Options): Problem[] {
  const { options } = examine<Options>(given, GKE_NODE_POOL_FACTS);
  const pool = effectiveNodePool(options);
  return [
    ...machineWarnings(pool),
    ...zonesWarnings("zones", options.zones),
    ...taintWarnings(pool.taints, options.startupTaints),
  ];
}

function contextProblems(options: Options, { releaseChannel }: EffectiveNodePool): Problem[] {
  const problems: Problem[] = [];
  if (options.autopilot === true) {
    problems.push({
      property: "name",
      value: options.name,
      rule: "is a node pool, and Autopilot clusters have none of yours",
      remedy: "remove the pool or set autopilot to false",
    });
  }
  if (isKnown(releaseChannel) && releaseChannel !== "UNSPECIFIED")
    for (const property of ["autoUpgrade", "autoRepair"] as const) {
      if (options[property] !== false || (property === "autoRepair" && comesLater(options))) continue;
      problems.push({
        property,
        value: false,
        rule: `is not possible in release channel ${releaseChannel}`,
        remedy:
          property === "autoUpgrade"
            ? "leave it out and use a maintenance exclusion, or set releaseChannel to UNSPECIFIED"
            : "leave it out, or set releaseChannel to UNSPECIFIED",
      });
    }
  if (options.autoRepair === true && options.flexStart === true)
    problems.push({
      property: "autoRepair",
      value: true,
      rule: "is not possible with flex start",
      remedy: "leave it out",
    });
  const { podRange, podRangeNames } = options;
  if (
    isKnown(podRange) &&
    isKnown(podRangeNames) &&
    podRangeNames.every(isKnown) &&
    !podRangeNames.includes(podRange)
  ) {
    problems.push({
      property: "podRange",
      value: podRange,
      rule: "is not one of the network's extra ranges of pods",
      remedy: `add it to network.extraPodRanges${podRangeNames.length > 0 ? ` or choose ${podRangeNames.join(", ")}` : ""}`,
    });
  }
  return problems;
}
