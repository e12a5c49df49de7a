import { isKnown, type Problem, parseCidr, sizeOf } from "../validation";
import type { GkeClusterOptions } from "./cluster/options";
import { type TemporaryPool, temporaryPool } from "./cluster/temporary-pool";
import { zoneCount } from "./location";
import { effectiveNetwork } from "./network/effective";
import type { GkeNetworkOptions } from "./network/options";
import { type EffectiveNodePool, effectiveNodePool } from "./node-pool/effective";
import type { GkeNodePoolOptions } from "./node-pool/options";

/** Addresses of a subnet's primary range that Google Cloud keeps for itself: two at each end. */
const RESERVED_NODE_ADDRESSES = 4;

/** An environment as far as its ranges and node pools go: options that were examined, each wrong one unknown. */
export interface CapacityFacts {
  /** Region or zone of the cluster. */
  readonly location: string;
  readonly network: GkeNetworkOptions;
  readonly cluster?: GkeClusterOptions;
  readonly nodePools?: readonly GkeNodePoolOptions[];
}

/**
 * Addresses that GKE gives to the pods of one node: the power of two that is at least twice the most pods, so that an
 * address rests before it is used again. 256 (a /24) for the default of 110 pods.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr
 */
export function podAddressesPerNode(maxPodsPerNode: number): number {
  return 2 ** Math.ceil(Math.log2(2 * maxPodsPerNode));
}

/**
 * Whether everything fits into the ranges: the pool that GKE makes with the cluster, and afterwards all node pools when
 * each has its most nodes and one of them is being upgraded. GKE makes no more nodes once a range is full, which shows at
 * the worst moment.
 */
export function podRangeProblems(facts: CapacityFacts): Problem[] {
  if (!isKnown(facts.location)) return [];
  const { cluster = {} } = facts;
  if (cluster.autopilot === true) return [];
  const zones = zoneCount(facts.location, cluster.nodeLocations);
  const network = effectiveNetwork(facts.network);
  const pools = (isKnown(facts.nodePools) ? facts.nodePools : []).map((options) =>
    effectiveNodePool({
      ...options,
      location: facts.location,
      zoneCount: zones,
      ...(cluster.maxPodsPerNode === undefined ? {} : { clusterMaxPodsPerNode: cluster.maxPodsPerNode }),
    }),
  );
  const needs = pools.map(needOf);
  const temporary = temporaryNeed(temporaryPool({ ...cluster, location: facts.location }), zones);
  return [
    ...network.podRanges.flatMap((range, index) => {
      const isOurs = ({ podRange }: Need) => podRange === range.name || (index === 0 && podRange === undefined);
      const property = `network.${range.property}`;
      if (index > 0) return podProblem(property, range.cidr, needs.filter(isOurs));
      const problems = podProblem(property, range.cidr, needs.filter(isOurs), temporary.nodes * temporary.podAddresses);
      return problems.length > 0 ? problems : temporaryPodProblem(property, range.cidr, temporary);
    }),
    ...nodeProblem(network.nodes, needs, temporary),
  ];
}

interface Need {
  readonly nodes: number;
  readonly extraNodes: number;
  readonly podAddresses: number;
  readonly podRange?: string;
}

function needOf({ mostNodes, extraNodes, maxPodsPerNode, podRange }: EffectiveNodePool): Need {
  return {
    nodes: mostNodes,
    extraNodes,
    podAddresses: isKnown(maxPodsPerNode) ? podAddressesPerNode(maxPodsPerNode) : 0,
    ...(isKnown(podRange) ? { podRange } : {}),
  };
}

function temporaryNeed({ nodesPerZone, maxPodsPerNode }: TemporaryPool, zones: number): Need {
  const nodes = isKnown(nodesPerZone) ? nodesPerZone * zones : 0;
  return { nodes, extraNodes: 0, podAddresses: podAddressesPerNode(maxPodsPerNode) };
}

function temporaryPodProblem(property: string, text: string, { nodes, podAddresses }: Need): Problem[] {
  const range = isKnown(text) ? parseCidr(text) : "is not known";
  if (typeof range === "string" || nodes * podAddresses <= sizeOf(range)) return [];
  return [
    {
      property,
      value: text,
      rule: `has ${sizeOf(range)} addresses where the ${nodes} nodes that GKE makes with the cluster, and that are removed when it stands, take ${nodes * podAddresses}`,
      remedy: `widen it to /${prefixFor(nodes * podAddresses)}, or lower cluster.initialNodeCount, cluster.maxPodsPerNode or the number of cluster.nodeLocations`,
    },
  ];
}

function podProblem(property: string, text: string, needs: readonly Need[], atFirst = 0): Problem[] {
  const range = isKnown(text) ? parseCidr(text) : "is not known";
  if (typeof range === "string" || needs.length === 0) return [];
  const needed =
    sum(needs.map(({ nodes, podAddresses }) => nodes * podAddresses)) +
    Math.max(...needs.map(({ extraNodes, podAddresses }) => extraNodes * podAddresses));
  if (needed <= sizeOf(range)) return [];
  return [
    {
      property,
      value: text,
      rule: `has ${sizeOf(range)} addresses where the node pools at their most, one of them in an upgrade, take ${needed}`,
      remedy: `widen it to /${prefixFor(Math.max(needed, atFirst))}, lower maxNodes or maxPodsPerNode, or move pools to extraPodRanges`,
    },
  ];
}

function nodeProblem(text: string, needs: readonly Need[], temporary: Need): Problem[] {
  const range = isKnown(text) ? parseCidr(text) : "is not known";
  if (typeof range === "string") return [];
  const inPools = sum(needs.map(({ nodes }) => nodes)) + Math.max(0, ...needs.map(({ extraNodes }) => extraNodes));
  const needed = inPools + RESERVED_NODE_ADDRESSES;
  const neededAtFirst = temporary.nodes + RESERVED_NODE_ADDRESSES;
  const google = `(${RESERVED_NODE_ADDRESSES} of them are Google's)`;
  if (needed > sizeOf(range))
    return [
      {
        property: "network.nodes",
        value: text,
        rule: `has ${sizeOf(range)} addresses where the node pools at their most, one of them in an upgrade, take ${needed} ${google}`,
        remedy: `widen it to /${prefixFor(Math.max(needed, neededAtFirst))} or lower maxNodes`,
      },
    ];
  if (neededAtFirst <= sizeOf(range)) return [];
  return [
    {
      property: "network.nodes",
      value: text,
      rule: `has ${sizeOf(range)} addresses where the nodes that GKE makes with the cluster, and that are removed when it stands, take ${neededAtFirst} ${google}`,
      remedy: `widen it to /${prefixFor(neededAtFirst)} or lower cluster.initialNodeCount`,
    },
  ];
}

/** The longest prefix of a range with that many addresses. */
function prefixFor(addresses: number): number {
  return 32 - Math.ceil(Math.log2(addresses));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
