import type { Cloud } from "../cloud";
import { ApiError, notFound } from "../http/errors";
import { type ApiRequest, type ApiResponse, ok } from "../http/exchange";
import { at, type JsonObject, stringOf, withDefaults } from "../json";
import { requireBucket, type StorageRoutes } from "./buckets";
import { crc32c, md5 } from "./checksums";

/** An object as the simulator keeps it. */
export type ObjectRecord = {
  readonly metadata: JsonObject;
  /** Content in base64. */
  readonly data: string;
};

/** Between an object's name and the generation of a version that is no longer live. */
const VERSION_MARK = "#";

/** Full resource name of the live version of an object. */
export function objectName(bucket: string, object: string): string {
  return `${bucket}/objects/${encodeURIComponent(object)}`;
}

/** @throws ApiError 412 where a condition on generations does not hold; 0 means "does not exist" */
export function checkGenerations(request: ApiRequest, live: ObjectRecord | undefined): void {
  const generation = stringOf(live?.metadata["generation"]) ?? "0";
  const metageneration = stringOf(live?.metadata["metageneration"]) ?? "0";
  const { query } = request;
  const failed =
    differs(query.get("ifGenerationMatch"), generation) ||
    differs(query.get("ifMetagenerationMatch"), metageneration) ||
    query.get("ifGenerationNotMatch") === generation;
  if (failed) throw new ApiError(412, "At least one of the pre-conditions you specified did not hold.");
}

function differs(wanted: string | null, actual: string): boolean {
  return wanted !== null && wanted !== actual;
}

/** Writes a new generation of an object. @throws ApiError 412 */
export function writeObject(cloud: Cloud, request: ApiRequest, given: JsonObject, data: Buffer): JsonObject {
  const [bucketName, bucket] = requireBucket(cloud, request);
  const object = stringOf(given["name"]) ?? request.query.get("name") ?? "";
  const name = objectName(bucketName, object);
  request.target = name;
  const live = cloud.store.get(name) as ObjectRecord | undefined;
  checkGenerations(request, live);
  const now = new Date().toISOString();
  const generation = String(Date.now() * 1000 + (cloud.identity.next() % 1000));
  const id = `${bucket["name"]}/${object}`;
  const metadata: JsonObject = {
    ...withDefaults(given, {
      contentType: "application/octet-stream",
      storageClass: bucket["storageClass"] ?? "STANDARD",
    }),
    kind: "storage#object",
    id: `${id}/${generation}`,
    selfLink: `https://www.googleapis.com/storage/v1/b/${bucket["name"]}/o/${encodeURIComponent(object)}`,
    name: object,
    bucket: bucket["name"],
    generation,
    metageneration: "1",
    size: String(data.length),
    md5Hash: md5(data),
    crc32c: crc32c(data),
    etag: cloud.identity.fingerprint(),
    timeCreated: now,
    updated: now,
    timeStorageClassUpdated: now,
  };
  retire(cloud, bucket, name, live);
  cloud.store.put(name, { metadata, data: data.toString("base64") });
  return metadata;
}

/** Keeps the version that is replaced or deleted, where the bucket keeps versions. */
function retire(cloud: Cloud, bucket: JsonObject, name: string, live: ObjectRecord | undefined): void {
  if (!live || at(bucket, "versioning.enabled") !== true) return;
  const metadata = { ...live.metadata, timeDeleted: new Date().toISOString() };
  cloud.store.put(`${name}${VERSION_MARK}${live.metadata["generation"]}`, { ...live, metadata });
}

/** The object that a request is about. @throws ApiError 404 */
function requireObject(cloud: Cloud, request: ApiRequest): readonly [name: string, record: ObjectRecord] {
  const [bucketName] = requireBucket(cloud, request);
  const live = objectName(bucketName, request.param("object"));
  const generation = request.query.get("generation");
  const candidates = generation ? [`${live}${VERSION_MARK}${generation}`, live] : [live];
  for (const name of candidates) {
    const record = cloud.store.get(name) as ObjectRecord | undefined;
    if (record && (!generation || record.metadata["generation"] === generation)) {
      request.target = name;
      return [name, record];
    }
  }
  throw notFound(`No such object: ${request.param("bucket")}/${request.param("object")}`);
}

/** The content with the headers that clients check it by. */
export function mediaResponse(record: ObjectRecord, head: boolean): ApiResponse {
  const data = Buffer.from(record.data, "base64");
  const { metadata } = record;
  return {
    ...(head ? {} : { body: data }),
    headers: {
      "Content-Type": stringOf(metadata["contentType"]) ?? "application/octet-stream",
      "Content-Length": String(data.length),
      ETag: `"${metadata["etag"]}"`,
      "Last-Modified": new Date(stringOf(metadata["updated"])!).toUTCString(),
      "X-Goog-Generation": stringOf(metadata["generation"])!,
      "X-Goog-Metageneration": stringOf(metadata["metageneration"])!,
      "X-Goog-Hash": `crc32c=${metadata["crc32c"]},md5=${metadata["md5Hash"]}`,
      "X-Goog-Stored-Content-Length": String(data.length),
      "X-Goog-Storage-Class": stringOf(metadata["storageClass"])!,
    },
  };
}

/** Content of a live object by bucket and name, as the older XML interface serves it. */
export function readMedia(cloud: Cloud, request: ApiRequest): ApiResponse {
  const [, record] = requireObject(cloud, request);
  checkGenerations(request, record);
  return mediaResponse(record, request.method === "HEAD");
}

/** Objects: to list, to read, to delete. Uploads are in uploads.ts. */
export function objectRoutes(add: StorageRoutes, cloud: Cloud): void {
  add("GET", "/b/{bucket}/o", (request) => ok(listObjects(cloud, request)));
  add("GET", "/b/{bucket}/o/{object}", (request) => {
    if (request.query.get("alt") === "media") return readMedia(cloud, request);
    const [, record] = requireObject(cloud, request);
    checkGenerations(request, record);
    return ok(record.metadata);
  });
  add("DELETE", "/b/{bucket}/o/{object}", (request) => {
    const [, bucket] = requireBucket(cloud, request);
    const [name, record] = requireObject(cloud, request);
    checkGenerations(request, record);
    if (!name.includes(VERSION_MARK) && !request.query.get("generation")) retire(cloud, bucket, name, record);
    cloud.store.delete(name);
    return { status: 204 };
  });
}

function listObjects(cloud: Cloud, request: ApiRequest): JsonObject {
  const [bucketName] = requireBucket(cloud, request);
  const prefix = request.query.get("prefix") ?? "";
  const delimiter = request.query.get("delimiter");
  const versions = request.query.get("versions") === "true";
  const prefixes = new Set<string>();
  const items: JsonObject[] = [];
  const all = cloud.store
    .list(`${bucketName}/objects/`)
    .filter(([name]) => versions || !name.includes(VERSION_MARK))
    .map(([, record]) => (record as ObjectRecord).metadata)
    .sort((a, b) => (String(a["name"]) < String(b["name"]) ? -1 : 1));
  for (const metadata of all) {
    const name = String(metadata["name"]);
    if (!name.startsWith(prefix)) continue;
    const cut = delimiter ? name.indexOf(delimiter, prefix.length) : -1;
    if (cut >= 0) prefixes.add(name.slice(0, cut + delimiter!.length));
    else items.push(metadata);
  }
  return {
    kind: "storage#objects",
    ...(prefixes.size > 0 ? { prefixes: [...prefixes] } : {}),
    ...(items.length > 0 ? { items } : {}),
  };
}
