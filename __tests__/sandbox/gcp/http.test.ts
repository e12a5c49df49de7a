import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentVariables } from "../../../sandbox/gcp/environment";
import { SANDBOX_ACCESS_TOKEN } from "../../../sandbox/gcp/options";
import { messageOf, PROJECT, paths, reasonOf, send, start, stopAll } from "./client";

afterEach(stopAll);

describe("who may call", () => {
  test("a request without a known token is refused with 401 and changes nothing", async () => {
    const { url, call } = await start();
    const refused = await send(url, "POST", paths.networks, { name: "main" }, "somebody-else");
    expect(refused.status).toBe(401);
    expect((await call("GET", `${paths.networks}/main`)).status).toBe(404);
  });

  test("the log tells people apart by their tokens", async () => {
    const { url, simulator } = await start({ users: { a: "terraform@example.com", b: "person@example.com" } });
    await send(url, "POST", paths.networks, { name: "main" }, "a");
    await send(url, "PATCH", `${paths.networks}/main`, { routingConfig: { routingMode: "GLOBAL" } }, "b");
    const writes = simulator.log.entries({ project: PROJECT, writes: true });
    expect(writes.map(({ user, method, status }) => [user, method, status])).toEqual([
      ["terraform@example.com", "POST", 200],
      ["person@example.com", "PATCH", 200],
    ]);
    expect(simulator.log.entries({ user: "person@example.com" })).toHaveLength(1);
  });
});

describe("projects", () => {
  test("a project that was never created is refused with 403", async () => {
    const { call } = await start();
    const refused = await call("GET", "/compute/v1/projects/unknown/global/networks");
    expect([refused.status, reasonOf(refused)]).toEqual([403, "forbidden"]);
    expect(messageOf(refused)).toContain("Permission denied on resource project unknown");
  });

  test("a service that is not enabled is refused with 403 until it is", async () => {
    const { call, ok } = await start({ projects: [{ id: PROJECT, services: ["compute.googleapis.com"] }] });
    const refused = await call("GET", paths.clusters);
    expect([refused.status, reasonOf(refused)]).toEqual([403, "accessNotConfigured"]);
    await ok("POST", `/serviceusage/v1/projects/${PROJECT}/services/container.googleapis.com:enable`);
    expect((await call("GET", paths.clusters)).status).toBe(200);
  });

  test("a project can be named by its number", async () => {
    const { call, simulator } = await start();
    const { number } = simulator.projects()[0]!;
    expect((await call("GET", `/compute/v1/projects/${number}/global/networks`)).status).toBe(200);
  });
});

describe("errors", () => {
  test.each([
    ["compute: errors, no status", `${paths.networks}/none`, ["code", "message", "errors"]],
    ["container: errors and status", `${paths.clusters}/none`, ["code", "message", "errors", "status"]],
    ["kms: status alone", `/kms/v1/projects/${PROJECT}/locations/global/keyRings/none`, ["code", "message", "status"]],
  ])("have the form of their service (%s)", async (_, path, fields) => {
    const { call } = await start();
    const answer = await call("GET", path);
    expect(answer.status).toBe(404);
    expect(Object.keys(answer.body["error"] as object)).toEqual(fields);
  });

  test("a body that is not JSON is refused with 400", async () => {
    const { url } = await start();
    const headers = { Authorization: `Bearer ${SANDBOX_ACCESS_TOKEN}` };
    const response = await fetch(url + paths.networks, { method: "POST", headers, body: "{" });
    expect(response.status).toBe(400);
  });
});

describe("what is not simulated", () => {
  test.each([
    ["GET", `/compute/v1/projects/${PROJECT}/global/images`],
    ["POST", `/compute/v1/projects/${PROJECT}/zones/asia-northeast1-a/instances`],
    ["GET", "/_unsimulated/sql/v1/projects/acme-dev/instances"],
  ])("answers 501 and is recorded (%s %s)", async (method, path) => {
    const { call, simulator } = await start();
    const answer = await call(method, path);
    expect(answer.status).toBe(501);
    expect(messageOf(answer)).toContain(`does not simulate ${method} ${path}`);
    expect(simulator.log.unsimulated().map((entry) => entry.path)).toEqual([path]);
  });

  test("an object of a bucket at the root is told from an unknown path", async () => {
    const { call } = await start();
    expect((await call("GET", "/some-bucket/default.tfstate")).status).toBe(404);
  });
});

test("a version that a client library doubles is taken once", async () => {
  const { call } = await start();
  expect((await call("GET", `/iam/v1/v1/projects/${PROJECT}/serviceAccounts`)).status).toBe(200);
});

test("requests of GKE come to their service whichever major of the provider sends them", async () => {
  // Provider 6 appends `v1/` to the endpoint `/container/`, provider 7 puts `v1/` in the place of its last part.
  const { call } = await start();
  const path = `/projects/${PROJECT}/locations/asia-northeast1/clusters`;
  for (const prefix of ["/container/v1", "/container/v1/v1", "/v1"]) {
    expect((await call("GET", prefix + path)).body).toEqual({ clusters: [] });
  }
});

test("the access log is also a file, one JSON object a line", async () => {
  const directory = mkdtempSync(join(tmpdir(), "gcp-log-"));
  try {
    const { ok } = await start({ stateDirectory: directory });
    await ok("POST", paths.networks, { name: "main" });
    const lines = readFileSync(join(directory, "google-cloud-requests.jsonl"), "utf8").trim().split("\n");
    const entry = JSON.parse(lines[0]!) as Record<string, unknown>;
    expect(entry).toMatchObject({ project: PROJECT, method: "POST", path: paths.networks, status: 200, write: true });
    expect(entry["operation"]).toMatch(/^operation-/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

describe("environment variables", () => {
  const variables = environmentVariables("http://127.0.0.1:8080");

  test("leave container without a version, because its client appends one", () => {
    expect(variables["GOOGLE_CONTAINER_CUSTOM_ENDPOINT"]).toBe("http://127.0.0.1:8080/container/");
  });

  test("send every product of the provider to the simulator", () => {
    const endpoints = Object.entries(variables).filter(([name]) => name.endsWith("_CUSTOM_ENDPOINT"));
    expect(endpoints.length).toBeGreaterThan(150);
    for (const [, value] of endpoints) expect(value).toMatch(/^http:\/\/127\.0\.0\.1:8080\/.*\/$/);
  });

  test("know the products that provider 7 added", () => {
    // GOOGLE_…_CUSTOM_ENDPOINT in google/services and google/transport of the provider's 7.45.0.
    for (const product of ["AGENT_REGISTRY", "CONTAINER_AWS", "NETWORK_CONNECTIVITYV1", "WORKSTATIONS"]) {
      expect(variables[`GOOGLE_${product}_CUSTOM_ENDPOINT`]).toContain("/_unsimulated/");
    }
  });

  test("point Terraform's GCS backend at the simulator", () => {
    expect(variables["GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT"]).toBe("http://127.0.0.1:8080/storage/v1/");
  });
});
