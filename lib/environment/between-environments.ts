import { GKE_SERVICES_RANGE } from "../gke";
import { describeProblem, isKnown, overlaps, type Problem, parseCidr } from "../validation";
import type { EffectiveEnvironment } from "./effective";
import { meshProblemsBetween } from "./mesh";

/** What is wrong between environments that are each right by themselves, told of the later one. */
export function betweenEnvironments(environments: readonly EffectiveEnvironment[]): string[] {
  return environments.flatMap((environment, index) =>
    environments
      .slice(0, index)
      .flatMap((other) => [
        ...sameNameProblems(environment, other),
        ...sharedVpcProblems(environment, other),
        ...meshProblemsBetween(environment, other),
      ])
      .map((problem) => describeProblem(environment.name, problem)),
  );
}

function sameNameProblems(definition: EffectiveEnvironment, other: EffectiveEnvironment): Problem[] {
  if (!isKnown(definition.name) || definition.name !== other.name) return [];
  return [
    {
      property: "name",
      value: definition.name,
      rule: `is the name of two environments (projects ${other.project} and ${definition.project})`,
      remedy: "give each environment a name of its own",
    },
  ];
}

/** Two environments share a VPC where both name the same existing network of the same project. */
function sharedVpcProblems(definition: EffectiveEnvironment, other: EffectiveEnvironment): Problem[] {
  const vpc = vpcOf(definition);
  if (vpc === undefined || vpc !== vpcOf(other)) return [];
  // Two clusters in one subnet share the nodes' range by intention.
  const sharesSubnet =
    definition.network.existingSubnetwork !== undefined &&
    definition.network.existingSubnetwork === other.network.existingSubnetwork;
  const problems: Problem[] = [];
  for (const [property, range] of rangesOf(definition))
    for (const [otherProperty, otherRange] of rangesOf(other)) {
      // GKE's own range for services lies in no VPC; every cluster may have it.
      if (range === GKE_SERVICES_RANGE && otherRange === GKE_SERVICES_RANGE) continue;
      if (sharesSubnet && property === otherProperty && range === otherRange && property === "network.nodes") continue;
      const [a, b] = [parseCidr(range), parseCidr(otherRange)];
      if (typeof a === "string" || typeof b === "string" || !overlaps(a, b)) continue;
      problems.push({
        property,
        value: range,
        rule: `overlaps '${otherProperty}' (${otherRange}) of ${other.name}, which is in the same VPC`,
        remedy: "choose disjoint ranges",
      });
    }
  return problems;
}

function vpcOf({ network, project }: EffectiveEnvironment): string | undefined {
  if (network.existingNetwork === undefined) return undefined;
  const match = /projects\/([^/]+)\/global\/networks\/([^/]+)$/.exec(network.existingNetwork);
  return match ? `${match[1]}/${match[2]}` : `${network.hostProject ?? project}/${network.existingNetwork}`;
}

function rangesOf({ network }: EffectiveEnvironment): [string, string][] {
  return [
    ["network.nodes", network.nodes],
    ["network.pods", network.pods],
    ["network.services", network.services],
    ...(network.controlPlane === undefined ? [] : [["network.controlPlane", network.controlPlane] as [string, string]]),
    ...Object.entries(network.extraPodRanges ?? {}).map(([name, range]): [string, string] => [
      `network.extraPodRanges.${name}`,
      range,
    ]),
  ];
}
