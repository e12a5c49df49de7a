import type { Cloud } from "../cloud";
import { badRequest } from "../http/errors";
import { type ApiRequest, type ApiResponse, ok } from "../http/exchange";
import { objectOf, stringOf } from "../json";
import { computeName, selfLink } from "./links";
import { replyOperation } from "./operations";
import type { ComputeRoutes } from "./routes";

/** Full resource name of the fact that a project shares its networks. */
function hostName(project: string): string {
  return computeName(`projects/${project}/xpnHost`);
}

/** Full resource name of the fact that a project uses networks of a host project. */
function serviceName(host: string, service: string): string {
  return computeName(`projects/${host}/xpnResources/${service}`);
}

/** Shared VPC: host projects and the service projects attached to them. */
export function sharedVpcRoutes(add: ComputeRoutes, cloud: Cloud): void {
  cloud.operations.define("compute.xpn", {
    run: ({ args, target }) => {
      if (args["present"] === true) cloud.store.put(target, objectOf(args["resource"]));
      else cloud.store.delete(target);
      return undefined;
    },
  });
  const start = (request: ApiRequest, target: string, present: boolean, verb: string): Promise<ApiResponse> =>
    replyOperation(
      cloud,
      cloud.operations.start(request, {
        dialect: "compute",
        project: request.project!,
        scope: "global",
        type: verb,
        target,
        action: "compute.xpn",
        args: { present, resource: { type: "PROJECT" } },
        lock: target,
      }),
    );
  add("GET", "/projects/{project}", (request) =>
    ok({
      kind: "compute#project",
      id: cloud.projects.number(request.project!),
      name: request.project!,
      ...(cloud.store.has(hostName(request.project!)) ? { xpnProjectStatus: "HOST" } : {}),
      selfLink: selfLink(`projects/${request.project}`),
    }),
  );
  add("POST", "/projects/{project}/enableXpnHost", (request) =>
    start(request, hostName(request.project!), true, "enableXpnHost"),
  );
  add("POST", "/projects/{project}/disableXpnHost", (request) =>
    start(request, hostName(request.project!), false, "disableXpnHost"),
  );
  for (const [verb, present] of [
    ["enableXpnResource", true],
    ["disableXpnResource", false],
  ] as const) {
    add("POST", `/projects/{project}/${verb}`, (request) => {
      const service = stringOf(objectOf(request.body["xpnResource"])["id"]) ?? "";
      if (!cloud.store.has(hostName(request.project!))) {
        throw badRequest(`The project ${request.project} is not enabled as a shared VPC host project.`);
      }
      if (present && !cloud.projects.find(service)) throw badRequest(`The project ${service} was not found.`);
      return start(request, serviceName(request.project!, service), present, verb);
    });
  }
  add("GET", "/projects/{project}/getXpnHost", (request) => {
    const host = cloud.projects.list().find((id) => cloud.store.has(serviceName(id, request.project!)));
    return ok(host ? { kind: "compute#project", name: host, selfLink: selfLink(`projects/${host}`) } : {});
  });
  add("GET", "/projects/{project}/getXpnResources", (request) => {
    const prefix = serviceName(request.project!, "");
    const resources = cloud.store.names(prefix).map((name) => ({ id: name.slice(prefix.length), type: "PROJECT" }));
    return ok({ kind: "compute#projectsGetXpnResources", resources });
  });
}
