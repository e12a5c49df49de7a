import { gkeClusterProblems, gkeClusterWarnings } from "../../lib/gke";
import {
  isZone,
  keyLocationProblems,
  linkRegionProblems,
  regionOf,
  zoneCount,
  zonesProblems,
} from "../../lib/gke/location";
import { DATAPLANE_V2, lines } from "./support";

const problems = (location: string) => lines(gkeClusterProblems({ location }, DATAPLANE_V2));
const warnings = (location: string) => lines(gkeClusterWarnings({ location }, DATAPLANE_V2));

test.each([
  ["asia-northeast1", false, "asia-northeast1"],
  ["asia-northeast1-a", true, "asia-northeast1"],
  ["europe-west12-c", true, "europe-west12"],
  ["us-central1-f", true, "us-central1"],
  ["us-central1-ai1a", true, "us-central1"],
  ["northamerica-south1", false, "northamerica-south1"],
])("%s", (location, zone, region) => {
  expect([isZone(location), regionOf(location)]).toEqual([zone, region]);
  expect(problems(location)).toEqual([]);
  expect(warnings(location)).toEqual([]);
});

test.each(["", "asia", "asia-northeast", "Tokyo", "asia-northeast1-", "asia-northeast1-1"])(
  "%p is no location",
  (location) => {
    expect(problems(location)).toEqual([
      `'location' (${location || '""'}) is neither a region nor a zone of Google Cloud; give a region such as asia-northeast1 or a zone such as asia-northeast1-a`,
    ]);
    expect(warnings(location)).toEqual([]);
  },
);

test.each([
  [
    "asia-notheast1",
    "is in asia-notheast1, which is not among the regions that Google has published; did you mean asia-northeast1?",
  ],
  [
    "europe-west11-a",
    "is in europe-west11, which is not among the regions that Google has published; did you mean europe-west1",
  ],
  ["mars-north1", "is in mars-north1, which is not among the regions that Google has published; check the name with"],
  ["europe-west1-a", "is not among the zones that Google has published of europe-west1; there are europe-west1-b, "],
  ["us-central1-ab", "is not among the zones that Google has published of us-central1; there are us-central1-a, "],
])("%s may be a slip", (location, warning) => {
  expect(problems(location)).toEqual([]);
  expect(warnings(location)).toEqual([expect.stringContaining(`'location' (${location}) ${warning}`)]);
});

test("zones of nodes that may be a slip are told, too", () => {
  expect(
    lines(gkeClusterWarnings({ location: "us-central1", nodeLocations: ["us-central1-e"] }, DATAPLANE_V2)),
  ).toEqual([expect.stringContaining("'nodeLocations[0]' (us-central1-e) is not among the zones")]);
});

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
  const zones = (location: string, nodeLocations: readonly string[]) =>
    lines(gkeClusterProblems({ location, nodeLocations }, DATAPLANE_V2));
  expect(zones("us-central1", ["us-central1-a", "us-central1-ai1a"])).toEqual([]);
  expect(zones("us-central1-c", ["us-central1", "us-east1-b", "us-central1-a", "us-central1-a"])).toEqual([
    "'nodeLocations[0]' (us-central1) is not a zone; give zones such as europe-west1-b",
    "'nodeLocations[3]' (us-central1-a) is there twice; remove one of the two",
    "'nodeLocations[1]' (us-east1-b) is outside the cluster's region us-central1; choose zones that begin with us-central1-",
  ]);
});

test("zones are not compared with a location that is not known", () => {
  expect(zonesProblems("zones", ["us-central1-a"], undefined)).toEqual([]);
  expect(zonesProblems("zones", undefined, "us-central1")).toEqual([]);
});

describe("what lies somewhere lies where the cluster is", () => {
  const key = (location: string) => `projects/p/locations/${location}/keyRings/r/cryptoKeys/k`;

  test.each(["us-central1", "us", "global", "nam3"])("a key in %s will do in us-central1", (location) => {
    expect(keyLocationProblems("key", key(location), "us-central1-a")).toEqual([]);
  });

  test("a key of another region will not", () => {
    expect(lines(keyLocationProblems("key", key("us-east1"), "us-central1-a"))).toEqual([
      `'key' (${key("us-east1")}) lies in us-east1, and the cluster in us-central1; use a key in us-central1`,
    ]);
    expect(keyLocationProblems("key", key("us-east1"), undefined)).toEqual([]);
    expect(keyLocationProblems("key", undefined, "us-central1")).toEqual([]);
  });

  test("a subnet of another region will not", () => {
    const link = "projects/p/regions/us-east1/subnetworks/s";
    expect(linkRegionProblems("s", link, "us-east1", "a subnet")).toEqual([]);
    expect(linkRegionProblems("s", "s", "us-central1", "a subnet")).toEqual([]);
    expect(lines(linkRegionProblems("s", link, "us-central1", "a subnet"))).toEqual([
      `'s' (${link}) lies in us-east1, and the cluster in us-central1; name a subnet in us-central1`,
    ]);
  });
});
