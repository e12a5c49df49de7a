import { isKnown, type Problem } from "../../validation";
import type { ClusterDatapath } from "../cluster-datapath";
import { locationProblems, zonesProblems } from "../location";
import { CLUSTER_NAME, COMPUTE_NAME, nameProblems, resourceLabelProblems } from "../naming";
import type { ClusterNetwork } from "../network/cluster-network";
import { nodeServiceAccountProblems } from "../service-account/options";
import { scalingProblems } from "./auto-provisioning";
import { autopilotProblems } from "./autopilot-problems";
import { controlPlaneProblems } from "./control-plane";
import { datapathProblems } from "./datapath";
import { featureProblems } from "./features";
import { maintenanceProblems } from "./maintenance-problems";
import { observabilityProblems } from "./observability";
import type { GkeClusterOptions, GkeClusterProps } from "./options";
import { securityProblems } from "./security";

const MIN_PODS_PER_NODE = 8;
const MAX_PODS_PER_NODE = 256;

/** What the rules ask of a network: a {@link ClusterNetwork}, or what an environment's author says about one. */
interface ControlPlaneRange {
  readonly network?: Pick<ClusterNetwork, "controlPlane" | "controlPlaneSubnetwork">;
}

/**
 * Everything that is wrong with a cluster.
 *
 * @param options What its author says; with `name`, `location` and `network` as far as they are known.
 */
export function gkeClusterProblems(
  options: GkeClusterOptions & Partial<Pick<GkeClusterProps, "name" | "location">> & ControlPlaneRange,
  datapath: ClusterDatapath,
): Problem[] {
  return [
    ...nameProblems("name", options.name, CLUSTER_NAME),
    ...locationProblems("location", options.location),
    ...nodeLocationProblems(options),
    ...controlPlaneProblems(options),
    ...controlPlaneRangeProblems(options),
    ...securityProblems(options),
    ...maintenanceProblems(options),
    ...observabilityProblems(options),
    ...featureProblems(options),
    ...scalingProblems(options),
    ...zonesProblems("autoProvisioning.zones", options.autoProvisioning?.zones, options.location),
    ...datapathProblems(datapath),
    ...autopilotProblems(options, datapath),
    ...nodeProblems(options),
    ...resourceLabelProblems("labels", options.labels),
  ];
}

function nodeLocationProblems({
  location,
  nodeLocations,
}: GkeClusterOptions & { readonly location?: string }): Problem[] {
  const problems = zonesProblems("nodeLocations", nodeLocations, location);
  if (isKnown(nodeLocations) && isKnown(location) && nodeLocations.includes(location)) {
    problems.push({
      property: "nodeLocations",
      value: nodeLocations,
      rule: `names the cluster's own zone ${location}, which it has anyway`,
      remedy: "name the further zones only",
    });
  }
  return problems;
}

function controlPlaneRangeProblems({ privateNodes, network }: GkeClusterOptions & ControlPlaneRange): Problem[] {
  if (privateNodes !== false || network?.controlPlane === undefined || network.controlPlaneSubnetwork !== undefined) {
    return [];
  }
  return [
    {
      property: "network.controlPlane",
      value: network.controlPlane,
      rule: "is used by GKE with private nodes only",
      remedy: "leave it out, give controlPlaneSubnetwork, or set privateNodes to true",
    },
  ];
}

function nodeProblems(options: GkeClusterOptions): Problem[] {
  const { maxPodsPerNode, initialNodeCount, nodeServiceAccount, nodeTags } = options;
  const problems: Problem[] = [...maxPodsProblems("maxPodsPerNode", maxPodsPerNode)];
  if (isKnown(initialNodeCount) && !(Number.isInteger(initialNodeCount) && initialNodeCount >= 1)) {
    problems.push({
      property: "initialNodeCount",
      value: initialNodeCount,
      rule: "is not a whole number of at least 1",
      remedy: "give the number of nodes a zone that you plan for",
    });
  }
  if (nodeServiceAccount === undefined) {
    problems.push(...nodeServiceAccountProblems(options));
  } else {
    problems.push(...serviceAccountProblems("nodeServiceAccount", nodeServiceAccount));
    for (const property of ["imageProjects", "extraNodeRoles"] as const) {
      if (options[property] === undefined) continue;
      problems.push({
        property,
        value: options[property],
        rule: "has no effect with 'nodeServiceAccount'",
        remedy: "grant the roles where that account is managed",
      });
    }
  }
  problems.push(...(nodeTags ?? []).flatMap((tag, index) => nameProblems(`nodeTags[${index}]`, tag, COMPUTE_NAME)));
  return problems;
}

/** What is wrong with a number of pods a node. */
export function maxPodsProblems(property: string, value: number | undefined): Problem[] {
  if (!isKnown(value) || (Number.isInteger(value) && value >= MIN_PODS_PER_NODE && value <= MAX_PODS_PER_NODE))
    return [];
  return [
    {
      property,
      value,
      rule: `is not a whole number from ${MIN_PODS_PER_NODE} to ${MAX_PODS_PER_NODE}`,
      remedy: "choose another, such as 110",
    },
  ];
}

/** What is wrong with the address of a service account for nodes. */
export function serviceAccountProblems(property: string, email: string | undefined): Problem[] {
  if (!isKnown(email)) return [];
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) {
    return [
      {
        property,
        value: email,
        rule: "is not the address of a service account",
        remedy: "give one such as nodes@my-project.iam.gserviceaccount.com",
      },
    ];
  }
  if (/-compute@developer\.gserviceaccount\.com$/.test(email)) {
    return [
      {
        property,
        value: email,
        rule: "is the Compute Engine default account, in many projects an editor of everything",
        remedy: "leave it out for an account with the least roles that work",
      },
    ];
  }
  return [];
}
