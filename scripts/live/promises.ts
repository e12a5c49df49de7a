import type { EnvironmentDefinition } from "../../lib/environment";
import type { LiveCluster } from "./google";

/**
 * What the cluster itself is not as its dataplane needs it: read from Google's API and not from any state. What runs in the
 * cluster is `gke-cilium status`'s part.
 *
 * @returns One line for each promise that is broken.
 */
export function brokenPromises({ dataplane, nodePools = [] }: EnvironmentDefinition, cluster: LiveCluster): string[] {
  const { clusterDatapath, startupTaint } = dataplane;
  const broken: string[] = [];
  const compare = (what: string, found: unknown, promised: unknown) => {
    if (found !== promised) broken.push(`${what} is ${found}, and was to be ${promised}`);
  };
  const { networkConfig = {} } = cluster;
  // Google leaves out what is not set.
  compare("the datapath", networkConfig.datapathProvider ?? "LEGACY_DATAPATH", clusterDatapath.provider);
  compare(
    "GKE's own source NAT, off,",
    networkConfig.defaultSnatStatus?.disabled === true,
    clusterDatapath.disableDefaultSnat,
  );
  if (clusterDatapath.provider === "LEGACY_DATAPATH")
    compare("GKE's Calico, on,", cluster.networkPolicy?.enabled === true, clusterDatapath.calicoNetworkPolicy);
  for (const { name } of nodePools) {
    const pool = cluster.nodePools?.find((each) => each.name === name || each.name.startsWith(`${name}-`));
    if (pool === undefined) broken.push(`there is no node pool ${name}`);
    else if (startupTaint !== undefined && !pool.config?.taints?.some(({ key }) => key === startupTaint.key))
      broken.push(`node pool ${pool.name} has no startup taint ${startupTaint.key}`);
  }
  return broken;
}
