import {
  also,
  type CheckTable,
  cidr,
  decided,
  flag,
  listOf,
  number,
  oneOf,
  type Problem,
  recordOf,
  required,
  wholeNumber,
} from "../../validation";
import { anyText, name, projectId, projectReference } from "../checks";
import { region } from "../location";
import { COMPUTE_NAME, nameProblems } from "../naming";
import type { GkeNetworkOptions, GkeNetworkProps } from "./options";
import { NODES, PODS, rangeFaults, SERVICES } from "./ranges";

/** What dynamic port allocation takes, https://cloud.google.com/nat/docs/ports-and-addresses#dynamic-port. */
const MIN_PORTS = 32;
const MAX_PORTS = 65536;
/** A NAT gateway has at most this many addresses. */
const MAX_NAT_ADDRESSES = 300;
const MIN_MTU = 1300;
const MAX_MTU = 8896;
/** A NAT has at least two characters; `<name>-services` and whatever GKE derives must stay within 63. */
export const NETWORK_NAME = { min: 2, max: 40 };

const ports = also(wholeNumber({ remedy: "give 64, 128, 256 and so on" }), powerOfTwo);
const extraRanges = also(recordOf(cidr((range, value, at) => rangeFaults(at, value, range, PODS))), (value, property) =>
  Object.keys(value as object).flatMap((each) => nameProblems(`${property}.${each}`, each, COMPUTE_NAME)),
);

/** The checks of a network's options, each by itself. */
export const GKE_NETWORK_OPTIONS: CheckTable<GkeNetworkOptions> = {
  nodes: required(
    cidr((range, value, at) => rangeFaults(at, value, range, NODES)),
    "give a range such as 10.16.0.0/20, one address a node",
  ),
  pods: required(
    cidr((range, value, at) => rangeFaults(at, value, range, PODS)),
    "give a range such as 10.20.0.0/14, a /24 a node",
  ),
  services: required(
    cidr((range, value, at) => rangeFaults(at, value, range, SERVICES)),
    "give a range such as 10.24.0.0/20, or 34.118.224.0/20 for GKE's own",
  ),
  extraPodRanges: decided(extraRanges),
  controlPlane: cidr((range, value, at) => rangeFaults(at, value, range)),
  controlPlaneSubnetwork: anyText,
  hostProject: projectReference,
  existingNetwork: anyText,
  existingSubnetwork: anyText,
  podsRangeName: name(COMPUTE_NAME),
  servicesRangeName: name(COMPUTE_NAME),
  nat: decided(flag()),
  natAddresses: decided(wholeNumber({ from: 0, to: MAX_NAT_ADDRESSES, remedy: "give the number of static addresses" })),
  natMinPortsPerVm: ports,
  natMaxPortsPerVm: ports,
  natLogging: oneOf(["OFF", "ERRORS_ONLY", "TRANSLATIONS_ONLY", "ALL"]),
  flowLogs: decided(flag()),
  flowLogSampling: number({ above: 0, to: 1, remedy: "give the share of flows to log, or set flowLogs to false" }),
  flowLogInterval: oneOf([
    "INTERVAL_5_SEC",
    "INTERVAL_30_SEC",
    "INTERVAL_1_MIN",
    "INTERVAL_5_MIN",
    "INTERVAL_10_MIN",
    "INTERVAL_15_MIN",
  ]),
  webhookPorts: decided(listOf(wholeNumber({ from: 1, to: 65535, remedy: "give a TCP port" }))),
  routingMode: oneOf(["REGIONAL", "GLOBAL"]),
  mtu: wholeNumber({ from: MIN_MTU, to: MAX_MTU, remedy: "use 1460, 1500 or 8896" }),
};

/** What {@link GkeNetwork} takes besides, as far as it is known where the rules are asked. */
export type NetworkSurroundings = Partial<
  Pick<GkeNetworkProps, "name" | "project" | "region" | "privateNodes" | "nodeProtocols" | "peerRanges" | "meshAddress">
>;

/** The checks of options together with what is known of their surroundings. */
export const GKE_NETWORK_FACTS: CheckTable<GkeNetworkOptions & NetworkSurroundings> = {
  ...GKE_NETWORK_OPTIONS,
  name: name(NETWORK_NAME),
  project: projectId,
  region,
  privateNodes: decided(flag()),
  peerRanges: decided(listOf(cidr())),
  meshAddress: anyText,
  nodeProtocols: decided(listOf(oneOf(["ah", "esp", "ipip", "sctp"]))),
};

/** The checks of a network's props. */
export const GKE_NETWORK_PROPS: CheckTable<GkeNetworkProps> = {
  ...GKE_NETWORK_FACTS,
  name: required(name(NETWORK_NAME), "give the network a name such as staging"),
  project: required(projectId, "give the id of the cluster's project"),
  region: required(region, "give the region of the subnet, such as asia-northeast1"),
};

function powerOfTwo(value: unknown, property: string): Problem[] {
  const count = value as number;
  if (count >= MIN_PORTS && count <= MAX_PORTS && Number.isInteger(Math.log2(count))) return [];
  return [
    {
      property,
      value,
      rule: `is not a power of two from ${MIN_PORTS} to ${MAX_PORTS}`,
      remedy: "give 64, 128, 256 and so on",
    },
  ];
}
