import type { Cloud } from "../cloud";
import { notSimulated } from "../http/errors";
import type { Router } from "../http/router";
import { bucketRoutes } from "./buckets";
import { objectRoutes, readMedia } from "./objects";
import { uploadRoutes } from "./uploads";

/**
 * `storage.googleapis.com`: buckets and objects, as far as buckets are created by environments and objects by
 * Terraform's GCS backend. Uploads go to `/upload/…`, and content is read from `/BUCKET/OBJECT` (the older XML interface,
 * which Google's client library uses for reading), both at the root of whatever host the client is told to use.
 */
export function addStorage(router: Router, cloud: Cloud, origin: () => string): void {
  const host = "storage.googleapis.com";
  const add = router.service({ host, prefix: "/storage/v1", errors: "compute" });
  bucketRoutes(add, cloud);
  objectRoutes(add, cloud);
  uploadRoutes(router.service({ host, prefix: "/upload/storage/v1", errors: "compute" }), cloud, origin);
}

/**
 * Reading content at the root. Must be added after every other route, since any path of two segments fits; paths of
 * other services, and those that no bucket can have, are told apart here.
 */
export function addStorageMedia(router: Router, cloud: Cloud): void {
  const add = router.service({ host: "storage.googleapis.com", prefix: "", errors: "compute" });
  for (const method of ["GET", "HEAD"]) {
    add(method, "/{bucket}/{object=**}", (request) => {
      if (router.serviceOf(request.path)?.prefix !== "" || !/^\/[a-z0-9]/.test(request.path)) {
        throw notSimulated(`${method} ${request.path}`);
      }
      return readMedia(cloud, request);
    });
  }
}
