import { type Cidr, isKnown, overlaps, type Problem, parseCidr } from "../../validation";
import type { GkeNetworkOptions } from "./options";

interface RangeLimits {
  /** Longest prefix (smallest range) and shortest prefix (largest range). */
  readonly smallest: number;
  readonly largest: number;
}

const NODES: RangeLimits = { largest: 8, smallest: 29 };
/** GKE itself takes a pods range down to one block of the smallest kind: 8 pods a node make it a /28. */
const PODS: RangeLimits = { largest: 9, smallest: 28 };
const SERVICES: RangeLimits = { largest: 16, smallest: 27 };
const CONTROL_PLANE: RangeLimits = { largest: 28, smallest: 28 };
const ANY_SUBNET: RangeLimits = { largest: 4, smallest: 29 };

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

interface NamedRange {
  readonly property: string;
  readonly text: string;
  readonly range: Cidr;
}

/** What is wrong with the ranges of a network, each by itself and with each other. */
export function rangeProblems(options: GkeNetworkOptions): Problem[] {
  const problems: Problem[] = [];
  const ranges: NamedRange[] = [];
  const read = (property: string, text: string | undefined, limits: RangeLimits) => {
    if (!isKnown(text)) return;
    const range = parseCidr(text);
    if (typeof range === "string") {
      problems.push({ property, value: text, rule: range, remedy: "give a range such as 10.16.0.0/20" });
      return;
    }
    problems.push(...limitProblems(property, text, range, limits), ...prohibitedProblems(property, text, range));
    ranges.push({ property, text, range });
  };

  read("nodes", options.nodes, NODES);
  read("pods", options.pods, PODS);
  read("services", options.services, SERVICES);
  read("controlPlane", options.controlPlane, options.controlPlaneSubnetwork === undefined ? CONTROL_PLANE : ANY_SUBNET);
  for (const [name, range] of Object.entries(options.extraPodRanges ?? {})) read(`extraPodRanges.${name}`, range, PODS);

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
