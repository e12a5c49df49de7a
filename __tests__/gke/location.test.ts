import { isZone, locationProblems, regionOf, zoneCount, zonesProblems } from "../../lib/gke/location";
import { lines } from "./support";

test.each([
  ["asia-northeast1", false, "asia-northeast1"],
  ["asia-northeast1-a", true, "asia-northeast1"],
  ["europe-west12-c", true, "europe-west12"],
  ["us-central1-f", true, "us-central1"],
  ["northamerica-south1", false, "northamerica-south1"],
])("%s", (location, zone, region) => {
  expect([isZone(location), regionOf(location)]).toEqual([zone, region]);
  expect(locationProblems("location", location)).toEqual([]);
});

test.each(["", "asia", "asia-northeast", "asia-northeast1-ab", "Tokyo", "asia-northeast1-"])(
  "%p is no location",
  (location) => {
    expect(lines(locationProblems("location", location))).toEqual([
      `'location' (${location || '""'}) is neither a region nor a zone of Google Cloud; give a region such as asia-northeast1 or a zone such as asia-northeast1-a`,
    ]);
  },
);

test.each([
  ["a zonal cluster", "us-central1-a", undefined, 1],
  ["a zonal cluster with further zones", "us-central1-a", ["us-central1-b", "us-central1-c"], 3],
  ["a regional cluster", "us-central1", undefined, 3],
  ["a regional cluster without named zones", "us-central1", [], 3],
  ["a regional cluster with named zones", "us-central1", ["us-central1-a", "us-central1-b"], 2],
])("nodes of %s run in as many zones as it says", (_, location, zones, count) => {
  expect(zoneCount(location, zones)).toBe(count);
});

test("zones must be zones, of the region, and named once", () => {
  expect(zonesProblems("zones", ["us-central1-a", "us-central1-b"], "us-central1")).toEqual([]);
  expect(zonesProblems("zones", undefined, "us-central1")).toEqual([]);
  expect(
    lines(zonesProblems("zones", ["us-central1", "us-east1-b", "us-central1-a", "us-central1-a"], "us-central1-c")),
  ).toEqual([
    "'zones[0]' (us-central1) is not a zone; give zones such as europe-west1-b",
    "'zones[1]' (us-east1-b) is outside the cluster's region us-central1; choose zones that begin with us-central1-",
    "'zones[3]' (us-central1-a) is named twice; remove one of the two",
  ]);
});

test("zones are not compared with a location that is none", () => {
  expect(zonesProblems("zones", ["us-central1-a"], "nowhere")).toEqual([]);
  expect(zonesProblems("zones", ["us-central1-a"], undefined)).toEqual([]);
});
