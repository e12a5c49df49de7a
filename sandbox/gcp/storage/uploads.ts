import type { Cloud } from "../cloud";
import { badRequest, notFound } from "../http/errors";
import { type ApiRequest, type ApiResponse, ok } from "../http/exchange";
import { isObject, type JsonObject } from "../json";
import { requireBucket, type StorageRoutes } from "./buckets";
import { writeObject } from "./objects";

/** An upload in several requests; lost when the simulator stops, as its client then begins anew. */
interface Session {
  readonly metadata: JsonObject;
  readonly request: ApiRequest;
  received: Buffer;
}

/** Uploads: in one request with metadata (multipart), in one without (media), in several (resumable). */
export function uploadRoutes(add: StorageRoutes, cloud: Cloud, origin: () => string): void {
  const sessions = new Map<string, Session>();
  const path = "/b/{bucket}/o";
  add("POST", path, (request) => {
    requireBucket(cloud, request);
    switch (request.query.get("uploadType")) {
      case "multipart": {
        const { metadata, data } = splitMultipart(request);
        return ok(writeObject(cloud, request, metadata, data));
      }
      case "media": {
        const contentType = request.headers["content-type"];
        return ok(writeObject(cloud, request, contentType ? { contentType } : {}, request.rawBody));
      }
      case "resumable": {
        const id = cloud.identity.uuid();
        sessions.set(id, { metadata: request.body, request, received: Buffer.alloc(0) });
        const location = `${origin()}${request.path}?uploadType=resumable&upload_id=${id}`;
        return { status: 200, headers: { Location: location, "X-GUploader-UploadID": id } };
      }
      default:
        throw badRequest("Invalid upload request: uploadType must be media, multipart or resumable.");
    }
  });
  const proceed = (request: ApiRequest): ApiResponse => {
    const id = request.query.get("upload_id") ?? "";
    const session = sessions.get(id);
    if (!session) throw notFound("No such upload session.");
    const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(request.headers["content-range"] ?? "bytes 0-0/*");
    const start = Number(range?.[1] ?? session.received.length);
    if (request.rawBody.length > 0)
      session.received = Buffer.concat([session.received.subarray(0, start), request.rawBody]);
    const total = range?.[2];
    const complete = !request.headers["content-range"] || (total !== "*" && Number(total) === session.received.length);
    if (!complete) {
      const last = session.received.length - 1;
      return { status: 308, headers: last >= 0 ? { Range: `bytes=0-${last}` } : {} };
    }
    sessions.delete(id);
    const metadata = writeObject(cloud, session.request, session.metadata, session.received);
    request.target = session.request.target!;
    return ok(metadata);
  };
  add("PUT", path, proceed);
}

/** The two parts of a multipart/related body: metadata in JSON, then the content. */
function splitMultipart(request: ApiRequest): { metadata: JsonObject; data: Buffer } {
  const boundary = /boundary="?([^";]+)"?/.exec(request.headers["content-type"] ?? "")?.[1];
  if (!boundary) throw badRequest("Invalid multipart request: no boundary.");
  const body = request.rawBody;
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: Buffer[] = [];
  let from = body.indexOf(delimiter);
  while (from >= 0) {
    const to = body.indexOf(delimiter, from + delimiter.length);
    if (to < 0) break;
    // A part ends with the line break that belongs to the delimiter after it.
    parts.push(body.subarray(from + delimiter.length + 2, to - 2));
    from = to;
  }
  if (parts.length !== 2) throw badRequest("Invalid multipart request: two parts expected.");
  const [json, media] = parts.map(contentOf) as [Part, Part];
  let metadata: unknown;
  try {
    metadata = JSON.parse(json.content.toString("utf8"));
  } catch {
    throw badRequest("Invalid multipart request: the first part is not JSON.");
  }
  if (!isObject(metadata)) throw badRequest("Invalid multipart request: the first part is not an object.");
  return { metadata: { ...(media.type ? { contentType: media.type } : {}), ...metadata }, data: media.content };
}

interface Part {
  readonly content: Buffer;
  readonly type?: string;
}

function contentOf(part: Buffer): Part {
  const end = part.indexOf("\r\n\r\n");
  const headers = part.subarray(0, Math.max(0, end)).toString("utf8");
  const type = /^content-type:\s*(.+?)\s*$/im.exec(headers)?.[1];
  return { content: part.subarray(end + 4), ...(type ? { type } : {}) };
}
