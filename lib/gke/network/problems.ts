import { isKnown, type Problem } from "../../validation";
import { COMPUTE_NAME, nameProblems } from "../naming";
import type { GkeNetworkOptions, GkeNetworkProps } from "./options";
import { rangeProblems } from "./ranges";

const MIN_MTU = 1300;
const MAX_MTU = 8896;
/** What dynamic port allocation takes, https://cloud.google.com/nat/docs/ports-and-addresses#dynamic-port. */
const MIN_PORTS = 32;
const MAX_PORTS = 65536;
/** A NAT gateway has at most this many addresses. */
const MAX_NAT_ADDRESSES = 300;

/** A NAT has at least two characters; `<name>-services` and whatever GKE derives must stay within 63. */
const NETWORK_NAME = { min: 2, max: 40 };

/** Everything that is wrong with the options of a network. */
export function gkeNetworkProblems(
  options: GkeNetworkOptions & Partial<Pick<GkeNetworkProps, "name" | "privateNodes">>,
): Problem[] {
  return [
    ...nameProblems("name", options.name, NETWORK_NAME),
    ...rangeProblems(options),
    ...existingProblems(options),
    ...nameProblems("podsRangeName", options.podsRangeName, COMPUTE_NAME),
    ...nameProblems("servicesRangeName", options.servicesRangeName, COMPUTE_NAME),
    ...Object.keys(options.extraPodRanges ?? {}).flatMap((name) =>
      nameProblems(`extraPodRanges.${name}`, name, COMPUTE_NAME),
    ),
    ...rangeNameProblems(options),
    ...natProblems(options),
    ...flowLogProblems(options),
    ...portProblems(options),
    ...mtuProblems(options),
  ];
}

function existingProblems(options: GkeNetworkOptions): Problem[] {
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
      if (options[property] === undefined) {
        problems.push({
          property,
          rule: "is missing: an existing subnet has its own names of secondary ranges",
          remedy: "give the name of the range as it is in existingSubnetwork",
        });
      }
    }
    for (const property of ["flowLogs", "flowLogSampling", "flowLogInterval"] as const) {
      if (options[property] !== undefined) {
        problems.push({
          property,
          value: options[property],
          rule: "has no effect on an existing subnet",
          remedy: "set flow logs where the subnet is managed",
        });
      }
    }
  }
  if (options.existingNetwork !== undefined) {
    for (const property of ["routingMode", "mtu"] as const) {
      if (options[property] !== undefined) {
        problems.push({
          property,
          value: options[property],
          rule: "has no effect on an existing VPC",
          remedy: "leave it out",
        });
      }
    }
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
  return problems;
}

/** Secondary ranges of one subnet share a namespace. */
function rangeNameProblems({ podsRangeName, servicesRangeName, extraPodRanges }: GkeNetworkOptions): Problem[] {
  const problems: Problem[] = [];
  if (isKnown(podsRangeName) && podsRangeName === servicesRangeName) {
    problems.push({
      property: "podsRangeName",
      value: podsRangeName,
      rule: "is also 'servicesRangeName'",
      remedy: "use two different names",
    });
  }
  for (const name of Object.keys(extraPodRanges ?? {})) {
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

function natProblems(options: GkeNetworkOptions & { readonly privateNodes?: boolean }): Problem[] {
  const problems: Problem[] = [];
  const { natAddresses, natMinPortsPerVm: least, natMaxPortsPerVm: most } = options;
  const nat = options.nat ?? ((options.privateNodes ?? true) && options.existingSubnetwork === undefined);
  if (!nat) {
    for (const property of ["natAddresses", "natMinPortsPerVm", "natMaxPortsPerVm", "natLogging"] as const) {
      if (options[property] === undefined) continue;
      problems.push({
        property,
        value: options[property],
        rule: "has no effect without a NAT",
        remedy: "set nat to true or leave it out",
      });
    }
  }
  if (
    isKnown(natAddresses) &&
    !(Number.isInteger(natAddresses) && natAddresses >= 0 && natAddresses <= MAX_NAT_ADDRESSES)
  ) {
    problems.push({
      property: "natAddresses",
      value: natAddresses,
      rule: `is not a whole number from 0 to ${MAX_NAT_ADDRESSES}`,
      remedy: "give the number of static addresses",
    });
  }
  for (const [property, value] of [
    ["natMinPortsPerVm", least],
    ["natMaxPortsPerVm", most],
  ] as const) {
    if (!isKnown(value) || (value >= MIN_PORTS && value <= MAX_PORTS && Number.isInteger(Math.log2(value)))) continue;
    problems.push({
      property,
      value,
      rule: `is not a power of two from ${MIN_PORTS} to ${MAX_PORTS}`,
      remedy: "give 64, 128, 256 and so on",
    });
  }
  if (isKnown(least) && isKnown(most) && least > most) {
    problems.push({
      property: "natMinPortsPerVm",
      value: least,
      rule: `exceeds 'natMaxPortsPerVm' (${most})`,
      remedy: "lower it or raise natMaxPortsPerVm",
    });
  }
  return problems;
}

function flowLogProblems({ flowLogs, flowLogSampling, flowLogInterval }: GkeNetworkOptions): Problem[] {
  const problems: Problem[] = [];
  if (isKnown(flowLogSampling) && !(flowLogSampling > 0 && flowLogSampling <= 1)) {
    problems.push({
      property: "flowLogSampling",
      value: flowLogSampling,
      rule: "is not above 0 and at most 1",
      remedy: "give the share of flows to log, or set flowLogs to false",
    });
  }
  if (flowLogs === false && (flowLogSampling !== undefined || flowLogInterval !== undefined)) {
    problems.push({
      property: flowLogSampling !== undefined ? "flowLogSampling" : "flowLogInterval",
      value: flowLogSampling ?? flowLogInterval,
      rule: "has no effect with 'flowLogs' off",
      remedy: "leave it out or switch flowLogs on",
    });
  }
  return problems;
}

function portProblems({ webhookPorts }: GkeNetworkOptions): Problem[] {
  if (!isKnown(webhookPorts)) return [];
  return webhookPorts.flatMap((port, index) =>
    !isKnown(port) || (Number.isInteger(port) && port >= 1 && port <= 65535)
      ? []
      : [
          {
            property: `webhookPorts[${index}]`,
            value: port,
            rule: "is not a TCP port",
            remedy: "give a whole number from 1 to 65535",
          },
        ],
  );
}

function mtuProblems({ mtu }: GkeNetworkOptions): Problem[] {
  if (!isKnown(mtu) || (Number.isInteger(mtu) && mtu >= MIN_MTU && mtu <= MAX_MTU)) return [];
  return [
    { property: "mtu", value: mtu, rule: `is not between ${MIN_MTU} and ${MAX_MTU}`, remedy: "use 1460, 1500 or 8896" },
  ];
}
