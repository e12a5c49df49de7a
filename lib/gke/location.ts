import {
  isKnownRegion,
  isRegionName,
  isZoneName,
  mayBeZone,
  REGION_NAMES,
  regionOfLocation,
  zonesOfRegion,
} from "../facts/locations";
import { type Check, closest, isKnown, listOf, type Problem, text } from "../validation";
import { locationOfKey } from "./checks";

/** Zones GKE picks in a region when none are named. */
export const DEFAULT_ZONES_PER_REGION = 3;

/** Whether a location is one zone (`asia-northeast1-a`) rather than a region (`asia-northeast1`). */
export function isZone(location: string): boolean {
  return isZoneName(location);
}

/** The region of a location: `asia-northeast1` of `asia-northeast1-a` and of itself. */
export function regionOf(location: string): string {
  return regionOfLocation(location);
}

/**
 * In how many zones a cluster's nodes run.
 *
 * @param location Zone or region of the cluster.
 * @param nodeLocations Zones named for its nodes; with a zonal cluster the further ones.
 */
export function zoneCount(location: string, nodeLocations: readonly string[] | undefined): number {
  const named = isKnown(nodeLocations) ? nodeLocations : [];
  if (isZone(location)) return new Set([location, ...named]).size;
  return named.length > 0 ? new Set(named).size : DEFAULT_ZONES_PER_REGION;
}

/** The place of a cluster. */
export const location: Check = text({
  matches: (value) => isZoneName(value) || isRegionName(value),
  rule: "is neither a region nor a zone of Google Cloud",
  remedy: "give a region such as asia-northeast1 or a zone such as asia-northeast1-a",
});

/** A region. */
export const region: Check = text({
  matches: isRegionName,
  rule: "is not a region of Google Cloud",
  remedy: "give a region such as asia-northeast1",
});

const zone = text({ matches: isZoneName, rule: "is not a zone", remedy: "give zones such as europe-west1-b" });

/** Zones, each once. */
export const zones: Check = listOf(zone);
/** The same, at least one. */
export const someZones: Check = listOf(zone, { least: 1 });

/** What is wrong with the zones named for nodes of a cluster in `location`. */
export function zonesProblems(
  property: string,
  named: readonly string[] | undefined,
  location: string | undefined,
): Problem[] {
  if (!isKnown(named) || !isKnown(location)) return [];
  const home = regionOf(location);
  return named.flatMap((zone, index) =>
    !isKnown(zone) || regionOf(zone) === home
      ? []
      : [
          {
            property: `${property}[${index}]`,
            value: zone,
            rule: `is outside the cluster's region ${home}`,
            remedy: `choose zones that begin with ${home}-`,
          },
        ],
  );
}

/** What is wrong with a resource that must lie in the cluster's region, by a link that names where it lies. */
export function linkRegionProblems(
  property: string,
  link: string | undefined,
  region: string | undefined,
  what: string,
): Problem[] {
  const there = isKnown(link) ? /\/regions\/([^/]+)\//.exec(link)?.[1] : undefined;
  if (there === undefined || !isKnown(region) || there === region) return [];
  return [
    {
      property,
      value: link,
      rule: `lies in ${there}, and the cluster in ${region}`,
      remedy: `name ${what} in ${region}`,
    },
  ];
}

/**
 * What is wrong with where a Cloud KMS key lies. A key of the cluster's region will do, and those of a multi-region or
 * `global`; one of another region will not.
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/encrypting-secrets
 */
export function keyLocationProblems(
  property: string,
  key: string | undefined,
  location: string | undefined,
): Problem[] {
  const there = locationOfKey(key);
  if (there === undefined || !isKnown(location) || !isRegionName(there) || there === regionOf(location)) return [];
  return [
    {
      property,
      value: key,
      rule: `lies in ${there}, and the cluster in ${regionOf(location)}`,
      remedy: `use a key in ${regionOf(location)}`,
    },
  ];
}

/** What is doubtful about a place: a region or a zone that Google has not published, which may be a slip. */
export function locationWarnings(property: string, place: string | undefined): Problem[] {
  if (!isKnown(place) || !(isZoneName(place) || isRegionName(place))) return [];
  const home = regionOf(place);
  if (!isKnownRegion(home)) {
    const meant = closest(home, REGION_NAMES);
    return [
      {
        property,
        value: place,
        rule: `is in ${home}, which is not among the regions that Google has published`,
        remedy: meant.length > 0 ? `did you mean ${meant[0]}?` : "check the name with: gcloud compute regions list",
      },
    ];
  }
  if (!isZoneName(place) || mayBeZone(place)) return [];
  return [
    {
      property,
      value: place,
      rule: `is not among the zones that Google has published of ${home}`,
      remedy: `there are ${zonesOfRegion(home)?.join(", ")}`,
    },
  ];
}

/** The same of a list of zones. */
export function zonesWarnings(property: string, named: readonly string[] | undefined): Problem[] {
  if (!isKnown(named)) return [];
  return named.flatMap((zone, index) => locationWarnings(`${property}[${index}]`, zone));
}
