import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SANDBOX_ACCESS_TOKEN } from "../../../sandbox/gcp/options";
import { Bindings, Namer } from "../../../sandbox/gcp/recording/placeholders";
import { Recorder } from "../../../sandbox/gcp/recording/recorder";
import { type Recording, readRecording, writeRecording } from "../../../sandbox/gcp/recording/recording";
import { renew, replay } from "../../../sandbox/gcp/recording/replay";
import { clusterRequest, makeNetwork, PROJECT, paths, start, stopAll, type TestCloud } from "./client";

afterEach(stopAll);

const ORIGIN = "http://127.0.0.1:1234";

describe("what is made up", () => {
  test.each([
    ["operations", "operation-1732233600000-1f2e3d4c-1a2b-3c4d", "{{operation:1}}"],
    ["times", "2026-11-22T10:00:00.123Z", "{{time}}"],
    ["ids", "https://x/networks/1234567890123456789", "https://x/networks/{{id:1}}"],
    ["fingerprints", "abcdEFG012+=", "{{fingerprint:1}}"],
    ["hashes in names", "gke-dev-p-1a2b3c4d-grp", "gke-dev-p-{{hex:1}}-grp"],
    ["the address", `${ORIGIN}/upload`, "{{origin:0}}/upload"],
  ])("is named: %s", (_, text, named) => {
    expect(new Namer(ORIGIN).answered(text)).toBe(named);
  });

  test("who asks and where a control plane is are left out of answers, and of nothing that was sent", () => {
    const cluster = { name: "dev", endpoint: "127.1.2.3", masterAuth: { clusterCaCertificate: "LS0t" } };
    expect(new Namer(ORIGIN).answered({ user: "terraform@dev.invalid", target: [cluster] })).toEqual({
      user: "{{content}}",
      target: [{ name: "dev", endpoint: "{{content}}", masterAuth: { clusterCaCertificate: "{{content}}" } }],
    });
    expect(new Namer(ORIGIN).sent(cluster)).toEqual(cluster);
  });

  test.each([
    ["versions", "1.33.13-gke.1000"],
    ["ranges", "10.20.0.0/14"],
    ["project numbers", "projects/123456789012"],
    ["times of a maintenance window", "2026-01-01T17:00:00Z"],
  ])("is not: %s", (_, text) => {
    expect(new Namer(ORIGIN).answered(text)).toBe(text);
  });

  test("is the same name for the same text, and what the client made up stays as it is", () => {
    const namer = new Namer(ORIGIN);
    expect(namer.sent({ name: "x-12345678" })).toEqual({ name: "x-12345678" });
    expect(namer.answered({ a: "1a2b3c4d", b: "1a2b3c4d", c: "x-12345678" })).toEqual({
      a: "{{hex:1}}",
      b: "{{hex:1}}",
      c: "x-12345678",
    });
    expect(namer.sent("labels/1a2b3c4d")).toBe("labels/{{hex:1}}");
  });
});

describe("placeholders in a replay", () => {
  test("take their value where they are met first, and must keep it", () => {
    const bindings = new Bindings(ORIGIN);
    expect(bindings.fits("a-{{hex:1}}-b", "a-1a2b3c4d-b")).toBe(true);
    expect(bindings.fill("x/{{hex:1}}")).toBe("x/1a2b3c4d");
    expect(bindings.fits("{{hex:1}}", "00000000")).toBe(false);
    expect(bindings.fits("{{time}}", "now")).toBe(true);
    expect(bindings.fits("{{time}}", "later")).toBe(true);
  });

  test("without a value cannot be sent", () => {
    expect(() => new Bindings(ORIGIN).fill("{{hex:9}}")).toThrow("has no value yet");
  });
});

/** A session with an operation error, a lock and a policy, recorded. */
async function record(): Promise<Recording> {
  const cloud: TestCloud = await start();
  const recorder = new Recorder(cloud.simulator, "test", cloud.url);
  await makeNetwork(cloud);
  const { fingerprint } = await cloud.ok("GET", `${paths.subnetworks}/nodes`);
  await cloud.ok("GET", `${paths.subnetworks}/nodes`);
  await cloud.ok("PATCH", `${paths.subnetworks}/nodes`, { fingerprint: fingerprint!, logConfig: { enable: true } });
  cloud.simulator.addFault({ path: "/clusters$", error: { code: 503, message: "later" } });
  await cloud.call("POST", paths.clusters, { cluster: clusterRequest() });
  cloud.simulator.addFault({ path: "/clusters$", operation: { stuck: true } });
  const { name } = await cloud.ok("POST", paths.clusters, { cluster: clusterRequest() });
  await cloud.ok("POST", `/_sandbox/operations/${name}:release`);
  const cluster = await cloud.ok("GET", `${paths.clusters}/dev`);
  const group = (cluster["instanceGroupUrls"] as string[])[0]!.replace("https://www.googleapis.com", "");
  await cloud.ok("GET", group);
  await cloud.call("DELETE", `${paths.subnetworks}/nodes`);
  await cloud.ok("DELETE", `${paths.clusters}/dev`);
  return recorder.recording();
}

describe("a recording", () => {
  test("says nothing of when and where it was made, and repeats no read", async () => {
    const recording = await record();
    expect(recording.projects.map(({ id }) => id)).toEqual([PROJECT]);
    const text = JSON.stringify(recording.exchanges);
    expect(text).not.toMatch(/operation-1|127\.0\.0\.1:\d|T\d\d:\d\d:\d\d\.\d{3}Z/);
    expect(recording.exchanges.filter(({ method, path }) => method === "GET" && path.endsWith("/nodes"))).toHaveLength(
      1,
    );
    expect(recording.exchanges.filter(({ fault }) => fault).map(({ status }) => status)).toEqual([503, 200]);
  });

  test("leaves out what depends on the moment: reads of a cluster while it changes, refusals of what came too early", async () => {
    const ready: (() => void)[] = [];
    const gate = new Promise<void>((resolve) => ready.push(resolve));
    const cloud = await start({ hooks: { onClusterUpdated: () => gate } });
    await makeNetwork(cloud);
    await cloud.ok("POST", paths.clusters, { cluster: clusterRequest() });
    const recorder = new Recorder(cloud.simulator, "parallel", cloud.url);
    const path = `${paths.clusters}/dev`;
    const update = { update: { desiredVerticalPodAutoscaling: { enabled: true } } };
    const changing = cloud.ok("PUT", path, update);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await cloud.ok("GET", path)).toMatchObject({ name: "dev" });
    expect((await cloud.call("PUT", path, update)).status).toBe(400);
    await cloud.ok("GET", paths.networks);
    ready[0]!();
    await changing;
    await cloud.ok("GET", path);
    const kept = recorder.recording().exchanges.map(({ method, path: of, status }) => [method, of, status]);
    expect(kept).toEqual([
      ["GET", paths.networks, 200],
      ["PUT", path, 200],
      ["GET", path, 200],
    ]);
  });

  test("can be written and read", async () => {
    const directory = mkdtempSync(join(tmpdir(), "recording-"));
    try {
      const recording = await record();
      writeRecording(join(directory, "r.jsonl"), recording);
      expect(readRecording(join(directory, "r.jsonl"))).toEqual(JSON.parse(JSON.stringify(recording)));
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test("replays without a difference", async () => {
    expect(await replay(await record())).toEqual([]);
  });

  test("can be answered anew where the simulator changed on purpose", async () => {
    const recording = await record();
    const old = JSON.parse(JSON.stringify(recording).replaceAll("RUNNING", "DANCING")) as Recording;
    expect(old).not.toEqual(recording);
    expect(await renew(old)).toEqual(recording);
  });

  test.each([
    ["another status", (text: string) => text.replace('"status":503', '"status":500'), "$status"],
    [
      "another value",
      (text: string) => text.replace('"currentMasterVersion":"1.33', '"currentMasterVersion":"1.32'),
      "$.currentMasterVersion",
    ],
    ["a field more", (text: string) => text.replace('"gatewayAddress"', '"extra":1,"gatewayAddress"'), "$.extra"],
    ["a field less", (text: string) => text.replace('"gatewayAddress":"10.16.0.1",', ""), "$.gatewayAddress"],
  ])("that differs by %s is told", async (_, change, where) => {
    const recording = JSON.parse(change(JSON.stringify(await record()))) as Recording;
    expect((await replay(recording)).map((difference) => difference.where)).toContain(where);
  });
});

const RECORDINGS = join(__dirname, "recordings");

test("an upload is recorded without its content", async () => {
  const { url, simulator, ok } = await start();
  const recorder = new Recorder(simulator, "upload", url);
  await ok("POST", `/storage/v1/b?project=${PROJECT}`, { name: "state" });
  const lines = ["--b", "Content-Type: application/json", "", '{"name":"o"}', "--b", "Content-Type: text/plain", ""];
  await fetch(`${url}/upload/storage/v1/b/state/o?uploadType=multipart`, {
    method: "POST",
    headers: { Authorization: `Bearer ${SANDBOX_ACCESS_TOKEN}`, "Content-Type": "multipart/related; boundary=b" },
    body: [...lines, "secret", "--b--", ""].join("\r\n"),
  });
  const response = await fetch(`${url}/state/o`, { headers: { Authorization: `Bearer ${SANDBOX_ACCESS_TOKEN}` } });
  expect(await response.text()).toBe("secret");
  const recording = recorder.recording();
  expect(recording.exchanges[1]).toMatchObject({
    upload: { name: "o", contentType: "text/plain" },
    response: { md5Hash: "{{content}}", contentType: "text/plain" },
  });
  expect(recording.exchanges[2]).toMatchObject({ response: "{{content}}" });
  expect(JSON.stringify(recording)).not.toContain("secret");
  expect(await replay(recording)).toEqual([]);
});

describe("traffic of the real providers", () => {
  test.each(readdirSync(RECORDINGS).filter((file) => file.endsWith(".jsonl")))(
    "%s is answered as recorded",
    async (file) => {
      const recording = readRecording(join(RECORDINGS, file));
      expect(recording.exchanges.length).toBeGreaterThan(0);
      expect((await replay(recording)).slice(0, 5)).toEqual([]);
    },
  );
});
