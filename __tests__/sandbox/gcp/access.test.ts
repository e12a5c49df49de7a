import { DEPLOYER_ROLES, GRANTING_CONDITION, GRANTING_ROLE } from "../../../lib/bootstrap";
import { clusterPermission } from "../../../sandbox/gcp/iam/access";
import { permissionOf } from "../../../sandbox/gcp/iam/permissions";
import type { JsonObject } from "../../../sandbox/gcp/json";
import { messageOf, PROJECT, send, start, stopAll, type TestCloud } from "./client";

afterEach(stopAll);

const TOKEN = "token-of-an-account";
const ACCOUNT = `reader@${PROJECT}.iam.gserviceaccount.com`;
const PROJECT_PATH = `/cloudresourcemanager/v1/projects/${PROJECT}`;
const NETWORKS = `/compute/v1/projects/${PROJECT}/global/networks`;
const IDENTITY_POOLS = "/iam/v1/projects/p/locations/global/workloadIdentityPools";
const ROLES = `/iam/v1/projects/${PROJECT}/roles`;

async function grant({ ok }: TestCloud, ...bindings: JsonObject[]): Promise<void> {
  const members = [`serviceAccount:${ACCOUNT}`];
  const policy = { version: 3, bindings: bindings.map((binding) => ({ members, ...binding })) };
  await ok("POST", `${PROJECT_PATH}:setIamPolicy`, { policy });
}

async function cloudWith(...bindings: JsonObject[]): Promise<TestCloud> {
  const cloud = await start({ accounts: { [TOKEN]: ACCOUNT } });
  await cloud.ok("POST", `/iam/v1/projects/${PROJECT}/serviceAccounts`, { accountId: "reader", serviceAccount: {} });
  await grant(cloud, ...bindings);
  return cloud;
}

describe("an account that owns nothing", () => {
  const as = (cloud: TestCloud) => (method: string, path: string, body?: JsonObject) =>
    send(cloud.url, method, path, body, TOKEN);

  test("may do nothing without a role, and is told what it lacks", async () => {
    const cloud = await cloudWith();
    const refused = await as(cloud)("GET", `${NETWORKS}/vpc`);
    expect([refused.status, messageOf(refused)]).toEqual([
      403,
      `Required 'compute.networks.get' permission for ${ACCOUNT}`,
    ]);
    expect(cloud.simulator.access.askedOf(ACCOUNT)).toEqual(["compute.networks.get"]);
  });

  test("reads with a role that reads, and changes nothing", async () => {
    const cloud = await cloudWith({ role: "roles/viewer" });
    expect((await as(cloud)("GET", NETWORKS)).status).toBe(200);
    expect((await as(cloud)("POST", NETWORKS, { name: "vpc", autoCreateSubnetworks: false })).status).toBe(403);
    expect((await as(cloud)("DELETE", `${NETWORKS}/vpc`)).status).toBe(403);
  });

  test("sees with roles/viewer whom the project trusts, and trusts nobody else", async () => {
    const cloud = await cloudWith({ role: "roles/viewer" });
    const pools = `/iam/v1/projects/${PROJECT}/locations/global/workloadIdentityPools`;
    await cloud.ok("POST", `${pools}?workloadIdentityPoolId=github`, {});
    for (const path of [pools, `${pools}/github`, `${pools}/github/providers`])
      expect([path, (await as(cloud)("GET", path)).status]).toEqual([path, 200]);
    expect((await as(cloud)("PATCH", `${pools}/github?updateMask=disabled`, { disabled: true })).status).toBe(403);
    expect((await as(cloud)("DELETE", `${pools}/github`)).status).toBe(403);
  });

  test("has what a custom role says at the moment", async () => {
    const cloud = await cloudWith();
    const name = `projects/${PROJECT}/roles/planner`;
    const role = { title: "Planner", includedPermissions: ["compute.networks.list"] };
    await cloud.ok("POST", ROLES, { roleId: "planner", role });
    await grant(cloud, { role: name });
    expect((await as(cloud)("GET", NETWORKS)).status).toBe(200);
    const path = `/iam/v1/${name}?updateMask=includedPermissions`;
    await cloud.ok("PATCH", path, { includedPermissions: ["compute.firewalls.list"] });
    expect((await as(cloud)("GET", NETWORKS)).status).toBe(403);
  });

  test("is told what it may do where it asks", async () => {
    const cloud = await cloudWith({ role: "roles/container.viewer" });
    const permissions = ["container.clusters.get", "container.secrets.get", "container.clusters.delete"];
    const tested = await as(cloud)("POST", `${PROJECT_PATH}:testIamPermissions`, { permissions });
    expect(tested.body).toEqual({ permissions: ["container.clusters.get"] });
  });

  test("hands out the roles that a condition names, and no other", async () => {
    const cloud = await cloudWith({ role: GRANTING_ROLE, condition: { ...GRANTING_CONDITION } });
    const { bindings } = await cloud.ok("POST", `${PROJECT_PATH}:getIamPolicy`, {
      options: { requestedPolicyVersion: 3 },
    });
    const more = (role: string) => ({
      policy: {
        version: 3,
        bindings: [...(bindings as JsonObject[]), { role, members: [`serviceAccount:${ACCOUNT}`] }],
      },
    });
    const set = `${PROJECT_PATH}:setIamPolicy`;
    expect((await as(cloud)("POST", set, more("roles/owner"))).status).toBe(403);
    expect((await as(cloud)("POST", set, more("roles/artifactregistry.reader"))).status).toBe(200);
  });

  test("has in a bucket what the bucket's policy gives it", async () => {
    const cloud = await cloudWith();
    await cloud.ok("POST", `/storage/v1/b?project=${PROJECT}`, { name: "state" });
    expect((await as(cloud)("GET", "/storage/v1/b/state/o")).status).toBe(403);
    const members = [`serviceAccount:${ACCOUNT}`];
    await cloud.ok("PUT", "/storage/v1/b/state/iam", { bindings: [{ role: "roles/storage.objectViewer", members }] });
    expect((await as(cloud)("GET", "/storage/v1/b/state/o")).status).toBe(200);
    expect((await as(cloud)("POST", "/upload/storage/v1/b/state/o?name=a")).status).toBe(403);
  });

  test("is not let trust anybody else by the roles of a deployer: the project's owner makes pools", async () => {
    const cloud = await cloudWith(...DEPLOYER_ROLES.map((role) => ({ role })));
    const pools = `/iam/v1/projects/${PROJECT}/locations/global/workloadIdentityPools`;
    const refused = await as(cloud)("POST", `${pools}?workloadIdentityPoolId=github`, {});
    expect([refused.status, messageOf(refused)]).toEqual([
      403,
      expect.stringContaining("'iam.workloadIdentityPools.create'"),
    ]);
    await cloud.ok("POST", `${pools}?workloadIdentityPoolId=github`, {});
  });

  test("needs to be let act as the account that nodes run as", async () => {
    const cloud = await cloudWith({ role: "roles/container.admin" });
    const path = `/container/v1/projects/${PROJECT}/locations/europe-west1-b/clusters`;
    const cluster = { name: "c", initialNodeCount: 1, nodeConfig: { serviceAccount: ACCOUNT } };
    const refused = await as(cloud)("POST", path, { cluster });
    expect([refused.status, messageOf(refused)]).toEqual([403, expect.stringContaining("iam.serviceAccounts.actAs")]);
  });
});

test.each([
  ["compute.googleapis.com", "GET", "/compute/v1/projects/p", "compute.projects.get"],
  ["compute.googleapis.com", "GET", "/compute/v1/projects/p/regions/r/subnetworks/s", "compute.subnetworks.get"],
  [
    "compute.googleapis.com",
    "POST",
    "/compute/v1/projects/p/regions/r/subnetworks/s/expandIpCidrRange",
    "compute.subnetworks.expandIpCidrRange",
  ],
  ["compute.googleapis.com", "GET", "/compute/v1/projects/p/global/operations/o", "compute.globalOperations.get"],
  ["compute.googleapis.com", "POST", "/compute/v1/projects/p/zones/z/operations/o/wait", "compute.zoneOperations.get"],
  ["compute.googleapis.com", "GET", "/compute/v1/projects/p/zones", "compute.zones.list"],
  ["container.googleapis.com", "GET", "/container/v1/projects/p/locations/l/clusters/c", "container.clusters.get"],
  [
    "container.googleapis.com",
    "DELETE",
    "/container/v1/projects/p/locations/l/clusters/c/nodePools/n",
    "container.clusters.update",
  ],
  ["iam.googleapis.com", "GET", "/iam/v1/projects/p/serviceAccounts/a@b", "iam.serviceAccounts.get"],
  ["iam.googleapis.com", "GET", IDENTITY_POOLS, "iam.workloadIdentityPools.list"],
  ["iam.googleapis.com", "POST", IDENTITY_POOLS, "iam.workloadIdentityPools.create"],
  ["iam.googleapis.com", "POST", `${IDENTITY_POOLS}/w:undelete`, "iam.workloadIdentityPools.undelete"],
  ["iam.googleapis.com", "GET", `${IDENTITY_POOLS}/w/operations/o`, "iam.workloadIdentityPools.get"],
  ["iam.googleapis.com", "POST", `${IDENTITY_POOLS}/w/providers`, "iam.workloadIdentityPoolProviders.create"],
  ["iam.googleapis.com", "PATCH", `${IDENTITY_POOLS}/w/providers/x`, "iam.workloadIdentityPoolProviders.update"],
  ["iam.googleapis.com", "DELETE", `${IDENTITY_POOLS}/w/providers/x`, "iam.workloadIdentityPoolProviders.delete"],
  ["cloudresourcemanager.googleapis.com", "GET", "/cloudresourcemanager/v1/projects/p", "resourcemanager.projects.get"],
  ["cloudbilling.googleapis.com", "GET", "/cloudbilling/v1/projects/p/billingInfo", "resourcemanager.projects.get"],
  ["monitoring.googleapis.com", "GET", "/monitoring/v1/projects/p/dashboards/d", "monitoring.dashboards.get"],
  ["storage.googleapis.com", "GET", "/storage/v1/b/b/o/x", "storage.objects.get"],
  ["storage.googleapis.com", "GET", "/state-bucket/dev.tfstate", "storage.objects.get"],
])("%s asks for %s %s", (host, method, path, permission) => {
  expect(permissionOf(host, method, path)).toBe(permission);
});

test("clusters ask IAM by its own names of objects and verbs", () => {
  const asked = (resource: string, verb: string) => clusterPermission({ resource, verb });
  expect(asked("daemonsets", "patch")).toBe("container.daemonSets.update");
  expect(asked("secrets", "watch")).toBe("container.secrets.list");
  expect(asked("ciliumnetworkpolicies", "get")).toBe("container.thirdPartyObjects.get");
});
