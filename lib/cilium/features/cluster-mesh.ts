import type { HelmValues } from "../../helm";
import {
  type CheckTable,
  cidr,
  decided,
  decisive,
  isKnown,
  listOf,
  nested,
  type Problem,
  required,
  text,
  wholeNumber,
} from "../../validation";

/** Port of the mesh's API server. */
const PORT = 2379;
/** The chart's own number of clusters that a mesh can have. */
const MOST_CLUSTERS = 255;
const REPLICAS = 2;
/** Where GKE puts a load balancer that only the VPC reaches, from every region of it. */
const INTERNAL = {
  "networking.gke.io/load-balancer-type": "Internal",
  "networking.gke.io/internal-load-balancer-allow-global-access": "true",
};

/** Another cluster of the mesh, as this one must know it. */
export interface ClusterMeshPeer {
  /** Name of its environment, which is its name in the mesh. */
  readonly name: string;
  /** Address of its mesh API server: {@link ClusterMeshOptions.address} there. */
  readonly address: string;
  /** Ranges of its nodes and pods, which have to reach these here. */
  readonly ranges: readonly string[];
}

/**
 * Pods and Services of several clusters as if they were of one. Each cluster runs an API server for the others, behind an
 * internal load balancer; the CA that all certificates come from is yours, the same in every cluster, and no state ever
 * sees its key (`docs/datapath.md` has the commands).
 *
 * @see https://docs.cilium.io/en/stable/network/clustermesh/
 */
export interface ClusterMeshOptions {
  /** Number of this cluster, from 1 to 255, that no other cluster of the mesh has. Another one later restarts everything. */
  readonly id: number;

  /**
   * Address of this cluster's mesh API server: out of the range of the nodes, where it is reserved, and known to the others
   * by it.
   */
  readonly address: string;

  /** The other clusters. Each has to name this one, too. */
  readonly peers: readonly ClusterMeshPeer[];
}

const ADDRESS = text({
  matches: /^(\d{1,3})(\.\d{1,3}){3}$/,
  rule: "is not an IPv4 address",
  remedy: "give an address out of the range of the nodes",
});
const PEER: CheckTable<ClusterMeshPeer> = {
  name: required(
    text({
      matches: /^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/,
      rule: "is not a name of an environment",
      remedy: "name it as it is named there",
    }),
    "name the other environment",
  ),
  address: required(ADDRESS, "give the address of its mesh API server"),
  ranges: required(decided(listOf(cidr(), { least: 1 })), "give the ranges of its nodes and pods"),
};

/** What the options must look like. */
export const CLUSTER_MESH_OPTIONS: CheckTable<ClusterMeshOptions> = {
  id: required(
    decisive(
      wholeNumber({ from: 1, to: MOST_CLUSTERS, remedy: "give each cluster of the mesh a number of its own" }),
      "it is compared with those of the other clusters",
    ),
    "give each cluster of the mesh a number of its own",
  ),
  address: required(
    decisive(ADDRESS, "the other clusters are told of it"),
    "give an address out of the range of the nodes",
  ),
  peers: required(decided(listOf(nested(PEER))), "name the other clusters"),
};

/** Values below `cluster` and `clustermesh`. */
export function clusterMeshValues(options: ClusterMeshOptions | undefined, name: string): HelmValues {
  if (options === undefined) return {};
  return {
    cluster: { name, id: options.id },
    // A CA of its own would be one that no other cluster trusts; without the Secret the Job fails, and says so.
    certgen: { generateCA: false },
    clustermesh: {
      useAPIServer: true,
      apiserver: {
        replicas: REPLICAS,
        service: { type: "LoadBalancer", loadBalancerIP: options.address, annotations: INTERNAL },
        tls: { auto: { enabled: true, method: "cronJob", schedule: "0 0 1 * *" } },
        resources: { requests: { cpu: "50m", memory: "128Mi" } },
        podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
      },
      config: {
        enabled: true,
        clusters: isKnown(options.peers)
          ? options.peers.map((peer) => ({ name: peer.name, ips: [peer.address], port: PORT }))
          : [],
      },
    },
  };
}

/** What is wrong between the options. */
export function clusterMeshProblems(options: ClusterMeshOptions | undefined): Problem[] {
  const peers = options?.peers;
  if (options === undefined || !isKnown(peers)) return [];
  const problems: Problem[] = [];
  peers.forEach((peer, index) => {
    for (const property of ["name", "address"] as const) {
      const first = peers.findIndex((other) => other[property] === peer[property]);
      if (!isKnown(peer[property]) || first === index) continue;
      problems.push({
        property: `peers[${index}].${property}`,
        value: peer[property],
        rule: `is that of peers[${first}] too`,
        remedy: "name each cluster once",
      });
    }
    if (isKnown(peer.address) && peer.address === options.address)
      problems.push({
        property: `peers[${index}].address`,
        value: peer.address,
        rule: "is this cluster's own",
        remedy: "give that of the other cluster",
      });
  });
  return problems;
}
