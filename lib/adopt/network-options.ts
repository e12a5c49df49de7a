import { given, type PlainMap } from "./draft";
import type { LiveCluster, LiveSubnetwork } from "./google";

/** Project, region and name of a subnet. */
export interface SubnetworkName {
  readonly project: string;
  readonly region: string;
  readonly name: string;
}

/** The subnet of a cluster. @throws Error where the answer names none. */
export function subnetworkOf({ name, networkConfig, subnetwork }: LiveCluster): SubnetworkName {
  const link = networkConfig?.subnetwork ?? subnetwork ?? "";
  const [, project, region, subnet] = /projects\/([^/]+)\/regions\/([^/]+)\/subnetworks\/([^/]+)$/.exec(link) ?? [];
  if (project === undefined || region === undefined || subnet === undefined)
    throw new Error(`cluster ${name} names no subnet (${link || "nothing"})`);
  return { project, region, name: subnet };
}

/**
 * A network by reference: it stays whose it is, and nothing is made in it.
 *
 * @param project The cluster's project, which is not the network's with Shared VPC.
 */
export function networkOptions(cluster: LiveCluster, project: string, subnetwork: LiveSubnetwork): PlainMap {
  const subnet = subnetworkOf(cluster);
  const allocation = cluster.ipAllocationPolicy ?? {};
  const ranges = new Map(
    (subnetwork.secondaryIpRanges ?? []).map(({ rangeName = "", ipCidrRange = "" }) => [rangeName, ipCidrRange]),
  );
  const pods = allocation.clusterSecondaryRangeName;
  const services = allocation.servicesSecondaryRangeName || undefined;
  const network = /projects\/[^/]+\/global\/networks\/[^/]+$/.exec(cluster.networkConfig?.network ?? "")?.[0];
  const privacy = cluster.privateClusterConfig ?? {};
  const extra = (allocation.additionalPodRangesConfig?.podRangeNames ?? []).map((name): [string, string] => [
    name,
    ranges.get(name) ?? "",
  ]);
  return given({
    nodes: subnetwork.ipCidrRange ?? "",
    pods: allocation.clusterIpv4CidrBlock || (pods && ranges.get(pods)) || cluster.clusterIpv4Cidr || "",
    services: allocation.servicesIpv4CidrBlock || (services && ranges.get(services)) || cluster.servicesIpv4Cidr || "",
    extraPodRanges: extra.length > 0 ? Object.fromEntries(extra) : undefined,
    hostProject: subnet.project === project ? undefined : subnet.project,
    existingNetwork: network ?? cluster.network ?? "",
    existingSubnetwork: `projects/${subnet.project}/regions/${subnet.region}/subnetworks/${subnet.name}`,
    podsRangeName: pods,
    servicesRangeName: services,
    controlPlane: privacy.masterIpv4CidrBlock || undefined,
  });
}
