import { type Cidr, contains, isKnown, overlaps, type Problem, parseCidr } from "../../validation";
import type { GkeNetworkOptions } from "./options";

/** Longest prefix (smallest range) and shortest prefix (largest range). */
export interface RangeLimits {
  readonly smallest: number;
  readonly largest: number;
}

export const NODES: RangeLimits = { largest: 8, smallest: 29 };
/** GKE itself takes a pods range down to one block of the smallest kind: 8 pods a node make it a /28. */
export const PODS: RangeLimits = { largest: 9, smallest: 28 };
export const SERVICES: RangeLimits = { largest: 16, smallest: 27 };
const CONTROL_PLANE: RangeLimits = { largest: 28, smallest: 28 };
const ANY_SUBNET: RangeLimits = { largest: 4, smallest: 29 };

/** GKE's own range for services, the same in every cluster. */
export const GKE_SERVICES_RANGE = "34.118.224.0/20";

/** Ranges that no subnet of a VPC can have, https://cloud.google.com/vpc/docs/subnets#prohibited-ipv4-subnet-ranges. */
const PROHIBITED = [
  "0.0.0.0/8",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "199.36.153.4/30",
  "199.36.153.8/30",
  "224.0.0.0/4",
  "255.255.255.255/32",
] as const;

/** The bridge of the container runtime on each node: replies to addresses in it never leave the node. */
const DOCKER_BRIDGE = "172.17.0.0/16";

/**
 * Ranges that are private to a VPC. Any other is somebody's public one, used privately.
 * @see https://cloud.google.com/vpc/docs/subnets#valid-ranges
 */
const PRIVATE = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "240.0.0.0/4",
].map((text) => parseCidr(text) as Cidr);

/** What is wrong with one range by itself. */
export function rangeFaults(property: string, value: string, range: Cidr, limits?: RangeLimits): Problem[] {
  return [
    ...(limits === undefined ? [] : limitProblems(property, value, range, limits)),
    ...prohibitedProblems(property, value, range),
  ];
}

/** What is wrong with the ranges of a network beside each other. */
export function rangeProblems(options: GkeNetworkOptions): Problem[] {
  const ranges = rangesOf(options);
  const problems: Problem[] = [];
  const controlPlane = ranges.find(({ property }) => property === "controlPlane");
  if (controlPlane !== undefined) {
    const limits = options.controlPlaneSubnetwork === undefined ? CONTROL_PLANE : ANY_SUBNET;
    problems.push(...limitProblems("controlPlane", controlPlane.text, controlPlane.range, limits));
  }
  ranges.forEach((one, index) => {
    for (const other of ranges.slice(index + 1)) {
      if (!overlaps(one.range, other.range)) continue;
      problems.push({
        property: one.property,
        value: one.text,
        rule: `overlaps '${other.property}' (${other.text})`,
        remedy: "choose disjoint ranges",
      });
    }
  });
  return problems;
}

/** Ranges of nodes, pods and services that are public addresses of somebody, used privately. */
export function publicRanges(
  network: Pick<GkeNetworkOptions, "nodes" | "pods" | "services" | "extraPodRanges">,
): readonly { readonly property: string; readonly text: string }[] {
  return rangesOf(network).filter(
    ({ text, range }) => text !== GKE_SERVICES_RANGE && !PRIVATE.some((outer) => contains(outer, range)),
  );
}

interface NamedRange {
  readonly property: string;
  readonly text: string;
  readonly range: Cidr;
}

/** The ranges that are known and readable, with their properties. */
function rangesOf(
  options: Pick<GkeNetworkOptions, "nodes" | "pods" | "services" | "controlPlane" | "extraPodRanges">,
): NamedRange[] {
  const { nodes, pods, services, controlPlane, extraPodRanges } = options;
  const extra = isKnown(extraPodRanges) ? Object.entries(extraPodRanges) : [];
  return [
    ["nodes", nodes],
    ["pods", pods],
    ["services", services],
    ["controlPlane", controlPlane],
    ...extra.map(([name, range]) => [`extraPodRanges.${name}`, range]),
  ].flatMap(([property, text]) => {
    const range = isKnown(text) ? parseCidr(text) : "is not known";
    return typeof range === "string" ? [] : [{ property: property as string, text: text as string, range }];
  });
}

function limitProblems(property: string, value: string, { prefix }: Cidr, limits: RangeLimits): Problem[] {
  if (prefix >= limits.largest && prefix <= limits.smallest) return [];
  const allowed =
    limits.largest === limits.smallest ? `a /${limits.largest}` : `between /${limits.largest} and /${limits.smallest}`;
  return [
    { property, value, rule: `is a /${prefix} where GKE takes ${allowed}`, remedy: "choose another prefix length" },
  ];
}

function prohibitedProblems(property: string, value: string, range: Cidr): Problem[] {
  const problems: Problem[] = [];
  for (const text of PROHIBITED) {
    if (!overlaps(range, parseCidr(text) as Cidr)) continue;
    problems.push({
      property,
      value,
      rule: `touches ${text}, which no subnet of Google Cloud can have`,
      remedy: "choose a private range, such as one within 10.0.0.0/8",
    });
  }
  if (overlaps(range, parseCidr(DOCKER_BRIDGE) as Cidr)) {
    problems.push({
      property,
      value,
      rule: `touches ${DOCKER_BRIDGE}, which the nodes' container runtime uses itself`,
      remedy: "choose another range",
    });
  }
  return problems;
}
