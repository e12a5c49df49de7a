import { isKnown, type Problem } from "../validation";

const ZONE = /^[a-z]+(-[a-z]+)*-[a-z]+\d+-[a-z]$/;
const REGION = /^[a-z]+(-[a-z]+)*-[a-z]+\d+$/;

/** Zones GKE picks in a region when none are named. */
export const DEFAULT_ZONES_PER_REGION = 3;

/** Whether a location is one zone (`asia-northeast1-a`) rather than a region (`asia-northeast1`). */
export function isZone(location: string): boolean {
  return ZONE.test(location);
}

/** The region of a location: `asia-northeast1` of `asia-northeast1-a` and of itself. */
export function regionOf(location: string): string {
  return isZone(location) ? location.slice(0, -2) : location;
}

/**
 * In how many zones a cluster's nodes run.
 *
 * @param location Zone or region of the cluster.
 * @param nodeLocations Zones named for its nodes; with a zonal cluster the further ones.
 */
export function zoneCount(location: string, nodeLocations: readonly string[] | undefined): number {
  if (isZone(location)) return new Set([location, ...(nodeLocations ?? [])]).size;
  return nodeLocations?.length ? new Set(nodeLocations).size : DEFAULT_ZONES_PER_REGION;
}

/** What is wrong with the place of a cluster. */
export function locationProblems(property: string, location: string | undefined): Problem[] {
  if (!isKnown(location) || ZONE.test(location) || REGION.test(location)) return [];
  return [
    {
      property,
      value: location,
      rule: "is neither a region nor a zone of Google Cloud",
      remedy: "give a region such as asia-northeast1 or a zone such as asia-northeast1-a",
    },
  ];
}

/** What is wrong with the zones named for nodes of a cluster in `location`. */
export function zonesProblems(
  property: string,
  zones: readonly string[] | undefined,
  location: string | undefined,
): Problem[] {
  if (!isKnown(zones)) return [];
  const problems: Problem[] = [];
  zones.forEach((zone, index) => {
    if (!isKnown(zone)) return;
    const at = `${property}[${index}]`;
    if (!isZone(zone)) {
      problems.push({ property: at, value: zone, rule: "is not a zone", remedy: "give zones such as europe-west1-b" });
    } else if (
      isKnown(location) &&
      locationProblems("", location).length === 0 &&
      regionOf(zone) !== regionOf(location)
    ) {
      problems.push({
        property: at,
        value: zone,
        rule: `is outside the cluster's region ${regionOf(location)}`,
        remedy: `choose zones that begin with ${regionOf(location)}-`,
      });
    }
    if (zones.indexOf(zone) !== index) {
      problems.push({ property: at, value: zone, rule: "is named twice", remedy: "remove one of the two" });
    }
  });
  return problems;
}
