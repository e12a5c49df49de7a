import type { JsonObject } from "../../../../sandbox/gcp/json";
import { messageOf, PROJECT, start, stopAll, type TestCloud } from "../client";
import { type Case, expectRefused } from "./refused";

let cloud: TestCloud;

const POLICY = `/cloudresourcemanager/v1/projects/${PROJECT}:setIamPolicy`;
const ACCOUNTS = `/iam/v1/projects/${PROJECT}/serviceAccounts`;
const ROLES = `/iam/v1/projects/${PROJECT}/roles`;

beforeAll(async () => {
  cloud = await start();
  await cloud.ok("POST", ACCOUNTS, { accountId: "builder" });
});
afterAll(stopAll);

const bind = (role: string, ...members: string[]): JsonObject => ({ policy: { bindings: [{ role, members }] } });
const ANNA = "user:anna@example.com";
const conditional = (condition: JsonObject): JsonObject => ({
  policy: { version: 3, bindings: [{ role: "roles/container.viewer", members: [ANNA], condition }] },
});

describe("a project's policy is refused", () => {
  test.each<Case>([
    // hashicorp/terraform-provider-google#5107
    [
      "with a role that does not exist",
      bind("roles/container.superAdmin", ANNA),
      "Role roles/container.superAdmin is not supported for this resource.",
    ],
    [
      "with a role of a service that does not exist",
      bind("roles/custom.one", ANNA),
      "Role roles/custom.one is not supported for this resource.",
    ],
    [
      "with a role in other letters",
      bind("roles/iam.ServiceAccountTokenCreator", ANNA),
      "is not supported for this resource.",
    ],
    [
      "with a custom role that does not exist",
      bind(`projects/${PROJECT}/roles/gone`, ANNA),
      "is not supported for this resource.",
    ],
    // https://cloud.google.com/iam/docs/reference/rest/v1/Policy#Binding
    [
      "with somebody of no type",
      bind("roles/viewer", "anna@example.com"),
      "The member anna@example.com is of an unknown type. Please set the valid type prefix for the member.",
    ],
    ["with a user without address", bind("roles/viewer", "user:anna"), "Invalid user (anna)"],
    [
      "with a service account without address",
      bind("roles/viewer", "serviceAccount:builder"),
      "Invalid service account (builder)",
    ],
    ["with everybody", bind("roles/viewer", "allUsers"), "Members of type allUsers cannot be set for this resource"],
    [
      "with more members than it holds",
      bind("roles/container.viewer", ...Array.from({ length: 1501 }, (_, i) => `user:u${i}@example.com`)),
      "The number of members in the policy (1501) is larger than the maximum allowed size 1500.",
    ],
    // https://cloud.google.com/iam/docs/conditions-overview#limitations
    [
      "with a condition on a basic role",
      {
        policy: {
          version: 3,
          bindings: [{ role: "roles/owner", members: [ANNA], condition: { title: "t", expression: "true" } }],
        },
      },
      "Conditions can't be set on primitive roles",
    ],
    ["with a version that does not exist", { policy: { version: 7, bindings: [] } }, "Invalid policy version 7"],
    // https://cloud.google.com/iam/docs/conditions-overview#structure
    ["with a condition without title", conditional({ expression: "true" }), "The title of a condition is required."],
    ["with a condition that says nothing", conditional({ title: "t" }), "The expression of a condition is required."],
    [
      "with a condition that does not end",
      conditional({ title: "t", expression: 'request.time < timestamp("2030-01-01T00:00:00Z"' }),
      "Condition expression compilation failed",
    ],
  ])("%s", async (_, body, words) => {
    await expectRefused(cloud, "POST", POLICY, body, words);
  });

  test("unlike one with roles that exist", async () => {
    await cloud.ok("POST", POLICY, bind("roles/container.defaultNodeServiceAccount", ANNA));
    await cloud.ok("POST", POLICY, { policy: { bindings: [] } });
  });
});

test("a condition may hold brackets in its texts", async () => {
  const expression = 'resource.name.startsWith("projects/_/buckets/(state") && request.path != "a]b"';
  await cloud.ok("POST", POLICY, conditional({ title: "t", expression }));
  await cloud.ok("POST", POLICY, { policy: { bindings: [] } });
});

test("a service account says what it is for in 256 characters", async () => {
  const serviceAccount = { description: "x".repeat(257) };
  await expectRefused(cloud, "POST", ACCOUNTS, { accountId: "talker", serviceAccount }, "at most 256 characters");
});

test("a request enables twenty services at most", async () => {
  // BatchEnableServicesRequest.service_ids in the API's reference
  const path = `/serviceusage/v1/projects/${PROJECT}/services:batchEnable`;
  const serviceIds = Array.from({ length: 21 }, (_, i) => `service${i}.googleapis.com`);
  await expectRefused(cloud, "POST", path, { serviceIds }, "a maximum of 20 services at a time");
});

test("a service account's policy takes the roles of service accounts", async () => {
  // hashicorp/terraform#25623
  const path = `${ACCOUNTS}/builder@${PROJECT}.iam.gserviceaccount.com:setIamPolicy`;
  await expectRefused(
    cloud,
    "POST",
    path,
    bind("roles/appengine.deployer", ANNA),
    "Role roles/appengine.deployer is not supported for this resource.",
  );
  await cloud.ok("POST", path, bind("roles/iam.serviceAccountUser", ANNA));
});

describe("custom roles", () => {
  const role = { title: "Reader", includedPermissions: ["container.clusters.get"], stage: "GA" };

  test("are created, bound, changed, deleted and restored", async () => {
    const created = await cloud.ok("POST", ROLES, { roleId: "reader", role });
    expect(created).toMatchObject({ name: `projects/${PROJECT}/roles/reader`, ...role });
    await cloud.ok("POST", POLICY, bind(`projects/${PROJECT}/roles/reader`, ANNA));
    const changed = await cloud.ok("PATCH", `${ROLES}/reader?updateMask=title`, { title: "Looker" });
    expect(changed).toMatchObject({ title: "Looker", includedPermissions: role.includedPermissions });
    expect(await cloud.ok("DELETE", `${ROLES}/reader`)).toMatchObject({ deleted: true });
    expect((await cloud.ok("GET", ROLES))["roles"]).toEqual([]);
    expect((await cloud.ok("GET", `${ROLES}?showDeleted=true`))["roles"]).toHaveLength(1);
    expect(
      (await cloud.call("POST", POLICY, bind(`projects/${PROJECT}/roles/reader`, "user:b@example.com"))).status,
    ).toBe(400);
    // "You can't create a role with role_id…": hashicorp/terraform-provider-google, google_project_iam_custom_role
    await expectRefused(
      cloud,
      "POST",
      ROLES,
      { roleId: "reader", role },
      "You can't create a role with role_id (reader) where there is an existing role with that role_id in a deleted state.",
    );
    expect(await cloud.ok("POST", `${ROLES}/reader:undelete`)).not.toHaveProperty("deleted");
    await cloud.ok("POST", POLICY, { policy: { bindings: [] } });
  });

  test.each<[string, JsonObject, string, number]>([
    ["of a name that cannot be", { roleId: "re-ader", role }, 'The role ID "re-ader" is invalid', 400],
    [
      "with a permission that cannot be",
      { roleId: "other", role: { ...role, includedPermissions: ["everything"] } },
      "Permission everything is not valid.",
      400,
    ],
    [
      "at a stage that does not exist",
      { roleId: "other", role: { ...role, stage: "DONE" } },
      "Invalid value at 'role.stage'",
      400,
    ],
    [
      "of a name that is taken",
      { roleId: "reader", role },
      `A role named reader in projects/${PROJECT} already exists.`,
      409,
    ],
  ])("are refused %s", async (_, body, words, status) => {
    await expectRefused(cloud, "POST", ROLES, body, words, status);
  });

  test("that do not exist are not found", async () => {
    const answer = await cloud.call("GET", `${ROLES}/gone`);
    expect([answer.status, messageOf(answer)]).toEqual([
      404,
      `The role named projects/${PROJECT}/roles/gone was not found.`,
    ]);
  });
});
