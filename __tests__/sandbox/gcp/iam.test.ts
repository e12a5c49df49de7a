import type { JsonObject } from "../../../sandbox/gcp/json";
import { makeCluster, messageOf, PROJECT, reasonOf, start, stopAll, type TestCloud } from "./client";

afterEach(stopAll);

const ACCOUNTS = `/iam/v1/projects/${PROJECT}/serviceAccounts`;
const PROJECT_PATH = `/cloudresourcemanager/v1/projects/${PROJECT}`;
const EMAIL = `nodes-dev@${PROJECT}.iam.gserviceaccount.com`;

async function makeAccount({ ok }: TestCloud): Promise<JsonObject> {
  return ok("POST", ACCOUNTS, { accountId: "nodes-dev", serviceAccount: { displayName: "Nodes" } });
}

function viewer(...members: string[]): JsonObject {
  return { role: "roles/viewer", members };
}

describe("service accounts", () => {
  test("get an e-mail, a unique id and an etag", async () => {
    const cloud = await start();
    await makeAccount(cloud);
    expect(await cloud.ok("GET", `${ACCOUNTS}/${EMAIL}`)).toMatchObject({
      name: `projects/${PROJECT}/serviceAccounts/${EMAIL}`,
      email: EMAIL,
      displayName: "Nodes",
      projectId: PROJECT,
      uniqueId: expect.stringMatching(/^\d{21}$/),
    });
  });

  test("can be found by unique id", async () => {
    const cloud = await start();
    const { uniqueId } = await makeAccount(cloud);
    expect(await cloud.ok("GET", `${ACCOUNTS}/${uniqueId}`)).toMatchObject({ email: EMAIL });
  });

  test("change what the mask names", async () => {
    const cloud = await start();
    await makeAccount(cloud);
    const serviceAccount = { displayName: "New", description: "ignored" };
    await cloud.ok("PATCH", `${ACCOUNTS}/${EMAIL}`, { serviceAccount, updateMask: "display_name" });
    const account = await cloud.ok("GET", `${ACCOUNTS}/${EMAIL}`);
    expect([account["displayName"], account["description"]]).toEqual(["New", undefined]);
  });

  test("can be disabled and enabled", async () => {
    const cloud = await start();
    await makeAccount(cloud);
    await cloud.ok("POST", `${ACCOUNTS}/${EMAIL}:disable`);
    expect(await cloud.ok("GET", `${ACCOUNTS}/${EMAIL}`)).toMatchObject({ disabled: true });
    await cloud.ok("POST", `${ACCOUNTS}/${EMAIL}:enable`);
    expect((await cloud.ok("GET", `${ACCOUNTS}/${EMAIL}`))["disabled"]).toBeUndefined();
  });

  test.each([
    ["an id that is too short", { accountId: "abc" }, 400],
    ["an id that is taken", { accountId: "nodes-dev" }, 409],
  ])("are refused with %s", async (_, body, status) => {
    const cloud = await start();
    await makeAccount(cloud);
    expect((await cloud.call("POST", ACCOUNTS, body)).status).toBe(status);
  });

  test("that are not there are unknown", async () => {
    const { call } = await start();
    const answer = await call("GET", `${ACCOUNTS}/${EMAIL}`);
    expect([answer.status, messageOf(answer)]).toEqual([404, "Unknown service account"]);
  });
});

describe("policies", () => {
  test("nobody has set are empty", async () => {
    const { ok } = await start();
    expect(await ok("POST", `${PROJECT_PATH}:getIamPolicy`, {})).toEqual({ version: 1, etag: "ACAB" });
  });

  test("are set under their etag: a stale one is a conflict that the caller must resolve", async () => {
    const cloud = await start();
    await makeAccount(cloud);
    const member = `serviceAccount:${EMAIL}`;
    const set = (etag: unknown, members: string[]): ReturnType<typeof cloud.call> =>
      cloud.call("POST", `${PROJECT_PATH}:setIamPolicy`, {
        policy: { etag: etag as string, bindings: [viewer(...members)] },
      });
    const first = await set("ACAB", [member]);
    expect(first.body).toMatchObject({ bindings: [viewer(member)] });
    const stale = await set("ACAB", ["user:x@example.com"]);
    expect([stale.status, reasonOf(stale)]).toEqual([409, "aborted"]);
    expect(messageOf(stale)).toContain("There were concurrent policy changes");
    expect((await set(first.body["etag"], ["user:x@example.com"])).status).toBe(200);
  });

  test("merge bindings of one role, and vanish with the last", async () => {
    const { ok, simulator } = await start();
    const before = simulator.resources();
    const bindings = [
      viewer("user:a@example.com"),
      viewer("user:b@example.com"),
      { role: "roles/editor", members: [] },
    ];
    expect((await ok("POST", `${PROJECT_PATH}:setIamPolicy`, { policy: { bindings } }))["bindings"]).toEqual([
      viewer("user:a@example.com", "user:b@example.com"),
    ]);
    await ok("POST", `${PROJECT_PATH}:setIamPolicy`, { policy: { bindings: [] } });
    expect(simulator.resources()).toEqual(before);
  });

  test("with conditions need version 3", async () => {
    const { call, ok } = await start();
    const binding = {
      role: "roles/container.viewer",
      members: ["user:a@example.com"],
      condition: { title: "t", expression: "true" },
    };
    const policy = { bindings: [binding] };
    expect(messageOf(await call("POST", `${PROJECT_PATH}:setIamPolicy`, { policy }))).toContain("version to 3");
    expect(await ok("POST", `${PROJECT_PATH}:setIamPolicy`, { policy: { ...policy, version: 3 } })).toMatchObject({
      version: 3,
      bindings: [binding],
    });
  });

  test.each([
    ["a member of no kind", viewer("somebody"), "is of an unknown type"],
    ["a role that is none", { role: "viewer", members: ["user:a@example.com"] }, "is not supported"],
    ["a service account that is not there", viewer(`serviceAccount:${EMAIL}`), "does not exist"],
    [
      "a workload before there is a pool",
      viewer(`serviceAccount:${PROJECT}.svc.id.goog[a/b]`),
      "Identity Pool does not exist",
    ],
  ])("are refused with %s", async (_, binding, message) => {
    const { call } = await start();
    const answer = await call("POST", `${PROJECT_PATH}:setIamPolicy`, { policy: { bindings: [binding] } });
    expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining(message)]);
  });

  test("take service agents, and accounts of projects that the sandbox does not know", async () => {
    const { ok } = await start();
    const members = [
      "serviceAccount:service-1@container-engine-robot.iam.gserviceaccount.com",
      "serviceAccount:a@other.iam.gserviceaccount.com",
    ];
    await ok("POST", `${PROJECT_PATH}:setIamPolicy`, { policy: { bindings: [viewer(...members)] } });
  });

  test("take workloads once a cluster with Workload Identity was there", async () => {
    const cloud = await start();
    await makeCluster(cloud, { workloadIdentityConfig: { workloadPool: `${PROJECT}.svc.id.goog` } });
    await makeAccount(cloud);
    const binding = { role: "roles/iam.workloadIdentityUser", members: [`serviceAccount:${PROJECT}.svc.id.goog[a/b]`] };
    await cloud.ok("POST", `${ACCOUNTS}/${EMAIL}:setIamPolicy`, { policy: { bindings: [binding] } });
  });

  test("keep a deleted account under a name that no new one can take over", async () => {
    const cloud = await start();
    const { uniqueId } = await makeAccount(cloud);
    const bindings = [viewer(`serviceAccount:${EMAIL}`)];
    await cloud.ok("POST", `${PROJECT_PATH}:setIamPolicy`, { policy: { bindings } });
    await cloud.ok("DELETE", `${ACCOUNTS}/${EMAIL}`);
    expect((await cloud.ok("POST", `${PROJECT_PATH}:getIamPolicy`))["bindings"]).toEqual([
      viewer(`deleted:serviceAccount:${EMAIL}?uid=${uniqueId}`),
    ]);
  });

  test("of a resource that is not there cannot be read", async () => {
    const { call } = await start();
    expect((await call("POST", `${ACCOUNTS}/${EMAIL}:getIamPolicy`)).status).toBe(404);
  });
});

describe("services of a project", () => {
  const SERVICES = `/serviceusage/v1/projects/${PROJECT}/services`;
  const states = async ({ ok }: TestCloud): Promise<string[]> => {
    const { services } = await ok("GET", `${SERVICES}?filter=state:ENABLED`);
    return (services as JsonObject[]).map((service) => String(service["name"]).replace(/.*\//, ""));
  };

  test("are enabled with what they need, several at once", async () => {
    const cloud = await start({ projects: [{ id: PROJECT, services: [] }] });
    const operation = await cloud.ok("POST", `${SERVICES}:batchEnable`, {
      serviceIds: ["container.googleapis.com", "dns.googleapis.com"],
    });
    expect(operation).toMatchObject({ done: true, name: expect.stringMatching(/^operations\//) });
    expect(await cloud.ok("GET", `/serviceusage/v1/${operation["name"]}`)).toMatchObject({ done: true });
    expect(await states(cloud)).toEqual(["compute.googleapis.com", "container.googleapis.com", "dns.googleapis.com"]);
  });

  test("are not disabled under others that need them, unless asked to", async () => {
    const cloud = await start({
      projects: [{ id: PROJECT, services: ["compute.googleapis.com", "container.googleapis.com"] }],
    });
    const path = `${SERVICES}/compute.googleapis.com:disable`;
    expect(messageOf(await cloud.call("POST", path, {}))).toContain("is depended on by");
    await cloud.ok("POST", path, { disableDependentServices: true });
    expect(await states(cloud)).toEqual([]);
  });

  test("that are none are refused", async () => {
    const { call } = await start();
    expect((await call("POST", `${SERVICES}/container:enable`)).status).toBe(403);
    expect((await call("GET", SERVICES)).status).toBe(400);
  });
});

test("a project can be read, by old and new names, with its number and without billing", async () => {
  const { ok, simulator } = await start();
  const { number } = simulator.projects()[0]!;
  expect(await ok("GET", PROJECT_PATH)).toMatchObject({ projectId: PROJECT, projectNumber: number });
  expect(await ok("GET", `/cloudresourcemanager/v3/projects/${PROJECT}`)).toMatchObject({ name: `projects/${number}` });
  expect(await ok("GET", `/cloudbilling/v1/projects/${PROJECT}/billingInfo`)).toMatchObject({ billingEnabled: false });
});
