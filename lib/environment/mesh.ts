import { isKnown, type Problem } from "../validation";
import type { EffectiveEnvironment } from "./effective";

/** What is wrong between two clusters of one mesh that are each right by themselves, told of the later one. */
export function meshProblemsBetween(environment: EffectiveEnvironment, other: EffectiveEnvironment): Problem[] {
  const [mesh, otherMesh] = [environment.dataplane?.mesh, other.dataplane?.mesh];
  if (mesh === undefined || otherMesh === undefined) return [];
  const knows = mesh.peers.find(({ name }) => name === other.name);
  const isKnownThere = otherMesh.peers.find(({ name }) => name === environment.name);
  if (knows === undefined && isKnownThere === undefined) return [];
  const problems: Problem[] = [];
  if (mesh.id === otherMesh.id)
    problems.push({
      property: "dataplane.clusterMesh.id",
      value: mesh.id,
      rule: `is that of ${other.name} too: identities of pods would be taken for each other's`,
      remedy: "give each cluster of the mesh a number of its own",
    });
  if (knows === undefined || isKnownThere === undefined) {
    const [missing, there] = knows === undefined ? [other.name, environment.name] : [environment.name, other.name];
    problems.push({
      property: "dataplane.clusterMesh.peers",
      rule: `of ${there} do not name ${missing}, which names it: the mesh would know one way only`,
      remedy: "let each of the two name the other",
    });
  }
  problems.push(
    ...peerProblems(knows, other, "dataplane.clusterMesh.peers"),
    ...peerProblems(isKnownThere, environment, `dataplane.clusterMesh.peers of ${other.name}`),
  );
  if (mesh.encryption !== otherMesh.encryption)
    problems.push({
      property: "dataplane.encryption",
      value: mesh.encryption,
      rule: `is not what ${other.name} has (${otherMesh.encryption}): clusters of a mesh encrypt alike, or pods lose each other`,
      remedy: "choose the same for both",
    });
  return problems;
}

/** Whether what one cluster says of another is what the other is. */
function peerProblems(
  peer: { readonly address: string; readonly ranges: readonly string[] } | undefined,
  { name, dataplane, network }: EffectiveEnvironment,
  property: string,
): Problem[] {
  if (peer === undefined) return [];
  const problems: Problem[] = [];
  const address = dataplane?.mesh?.address;
  if (isKnown(peer.address) && isKnown(address) && peer.address !== address)
    problems.push({
      property,
      value: peer.address,
      rule: `has another address for ${name} than it has itself (${address})`,
      remedy: "write the same in both",
    });
  const own = [network.nodes, network.pods, ...Object.values(network.extraPodRanges ?? {})].filter(isKnown);
  const missing = own.filter((range) => isKnown(peer.ranges) && !peer.ranges.includes(range));
  if (missing.length > 0)
    problems.push({
      property,
      value: missing,
      rule: `leaves out ranges of ${name}, whose packets the firewall would drop`,
      remedy: "name its range of nodes and all its ranges of pods",
    });
  return problems;
}
