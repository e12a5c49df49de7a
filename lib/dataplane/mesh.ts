import { type ClusterMeshOptions, type EffectiveRelease, effectiveValue, writtenAs } from "../cilium";
import { contains, isKnown, overlaps, type Problem, parseCidr } from "../validation";
import type { EffectiveDataplane, EffectiveMesh } from "./effective";
import type { DataplaneFacts } from "./facts";

/** A cluster's place in a mesh, as other environments are compared with it. */
export function meshOf(
  options: ClusterMeshOptions | undefined,
  release: EffectiveRelease,
): Pick<EffectiveDataplane, "mesh"> {
  if (options === undefined || !isKnown(options.peers)) return {};
  const type = effectiveValue(release, "encryption.type");
  const isEncrypted = `${effectiveValue(release, "encryption.enabled")}` === "true";
  const mesh: EffectiveMesh = {
    id: options.id,
    address: options.address,
    peers: options.peers,
    encryption: isEncrypted && typeof type === "string" ? type : "none",
  };
  return { mesh };
}

/** What is wrong between a cluster's place in a mesh, its network and the rest of its release. */
export function meshProblems(
  facts: DataplaneFacts,
  options: ClusterMeshOptions | undefined,
  release: EffectiveRelease,
): Problem[] {
  if (options === undefined || !isKnown(options.peers)) return [];
  const { network } = facts;
  const problems: Problem[] = [];
  const nodes = parse(network.nodes);
  const address = parse(isKnown(options.address) ? `${options.address}/32` : undefined);
  if (nodes && address && !contains(nodes, address))
    problems.push({
      property: "dataplane.clusterMesh.address",
      value: options.address,
      rule: `is not in 'network.nodes' (${network.nodes}), where an internal load balancer takes its address from`,
      remedy: "give an address out of that range, far from its beginning",
    });
  const own: [string, string | undefined][] = [
    ["network.nodes", network.nodes],
    ["network.pods", network.pods],
    ...Object.entries(network.extraPodRanges ?? {}).map(([name, text]): [string, string] => [
      `network.extraPodRanges.${name}`,
      text,
    ]),
  ];
  const native = parse(effectiveValue(release, "ipv4NativeRoutingCIDR"));
  options.peers.forEach((peer, index) => {
    (isKnown(peer.ranges) ? peer.ranges : []).forEach((text, at) => {
      const property = `dataplane.clusterMesh.peers[${index}].ranges[${at}]`;
      const range = parse(text);
      if (range === undefined) return;
      for (const [name, ownText] of own) {
        const ownRange = parse(ownText);
        if (ownRange && overlaps(range, ownRange))
          problems.push({
            property,
            value: text,
            rule: `overlaps '${name}' (${ownText}): an address of the mesh must be one pod's or node's`,
            remedy: "give the clusters ranges of their own",
          });
      }
      if (native && !contains(native, range))
        problems.push({
          property,
          value: text,
          rule: `is not in '${writtenAs(release, "ipv4NativeRoutingCIDR")}' (${effectiveValue(release, "ipv4NativeRoutingCIDR")}): its pods would see the node in a pod's place, and policies would deny it`,
          remedy: "set ipv4NativeRoutingCIDR to a range around all clusters, e.g. 10.0.0.0/8",
        });
    });
  });
  if (`${effectiveValue(release, "egressGateway.enabled")}` === "true")
    problems.push({
      property: "dataplane.clusterMesh",
      rule: "does not go with the egress gateway, which Cilium does not support in a mesh",
      remedy: "leave one of the two out",
    });
  return problems;
}

function parse(text: unknown) {
  if (typeof text !== "string" || !isKnown(text)) return undefined;
  const range = parseCidr(text);
  return typeof range === "string" ? undefined : range;
}
