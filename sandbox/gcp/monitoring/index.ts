import type { Cloud } from "../cloud";
import type { Collection } from "../declarative/collection";
import { addService } from "../declarative/crud";
import { badRequest, failedPrecondition, notFound } from "../http/errors";
import { type ApiRequest, ok } from "../http/exchange";
import type { Router } from "../http/router";
import { type JsonObject, objectOf, objectsOf, stringOf, stringsOf, withDefaults } from "../json";

const HOST = "monitoring.googleapis.com";

function record(user: string): JsonObject {
  return { mutateTime: new Date().toISOString(), mutatedBy: user };
}

/** The caller is not known where a collection completes a resource; Google shows who it was, the sandbox its robot. */
const ROBOT = "sandbox@localhost.invalid";

function alertPolicies(cloud: Cloud): Collection {
  return {
    template: "/v3/projects/{project}/alertPolicies",
    listField: "alertPolicies",
    makeId: () => cloud.identity.id(),
    complete: (policy, { name, before }) => {
      const conditions = objectsOf(policy["conditions"]);
      if (conditions.length === 0) throw badRequest("Field alert_policy.conditions must have at least one condition.");
      for (const channel of stringsOf(policy["notificationChannels"])) {
        if (!cloud.store.has(`//${HOST}/${channel}`)) throw notFound(`Cannot find channel ${channel}.`);
      }
      return {
        ...withDefaults(
          { ...policy, name },
          { enabled: true, creationRecord: before?.["creationRecord"] ?? record(ROBOT) },
        ),
        conditions: conditions.map((condition) => ({
          ...condition,
          name: condition["name"] || `${name}/conditions/${cloud.identity.id()}`,
        })),
        mutationRecord: record(ROBOT),
      };
    },
  };
}

function notificationChannels(cloud: Cloud): Collection {
  return {
    template: "/v3/projects/{project}/notificationChannels",
    listField: "notificationChannels",
    makeId: () => cloud.identity.id(),
    immutable: ["type"],
    complete: (channel, { name, before }) => ({
      ...withDefaults(
        { ...channel, name },
        { enabled: true, creationRecord: before?.["creationRecord"] ?? record(ROBOT) },
      ),
      mutationRecords: [record(ROBOT), ...objectsOf(before?.["mutationRecords"])].slice(0, 10),
    }),
    checkDelete: ({ project, name }) => {
      const policies = cloud.store.children(`//${HOST}/projects/${project}/alertPolicies/`);
      const user = policies.find(([, policy]) => stringsOf(policy["notificationChannels"]).includes(name));
      if (user) {
        throw failedPrecondition(
          `Cannot delete notification channel ${name}: it is referenced by alerting policies (${user[1]["name"]}).`,
        );
      }
    },
  };
}

/** Dashboards are addressed by the project's number, and changed under an etag. */
function dashboardRoutes(router: Router, cloud: Cloud): void {
  const add = router.service({ host: HOST, prefix: "/monitoring/v1", errors: "plain" });
  const collection = "/projects/{project}/dashboards";
  const nameOf = (request: ApiRequest): string =>
    `//${HOST}/projects/${request.project}/dashboards/${request.param("id")}`;
  const read = (request: ApiRequest): JsonObject => {
    request.target = nameOf(request);
    const found = cloud.store.get(nameOf(request));
    if (!found) throw notFound(`Dashboard '${request.param("id")}' was not found.`);
    return found;
  };
  const checked = (dashboard: JsonObject): JsonObject => {
    const layouts = ["gridLayout", "mosaicLayout", "rowLayout", "columnLayout"].filter((layout) => dashboard[layout]);
    if (layouts.length > 1) throw badRequest("Field dashboard.layout can be set only once.");
    if (!stringOf(dashboard["displayName"])) throw badRequest("Field dashboard.displayName must not be empty.");
    return dashboard;
  };
  add("GET", collection, (request) => {
    const found = cloud.store.children(`//${HOST}/projects/${request.project}/dashboards/`).map(([, each]) => each);
    return ok({ dashboards: found });
  });
  add("POST", collection, (request) => {
    const { name, ...given } = checked(request.body);
    const id = stringOf(name)?.replace(/.*\//, "") || cloud.identity.uuid();
    const numbered = `projects/${cloud.projects.number(request.project!)}/dashboards/${id}`;
    request.target = `//${HOST}/projects/${request.project}/dashboards/${id}`;
    const dashboard = { ...given, name: numbered, etag: cloud.identity.hex(32) };
    cloud.store.put(request.target, dashboard);
    return ok(dashboard);
  });
  add("GET", `${collection}/{id}`, (request) => ok(read(request)));
  add("PATCH", `${collection}/{id}`, (request) => {
    const before = read(request);
    const given = checked(request.body);
    if (given["etag"] && given["etag"] !== before["etag"]) {
      throw failedPrecondition("The dashboard's etag does not match the one given.");
    }
    const after = { ...given, name: before["name"], etag: cloud.identity.hex(32) };
    cloud.store.put(nameOf(request), after);
    return ok(objectOf(after));
  });
  add("DELETE", `${collection}/{id}`, (request) => {
    read(request);
    cloud.store.delete(nameOf(request));
    return ok({});
  });
}

/** `monitoring.googleapis.com`: dashboards, alert policies, notification channels. */
export function addMonitoring(router: Router, cloud: Cloud): void {
  dashboardRoutes(router, cloud);
  addService(router, cloud, { host: HOST, prefix: "/monitoring", errors: "plain" }, [
    alertPolicies(cloud),
    notificationChannels(cloud),
  ]);
}
