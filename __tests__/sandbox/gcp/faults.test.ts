import { FAULT_PRESETS, type FaultPreset } from "../../../sandbox/gcp/faults/presets";
import { FaultQueue } from "../../../sandbox/gcp/faults/queue";
import { messageOf, paths, reasonOf, start, stopAll } from "./client";

afterEach(stopAll);

describe("which requests are struck", () => {
  test.each([
    ["the first by default", {}, [503, 200, 200]],
    ["from the n-th on", { nth: 2 }, [200, 503, 200]],
    ["several in a row", { times: 2 }, [503, 503, 200]],
    ["every one", { times: 0 }, [503, 503, 503]],
    ["only those of a method", { method: "POST" }, [200, 200, 200]],
    ["only those of a path", { path: "/firewalls" }, [200, 200, 200]],
  ])("%s", async (_, conditions, statuses) => {
    const { call, simulator } = await start();
    simulator.addFault({ error: { code: 503, message: "later" }, ...conditions });
    const seen: number[] = [];
    for (let i = 0; i < 3; i++) seen.push((await call("GET", paths.networks)).status);
    expect(seen).toEqual(statuses);
  });

  test("one request is struck by one fault, the next one waits", async () => {
    const { call, simulator } = await start();
    simulator.addFault({ error: { code: 503, message: "a" } });
    simulator.addFault({ error: { code: 429, message: "b" }, nth: 2 });
    expect((await call("GET", paths.networks)).status).toBe(503);
    expect((await call("GET", paths.networks)).status).toBe(429);
    expect(simulator.faults.list().map(({ seen, struck }) => [seen, struck])).toEqual([
      [2, 1],
      [2, 1],
    ]);
  });

  test("a fault that can do nothing, or whose path is no expression, is refused", () => {
    const queue = new FaultQueue();
    expect(() => queue.add({ method: "GET" })).toThrow("a fault needs an effect");
    expect(() => queue.add({ path: "(", delayMs: 1 })).toThrow(/Invalid regular expression/);
  });
});

describe("what happens", () => {
  test("an error has Google's form and changes nothing", async () => {
    const { call, simulator } = await start();
    simulator.addFault({ error: { code: 429, message: "slow down", retryAfter: 7 } });
    const answer = await call("POST", paths.networks, { name: "main" });
    expect([answer.status, reasonOf(answer), messageOf(answer)]).toEqual([429, "rateLimitExceeded", "slow down"]);
    expect(answer.headers.get("retry-after")).toBe("7");
    expect((await call("GET", `${paths.networks}/main`)).status).toBe(404);
    expect(simulator.log.entries({ method: "POST" })[0]).toMatchObject({
      fault: true,
      status: 429,
      error: "slow down",
    });
  });

  test.each([
    ["before", 404],
    ["after", 200],
  ] as const)("a connection broken %s the request is carried out", async (reset, status) => {
    const { call, simulator } = await start();
    simulator.addFault({ method: "POST", reset });
    await expect(call("POST", paths.networks, { name: "main" })).rejects.toThrow();
    expect((await call("GET", `${paths.networks}/main`)).status).toBe(status);
    expect(simulator.log.entries({ method: "POST" })[0]?.status).toBe(0);
  });

  test("a delay holds the answer back", async () => {
    const { ok, simulator } = await start();
    simulator.addFault({ delayMs: 40 });
    const before = Date.now();
    await ok("GET", paths.networks);
    expect(Date.now() - before).toBeGreaterThanOrEqual(35);
  });

  test.each(Object.keys(FAULT_PRESETS) as FaultPreset[])("preset %s can be queued from outside", async (preset) => {
    const { ok, simulator } = await start();
    await ok("POST", "/_sandbox/faults", { preset, path: "/nowhere" });
    expect(simulator.faults.list()).toMatchObject([{ path: "/nowhere", struck: 0 }]);
  });
});

describe("control interface", () => {
  test("lists and clears faults", async () => {
    const { ok, call } = await start();
    const { id } = await ok("POST", "/_sandbox/faults", { preset: "unavailable", path: "/networks" });
    expect((await ok("GET", "/_sandbox/faults"))["faults"]).toHaveLength(1);
    await ok("DELETE", `/_sandbox/faults/${id}`);
    expect((await call("GET", paths.networks)).status).toBe(200);
  });

  test("refuses an unknown preset and an unknown pace", async () => {
    const { call } = await start();
    expect(messageOf(await call("POST", "/_sandbox/faults", { preset: "fire" }))).toContain("There is no preset fire");
    expect((await call("POST", "/_sandbox/pace", { mode: "glacial" })).status).toBe(400);
  });

  test("creates projects and tells what exists, who asked and what was not simulated", async () => {
    const { ok, call } = await start();
    await ok("POST", "/_sandbox/projects", { id: "acme-new", number: "123456789012" });
    await ok("POST", "/compute/v1/projects/acme-new/global/networks", { name: "main" });
    await call("GET", "/compute/v1/projects/acme-new/global/images");
    const resources = await ok("GET", "/_sandbox/resources?project=acme-new");
    expect(Object.keys(resources)).toContain("//compute.googleapis.com/projects/acme-new/global/networks/main");
    const { requests } = await ok("GET", "/_sandbox/requests?project=acme-new&writes=true");
    expect(requests).toHaveLength(1);
    expect((await ok("GET", "/_sandbox/unsimulated"))["requests"]).toHaveLength(1);
  });
});
