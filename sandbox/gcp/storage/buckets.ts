import type { Cloud } from "../cloud";
import { ApiError, badRequest, notFound } from "../http/errors";
import { type ApiRequest, ok } from "../http/exchange";
import type { Handler } from "../http/router";
import { policyOf, setPolicy } from "../iam/policies";
import { at, type JsonObject, mergePatch, stringOf, withDefaults } from "../json";
import { regions } from "../locations";

/** Adds a route of the storage service. */
export type StorageRoutes = (method: string, template: string, handler: Handler) => void;

const HOST = "storage.googleapis.com";

/** Locations that are more than one region. */
const MULTI_REGIONS = new Set(["US", "EU", "ASIA"]);

/** Locations that are two regions. */
const DUAL_REGIONS = new Set(["asia1", "eur4", "eur5", "eur7", "eur8", "nam4"]);

/** How long deleted objects can be restored where the request does not say: seven days. */
const SOFT_DELETE_SECONDS = "604800";

/** Full resource name of a bucket. */
export function bucketName(project: string, bucket: string): string {
  return `//${HOST}/projects/${project}/buckets/${bucket}`;
}

/** Bucket names are unique in all of Google Cloud: finds one whatever project it is in. */
export function findBucket(cloud: Cloud, bucket: string): readonly [name: string, bucket: JsonObject] | undefined {
  return cloud.projects
    .list()
    .map((project) => bucketName(project, bucket))
    .flatMap((name) => {
      const found = cloud.store.get(name);
      return found ? [[name, found] as const] : [];
    })[0];
}

/** The bucket that a request is about. @throws ApiError 404 */
export function requireBucket(cloud: Cloud, request: ApiRequest): readonly [name: string, bucket: JsonObject] {
  const found = findBucket(cloud, request.param("bucket"));
  if (!found) throw notFound("The specified bucket does not exist.");
  request.project = /projects\/([^/]+)/.exec(found[0])![1]!;
  request.target = found[0];
  return found;
}

/** @throws ApiError 412 where a metageneration condition does not hold */
function checkMetageneration(request: ApiRequest, bucket: JsonObject): void {
  const wanted = request.query.get("ifMetagenerationMatch");
  if (wanted !== null && wanted !== bucket["metageneration"]) {
    throw new ApiError(412, "At least one of the pre-conditions you specified did not hold.");
  }
}

function completeBucket(bucket: JsonObject): JsonObject {
  const location = (stringOf(bucket["location"]) ?? "US").toUpperCase();
  const uniform = at(bucket, "iamConfiguration.uniformBucketLevelAccess.enabled") === true;
  const now = new Date().toISOString();
  const multi = MULTI_REGIONS.has(location);
  const completed = withDefaults(bucket, {
    storageClass: "STANDARD",
    iamConfiguration: {
      uniformBucketLevelAccess: { enabled: false },
      bucketPolicyOnly: { enabled: false },
      publicAccessPrevention: "inherited",
    },
    softDeletePolicy: { retentionDurationSeconds: SOFT_DELETE_SECONDS, effectiveTime: now },
    locationType: multi ? "multi-region" : "region",
    ...(multi ? { rpo: "DEFAULT" } : {}),
  });
  completed["location"] = location;
  if (uniform) {
    const lockedTime = new Date(Date.now() + 90 * 86_400_000).toISOString();
    const access = withDefaults({}, { enabled: true, lockedTime });
    Object.assign(completed["iamConfiguration"] as JsonObject, {
      uniformBucketLevelAccess: access,
      bucketPolicyOnly: access,
    });
  }
  return completed;
}

/** Buckets and who may use them. */
export function bucketRoutes(add: StorageRoutes, cloud: Cloud): void {
  add("GET", "/b", (request) => {
    const project = cloud.projects.require(request.query.get("project") ?? "", HOST);
    request.project = project;
    const items = cloud.store.children(bucketName(project, "")).map(([, bucket]) => bucket);
    return ok({ kind: "storage#buckets", items });
  });
  add("POST", "/b", (request) => {
    const project = cloud.projects.require(request.query.get("project") ?? "", HOST);
    request.project = project;
    const name = stringOf(request.body["name"]) ?? "";
    if (!/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(name)) {
      throw badRequest(`Invalid bucket name: '${name}'`, { reason: "invalid" });
    }
    const location = (stringOf(request.body["location"]) ?? "US").toLowerCase();
    if (!regions().includes(location) && !MULTI_REGIONS.has(location.toUpperCase()) && !DUAL_REGIONS.has(location)) {
      throw badRequest("The specified location constraint is not valid.", { reason: "invalid" });
    }
    const taken = findBucket(cloud, name);
    if (taken) {
      const mine = taken[0] === bucketName(project, name);
      throw new ApiError(
        409,
        mine
          ? "Your previous request to create the named bucket succeeded and you already own it."
          : "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
        { reason: "conflict" },
      );
    }
    const now = new Date().toISOString();
    const bucket: JsonObject = {
      kind: "storage#bucket",
      id: name,
      selfLink: `https://www.googleapis.com/storage/v1/b/${name}`,
      projectNumber: cloud.projects.number(project),
      generation: cloud.identity.id(),
      metageneration: "1",
      etag: "CAE=",
      timeCreated: now,
      updated: now,
      ...completeBucket(request.body),
      name,
    };
    request.target = bucketName(project, name);
    cloud.store.put(request.target, bucket);
    return ok(bucket);
  });
  add("GET", "/b/{bucket}", (request) => ok(requireBucket(cloud, request)[1]));
  for (const method of ["PATCH", "PUT"]) {
    add(method, "/b/{bucket}", (request) => {
      const [name, bucket] = requireBucket(cloud, request);
      checkMetageneration(request, bucket);
      const metageneration = String(Number(bucket["metageneration"]) + 1);
      const after = {
        ...completeBucket(mergePatch(bucket, request.body)),
        metageneration,
        etag: Buffer.from(metageneration).toString("base64"),
        updated: new Date().toISOString(),
      };
      cloud.store.put(name, after);
      return ok(after);
    });
  }
  add("DELETE", "/b/{bucket}", (request) => {
    const [name, bucket] = requireBucket(cloud, request);
    checkMetageneration(request, bucket);
    if (cloud.store.names(`${name}/objects/`).length > 0) {
      throw new ApiError(409, "The bucket you tried to delete is not empty.", { reason: "conflict" });
    }
    cloud.store.delete(name);
    return { status: 204 };
  });
  // The provider looks for caches before it deletes a bucket; the sandbox has none.
  add("GET", "/b/{bucket}/anywhereCaches/", (request) => {
    requireBucket(cloud, request);
    return ok({ kind: "storage#anywhereCaches" });
  });
  add("GET", "/b/{bucket}/iam", (request) => {
    const [name] = requireBucket(cloud, request);
    return ok({
      kind: "storage#policy",
      resourceId: `projects/_/buckets/${request.param("bucket")}`,
      ...policyOf(cloud.store, name),
    });
  });
  // Whoever calls the sandbox may do everything in it.
  add("GET", "/b/{bucket}/iam/testPermissions", (request) => {
    requireBucket(cloud, request);
    return ok({ kind: "storage#testIamPermissionsResponse", permissions: request.query.getAll("permissions") });
  });
  add("PUT", "/b/{bucket}/iam", (request) => {
    const [name] = requireBucket(cloud, request);
    return ok({ kind: "storage#policy", ...setPolicy(cloud, name, request.body, 412) });
  });
}
