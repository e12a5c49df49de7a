import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClusterHooks } from "../../../sandbox/gcp/hooks";
import type { JsonObject } from "../../../sandbox/gcp/json";
import { clusterRequest, makeNetwork, messageOf, PROJECT, paths, start, stopAll } from "./client";

afterEach(stopAll);

const operationPath = (name: unknown): string => `/compute/v1/projects/${PROJECT}/global/operations/${name}`;

describe("fast pace", () => {
  test("the reply already says DONE", async () => {
    const { ok } = await start();
    const operation = await ok("POST", paths.networks, { name: "main" });
    expect(operation).toMatchObject({
      kind: "compute#operation",
      status: "DONE",
      progress: 100,
      operationType: "insert",
      targetLink: `https://www.googleapis.com/compute/v1/projects/${PROJECT}/global/networks/main`,
    });
  });

  test("the reply waits for the control plane that a hook makes", async () => {
    const hooks: ClusterHooks = {
      onClusterCreating: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return { endpoint: "127.0.0.1:6443", clusterCaCertificate: "Y2E=" };
      },
    };
    const cloud = await start({ hooks });
    await makeNetwork(cloud);
    const operation = await cloud.ok("POST", paths.clusters, { cluster: clusterRequest() });
    expect(operation["status"]).toBe("DONE");
    expect(await cloud.ok("GET", `${paths.clusters}/dev`)).toMatchObject({
      status: "RUNNING",
      endpoint: "127.0.0.1:6443",
      masterAuth: { clusterCaCertificate: "Y2E=" },
    });
  });
});

describe("stepped pace", () => {
  test("each poll takes an operation one step on, and nothing exists before the last", async () => {
    const { ok, call } = await start({ pace: { mode: "stepped" } });
    const { name, status } = await ok("POST", paths.networks, { name: "main" });
    expect(status).toBe("PENDING");
    expect((await ok("GET", operationPath(name)))["status"]).toBe("RUNNING");
    expect((await call("GET", `${paths.networks}/main`)).status).toBe(404);
    expect((await ok("GET", operationPath(name)))["status"]).toBe("DONE");
    expect((await call("GET", `${paths.networks}/main`)).status).toBe(200);
  });

  test("a name is taken and a resource not ready while its operation runs", async () => {
    const { ok, call } = await start({ pace: { mode: "stepped" } });
    const { name } = await ok("POST", paths.networks, { name: "main" });
    expect((await call("POST", paths.networks, { name: "main" })).status).toBe(409);
    const tooEarly = await call("POST", paths.subnetworks, {
      name: "nodes",
      network: `projects/${PROJECT}/global/networks/main`,
      ipCidrRange: "10.0.0.0/20",
    });
    expect([tooEarly.status, messageOf(tooEarly)]).toEqual([
      400,
      `The resource 'projects/${PROJECT}/global/networks/main' is not ready`,
    ]);
    await ok("GET", operationPath(name));
    await ok("GET", operationPath(name));
  });

  test("regional operations carry their region, and are not found at the global path", async () => {
    const { ok, call } = await start();
    await ok("POST", paths.networks, { name: "main" });
    const operation = await ok("POST", paths.routers, { name: "r", network: "global/networks/main" });
    expect(operation["region"]).toBe(
      `https://www.googleapis.com/compute/v1/projects/${PROJECT}/regions/asia-northeast1`,
    );
    expect((await call("GET", operationPath(operation["name"]))).status).toBe(404);
  });
});

test("at slow pace the clock takes operations on", async () => {
  const { ok, simulator } = await start({ pace: { mode: "slow", pendingMs: 5, runningMs: 5 } });
  const { name, status } = await ok("POST", paths.networks, { name: "main" });
  expect(status).toBe("PENDING");
  const deadline = Date.now() + 2_000;
  let seen: JsonObject = {};
  while (seen["status"] !== "DONE" && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    seen = await ok("GET", operationPath(name));
  }
  expect(seen["status"]).toBe("DONE");
  expect(simulator.operations()[0]?.endedAt).toBeDefined();
});

describe("faults of operations", () => {
  test("one that is stuck stays RUNNING until it is released", async () => {
    const { ok, simulator } = await start();
    simulator.addFault({ method: "POST", path: "/networks$", operation: { stuck: true } });
    const { name, status } = await ok("POST", paths.networks, { name: "main" });
    expect(status).toBe("RUNNING");
    expect((await ok("GET", operationPath(name)))["status"]).toBe("RUNNING");
    await ok("POST", `/_sandbox/operations/${name}:release`);
    expect((await ok("GET", operationPath(name)))["status"]).toBe("DONE");
    await ok("GET", `${paths.networks}/main`);
  });

  test("one that ends in an error says so and makes nothing", async () => {
    const { ok, call, simulator } = await start();
    simulator.addFault({ path: "/networks$", operation: { error: { code: "QUOTA_EXCEEDED", message: "no more" } } });
    expect(await ok("POST", paths.networks, { name: "main" })).toMatchObject({
      status: "DONE",
      error: { errors: [{ code: "QUOTA_EXCEEDED", message: "no more" }] },
      httpErrorStatusCode: 403,
    });
    expect((await call("GET", `${paths.networks}/main`)).status).toBe(404);
  });

  test("a cluster whose creation fails is there in status ERROR and can be deleted", async () => {
    const cloud = await start();
    await makeNetwork(cloud);
    cloud.simulator.addFault({
      path: "/clusters$",
      operation: { error: { code: "INTERNAL", message: "no machines" } },
    });
    expect(await cloud.ok("POST", paths.clusters, { cluster: clusterRequest() })).toMatchObject({
      status: "DONE",
      statusMessage: "no machines",
      error: { code: 13 },
    });
    expect(await cloud.ok("GET", `${paths.clusters}/dev`)).toMatchObject({
      status: "ERROR",
      statusMessage: "no machines",
    });
    await cloud.ok("DELETE", `${paths.clusters}/dev`);
    expect((await cloud.call("GET", `${paths.clusters}/dev`)).status).toBe(404);
  });

  test("an error thrown by a hook fails the operation with its message", async () => {
    const hooks: ClusterHooks = { onClusterCreating: () => Promise.reject(new Error("etcd does not start")) };
    const cloud = await start({ hooks });
    await makeNetwork(cloud);
    const operation = await cloud.ok("POST", paths.clusters, { cluster: clusterRequest() });
    expect(operation["statusMessage"]).toBe("etcd does not start");
  });
});

describe("restart", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "gcp-state-"));
  });
  afterEach(async () => {
    await stopAll();
    rmSync(directory, { recursive: true });
  });

  test("everything is as it was", async () => {
    const first = await start({ stateDirectory: directory });
    await makeNetwork(first);
    await first.ok("POST", paths.clusters, { cluster: clusterRequest() });
    const before = first.simulator.resources();
    await first.simulator.close();
    const second = await start({ stateDirectory: directory });
    expect(second.simulator.resources()).toEqual(before);
    expect(second.simulator.clusters().map(({ cluster }) => cluster.name)).toEqual(["dev"]);
  });

  test("an operation that was under way is gone on with", async () => {
    const first = await start({ stateDirectory: directory, pace: { mode: "slow", runningMs: 60_000 } });
    const { name } = await first.ok("POST", paths.networks, { name: "main" });
    await first.simulator.close();
    const second = await start({ stateDirectory: directory });
    await second.ok("GET", operationPath(name));
    expect((await second.ok("GET", operationPath(name)))["status"]).toBe("DONE");
    await second.ok("GET", `${paths.networks}/main`);
  });

  test("names that are made up are not made up twice", async () => {
    const first = await start({ stateDirectory: directory });
    const one = await first.ok("POST", paths.networks, { name: "one" });
    await first.simulator.close();
    const second = await start({ stateDirectory: directory });
    const two = await second.ok("POST", paths.networks, { name: "two" });
    expect(two["targetId"]).not.toBe(one["targetId"]);
  });
});
