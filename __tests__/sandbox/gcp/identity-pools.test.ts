import type { JsonObject } from "../../../sandbox/gcp/json";
import { PROJECT, start, stopAll, type TestCloud } from "./client";

afterEach(stopAll);

const POOLS = `/iam/v1/projects/${PROJECT}/locations/global/workloadIdentityPools`;
const POOL = `${POOLS}/github`;
const PROVIDERS = `${POOL}/providers`;
const PROVIDER = `${PROVIDERS}/platform`;
const PROVIDER_BODY: JsonObject = {
  attributeMapping: { "google.subject": "assertion.sub" },
  attributeCondition: 'assertion.repository_id == "1"',
  oidc: { issuerUri: "https://token.actions.githubusercontent.com" },
};
const DAY_MS = 24 * 60 * 60 * 1000;

const makePool = ({ ok }: TestCloud): Promise<JsonObject> =>
  ok("POST", `${POOLS}?workloadIdentityPoolId=github`, { displayName: "GitHub" });
const makeProvider = ({ ok }: TestCloud): Promise<JsonObject> =>
  ok("POST", `${PROVIDERS}?workloadIdentityPoolProviderId=platform`, PROVIDER_BODY);

async function made(): Promise<TestCloud> {
  const cloud = await start();
  await makePool(cloud);
  await makeProvider(cloud);
  return cloud;
}

const stateOf = async ({ ok }: TestCloud, path: string): Promise<unknown> => (await ok("GET", path))["state"];

test("pools and providers are made, read and listed, with the number of the project in their names", async () => {
  const cloud = await made();
  const number = cloud.simulator.projects()[0]!.number;
  const pool = {
    name: `projects/${number}/locations/global/workloadIdentityPools/github`,
    displayName: "GitHub",
    state: "ACTIVE",
  };
  const provider = { ...PROVIDER_BODY, name: `${pool.name}/providers/platform`, state: "ACTIVE" };
  expect(await cloud.ok("GET", POOL)).toEqual(pool);
  expect(await cloud.ok("GET", `/iam/v1/${pool.name}`)).toEqual(pool);
  expect(await cloud.ok("GET", PROVIDER)).toEqual(provider);
  expect(await cloud.ok("GET", POOLS)).toEqual({ workloadIdentityPools: [pool] });
  expect(await cloud.ok("GET", PROVIDERS)).toEqual({ workloadIdentityPoolProviders: [provider] });
});

test.each([
  ["pools", POOL, makePool, /^projects\/acme-dev\/locations\/global\/workloadIdentityPools\/github\/operations\//],
  ["providers", PROVIDER, makeProvider, /\/workloadIdentityPools\/github\/providers\/platform\/operations\//],
])("changes of %s are operations, which are found under what they change", async (_, path, make, name) => {
  const cloud = await start({ pace: { mode: "stepped" } });
  const settled = async (operation: JsonObject): Promise<JsonObject> => {
    for (let polls = 0; polls < 3 && operation["done"] !== true; polls++)
      operation = await cloud.ok("GET", `/iam/v1/${operation["name"]}`);
    return operation;
  };
  if (path === PROVIDER) await settled(await makePool(cloud));
  const operation = await make(cloud);
  expect(operation).toMatchObject({ name: expect.stringMatching(name), done: false });
  expect((await cloud.call("GET", path)).status).toBe(404);
  expect(await settled(operation)).toMatchObject({ done: true, response: { state: "ACTIVE" } });
  expect((await cloud.ok("GET", path))["state"]).toBe("ACTIVE");
  const id = String(operation["name"]).split("/").at(-1);
  expect((await cloud.call("GET", `${POOLS}/other/operations/${id}`)).status).toBe(404);
});

test("a patch changes what its mask names, and nothing that only Google says", async () => {
  const cloud = await made();
  const mask = "displayName,state,oidc.issuer_uri,oidc.allowed_audiences";
  await cloud.ok("PATCH", `${PROVIDER}?updateMask=${mask}`, {
    displayName: "Platform",
    description: "not in the mask",
    state: "DELETED",
    oidc: { issuerUri: "https://example.com", allowedAudiences: ["a"] },
  });
  const provider = await cloud.ok("GET", PROVIDER);
  expect(provider).toMatchObject({ ...PROVIDER_BODY, displayName: "Platform", state: "ACTIVE", oidc: {} });
  expect(provider["oidc"]).toEqual({ issuerUri: "https://example.com", allowedAudiences: ["a"] });
  expect(provider["description"]).toBeUndefined();
});

test("what is deleted is shown, listed only on demand, and comes back as it was", async () => {
  const cloud = await made();
  const before = await cloud.ok("GET", PROVIDER);
  expect(await cloud.ok("DELETE", PROVIDER)).toMatchObject({ done: true, response: { state: "DELETED" } });
  const { expireTime, ...deleted } = await cloud.ok("GET", PROVIDER);
  expect(deleted).toEqual({ ...before, state: "DELETED" });
  expect((Date.parse(String(expireTime)) - Date.now()) / DAY_MS).toBeCloseTo(30, 1);
  expect(await cloud.ok("GET", PROVIDERS)).toEqual({});
  expect((await cloud.ok("GET", `${PROVIDERS}?showDeleted=true`))["workloadIdentityPoolProviders"]).toHaveLength(1);
  await cloud.ok("POST", `${PROVIDER}:undelete`, {});
  expect(await cloud.ok("GET", PROVIDER)).toEqual(before);
});

test("providers go with their pool and come back with it, but for those that had gone alone", async () => {
  const cloud = await made();
  await cloud.ok("POST", `${PROVIDERS}?workloadIdentityPoolProviderId=other`, PROVIDER_BODY);
  await cloud.ok("DELETE", `${PROVIDERS}/other`);
  await cloud.ok("DELETE", POOL);
  expect(await stateOf(cloud, PROVIDER)).toBe("DELETED");
  expect(await cloud.ok("GET", PROVIDERS)).toEqual({});
  await cloud.ok("POST", `${POOL}:undelete`, {});
  expect(await stateOf(cloud, PROVIDER)).toBe("ACTIVE");
  expect(await stateOf(cloud, `${PROVIDERS}/other`)).toBe("DELETED");
});

test("after thirty days nothing is left, and the ids are free", async () => {
  const cloud = await made();
  await cloud.ok("DELETE", POOL);
  const clock = jest.spyOn(Date, "now").mockReturnValue(Date.now() + 31 * DAY_MS);
  try {
    for (const path of [PROVIDER, POOL]) expect((await cloud.call("GET", path)).status).toBe(404);
    await makePool(cloud);
    expect(await cloud.ok("GET", `${PROVIDERS}?showDeleted=true`)).toEqual({});
    await makeProvider(cloud);
  } finally {
    clock.mockRestore();
  }
});

describe("policies", () => {
  const ACCOUNT = `/iam/v1/projects/${PROJECT}/serviceAccounts/deployer@${PROJECT}.iam.gserviceaccount.com`;
  const set = async ({ ok }: TestCloud, ...members: string[]): Promise<unknown> => {
    const policy = { bindings: [{ role: "roles/iam.workloadIdentityUser", members }] };
    const { bindings } = await ok("POST", `${ACCOUNT}:setIamPolicy`, { policy });
    return (bindings as JsonObject[])[0]!["members"];
  };

  test("take the identities of pools that exist, of deleted ones too, and those that the sandbox cannot know", async () => {
    const cloud = await made();
    await cloud.ok("POST", `/iam/v1/projects/${PROJECT}/serviceAccounts`, { accountId: "deployer" });
    const pool = `//iam.googleapis.com/${(await cloud.ok("GET", POOL))["name"]}`;
    const members = [
      `principal:${pool}/subject/repo:acme/platform:ref:refs/heads/main`,
      `principalSet:${pool}/*`,
      `principalSet:${pool}/attribute.environment/prod`,
      `principalSet:${pool}/group/admins`,
      "principal://iam.googleapis.com/locations/global/workforcePools/staff/subject/anna",
      "principalSet://iam.googleapis.com/projects/999999999999/locations/global/workloadIdentityPools/far/group/a",
      "principalSet://goog/group/admins@example.com",
    ];
    expect(await set(cloud, ...members)).toEqual([...members].sort());
    await cloud.ok("DELETE", POOL);
    expect(await set(cloud, members[1]!)).toEqual([members[1]]);
  });
});
