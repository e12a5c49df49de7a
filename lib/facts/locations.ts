/**
 * Regions of Google Cloud with their zones' last parts.
 *
 * Source: https://cloud.google.com/compute/docs/regions-zones, checked 2026-11-26. Zones for accelerators, such as
 * `us-central1-ai1a`, come and go and are not listed; sovereign clouds have regions of their own (`u-...`).
 */
const REGIONS: Readonly<Record<string, string>> = {
  "africa-south1": "abc",
  "asia-east1": "abc",
  "asia-east2": "abc",
  "asia-northeast1": "abc",
  "asia-northeast2": "abc",
  "asia-northeast3": "abc",
  "asia-south1": "abc",
  "asia-south2": "abc",
  "asia-southeast1": "abc",
  "asia-southeast2": "abc",
  "asia-southeast3": "abc",
  "australia-southeast1": "abc",
  "australia-southeast2": "abc",
  "europe-central2": "abc",
  "europe-north1": "abc",
  "europe-north2": "abc",
  "europe-southwest1": "abc",
  "europe-west1": "bcd",
  "europe-west2": "abc",
  "europe-west3": "abc",
  "europe-west4": "abc",
  "europe-west6": "abc",
  "europe-west8": "abc",
  "europe-west9": "abc",
  "europe-west10": "abc",
  "europe-west12": "abc",
  "me-central1": "abc",
  "me-central2": "abc",
  "me-west1": "abc",
  "northamerica-northeast1": "abc",
  "northamerica-northeast2": "abc",
  "northamerica-south1": "abc",
  "southamerica-east1": "abc",
  "southamerica-west1": "abc",
  "us-central1": "abcf",
  "us-east1": "bcd",
  "us-east4": "abc",
  "us-east5": "abc",
  "us-south1": "abc",
  "us-west1": "abc",
  "us-west2": "abc",
  "us-west3": "abc",
  "us-west4": "abc",
};

/** Region, hyphen, and a part that begins with a letter: `us-central1-a`, `us-central1-ai1a`. */
const ZONE = /^([a-z]+(?:-[a-z]+)+\d+)-([a-z][a-z0-9]*)$/;
const REGION = /^[a-z]+(?:-[a-z]+)+\d+$/;
/** Zones for accelerators, which the table leaves out. */
const ACCELERATOR_ZONE = /^ai\d+[a-z]$/;

/** Names of all regions in the table. */
export const REGION_NAMES: readonly string[] = Object.keys(REGIONS);

/** Whether a text has the shape of a zone's name. */
export function isZoneName(text: string): boolean {
  return ZONE.test(text);
}

/** Whether a text has the shape of a region's name. */
export function isRegionName(text: string): boolean {
  return REGION.test(text);
}

/** The region of a zone, and a region itself. */
export function regionOfLocation(location: string): string {
  return ZONE.exec(location)?.[1] ?? location;
}

/** Whether the table has a region. */
export function isKnownRegion(region: string): boolean {
  return Object.hasOwn(REGIONS, region);
}

/** Zones of a region, `europe-west1-b` and so on; undefined where the table does not have the region. */
export function zonesOfRegion(region: string): readonly string[] | undefined {
  const letters = isKnownRegion(region) ? REGIONS[region] : undefined;
  return letters?.split("").map((letter) => `${region}-${letter}`);
}

/** Whether a zone may exist: the table has it, lacks its region, or leaves zones of its kind out. */
export function mayBeZone(zone: string): boolean {
  const [, region = "", part = ""] = ZONE.exec(zone) ?? [];
  return ACCELERATOR_ZONE.test(part) || (zonesOfRegion(region)?.includes(zone) ?? true);
}
