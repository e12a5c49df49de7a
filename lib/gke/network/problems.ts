import { type CheckTable, examine, isKnown, type Problem } from "../../validation";
import { linkRegionProblems, locationWarnings } from "../location";
import { type EffectiveNetwork, effectiveNetwork } from "./effective";
import type { GkeNetworkOptions } from "./options";
import { GKE_SERVICES_RANGE, rangeProblems } from "./ranges";
import { GKE_NETWORK_FACTS, type NetworkSurroundings } from "./table";

type Options = GkeNetworkOptions & NetworkSurroundings;

/**
 * Everything that is wrong with the options of a network.
 *
 * @param given What its author says, with as much of its surroundings as is known.
 */
export function gkeNetworkProblems(given: Options, table: CheckTable<Options> = GKE_NETWORK_FACTS): Problem[] {
  const { problems, options } = examine<Options>(given, table);
  return [
    ...problems,
    ...rangeProblems(options),
    ...existingProblems(options),
    ...regionProblems(options),
    ...rangeNameProblems(options),
    ...natProblems(options, effectiveNetwork(options)),
    ...flowLogProblems(options),
  ];
}

/** What works, but deserves a sentence. */
export function gkeNetworkWarnings(given: Options): Problem[] {
  const { options } = examine<Options>(given, GKE_NETWORK_FACTS);
  const { publicRanges, nat, ownsSubnet } = effectiveNetwork(options);
  const warnings = locationWarnings("region", options.region);
  if (publicRanges.length > 0 && nat === undefined)
    warnings.push({
      property: publicRanges[0] as string,
      rule: "is of public addresses, for which GKE must not translate pods' own; without a NAT here, pods then reach the internet only where something else translates",
      remedy: ownsSubnet
        ? "set nat to true, or run an ip-masq-agent of your own"
        : "make sure that a Cloud NAT of that subnet covers its secondary ranges, or set nat to true",
    });
  return warnings;
}

function existingProblems(options: Options): Problem[] {
  const problems: Problem[] = [];
  if (options.existingSubnetwork !== undefined) {
    if (options.existingNetwork === undefined) {
      problems.push({
        property: "existingSubnetwork",
        value: options.existingSubnetwork,
        rule: "needs the VPC it belongs to",
        remedy: "give existingNetwork too",
      });
    }
    for (const property of ["podsRangeName", "servicesRangeName"] as const) {
      if (options[property] !== undefined) continue;
      if (property === "servicesRangeName" && options.services === GKE_SERVICES_RANGE) continue;
      problems.push({
        property,
        rule: "is missing: an existing subnet has its own names of secondary ranges",
        remedy: "give the name of the range as it is in existingSubnetwork",
      });
    }
    for (const property of ["flowLogs", "flowLogSampling", "flowLogInterval"] as const)
      problems.push(
        ...noEffect(property, options[property], "on an existing subnet", "set flow logs where the subnet is managed"),
      );
  }
  if (options.existingNetwork !== undefined) {
    for (const property of ["routingMode", "mtu"] as const)
      problems.push(...noEffect(property, options[property], "on an existing VPC", "leave it out"));
  } else if (options.hostProject !== undefined) {
    problems.push({
      property: "hostProject",
      value: options.hostProject,
      rule: "names the owner of a shared VPC, which must exist before it can be shared",
      remedy: "give existingNetwork too, or leave hostProject out",
    });
  }
  if (options.controlPlaneSubnetwork !== undefined && options.controlPlane === undefined) {
    problems.push({
      property: "controlPlaneSubnetwork",
      value: options.controlPlaneSubnetwork,
      rule: "needs its range, for the firewall rule and the check against the other ranges",
      remedy: "give controlPlane, the CIDR of that subnet",
    });
  }
  if (options.services === GKE_SERVICES_RANGE)
    problems.push(
      ...noEffect(
        "servicesRangeName",
        options.servicesRangeName,
        "with GKE's own range for services, which is in no subnet",
        "leave it out, or give a range of your own in services",
      ),
    );
  return problems;
}

/** Subnets lie in the cluster's region, and in the VPC's project. */
function regionProblems({ existingNetwork, existingSubnetwork, controlPlaneSubnetwork, region }: Options): Problem[] {
  const vpc = projectOf(existingNetwork);
  const subnet = projectOf(existingSubnetwork);
  return [
    ...linkRegionProblems("existingSubnetwork", existingSubnetwork, region, "a subnet"),
    ...linkRegionProblems("controlPlaneSubnetwork", controlPlaneSubnetwork, region, "a subnet"),
    ...(vpc !== undefined && subnet !== undefined && vpc !== subnet
      ? [
          {
            property: "existingSubnetwork",
            value: existingSubnetwork,
            rule: `is of project ${subnet}, and 'existingNetwork' of ${vpc}`,
            remedy: "name a subnet of that VPC",
          },
        ]
      : []),
  ];
}

function projectOf(link: string | undefined): string | undefined {
  return isKnown(link) ? /(?:^|\/)projects\/([^/]+)\//.exec(link)?.[1] : undefined;
}

/** Secondary ranges of one subnet share a namespace. */
function rangeNameProblems({ podsRangeName, servicesRangeName, extraPodRanges }: Options): Problem[] {
  const problems: Problem[] = [];
  if (isKnown(podsRangeName) && podsRangeName === servicesRangeName) {
    problems.push({
      property: "podsRangeName",
      value: podsRangeName,
      rule: "is also 'servicesRangeName'",
      remedy: "use two different names",
    });
  }
  for (const name of isKnown(extraPodRanges) ? Object.keys(extraPodRanges) : []) {
    if (name === podsRangeName || name === servicesRangeName) {
      problems.push({
        property: `extraPodRanges.${name}`,
        rule: "has the name of the range of pods or services",
        remedy: "choose another name",
      });
    }
  }
  return problems;
}

function natProblems(options: Options, { nat }: EffectiveNetwork): Problem[] {
  const { natMinPortsPerVm: least, natMaxPortsPerVm: most } = options;
  if (nat === undefined)
    return (["natAddresses", "natMinPortsPerVm", "natMaxPortsPerVm", "natLogging"] as const).flatMap((property) =>
      noEffect(property, options[property], "without a NAT", "set nat to true or leave it out"),
    );
  if (!isKnown(nat.minPortsPerVm) || !isKnown(nat.maxPortsPerVm) || nat.minPortsPerVm <= nat.maxPortsPerVm) return [];
  return [
    least !== undefined
      ? {
          property: "natMinPortsPerVm",
          value: least,
          rule: `exceeds 'natMaxPortsPerVm' (${nat.maxPortsPerVm})`,
          remedy: "lower it or raise natMaxPortsPerVm",
        }
      : {
          property: "natMaxPortsPerVm",
          value: most,
          rule: `is less than 'natMinPortsPerVm' (${nat.minPortsPerVm})`,
          remedy: "raise it, or lower natMinPortsPerVm",
        },
  ];
}

function flowLogProblems({ flowLogs, flowLogSampling, flowLogInterval, existingSubnetwork }: Options): Problem[] {
  if (flowLogs !== false || existingSubnetwork !== undefined) return [];
  const remedy = "leave it out or switch flowLogs on";
  return [
    ...noEffect("flowLogSampling", flowLogSampling, "with 'flowLogs' off", remedy),
    ...noEffect("flowLogInterval", flowLogInterval, "with 'flowLogs' off", remedy),
  ];
}

function noEffect(property: string, value: unknown, where: string, remedy: string): Problem[] {
  return value === undefined ? [] : [{ property, value, rule: `has no effect ${where}`, remedy }];
}
