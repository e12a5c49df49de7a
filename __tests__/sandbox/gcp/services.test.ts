import type { JsonObject } from "../../../sandbox/gcp/json";
import { makeCluster, messageOf, PROJECT, REGION, start, stopAll } from "./client";

afterEach(stopAll);

const AREA = `projects/${PROJECT}/locations/${REGION}`;

/** A resource of a service: how it is made, what a patch changes. */
interface Kind {
  readonly title: string;
  readonly collection: string;
  readonly query: string;
  readonly id: string;
  readonly body: JsonObject;
  readonly filledIn: JsonObject;
  readonly patch: JsonObject;
  readonly mask: string;
  /** Whether changes are operations. */
  readonly operations: boolean;
}

const KINDS: readonly Kind[] = [
  {
    title: "fleet features",
    collection: `/gkehub/v1/projects/${PROJECT}/locations/global/features`,
    query: "featureId=multiclusterservicediscovery",
    id: "multiclusterservicediscovery",
    body: { labels: { a: "b" } },
    filledIn: { resourceState: { state: "ACTIVE" } },
    patch: { labels: { a: "c" } },
    mask: "labels",
    operations: true,
  },
  {
    title: "fleets",
    collection: `/gkehub/v1/projects/${PROJECT}/locations/global/fleets`,
    query: "",
    id: "default",
    body: { displayName: "one" },
    filledIn: { state: { code: "READY" } },
    patch: { displayName: "two" },
    mask: "displayName",
    operations: true,
  },
  {
    title: "memberships",
    collection: `/gkehub/v1/${AREA}/memberships`,
    query: "membershipId=m",
    id: "m",
    body: { endpoint: { gkeCluster: { resourceLink: "//container.googleapis.com/x" } } },
    filledIn: { state: { code: "READY" } },
    patch: { labels: { a: "b" } },
    mask: "labels",
    operations: true,
  },
  {
    title: "repositories",
    collection: `/artifactregistry/v1/${AREA}/repositories`,
    query: "repository_id=charts",
    id: "charts",
    body: { format: "DOCKER" },
    filledIn: { mode: "STANDARD_REPOSITORY" },
    patch: { description: "x" },
    mask: "description",
    operations: true,
  },
  {
    title: "secrets",
    collection: `/secretmanager/v1/projects/${PROJECT}/secrets`,
    query: "secretId=s",
    id: "s",
    body: { replication: { automatic: {} } },
    filledIn: {},
    patch: { labels: { a: "b" } },
    mask: "labels",
    operations: false,
  },
  {
    title: "alert policies",
    collection: `/monitoring/v3/projects/${PROJECT}/alertPolicies`,
    query: "",
    id: "",
    body: { displayName: "drops", combiner: "OR", conditions: [{ displayName: "c" }] },
    filledIn: {
      enabled: true,
      conditions: [{ name: expect.stringMatching(/\/conditions\/\d+$/) as unknown as string }],
    },
    patch: { displayName: "more drops" },
    mask: "display_name",
    operations: false,
  },
  {
    title: "notification channels",
    collection: `/monitoring/v3/projects/${PROJECT}/notificationChannels`,
    query: "",
    id: "",
    body: { type: "email", labels: { email_address: "a@example.com" } },
    filledIn: { enabled: true },
    patch: { displayName: "on call" },
    mask: "displayName",
    operations: false,
  },
];

describe.each(KINDS)("$title", (kind) => {
  test("are made, read, listed, changed and deleted", async () => {
    const { ok, call, simulator } = await start();
    const before = simulator.resources();
    const made = await ok("POST", `${kind.collection}?${kind.query}`, kind.body);
    if (kind.operations) {
      expect(made).toMatchObject({ done: true, response: kind.body });
      const service = kind.collection.split("/projects/")[0];
      expect(await ok("GET", `${service}/${made["name"]}`)).toMatchObject({ done: true });
    }
    const name = String(kind.operations ? (made["response"] as JsonObject)["name"] : made["name"]);
    const path = `${kind.collection}/${kind.id || name.replace(/.*\//, "")}`;
    expect(await ok("GET", path)).toMatchObject({ ...kind.body, ...kind.filledIn });
    expect(Object.values(await ok("GET", kind.collection)).flat()).toHaveLength(1);
    await ok("PATCH", `${path}?updateMask=${kind.mask}`, kind.patch);
    expect(await ok("GET", path)).toMatchObject(kind.patch);
    await ok("DELETE", path);
    expect((await call("GET", path)).status).toBe(404);
    expect(simulator.resources()).toEqual(before);
  });

  if (kind.query) {
    test("are refused where one of the name exists, and without a name", async () => {
      const { ok, call } = await start();
      await ok("POST", `${kind.collection}?${kind.query}`, kind.body);
      expect((await call("POST", `${kind.collection}?${kind.query}`, kind.body)).status).toBe(409);
      expect((await call("POST", kind.collection, kind.body)).status).toBe(400);
    });
  }
});

describe("keys", () => {
  const rings = `/kms/v1/${AREA}/keyRings`;

  test("have a first version, change under a mask, and cannot be deleted, only destroyed", async () => {
    const { ok, call } = await start();
    await ok("POST", `${rings}?keyRingId=r`);
    const path = `${rings}/r/cryptoKeys`;
    await ok("POST", `${path}?cryptoKeyId=k`, { purpose: "ENCRYPT_DECRYPT", rotationPeriod: "7776000s" });
    expect(await ok("GET", `${path}/k`)).toMatchObject({
      name: `${AREA}/keyRings/r/cryptoKeys/k`,
      destroyScheduledDuration: "2592000s",
      primary: { name: `${AREA}/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1`, state: "ENABLED" },
    });
    await ok("PATCH", `${path}/k?updateMask=rotationPeriod`, { rotationPeriod: "8640000s" });
    expect(await ok("GET", `${path}/k`)).toMatchObject({ rotationPeriod: "8640000s" });
    expect((await call("PATCH", `${path}/k?updateMask=purpose`, { purpose: "MAC" })).status).toBe(400);
    expect((await ok("GET", `${path}/k/cryptoKeyVersions`))["totalSize"]).toBe(1);
    expect(await ok("POST", `${path}/k/cryptoKeyVersions/1:destroy`)).toMatchObject({ state: "DESTROY_SCHEDULED" });
    expect((await call("POST", `${path}/k/cryptoKeyVersions/1:destroy`)).status).toBe(400);
    expect((await call("DELETE", `${path}/k`)).status).toBe(501);
  });

  test("need their ring", async () => {
    const { call } = await start();
    const answer = await call("POST", `${rings}/no/cryptoKeys?cryptoKeyId=k`, {});
    expect([answer.status, messageOf(answer)]).toEqual([404, `KeyRing ${AREA}/keyRings/no not found.`]);
  });
});

describe("dashboards", () => {
  const collection = `/monitoring/v1/projects/${PROJECT}/dashboards`;

  test("are named by the project's number and change under their etag", async () => {
    const { ok, call, simulator } = await start();
    const { number } = simulator.projects()[0]!;
    const made = await ok("POST", collection, { displayName: "Cilium", gridLayout: {} });
    expect(made["name"]).toMatch(new RegExp(`^projects/${number}/dashboards/`));
    const path = `/monitoring/v1/${made["name"]}`;
    const changed = await ok("PATCH", path, { displayName: "Cilium 2", gridLayout: {}, etag: made["etag"]! });
    expect(changed["etag"]).not.toBe(made["etag"]);
    expect((await call("PATCH", path, { displayName: "x", etag: made["etag"]! })).status).toBe(400);
    expect((await ok("GET", collection))["dashboards"]).toHaveLength(1);
    await ok("DELETE", path);
  });

  test.each([
    ["without a name", { gridLayout: {} }],
    ["with two layouts", { displayName: "x", gridLayout: {}, mosaicLayout: {} }],
  ])("are refused %s", async (_, dashboard) => {
    const { call } = await start();
    expect((await call("POST", collection, dashboard)).status).toBe(400);
  });
});

describe("alert policies", () => {
  const policies = `/monitoring/v3/projects/${PROJECT}/alertPolicies`;
  const channels = `/monitoring/v3/projects/${PROJECT}/notificationChannels`;

  test("need their channels, which then cannot be deleted", async () => {
    const { ok, call } = await start();
    const policy = { displayName: "p", conditions: [{ displayName: "c" }] };
    const unknown = await call("POST", policies, {
      ...policy,
      notificationChannels: [`projects/${PROJECT}/notificationChannels/1`],
    });
    expect(unknown.status).toBe(404);
    const { name } = await ok("POST", channels, { type: "email" });
    await ok("POST", policies, { ...policy, notificationChannels: [String(name)] });
    expect(messageOf(await call("DELETE", `/monitoring/v3/${name}`))).toContain("is referenced by alerting policies");
  });

  test("need a condition", async () => {
    const { call } = await start();
    expect((await call("POST", policies, { displayName: "p" })).status).toBe(400);
  });
});

test("topics are made by PUT, changed under a mask and deleted", async () => {
  const { ok, call } = await start();
  const path = `/pubsub/v1/projects/${PROJECT}/topics/notes`;
  await ok("PUT", path, { labels: { a: "b" } });
  expect((await call("PUT", path, {})).status).toBe(409);
  await ok("PATCH", path, { topic: { labels: { a: "c" } }, updateMask: "labels" });
  expect(await ok("GET", path)).toEqual({ name: `projects/${PROJECT}/topics/notes`, labels: { a: "c" } });
  await ok("DELETE", path);
  expect((await call("GET", path)).status).toBe(404);
});

test("every project has a policy of binary authorisation; putting the default back leaves nothing", async () => {
  const { ok, simulator } = await start();
  const path = `/binaryauthorization/v1/projects/${PROJECT}/policy`;
  const before = simulator.resources();
  const original = await ok("GET", path);
  expect(original).toMatchObject({ defaultAdmissionRule: { evaluationMode: "ALWAYS_ALLOW" } });
  const rule = { evaluationMode: "ALWAYS_DENY", enforcementMode: "ENFORCED_BLOCK_AND_AUDIT_LOG" };
  await ok("PUT", path, { defaultAdmissionRule: rule });
  expect(await ok("GET", path)).toMatchObject({ defaultAdmissionRule: rule });
  await ok("PUT", path, original);
  expect(simulator.resources()).toEqual(before);
});

test("a backup plan needs its cluster and keeps it", async () => {
  const cloud = await start();
  const collection = `/gkebackup/v1/${AREA}/backupPlans`;
  const body = { cluster: `${AREA}/clusters/dev`, backupConfig: { allNamespaces: true } };
  expect((await cloud.call("POST", `${collection}?backupPlanId=b`, body)).status).toBe(400);
  await makeCluster(cloud);
  await cloud.ok("POST", `${collection}?backupPlanId=b`, body);
  expect(await cloud.ok("GET", `${collection}/b`)).toMatchObject({ ...body, state: "READY" });
  expect((await cloud.call("PATCH", `${collection}/b?updateMask=cluster`, { cluster: "x" })).status).toBe(400);
});

test("an operation of a service that ends in an error changes nothing", async () => {
  const { ok, call, simulator } = await start();
  const path = `/gkehub/v1/projects/${PROJECT}/locations/global/fleets`;
  simulator.addFault({ path: "/fleets$", operation: { error: { code: "UNAVAILABLE", message: "later" } } });
  expect(await ok("POST", path, {})).toMatchObject({ done: true, error: { code: 14, message: "later" } });
  expect((await call("GET", `${path}/default`)).status).toBe(404);
});
