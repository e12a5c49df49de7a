import { isKnown, type Problem, parseCidr, sizeOf } from "../validation";
import { DEFAULT_MAX_PODS_PER_NODE, type GkeClusterOptions } from "./cluster/options";
import { zoneCount } from "./location";
import type { GkeNetworkOptions } from "./network/options";
import type { GkeNodePoolOptions } from "./node-pool/options";
import { maxNodesOf } from "./node-pool/size";
import { extraNodesOf } from "./node-pool/upgrade";

/** Addresses of a subnet's primary range that Google Cloud keeps for itself: two at each end. */
const RESERVED_NODE_ADDRESSES = 4;

/** An environment as far as its ranges and node pools go. */
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
 * Whether all node pools fit into the ranges when each has its most nodes and one of them is being upgraded. GKE makes
 * no more nodes once a range is full, which shows at the worst moment.
 */
export function podRangeProblems(facts: CapacityFacts): Problem[] {
  const pools = facts.nodePools ?? [];
  if (facts.cluster?.autopilot === true || pools.length === 0 || !isKnown(facts.location)) return [];
  const zones = zoneCount(facts.location, facts.cluster?.nodeLocations);
  const needs = pools.map((pool) => {
    const nodes = maxNodesOf(pool, zones);
    const maxPods = pool.maxPodsPerNode ?? facts.cluster?.maxPodsPerNode ?? DEFAULT_MAX_PODS_PER_NODE;
    return {
      range: pool.podRange,
      nodes,
      extraNodes: extraNodesOf(pool, nodes),
      podAddresses: isKnown(maxPods) ? podAddressesPerNode(maxPods) : 0,
    };
  });

  const problems = podProblem(
    "network.pods",
    facts.network.pods,
    needs.filter(({ range }) => isMain(range, facts.network)),
  );
  for (const [name, range] of Object.entries(facts.network.extraPodRanges ?? {})) {
    const used = needs.filter((need) => need.range === name);
    problems.push(...podProblem(`network.extraPodRanges.${name}`, range, used));
  }
  return [...problems, ...nodeProblem(facts.network.nodes, needs)];
}

interface Need {
  readonly nodes: number;
  readonly extraNodes: number;
  readonly podAddresses: number;
}

function isMain(range: string | undefined, { podsRangeName }: GkeNetworkOptions): boolean {
  return range === undefined || range === podsRangeName;
}

function podProblem(property: string, text: string, needs: readonly Need[]): Problem[] {
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
      remedy: `widen it to /${prefixFor(needed)}, lower maxNodes or maxPodsPerNode, or move pools to extraPodRanges`,
    },
  ];
}

function nodeProblem(text: string, needs: readonly Need[]): Problem[] {
  const range = isKnown(text) ? parseCidr(text) : "is not known";
  if (typeof range === "string") return [];
  const needed =
    sum(needs.map(({ nodes }) => nodes)) +
    Math.max(...needs.map(({ extraNodes }) => extraNodes)) +
    RESERVED_NODE_ADDRESSES;
  if (needed <= sizeOf(range)) return [];
  return [
    {
      property: "network.nodes",
      value: text,
      rule: `has ${sizeOf(range)} addresses where the node pools at their most, one of them in an upgrade, take ${needed} (${RESERVED_NODE_ADDRESSES} of them are Google's)`,
      remedy: `widen it to /${prefixFor(needed)} or lower maxNodes`,
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
