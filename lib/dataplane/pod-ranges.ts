import { contains, formatCidr, isKnown, overlaps, type Problem, parseCidr, smallestAround } from "../validation";
import type { DataplaneFacts } from "./facts";

type Network = DataplaneFacts["network"];

/**
 * The range whose destinations see a pod's own address: the smallest one around all ranges of pods, so that a pod of one
 * range is known by its labels to a pod of another. Without it the peer sees the node and denies (measured with real
 * agents, cilium/cilium#24000).
 *
 * The pods range where the ranges are not known yet, or where no range around them holds nothing else: that is a problem
 * of {@link nativeRoutingProblems}.
 */
export function nativeRoutingCidr(network: Network): string {
  const extra = Object.values(network.extraPodRanges ?? {});
  if (extra.length === 0) return network.pods;
  const around = rangeAroundPods(network);
  return around === undefined ? network.pods : formatCidr(around);
}

/**
 * What is wrong with the range whose destinations see a pod's own address.
 *
 * @param given The range in force, an author's or {@link nativeRoutingCidr}'s.
 * @param property What the author would write to change it.
 * @param isGiven Whether the author wrote it.
 */
export function nativeRoutingProblems(network: Network, given: unknown, property: string, isGiven: boolean): Problem[] {
  if (!isGiven) return aroundProblems(network, property);
  if (typeof given !== "string" || !isKnown(given)) return [];
  const range = parseCidr(given);
  if (typeof range === "string")
    return [
      {
        property,
        value: given,
        rule: range,
        remedy: "give the range whose destinations see the pods' own addresses, e.g. 10.0.0.0/8",
      },
    ];
  if (range.prefix === 0)
    return [
      {
        property,
        value: given,
        rule: "is every address: pods would leave the VPC with their own addresses, which no peer outside can answer",
        remedy: "give the ranges of your own networks only, e.g. 10.0.0.0/8",
      },
    ];
  return podRanges(network)
    .filter(({ text }) => {
      const pods = parseCidr(text);
      return typeof pods !== "string" && !contains(range, pods);
    })
    .map(({ name, text }) => ({
      property,
      value: given,
      rule: `does not hold '${name}' (${text}): pods there would be seen by the address of their node, and policies that name pods would deny them`,
      remedy: "widen it to all ranges of pods, or leave it out for the smallest range around them",
    }));
}

function aroundProblems(network: Network, property: string): Problem[] {
  if (Object.keys(network.extraPodRanges ?? {}).length === 0) return [];
  const around = rangeAroundPods(network);
  if (around === undefined) return [];
  return others(network)
    .filter(({ text }) => {
      const other = parseCidr(text);
      return typeof other !== "string" && overlaps(around, other);
    })
    .map(({ name, text }) => ({
      property,
      rule: `would be ${formatCidr(around)}, the smallest range around ${podRanges(network)
        .map((range) => `'${range.name}' (${range.text})`)
        .join(" and ")}, which also holds '${name}' (${text})`,
      remedy: `move the ranges of pods next to each other, or write ${formatCidr(around)} down here if its other destinations may see pods' own addresses`,
    }));
}

function rangeAroundPods(network: Network) {
  const ranges = podRanges(network).map(({ text }) => parseCidr(text));
  const [first, ...rest] = ranges.filter((range) => typeof range !== "string");
  if (first === undefined || rest.length + 1 < 1 + Object.keys(network.extraPodRanges ?? {}).length) return undefined;
  return smallestAround([first, ...rest]);
}

interface NamedRange {
  readonly name: string;
  readonly text: string;
}

/** Every known range of pods. */
function podRanges(network: Network): NamedRange[] {
  return known([
    ["network.pods", network.pods],
    ...Object.entries(network.extraPodRanges ?? {}).map(([name, text]): [string, string] => [
      `network.extraPodRanges.${name}`,
      text,
    ]),
  ]);
}

/** Every known range of something else. */
function others(network: Network): NamedRange[] {
  return known([
    ["network.nodes", network.nodes],
    ["network.services", network.services],
    ["network.controlPlane", network.controlPlane],
  ]);
}

function known(ranges: readonly (readonly [string, string | undefined])[]): NamedRange[] {
  return ranges.flatMap(([name, text]) => (isKnown(text) ? [{ name, text }] : []));
}
