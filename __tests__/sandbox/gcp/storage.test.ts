import type { JsonObject } from "../../../sandbox/gcp/json";
import { SANDBOX_ACCESS_TOKEN } from "../../../sandbox/gcp/options";
import { crc32c, md5 } from "../../../sandbox/gcp/storage/checksums";
import { messageOf, PROJECT, reasonOf, start, stopAll, type TestCloud } from "./client";

afterEach(stopAll);

const BUCKETS = "/storage/v1/b";
const HEADERS = { Authorization: `Bearer ${SANDBOX_ACCESS_TOKEN}` };

async function withBucket(more: JsonObject = {}): Promise<TestCloud> {
  const cloud = await start({ projects: [PROJECT, "acme-prod"] });
  await cloud.ok("POST", `${BUCKETS}?project=${PROJECT}`, { name: "state", location: "asia-northeast1", ...more });
  return cloud;
}

/** Uploads as Google's client library does: metadata and content in one request. */
async function upload(
  { url }: TestCloud,
  name: string,
  content: string,
  condition = "",
): Promise<{ status: number; body: JsonObject }> {
  const body = [
    "--b",
    "Content-Type: application/json",
    "",
    JSON.stringify({ name, bucket: "state" }),
    "--b",
    "Content-Type: text/plain",
    "",
    content,
    "--b--",
    "",
  ].join("\r\n");
  const response = await fetch(`${url}/upload/storage/v1/b/state/o?uploadType=multipart${condition}`, {
    method: "POST",
    headers: { ...HEADERS, "Content-Type": "multipart/related; boundary=b" },
    body,
  });
  return { status: response.status, body: (await response.json()) as JsonObject };
}

async function read({ url }: TestCloud, path: string): Promise<Response> {
  return fetch(url + path, { headers: HEADERS });
}

describe("checksums", () => {
  test("are those of the standards", () => {
    expect(crc32c(Buffer.from("123456789"))).toBe(Buffer.from("e3069283", "hex").toString("base64"));
    expect(md5(Buffer.from(""))).toBe("1B2M2Y8AsgTpgAmY7PhCfg==");
  });
});

describe("buckets", () => {
  test("get what Google fills in", async () => {
    const { ok } = await withBucket({ iamConfiguration: { uniformBucketLevelAccess: { enabled: true } } });
    expect(await ok("GET", `${BUCKETS}/state`)).toMatchObject({
      location: "ASIA-NORTHEAST1",
      locationType: "region",
      storageClass: "STANDARD",
      metageneration: "1",
      softDeletePolicy: { retentionDurationSeconds: "604800" },
      iamConfiguration: {
        publicAccessPrevention: "inherited",
        uniformBucketLevelAccess: { enabled: true, lockedTime: expect.any(String) },
      },
    });
    await ok("PATCH", `${BUCKETS}/state`, { labels: { a: "b" } });
    expect(await ok("GET", `${BUCKETS}/state`)).toMatchObject({ labels: { a: "b" }, metageneration: "2" });
  });

  test("have names that are unique in all projects", async () => {
    const { call } = await withBucket();
    const mine = await call("POST", `${BUCKETS}?project=${PROJECT}`, { name: "state" });
    expect([mine.status, messageOf(mine)]).toEqual([409, expect.stringContaining("you already own it")]);
    const theirs = await call("POST", `${BUCKETS}?project=acme-prod`, { name: "state" });
    expect([theirs.status, messageOf(theirs)]).toEqual([409, expect.stringContaining("is not available")]);
  });

  test("that hold objects cannot be deleted", async () => {
    const cloud = await withBucket();
    await upload(cloud, "o", "x");
    const refused = await cloud.call("DELETE", `${BUCKETS}/state`);
    expect([refused.status, reasonOf(refused)]).toEqual([409, "conflict"]);
    await cloud.ok("DELETE", `${BUCKETS}/state/o/o`);
    await cloud.ok("DELETE", `${BUCKETS}/state`);
  });

  test("have a policy that is set under its etag", async () => {
    const { ok, call } = await withBucket();
    const { etag } = await ok("GET", `${BUCKETS}/state/iam`);
    const policy = { etag: etag!, bindings: [{ role: "roles/storage.objectViewer", members: ["user:a@example.com"] }] };
    await ok("PUT", `${BUCKETS}/state/iam`, policy);
    expect((await call("PUT", `${BUCKETS}/state/iam`, policy)).status).toBe(412);
  });

  test("have no caches", async () => {
    const { ok } = await withBucket();
    expect(await ok("GET", `${BUCKETS}/state/anywhereCaches/`)).toEqual({ kind: "storage#anywhereCaches" });
  });

  test("changes are held to conditions, and told as changes of their project", async () => {
    const { call, simulator } = await withBucket();
    expect((await call("PATCH", `${BUCKETS}/state?ifMetagenerationMatch=7`, {})).status).toBe(412);
    expect(simulator.log.entries({ project: PROJECT, method: "PATCH" })).toHaveLength(1);
  });
});

describe("objects", () => {
  test("are read as they were written, with the checksums that clients look at", async () => {
    const cloud = await withBucket();
    const { body } = await upload(cloud, "env/default.tfstate", "{}\r\n--x");
    expect(body).toMatchObject({ size: "7", md5Hash: md5(Buffer.from("{}\r\n--x")), contentType: "text/plain" });
    for (const path of ["/state/env/default.tfstate", `${BUCKETS}/state/o/env%2Fdefault.tfstate?alt=media`]) {
      const response = await read(cloud, path);
      expect(await response.text()).toBe("{}\r\n--x");
      expect(response.headers.get("x-goog-hash")).toBe(`crc32c=${body["crc32c"]},md5=${body["md5Hash"]}`);
      expect(response.headers.get("x-goog-generation")).toBe(body["generation"]);
    }
  });

  test("a lock can be taken once: who comes second is told by 412", async () => {
    const cloud = await withBucket();
    const first = await upload(cloud, "default.tflock", "a", "&ifGenerationMatch=0");
    expect(first.status).toBe(200);
    expect((await upload(cloud, "default.tflock", "b", "&ifGenerationMatch=0")).status).toBe(412);
    const path = `${BUCKETS}/state/o/default.tflock`;
    expect((await cloud.call("DELETE", `${path}?ifGenerationMatch=1`)).status).toBe(412);
    await cloud.ok("DELETE", `${path}?ifGenerationMatch=${first.body["generation"]}`);
    expect((await upload(cloud, "default.tflock", "b", "&ifGenerationMatch=0")).status).toBe(200);
  });

  test("are listed by prefix and folder", async () => {
    const cloud = await withBucket();
    for (const name of ["env/a", "env/b/c", "other"]) await upload(cloud, name, "x");
    const list = await cloud.ok("GET", `${BUCKETS}/state/o?prefix=env/&delimiter=/`);
    expect((list["items"] as JsonObject[]).map((item) => item["name"])).toEqual(["env/a"]);
    expect(list["prefixes"]).toEqual(["env/b/"]);
  });

  test("of a bucket that keeps versions stay readable by generation", async () => {
    const cloud = await withBucket({ versioning: { enabled: true } });
    const { body: first } = await upload(cloud, "o", "one");
    const { body: second } = await upload(cloud, "o", "two");
    const old = await read(cloud, `${BUCKETS}/state/o/o?alt=media&generation=${first["generation"]}`);
    expect(await old.text()).toBe("one");
    await cloud.ok("DELETE", `${BUCKETS}/state/o/o`);
    expect((await read(cloud, "/state/o")).status).toBe(404);
    const versions = await cloud.ok("GET", `${BUCKETS}/state/o?versions=true`);
    expect((versions["items"] as JsonObject[]).map((item) => item["generation"]).sort()).toEqual(
      [first["generation"], second["generation"]].sort(),
    );
    for (const { generation } of [first, second])
      await cloud.ok("DELETE", `${BUCKETS}/state/o/o?generation=${generation}`);
    await cloud.ok("DELETE", `${BUCKETS}/state`);
  });

  test("can be uploaded in several parts", async () => {
    const cloud = await withBucket();
    const opened = await fetch(`${cloud.url}/upload/storage/v1/b/state/o?uploadType=resumable&name=big`, {
      method: "POST",
      headers: HEADERS,
    });
    const location = opened.headers.get("location")!;
    const part = (range: string, body: string): Promise<Response> =>
      fetch(location, { method: "PUT", headers: { ...HEADERS, "Content-Range": range }, body });
    const halfway = await part("bytes 0-2/*", "abc");
    expect([halfway.status, halfway.headers.get("range")]).toEqual([308, "bytes=0-2"]);
    expect((await part("bytes 3-5/6", "def")).status).toBe(200);
    expect(await (await read(cloud, "/state/big")).text()).toBe("abcdef");
    expect((await part("bytes 0-0/1", "x")).status).toBe(404);
  });

  test("that are not there are not found", async () => {
    const cloud = await withBucket();
    expect((await read(cloud, "/state/none")).status).toBe(404);
    expect((await read(cloud, "/nowhere/none")).status).toBe(404);
  });
});
