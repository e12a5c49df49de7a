/** Letters of the zones of regions that do not have a, b and c. */
const UNUSUAL_ZONES: Readonly<Record<string, string>> = {
  "europe-west1": "bcd",
  "us-central1": "abcf",
  "us-east1": "bcd",
};

/** Regions of Google Cloud that the sandbox knows. */
const REGIONS: readonly string[] = [
  "africa-south1",
  ...["asia-east1", "asia-east2", "asia-northeast1", "asia-northeast2", "asia-northeast3"],
  ...["asia-south1", "asia-south2", "asia-southeast1", "asia-southeast2"],
  ...["australia-southeast1", "australia-southeast2"],
  ...["europe-central2", "europe-north1", "europe-southwest1", "europe-west1", "europe-west10", "europe-west12"],
  ...["europe-west2", "europe-west3", "europe-west4", "europe-west6", "europe-west8", "europe-west9"],
  ...["me-central1", "me-central2", "me-west1"],
  ...["northamerica-northeast1", "northamerica-northeast2", "northamerica-south1"],
  ...["southamerica-east1", "southamerica-west1"],
  ...["us-central1", "us-east1", "us-east4", "us-east5", "us-south1", "us-west1", "us-west2", "us-west3", "us-west4"],
];

/** All regions, in alphabetical order. */
export function regions(): readonly string[] {
  return REGIONS;
}

/** Zones of a region; none where the region is unknown. */
export function zonesOf(region: string): string[] {
  if (!REGIONS.includes(region)) return [];
  return [...(UNUSUAL_ZONES[region] ?? "abc")].map((letter) => `${region}-${letter}`);
}

/** The region of a zone; `undefined` where the zone is unknown. */
export function regionOfZone(zone: string): string | undefined {
  const region = zone.replace(/-[a-z]$/, "");
  return zonesOf(region).includes(zone) ? region : undefined;
}

/** Whether a location of a cluster is a zone, as opposed to a region. */
export function isZone(location: string): boolean {
  return /-[a-z]$/.test(location);
}

/** The region of a location that is either a region or a zone; `undefined` where it is neither. */
export function regionOf(location: string): string | undefined {
  return isZone(location) ? regionOfZone(location) : REGIONS.includes(location) ? location : undefined;
}
