import {
  isKnownRegion,
  isRegionName,
  isZoneName,
  mayBeZone,
  REGION_NAMES,
  regionOfLocation,
  zonesOfRegion,
} from "../../lib/facts/locations";

test.each([
  ["asia-northeast1-a", "asia-northeast1"],
  ["us-central1-ai1a", "us-central1"],
  ["europe-west12-c", "europe-west12"],
  ["u-germany-northeast1-a", "u-germany-northeast1"],
])("%s is a zone of %s", (zone, region) => {
  expect(isZoneName(zone)).toBe(true);
  expect(isRegionName(zone)).toBe(false);
  expect(regionOfLocation(zone)).toBe(region);
});

test.each(REGION_NAMES)("%s is a region, its zones are zones of it", (region) => {
  expect(isRegionName(region)).toBe(true);
  expect(isZoneName(region)).toBe(false);
  expect(regionOfLocation(region)).toBe(region);
  for (const zone of zonesOfRegion(region) as readonly string[]) {
    expect(isZoneName(zone)).toBe(true);
    expect(regionOfLocation(zone)).toBe(region);
    expect(mayBeZone(zone)).toBe(true);
  }
});

test.each([
  ["europe-west1-a", false],
  ["europe-west1-b", true],
  ["us-central1-ai1a", true],
  ["us-central9-a", true],
])("%s may be a zone: %s", (zone, may) => {
  expect(mayBeZone(zone)).toBe(may);
});

test("regions that the table lacks are not known, names of the language neither", () => {
  expect(isKnownRegion("us-central9")).toBe(false);
  expect(isKnownRegion("constructor")).toBe(false);
  expect(zonesOfRegion("toString")).toBeUndefined();
});
