import {
  type CiliumMode,
  type CiliumReleaseContext,
  type EffectiveRelease,
  effectiveValue,
  writtenAs,
} from "../cilium";
import { type ClusterDatapath, zoneCount } from "../gke";
import { isKnown, type Problem } from "../validation";
import type { DataplaneFacts, DataplaneKind } from "./facts";
import { placementWarnings } from "./pod-placement";

/** Whether any nodes are known; where none are, that is the problem to tell and not what follows from it. */
function hasNodePools(facts: DataplaneFacts): boolean {
  return (facts.nodePools ?? []).length > 0;
}

/**
 * Nodes that the cluster always has for its dataplane: the smallest size of its pools, in all their zones, without pools
 * that wait for another dataplane; undefined where not known.
 */
export function minimumNodes(facts: DataplaneFacts, kind: DataplaneKind): number | undefined {
  let sum = 0;
  for (const pool of facts.nodePools ?? []) {
    if (isKnown(pool.dataplane) && pool.dataplane.kind !== kind) continue;
    const { zones, minNodes, nodeCountPerZone, minNodesPerZone, maxNodes, maxNodesPerZone } = pool;
    // A pool without any size is a problem of its own.
    if ([maxNodes, maxNodesPerZone, nodeCountPerZone].every((size) => size === undefined)) return undefined;
    if (!isKnown(facts.location) || (zones !== undefined && !isKnown(zones))) return undefined;
    const inZones = zones?.length ?? zoneCount(facts.location, facts.cluster?.nodeLocations);
    const least = minNodes ?? nodeCountPerZone ?? minNodesPerZone ?? 0;
    if (!isKnown(least)) return undefined;
    sum += minNodes === undefined ? inZones * least : least;
  }
  return sum;
}

/** What the rules of a release need to know of the cluster that it is for. */
export function releaseContext(
  { cluster }: DataplaneFacts,
  mode: CiliumMode,
  datapath: ClusterDatapath,
): CiliumReleaseContext {
  return {
    mode,
    gkeGatewayApi: cluster?.gatewayApi === true,
    // GKE brings its agent with a network policy engine, unless its SNAT is off.
    gkeMasquerades: !datapath.disableDefaultSnat,
    kubernetesVersion: cluster?.minVersion,
  };
}

/** What is wrong with a self-managed Cilium in an environment, whichever mode it runs in. */
export function selfManagedProblems(facts: DataplaneFacts, mode: string): Problem[] {
  const problems: Problem[] = [];
  if (facts.cluster?.autopilot === true)
    problems.push({
      property: "cluster.autopilot",
      value: true,
      rule: `does not go with ${mode}, whose pods need privileges that Autopilot denies`,
      remedy: "use Dataplane.v2(), or leave autopilot out",
    });
  (facts.nodePools ?? []).forEach((pool, index) => {
    if (isKnown(pool.imageType) && pool.imageType !== "COS_CONTAINERD")
      problems.push({
        property: `nodePools[${index}].imageType`,
        value: pool.imageType,
        rule: `is not what ${mode} is tested with: paths of the CNI plugins differ between images`,
        remedy: "use COS_CONTAINERD, or Dataplane.v2()",
      });
  });
  return problems;
}

/** What is wrong between a release and the nodes it will run on, named from the dataplane's options. */
export function nodesProblems(facts: DataplaneFacts, kind: DataplaneKind, release: EffectiveRelease): Problem[] {
  const nodes = hasNodePools(facts) ? minimumNodes(facts, kind) : undefined;
  const replicas = effectiveValue(release, "operator.replicas");
  if (nodes === undefined || typeof replicas !== "number" || !isKnown(replicas) || replicas <= nodes) return [];
  return [
    {
      property: writtenAs(release, "operator.replicas"),
      value: replicas,
      rule: `exceeds the ${nodes} node(s) the cluster always has; two operators never share a node, so the release would wait in vain`,
      remedy: "set operatorReplicas to 1 or raise the minimum of the node pools",
    },
  ];
}

/** What works with a self-managed Cilium but deserves a sentence. */
export function selfManagedWarnings(facts: DataplaneFacts): Problem[] {
  const placement = placementWarnings(facts);
  if (facts.cluster?.autoProvisioning === undefined) return placement;
  return [
    ...placement,
    {
      property: "cluster.autoProvisioning",
      rule: "creates node pools without the startup taint, so pods can start there before Cilium and stay without policy",
      remedy: "use node pools of a fixed list, or a ComputeClass that carries the taint",
    },
  ];
}
