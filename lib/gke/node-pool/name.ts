import { CLUSTER_NAME, shortHash } from "../naming";

/** What the provider puts behind a prefix: a timestamp of 18 digits and a counter of 8. */
const UNIQUE_LENGTH = 26;
/** Characters of a pool's name that are left to us, the hyphen before the provider's included. */
export const MAX_PREFIX_LENGTH = CLUSTER_NAME.max - UNIQUE_LENGTH;
const GENERATION_LENGTH = 4;

/**
 * How the name of a pool begins: what its author calls it, as far as GKE leaves room, and a mark of its generation.
 *
 * The rest is made up by the provider, anew for each pool that it makes. So a new one can always stand beside the one it
 * replaces, whatever it is replaced for: also a pool whose creation ended in an error, which Terraform replaces although
 * nothing about it was changed, and for which any name that follows from its configuration would be taken.
 */
export function poolNamePrefix(name: string, generation: string | undefined): string {
  const mark = generation === undefined ? "-" : `-${shortHash(generation, GENERATION_LENGTH)}-`;
  return `${name.slice(0, MAX_PREFIX_LENGTH - mark.length).replace(/-+$/, "")}${mark}`;
}
