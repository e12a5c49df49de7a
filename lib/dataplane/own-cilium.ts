import { zoneCount } from "../gke";
import type { Problem } from "../validation";
import type { DataplaneFacts } from "./facts";

/** Whether any nodes are known; where none are, that is the problem to tell and not what follows from it. */
export function hasNodePools(facts: DataplaneFacts): boolean {
  return (facts.nodePools ?? []).length > 0;
}

/** Nodes that the cluster always has: the smallest size of its pools, in all their zones. */
export function minimumNodes(facts: DataplaneFacts): number {
  return (facts.nodePools ?? []).reduce((sum, pool) => {
    const zones = pool.zones?.length ?? zoneCount(facts.location, facts.cluster?.nodeLocations);
    return sum + (pool.minNodes ?? zones * (pool.nodeCountPerZone ?? pool.minNodesPerZone ?? 0));
  }, 0);
}

/** What a cluster must not have where Cilium is ours and not Google's. */
export function ownCiliumProblems(facts: DataplaneFacts, mode: string): Problem[] {
  const problems: Problem[] = [];
  if (facts.cluster?.autopilot)
    problems.push({
      property: "cluster.autopilot",
      value: true,
      rule: `does not go with ${mode}, whose pods need privileges that Autopilot denies`,
      remedy: "use Dataplane.v2(), or leave autopilot out",
    });
  (facts.nodePools ?? []).forEach((pool, index) => {
    if (pool.imageType !== undefined && pool.imageType !== "COS_CONTAINERD")
      problems.push({
        property: `nodePools[${index}].imageType`,
        value: pool.imageType,
        rule: `is not what ${mode} is tested with: paths of the CNI plugins differ between images`,
        remedy: "use COS_CONTAINERD, or Dataplane.v2()",
      });
  });
  return problems;
}

/** What works with a Cilium of ours but deserves a sentence. */
export function ownCiliumWarnings(facts: DataplaneFacts): Problem[] {
  if (facts.cluster?.autoProvisioning === undefined) return [];
  return [
    {
      property: "cluster.autoProvisioning",
      rule: "creates node pools without the startup taint, so pods can start there before Cilium and stay without policy",
      remedy: "use node pools of a fixed list, or a ComputeClass that carries the taint",
    },
  ];
}
