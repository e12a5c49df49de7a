import type { Cloud } from "../cloud";
import { notFound } from "../http/errors";
import { type ApiRequest, ok } from "../http/exchange";
import type { Router } from "../http/router";
import { addPolicyRoutes } from "../iam/policies";
import type { JsonObject } from "../json";
import { projectName } from "./projects";

/** `cloudresourcemanager.googleapis.com`: projects, to read, and who may do what in them. */
export function addResourceManager(router: Router, cloud: Cloud): void {
  const host = "cloudresourcemanager.googleapis.com";
  const read = (request: ApiRequest): JsonObject => {
    const found = cloud.store.get(projectName(request.project!));
    if (!found) throw notFound(`Project '${request.project}' was not found.`);
    return found;
  };
  const v1 = router.service({ host, prefix: "/cloudresourcemanager/v1", errors: "legacy" });
  v1("GET", "/projects", () =>
    ok({ projects: cloud.projects.list().map((id) => cloud.store.get(projectName(id)) ?? {}) }),
  );
  v1("GET", "/projects/{project}", (request) => ok(read(request)));
  addPolicyRoutes(v1, "/projects/{project}", cloud, (request) => projectName(request.project!));

  const v3 = router.service({ host, prefix: "/cloudresourcemanager/v3", errors: "legacy" });
  v3("GET", "/projects/{project}", (request) => {
    const { projectNumber, projectId, name, createTime } = read(request);
    return ok({ name: `projects/${projectNumber}`, projectId, displayName: name, state: "ACTIVE", createTime });
  });
  addPolicyRoutes(v3, "/projects/{project}", cloud, (request) => projectName(request.project!));

  // Whoever reads a project asks for its billing account as well; projects of the sandbox have none.
  const billing = router.service({
    host: "cloudbilling.googleapis.com",
    prefix: "/cloudbilling/v1",
    errors: "legacy",
  });
  billing("GET", "/projects/{project}/billingInfo", (request) =>
    ok({
      name: `projects/${request.project}/billingInfo`,
      projectId: request.project!,
      billingAccountName: "",
      billingEnabled: false,
    }),
  );
}
