import type { Cloud } from "../cloud";
import { computeName, lastSegment } from "../compute/links";
import { checkOverlaps, checkRange, freeRange } from "../compute/ranges";
import { secondaryRange } from "../compute/subnetworks";
import { badRequest } from "../http/errors";
import { type JsonObject, objectsOf, stringOf, withDefaults } from "../json";
import { OperationFailure } from "../operations/record";

/** Where services get their addresses when the request does not say: a range that GKE manages for every cluster. */
const MANAGED_SERVICES_RANGE = "34.118.224.0/20";

/** Length of the pods range where the request does not say. */
const DEFAULT_PODS_PREFIX = 14;

/** Length of the services range where the request names a subnetwork range of its own without saying. */
const DEFAULT_SERVICES_PREFIX = 20;

/** A policy with its ranges resolved, and what must be added to the subnetwork for it. */
export interface Allocation {
  readonly policy: JsonObject;
  /** Secondary ranges that GKE creates. */
  readonly created: readonly { readonly rangeName: string; readonly ipCidrRange: string }[];
}

/** Finds or makes the ranges of a VPC-native cluster. @throws ApiError 400 where a named range does not exist */
export function allocateRanges(
  cloud: Cloud,
  given: JsonObject,
  subnetworkTail: string,
  cluster: string,
  hash: string,
): Allocation {
  const subnetwork = cloud.store.get(computeName(subnetworkTail)) ?? {};
  const created: { rangeName: string; ipCidrRange: string }[] = [];
  const named = (what: string, rangeName: string): string => {
    const range = secondaryRange(subnetwork, rangeName);
    if (!range) {
      throw badRequest(`${what} secondary range "${rangeName}" not found in subnet "${lastSegment(subnetworkTail)}".`);
    }
    return range;
  };
  const make = (kind: string, wanted: string, prefix: number): { rangeName: string; ipCidrRange: string } => {
    const length = /^\/(\d+)$/.exec(wanted)?.[1];
    if (wanted !== "" && !length) checkRange("ipCidrRange", wanted);
    const ipCidrRange = wanted !== "" && !length ? wanted : free(cloud, subnetwork, Number(length ?? prefix), created);
    const range = { rangeName: `gke-${cluster}-${kind}-${hash}`, ipCidrRange };
    created.push(range);
    return range;
  };

  const podsName = stringOf(given["clusterSecondaryRangeName"]) ?? "";
  const pods = podsName
    ? { rangeName: podsName, ipCidrRange: named("Pod", podsName) }
    : make("pods", stringOf(given["clusterIpv4CidrBlock"]) ?? "", DEFAULT_PODS_PREFIX);
  const servicesName = stringOf(given["servicesSecondaryRangeName"]) ?? "";
  const servicesBlock = stringOf(given["servicesIpv4CidrBlock"]) ?? "";
  const services = servicesName
    ? { rangeName: servicesName, ipCidrRange: named("Services", servicesName) }
    : servicesBlock
      ? make("services", servicesBlock, DEFAULT_SERVICES_PREFIX)
      : { rangeName: "", ipCidrRange: MANAGED_SERVICES_RANGE };
  const { useRoutes: _, ...rest } = given;
  const policy = withDefaults(
    {
      ...rest,
      useIpAliases: true,
      clusterSecondaryRangeName: pods.rangeName,
      clusterIpv4Cidr: pods.ipCidrRange,
      clusterIpv4CidrBlock: pods.ipCidrRange,
      servicesSecondaryRangeName: services.rangeName,
      servicesIpv4Cidr: services.ipCidrRange,
      servicesIpv4CidrBlock: services.ipCidrRange,
    },
    { stackType: "IPV4", podCidrOverprovisionConfig: {} },
  );
  return { policy, created };
}

function free(cloud: Cloud, subnetwork: JsonObject, prefix: number, created: Allocation["created"]): string {
  try {
    const taken = created.map((range) => range.ipCidrRange);
    return freeRange(cloud, stringOf(subnetwork["network"]), prefix, taken);
  } catch (error) {
    if (error instanceof OperationFailure) throw badRequest(error.message);
    throw error;
  }
}

/** Adds ranges to a subnetwork, as GKE does by itself. @throws OperationFailure where one overlaps */
export function addRanges(cloud: Cloud, subnetworkTail: string, ranges: Allocation["created"]): void {
  const subnetwork = cloud.store.get(computeName(subnetworkTail));
  if (!subnetwork || ranges.length === 0) return;
  const changed = {
    ...subnetwork,
    secondaryIpRanges: [...objectsOf(subnetwork["secondaryIpRanges"]), ...ranges.map((range) => ({ ...range }))],
    fingerprint: cloud.identity.fingerprint(),
  };
  checkOverlaps(cloud, changed, subnetworkTail);
  cloud.store.put(computeName(subnetworkTail), changed);
}

/** Takes ranges away again. */
export function removeRanges(cloud: Cloud, subnetworkTail: string, names: readonly string[]): void {
  const subnetwork = cloud.store.get(computeName(subnetworkTail));
  if (!subnetwork || names.length === 0) return;
  const { secondaryIpRanges, ...rest } = subnetwork;
  const kept = objectsOf(secondaryIpRanges).filter((range) => !names.includes(stringOf(range["rangeName"]) ?? ""));
  cloud.store.put(computeName(subnetworkTail), {
    ...rest,
    ...(kept.length > 0 ? { secondaryIpRanges: kept } : {}),
    fingerprint: cloud.identity.fingerprint(),
  });
}
