import type { JsonObject } from "../../../../sandbox/gcp/json";
import { makeCluster, PROJECT, start, stopAll, type TestCloud } from "../client";
import { type Case, expectRefused } from "./refused";

let cloud: TestCloud;

const POOLS = `/iam/v1/projects/${PROJECT}/locations/global/workloadIdentityPools`;
const PROVIDERS = `${POOLS}/github/providers`;
const pool = (id: string): string => `${POOLS}?workloadIdentityPoolId=${id}`;
const provider = (id: string, inPool = "github"): string =>
  `${POOLS}/${inPool}/providers?workloadIdentityPoolProviderId=${id}`;
const GITHUB: JsonObject = {
  attributeMapping: { "google.subject": "assertion.sub" },
  attributeCondition: 'assertion.repository_id == "1"',
  oidc: { issuerUri: "https://token.actions.githubusercontent.com" },
};
const mapped = (more: JsonObject): JsonObject => ({
  ...GITHUB,
  attributeMapping: { "google.subject": "assertion.sub", ...more },
});
const oidc = (more: JsonObject): JsonObject => ({ ...GITHUB, oidc: { issuerUri: "https://example.com", ...more } });

beforeAll(async () => {
  cloud = await start();
  await cloud.ok("POST", pool("github"), {});
  await cloud.ok("POST", provider("platform"), GITHUB);
  await cloud.ok("POST", pool("gone"), {});
  await cloud.ok("POST", provider("platform", "gone"), GITHUB);
  await cloud.ok("DELETE", `${POOLS}/gone`);
  await cloud.ok("POST", provider("gone"), GITHUB);
  await cloud.ok("DELETE", `${PROVIDERS}/gone`);
});
afterAll(stopAll);

// https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools
describe("a pool is refused", () => {
  test.each([
    ["of an id that is too short", "abc"],
    ["of an id that is too long", "a".repeat(33)],
    ["of an id with capitals", "GitHub"],
    ["of an id that Google keeps for itself", "gcp-github"],
    ["without an id", ""],
  ])("%s", async (_, id) => {
    await expectRefused(cloud, "POST", pool(id), {}, "it must have 4 to 32 lower-case letters, digits and dashes");
  });

  test.each<Case>([
    ["with a long display name", { displayName: "x".repeat(33) }, "less than or equal to 32 characters"],
    ["with a long description", { description: "x".repeat(257) }, "less than or equal to 256 characters"],
    ["in a mode that does not exist", { mode: "OPEN" }, "Invalid value at 'mode'"],
    ["with a field that does not exist", { displayname: "x" }, 'Unknown name "displayname"'],
  ])("%s", async (_, body, words) => {
    await expectRefused(cloud, "POST", pool("other"), body, words);
  });

  // hashicorp/terraform-provider-google#14191, terraform-google-modules/terraform-google-github-actions-runners#49
  test.each(["github", "gone"])("under an id that is taken: %s", async (id) => {
    await expectRefused(cloud, "POST", pool(id), {}, /^Requested entity already exists$/, 409);
  });

  test("elsewhere", async () => {
    const path = pool("other").replace("global", "europe-west1");
    await expectRefused(cloud, "POST", path, {}, "global is the only one");
  });

  test("for another mode, without a mask, and when it is deleted", async () => {
    const path = `${POOLS}/github`;
    // the provider's documentation of `mode`
    const mode = { mode: "TRUST_DOMAIN" };
    await expectRefused(cloud, "PATCH", `${path}?updateMask=mode`, mode, "Attempted to update an immutable field.");
    await expectRefused(cloud, "PATCH", path, { displayName: "x" }, "updateMask is required");
    await expectRefused(cloud, "POST", `${path}:undelete`, {}, "is not deleted");
    const gone = `${POOLS}/gone`;
    await expectRefused(cloud, "PATCH", `${gone}?updateMask=displayName`, { displayName: "x" }, "is deleted");
    await expectRefused(cloud, "DELETE", gone, undefined, "is deleted");
  });

  test("that does not exist", async () => {
    for (const [method, path] of [
      ["GET", `${POOLS}/none`],
      ["DELETE", `${POOLS}/none`],
      ["POST", `${POOLS}/none:undelete`],
      ["GET", `${PROVIDERS}/none`],
    ] as const)
      await expectRefused(cloud, method, path, undefined, "Requested entity was not found", 404);
  });
});

// https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools.providers
describe("a provider is refused", () => {
  test.each<Case>([
    ["without a mapping", { ...GITHUB, attributeMapping: {} }, "must include google.subject"],
    [
      "that maps no subject",
      { ...GITHUB, attributeMapping: { "attribute.a": "assertion.a" } },
      "must include google.subject",
    ],
    // kushin77/self-hosted-runner#1900
    [
      "that maps what there is not",
      mapped({ "assertion.aud": "assertion.aud" }),
      "Invalid mapped attribute key: assertion.aud. Custom mapped attributes must be in format 'attribute.{custom_attribute}'",
    ],
    ["with a key in capitals", mapped({ "attribute.Ref": "assertion.ref" }), "Invalid mapped attribute key"],
    ["with a long key", mapped({ [`attribute.${"a".repeat(100)}`]: "assertion.a" }), "Invalid mapped attribute key"],
    ["with a long expression", mapped({ "attribute.a": "a".repeat(2049) }), "at most 2048 characters"],
    [
      "with many attributes",
      mapped(Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`attribute.a${i}`, "assertion.a"]))),
      "at most 50 custom attributes",
    ],
    ["with a long condition", { ...GITHUB, attributeCondition: "a".repeat(4097) }, "at most 4096 characters"],
    // chainguard-dev/terraform-infra-common#672
    [
      "that trusts all of GitHub",
      { ...GITHUB, attributeCondition: "" },
      "The attribute condition must reference one of the provider's claims.",
    ],
    ["without a type", { attributeMapping: GITHUB["attributeMapping"] as JsonObject }, "exactly one of"],
    ["of two types", { ...GITHUB, aws: { accountId: "123456789012" } }, "exactly one of"],
    ["that is not asked by https", oidc({ issuerUri: "http://example.com" }), "must be an HTTPS endpoint"],
    ["with many audiences", oidc({ allowedAudiences: Array.from({ length: 11 }, String) }), "At most 10 audiences"],
    ["with a long audience", oidc({ allowedAudiences: ["a".repeat(257)] }), "at most 256 characters"],
    // https://cloud.google.com/iam/docs/troubleshooting-workload-identity-federation
    ["with keys that are none", oidc({ jwksJson: "-----BEGIN" }), "Input JWK is not in a valid json format"],
    ["without an account of AWS", { aws: { accountId: "acme" } }, "must have 12 digits"],
    ["without metadata", { saml: {} }, "metadata of a SAML identity provider"],
    ["without anybody to trust", { x509: { trustStore: {} } }, "must have a trust anchor"],
    ["with a long display name", { ...GITHUB, displayName: "x".repeat(33) }, "less than or equal to 32 characters"],
  ])("%s", async (_, body, words) => {
    await expectRefused(cloud, "POST", provider("other"), body, words);
  });

  test("under an id that is none, or is taken", async () => {
    await expectRefused(cloud, "POST", provider("abc"), GITHUB, 'Invalid workloadIdentityPoolProviderId "abc"');
    for (const id of ["platform", "gone"])
      await expectRefused(cloud, "POST", provider(id), GITHUB, /^Requested entity already exists$/, 409);
  });

  test("in a pool that is not there, is deleted, or has identities of its own", async () => {
    await expectRefused(cloud, "POST", provider("other", "none"), GITHUB, "Requested entity was not found", 404);
    await expectRefused(cloud, "POST", provider("other", "gone"), GITHUB, "is deleted");
    await expectRefused(cloud, "POST", `${POOLS}/gone/providers/platform:undelete`, {}, "is deleted");
    await cloud.ok("POST", pool("trusted"), { mode: "TRUST_DOMAIN" });
    await expectRefused(cloud, "POST", provider("other", "trusted"), GITHUB, "in mode TRUST_DOMAIN");
  });

  // GoogleCloudPlatform/magic-modules#4129
  test("of another type than before", async () => {
    const path = `${PROVIDERS}/platform?updateMask=aws`;
    await expectRefused(cloud, "PATCH", path, { aws: { accountId: "123456789012" } }, "stays what it is");
  });
});

// https://cloud.google.com/iam/docs/principal-identifiers
describe("a policy is refused", () => {
  const POLICY = `/cloudresourcemanager/v1/projects/${PROJECT}:setIamPolicy`;
  const bind = (member: string): JsonObject => ({
    policy: { bindings: [{ role: "roles/container.viewer", members: [member] }] },
  });
  const number = (): string => cloud.simulator.projects()[0]!.number;
  const inPool = (id: string, rest: string): string =>
    `//iam.googleapis.com/projects/${number()}/locations/global/workloadIdentityPools/${id}/${rest}`;

  // hashicorp/terraform-provider-google#12672
  test.each([
    [
      "with the id of a pool alone",
      () => "principalSet://iam.googleapis.com/github/attribute.repository/acme/platform",
    ],
    ["with one identity as many", () => `principalSet:${inPool("github", "subject/a")}`],
    ["with many identities as one", () => `principal:${inPool("github", "attribute.a/b")}`],
    ["with an attribute without value", () => `principalSet:${inPool("github", "attribute.a")}`],
    ["with a whole pool", () => `principalSet:${inPool("github", "").slice(0, -1)}`],
  ])("%s", async (_, member) => {
    await expectRefused(cloud, "POST", POLICY, bind(member()), `The member ${member()} is of an unknown type.`);
  });

  // terraform-google-modules/terraform-google-kubernetes-engine#916
  test("with a pool that never was", async () => {
    const member = `principalSet:${inPool("none", "attribute.a/b")}`;
    const words = `Identity Pool does not exist (projects/${number()}/locations/global/workloadIdentityPools/none).`;
    await expectRefused(cloud, "POST", POLICY, bind(member), words);
  });

  test("with a workload before the first cluster with Workload Identity", async () => {
    const member = `principal:${inPool(`${PROJECT}.svc.id.goog`, "subject/ns/a/sa/b")}`;
    await expectRefused(cloud, "POST", POLICY, bind(member), "Identity Pool does not exist");
    await makeCluster(cloud, { workloadIdentityConfig: { workloadPool: `${PROJECT}.svc.id.goog` } });
    await cloud.ok("POST", POLICY, bind(member));
  });
});
