import type { JsonObject } from "../../../../sandbox/gcp/json";
import { PROJECT, REGION, start, stopAll, type TestCloud } from "../client";
import { expectRefused } from "./refused";

let cloud: TestCloud;

const RINGS = `/kms/v1/projects/${PROJECT}/locations/${REGION}/keyRings`;

beforeAll(async () => {
  cloud = await start();
  await cloud.ok("POST", `${RINGS}?keyRingId=gke`, {});
});
afterAll(stopAll);

describe("what clusters need of other services is refused", () => {
  test.each<[string, string, string, JsonObject, string | RegExp]>([
    // https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys#CryptoKey
    [
      "a key that is rotated each hour",
      "POST",
      `${RINGS}/gke/cryptoKeys?cryptoKeyId=k`,
      { purpose: "ENCRYPT_DECRYPT", rotationPeriod: "3600s" },
      "rotation_period must be between 24 hours",
    ],
    [
      "a key whose end cannot be undone",
      "POST",
      `${RINGS}/gke/cryptoKeys?cryptoKeyId=k`,
      { purpose: "ENCRYPT_DECRYPT", destroyScheduledDuration: "60s" },
      "destroy_scheduled_duration must be between 24 hours and 120 days",
    ],
    [
      "a key of no purpose",
      "POST",
      `${RINGS}/gke/cryptoKeys?cryptoKeyId=k`,
      { purpose: "FUN" },
      /Invalid value at 'purpose' \(type\.googleapis\.com\/google\.cloud\.kms\.v1\.CryptoKey\./,
    ],
    [
      "a ring in a place that does not exist",
      "POST",
      `/kms/v1/projects/${PROJECT}/locations/wonderland/keyRings?keyRingId=r`,
      {},
      "location 'wonderland'",
    ],
    ["a ring of a name that cannot be", "POST", `${RINGS}?keyRingId=a%20ring`, {}, "KeyRing ID must match"],
    // https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names
    [
      "a topic of Google's",
      "PUT",
      `/pubsub/v1/projects/${PROJECT}/topics/google-news`,
      {},
      `Invalid resource name given (name=projects/${PROJECT}/topics/google-news).`,
    ],
    ["a topic of two letters", "PUT", `/pubsub/v1/projects/${PROJECT}/topics/ab`, {}, "Invalid resource name given"],
    [
      "a bucket in capitals",
      "POST",
      `/storage/v1/b?project=${PROJECT}`,
      { name: "State" },
      "Invalid bucket name: 'State'",
    ],
    [
      "a bucket in a place that does not exist",
      "POST",
      `/storage/v1/b?project=${PROJECT}`,
      { name: "acme-state", location: "wonderland" },
      "The specified location constraint is not valid",
    ],
  ])("%s", async (_, method, path, body, words) => {
    await expectRefused(cloud, method, path, body, words);
  });
});
