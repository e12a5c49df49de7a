import type { Cloud } from "../cloud";
import { type ApiRequest, ok } from "../http/exchange";
import { policyOf, setPolicy } from "../iam/policies";
import { objectOf } from "../json";
import { resourceNotFound } from "./errors";
import { computeName } from "./links";
import type { ComputeRoutes } from "./routes";

/** IAM policies of subnetworks, which decide who may use them. Compute has its own paths for them. */
export function subnetworkPolicyRoutes(add: ComputeRoutes, cloud: Cloud): void {
  const path = "/projects/{project}/regions/{area}/subnetworks/{name}";
  const nameOf = (request: ApiRequest): string => {
    const tail = `projects/${request.project}/regions/${request.param("area")}/subnetworks/${request.param("name")}`;
    if (!cloud.store.has(computeName(tail))) throw resourceNotFound(tail);
    request.target = computeName(tail);
    return computeName(tail);
  };
  add("GET", `${path}/getIamPolicy`, (request) => ok(policyOf(cloud.store, nameOf(request))));
  add("POST", `${path}/setIamPolicy`, (request) =>
    ok(setPolicy(cloud, nameOf(request), objectOf(request.body["policy"]))),
  );
  add("POST", `${path}/testIamPermissions`, (request) => {
    nameOf(request);
    return ok({ permissions: request.body["permissions"] ?? [] });
  });
}
