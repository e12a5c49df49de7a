import type { Dataplane, EffectiveDataplane } from "../dataplane";
import {
  type GkeNodePoolOptions,
  gkeClusterWarnings,
  gkeNetworkWarnings,
  gkeNodePoolWarnings,
  hasMultiNetworking,
  NO_DATAPATH,
  type NodePoolContext,
  zoneCount,
} from "../gke";
import { isKnown, nestProblems, type Problem } from "../validation";
import type { EnvironmentNodePool } from "./definition";
import type { EffectiveEnvironment } from "./effective";
import { providerWarnings } from "./provider-versions";
import { waitingPoolWarnings } from "./waiting-pools";

/** A pool's own options, and what its environment adds to its rules. */
export function inContext(
  { dataplane, ...pool }: EnvironmentNodePool,
  environment: EffectiveEnvironment,
): GkeNodePoolOptions & NodePoolContext {
  return { ...pool, ...poolContext(environment, isKnown(dataplane) ? dataplane : environment.dataplane) };
}

/** What an environment adds to the rules of its node pools. That there are none with Autopilot is its own rule. */
function poolContext(
  { cluster, location, network }: EffectiveEnvironment,
  dataplane: Pick<Dataplane, "startupTaint" | "clusterDatapath"> | EffectiveDataplane | undefined,
): NodePoolContext {
  return {
    location,
    ...(isKnown(location) ? { zoneCount: zoneCount(location, cluster.nodeLocations) } : {}),
    ...(cluster.releaseChannel === undefined ? {} : { releaseChannel: cluster.releaseChannel }),
    ...(dataplane?.startupTaint === undefined ? {} : { startupTaints: [dataplane.startupTaint] }),
    ...(isKnown(network.extraPodRanges) || network.extraPodRanges === undefined
      ? { podRangeNames: Object.keys(network.extraPodRanges ?? {}) }
      : {}),
    ...(cluster.maxPodsPerNode === undefined ? {} : { clusterMaxPodsPerNode: cluster.maxPodsPerNode }),
    ...(dataplane === undefined ? {} : { multiNetworking: hasMultiNetworking(dataplane.clusterDatapath) }),
    ...(cluster.confidentialNodes === undefined ? {} : { clusterConfidentialNodes: cluster.confidentialNodes }),
  };
}

/** What works in the cluster's own stack but deserves a sentence, under the names that the definition has. */
export function clusterStackWarnings(environment: EffectiveEnvironment): Problem[] {
  const { cluster, location, network, nodePools, dataplane } = environment;
  return [
    ...providerWarnings(environment.providers),
    // The region is the location's, and told there.
    ...nestProblems("network", gkeNetworkWarnings({ ...network, region: undefined })),
    ...gkeClusterWarnings({ ...cluster, location, network }, dataplane?.clusterDatapath ?? NO_DATAPATH).flatMap(
      (warning) => (warning.property === "location" ? [warning] : nestProblems("cluster", [warning])),
    ),
    ...nodePools.flatMap((pool, index) =>
      nestProblems(`nodePools[${index}]`, [
        ...gkeNodePoolWarnings(inContext(pool, environment)),
        ...waitingPoolWarnings(pool, environment),
      ]),
    ),
  ];
}
