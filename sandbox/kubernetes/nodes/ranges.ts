import { type Cidr, formatCidr, overlaps, parseCidr } from "../../../lib/validation/cidr";

/**
 * The first range of a prefix length inside `outer` that touches none of `taken`.
 *
 * @throws Error where there is none left, as GKE fails to add a node then.
 */
export function firstFreeRange(outer: string, prefix: number, taken: readonly string[]): string {
  const range = read(outer);
  const used = taken.map(read).sort((a, b) => a.first - b.first);
  const size = 2 ** (32 - prefix);
  let first = range.first;
  for (const other of used) {
    if (other.first >= first + size) break;
    if (other.last >= first) first = Math.ceil((other.last + 1) / size) * size;
  }
  const free: Cidr = { first, last: first + size - 1, prefix };
  if (free.last > range.last || used.some((other) => overlaps(other, free)))
    throw new Error(`the range ${outer} has no /${prefix} left for another node (${taken.length} are taken)`);
  return formatCidr(free);
}

/** The first address of `outer` that a node may have: not the network's, not the gateway's, not a taken one. */
export function firstFreeAddress(outer: string, taken: readonly string[]): string {
  const gateway = formatCidr({ ...read(outer), prefix: 31 });
  return firstFreeRange(outer, 32, [gateway, ...taken.map((address) => `${address}/32`)]).replace(/\/32$/, "");
}

/** The first address of a range behind that of the range itself: a subnetwork's gateway, or the Service `kubernetes`. */
export function firstAddress(range: string): string {
  return addressIn(range, 1);
}

/** An address of a range, counted from its first. */
export function addressIn(range: string, number: number): string {
  const first = read(range).first + number;
  return formatCidr({ first, last: first, prefix: 32 }).replace(/\/32$/, "");
}

/**
 * Prefix length of a node's pods range: at least twice as many addresses as pods.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr#cidr_ranges_for_clusters
 */
export function podsPrefix(maxPodsPerNode: number): number {
  return 32 - Math.ceil(Math.log2(Math.max(maxPodsPerNode, 8) * 2));
}

function read(text: string): Cidr {
  const cidr = parseCidr(text);
  if (typeof cidr === "string") throw new Error(`'${text}' ${cidr}`);
  return cidr;
}

/** Which address of the range of Services GKE gives to the cluster's DNS. */
const DNS_PLACE = 10;

/** ClusterIP of the cluster's DNS. */
export function dnsService(servicesCidr: string): string {
  return addressIn(servicesCidr, DNS_PLACE);
}
