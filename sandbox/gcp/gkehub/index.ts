import type { Cloud } from "../cloud";
import { allClusters } from "../container/usage";
import type { Collection } from "../declarative/collection";
import { addService } from "../declarative/crud";
import { badRequest } from "../http/errors";
import type { Router } from "../http/router";
import { at, type JsonObject, stringOf, withDefaults } from "../json";

const LOCATION = "/projects/{project}/locations/{location}";

function stamped(resource: JsonObject, before: JsonObject | undefined, extra: JsonObject): JsonObject {
  const now = new Date().toISOString();
  return { ...withDefaults(resource, extra), createTime: before?.["createTime"] ?? now, updateTime: now };
}

/** `gkehub.googleapis.com`: fleets, memberships and features. */
export function addGkeHub(router: Router, cloud: Cloud): void {
  const memberships: Collection = {
    template: `${LOCATION}/memberships`,
    listField: "resources",
    idParameter: "membershipId",
    operationType: "google.cloud.gkehub.v1.Membership",
    policies: true,
    immutable: ["endpoint.gkeCluster.resourceLink"],
    complete: (membership, { before }) =>
      stamped(membership, before, { state: { code: "READY" }, uniqueId: cloud.identity.uuid() }),
    checkDelete: ({ name }) => {
      const owner = allClusters(cloud.store).find(
        ([, cluster]) => stringOf(at(cluster, "api.fleet.membership")) === `//gkehub.googleapis.com/${name}`,
      );
      if (owner) {
        throw badRequest(`Membership '${name}' belongs to ${owner[0]}; remove the cluster from its fleet instead.`, {
          status: "FAILED_PRECONDITION",
        });
      }
    },
  };
  const features: Collection = {
    template: `${LOCATION}/features`,
    listField: "resources",
    idParameter: "featureId",
    operationType: "google.cloud.gkehub.v1.Feature",
    policies: true,
    complete: (feature, { before }) => stamped(feature, before, { resourceState: { state: "ACTIVE" } }),
    missing: (name) => `feature "${name}" not found`,
  };
  const fleets: Collection = {
    template: `${LOCATION}/fleets`,
    listField: "fleets",
    makeId: () => "default",
    operationType: "google.cloud.gkehub.v1.Fleet",
    complete: (fleet, { before }) => stamped(fleet, before, { state: { code: "READY" }, uid: cloud.identity.uuid() }),
  };
  addService(router, cloud, { host: "gkehub.googleapis.com", prefix: "/gkehub/v1", errors: "plain" }, [
    memberships,
    features,
    fleets,
  ]);
}
