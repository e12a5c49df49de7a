import { type CheckTable, examine, isKnown, type Problem } from "../../validation";
import type { ClusterDatapath } from "../cluster-datapath";
import { locationWarnings, zonesProblems, zonesWarnings } from "../location";
import { scalingProblems } from "./auto-provisioning";
import { autopilotProblems } from "./autopilot-problems";
import { controlPlaneProblems } from "./control-plane";
import { CLUSTER_DATAPATH } from "./datapath";
import { dnsProblems, dnsWarnings } from "./dns";
import { type ClusterSurroundings, type EffectiveCluster, effectiveCluster } from "./effective";
import { featureProblems, featureWarnings } from "./features";
import { maintenanceProblems, minorUpgradeWarnings } from "./maintenance-problems";
import { observabilityProblems } from "./observability";
import type { GkeClusterOptions, GkeClusterProps } from "./options";
import { securityProblems } from "./security";
import { GKE_CLUSTER_FACTS, GKE_CLUSTER_PROPS } from "./table";

type Options = GkeClusterOptions & ClusterSurroundings;

/** In place of a datapath that is missing or wrong by itself, so that the rest can be judged. */
export const NO_DATAPATH: ClusterDatapath = {
  provider: "LEGACY_DATAPATH",
  managed: true,
  calicoNetworkPolicy: false,
  disableDefaultSnat: false,
  defaults: { gatewayApi: false, intranodeVisibility: false, nodeLocalDns: true },
};

/**
 * Everything that is wrong with a cluster.
 *
 * @param given What its author says, with as much of its surroundings as is known.
 */
export function gkeClusterProblems(
  given: Options,
  datapath: ClusterDatapath,
  table: CheckTable<Options> = GKE_CLUSTER_FACTS,
): Problem[] {
  const { problems, options } = examine<Options>(given, table);
  // Props bring the datapath themselves, and their table has told what is wrong with it.
  const faults = "datapath" in table ? [] : datapathProblems(datapath);
  const sound = soundDatapath(datapath);
  const cluster = effectiveCluster(options, sound);
  return [
    ...problems,
    ...faults,
    ...nodeLocationProblems(cluster),
    ...controlPlaneProblems(options, cluster),
    ...controlPlaneRangeProblems(options),
    ...securityProblems(cluster),
    ...maintenanceProblems(cluster),
    ...observabilityProblems(options),
    ...featureProblems(cluster),
    ...dnsProblems(cluster),
    ...scalingProblems(cluster),
    ...zonesProblems("autoProvisioning.zones", cluster.autoProvisioning?.zones, cluster.location),
    ...autopilotProblems(options, sound),
    ...nodeAccountProblems(options),
    ...migrationProblems(options, sound),
  ];
}

/** Everything that is wrong with the props of a cluster, of whatever type they are. */
export function clusterPropsProblems(props: GkeClusterProps): Problem[] {
  const { datapath } = examine<GkeClusterProps>(props, GKE_CLUSTER_PROPS).options;
  return gkeClusterProblems(props, isKnown(datapath) ? datapath : NO_DATAPATH, GKE_CLUSTER_PROPS);
}

/** What works, but deserves a sentence. */
export function gkeClusterWarnings(given: Options, datapath: ClusterDatapath): Problem[] {
  const { options } = examine<Options>(given, GKE_CLUSTER_FACTS);
  const sound = soundDatapath(datapath);
  const cluster = effectiveCluster(options, sound);
  return [
    ...locationWarnings("location", cluster.location),
    ...zonesWarnings("nodeLocations", cluster.nodeLocations),
    ...zonesWarnings("autoProvisioning.zones", cluster.autoProvisioning?.zones),
    ...minorUpgradeWarnings(cluster, sound.managed),
    ...featureWarnings(cluster, sound),
    ...dnsWarnings(cluster, sound.managed),
  ];
}

function datapathProblems(datapath: unknown): readonly Problem[] {
  return examine<{ datapath: unknown }>({ datapath }, { datapath: CLUSTER_DATAPATH }).problems;
}

function soundDatapath(datapath: ClusterDatapath): ClusterDatapath {
  return datapathProblems(datapath).length === 0 ? datapath : NO_DATAPATH;
}

function nodeLocationProblems({ location, nodeLocations }: EffectiveCluster): Problem[] {
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

function controlPlaneRangeProblems({ privateNodes, network }: Options): Problem[] {
  if (privateNodes !== false || network?.controlPlane === undefined || network.controlPlaneSubnetwork !== undefined)
    return [];
  return [
    {
      property: "network.controlPlane",
      value: network.controlPlane,
      rule: "is used by GKE with private nodes only",
      remedy: "leave it out, give controlPlaneSubnetwork, or set privateNodes to true",
    },
  ];
}

function migrationProblems(
  { datapathMigratedFrom: from, autopilot }: Options,
  { managed }: ClusterDatapath,
): Problem[] {
  if (from === undefined || (managed && autopilot !== true)) return [];
  return [
    {
      property: "datapathMigratedFrom",
      value: from,
      rule:
        autopilot === true ? "never was the datapath of an Autopilot cluster" : "has no effect without Dataplane V2",
      remedy: autopilot === true ? "leave it out" : "leave it out, or choose Dataplane V2",
    },
  ];
}

function nodeAccountProblems(options: GkeClusterOptions): Problem[] {
  if (options.nodeServiceAccount === undefined) return [];
  return (["imageProjects", "extraNodeRoles"] as const)
    .filter((property) => options[property] !== undefined)
    .map((property) => ({
      property,
      value: options[property],
      rule: "has no effect with 'nodeServiceAccount'",
      remedy: "grant the roles where that account is managed",
    }));
}
