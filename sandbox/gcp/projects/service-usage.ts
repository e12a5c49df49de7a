import type { Cloud } from "../cloud";
import { ApiError, badRequest, notFound } from "../http/errors";
import { type ApiRequest, type ApiResponse, ok } from "../http/exchange";
import type { Router } from "../http/router";
import { type JsonObject, stringsOf } from "../json";
import type { OperationRecord } from "../operations/record";
import { enabledServiceName } from "./projects";

/** Services that come with another when it is enabled, and that it cannot do without. */
const DEPENDENCIES: Readonly<Record<string, readonly string[]>> = {
  "container.googleapis.com": ["compute.googleapis.com"],
  "gkebackup.googleapis.com": ["container.googleapis.com"],
};

/** Services that one request enables: BatchEnableServicesRequest.service_ids in the API's reference. */
const MAX_BATCH = 20;

const SERVICE = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*\.googleapis\.com$/;

/** `serviceusage.googleapis.com`: which services are enabled in a project. */
export function addServiceUsage(router: Router, cloud: Cloud): void {
  const host = "serviceusage.googleapis.com";
  const add = router.service({ host, prefix: "/serviceusage/v1", errors: "legacy" });
  const collection = "/projects/{project}/services";

  const show = (project: string, service: string): JsonObject => {
    const parent = `projects/${cloud.projects.number(project)}`;
    const state = cloud.projects.isEnabled(project, service) ? "ENABLED" : "DISABLED";
    return { name: `${parent}/services/${service}`, config: { name: service }, state, parent };
  };
  cloud.operations.define("serviceusage.set", {
    run: ({ project, args }) => {
      const services = stringsOf(args["services"]);
      for (const service of services) {
        if (args["enable"] === true) cloud.projects.enable(project, service);
        else cloud.projects.disable(project, service);
      }
      return { "@type": "type.googleapis.com/google.api.serviceusage.v1.BatchEnableServicesResponse" };
    },
  });
  const start = async (request: ApiRequest, services: readonly string[], enable: boolean): Promise<ApiResponse> => {
    const unknown = services.find((service) => !SERVICE.test(service));
    if (unknown || services.length === 0) {
      throw new ApiError(403, `Not found or permission denied for service(s): ${unknown ?? ""}.`);
    }
    const operation = cloud.operations.start(request, {
      dialect: "longrunning",
      project: request.project!,
      scope: "locations/global",
      type: enable ? "enable" : "disable",
      target: enabledServiceName(request.project!, services[0]!),
      action: "serviceusage.set",
      args: { services: [...services], enable },
    });
    return ok(operationOf(await cloud.operations.settle(operation)));
  };

  add("GET", collection, (request) => {
    const filter = request.query.get("filter");
    if (filter === "state:ENABLED") {
      return ok({ services: cloud.projects.enabledServices(request.project!).map((s) => show(request.project!, s)) });
    }
    throw badRequest(`Unsupported filter '${filter ?? ""}'; the sandbox lists services with filter=state:ENABLED.`);
  });
  add("GET", `${collection}/{service}`, (request) => ok(show(request.project!, request.param("service"))));
  add("GET", `${collection}:batchGet`, (request) => {
    const names = request.query.getAll("names").map((name) => name.replace(/.*\//, ""));
    return ok({ services: names.map((service) => show(request.project!, service)) });
  });
  add("POST", `${collection}:batchEnable`, (request) => {
    const services = stringsOf(request.body["serviceIds"]);
    if (services.length > MAX_BATCH) {
      throw badRequest(`A single request can enable a maximum of ${MAX_BATCH} services at a time.`);
    }
    return start(request, withDependencies(services), true);
  });
  add("POST", `${collection}/{service}:enable`, (request) =>
    start(request, withDependencies([request.param("service")]), true),
  );
  add("POST", `${collection}/{service}:disable`, (request) => {
    const service = request.param("service");
    const users = dependents(service).filter((user) => cloud.projects.isEnabled(request.project!, user));
    if (users.length > 0 && request.body["disableDependentServices"] !== true) {
      throw badRequest(
        `The service ${service} is depended on by the following active service(s): ${users.join(",")}; Please specify disable_dependent_services=true if you want to proceed with disabling all services.`,
        { status: "FAILED_PRECONDITION", reason: "failedPrecondition" },
      );
    }
    return start(request, [service, ...users], false);
  });
  add("GET", "/operations/{operation}", async (request) => {
    const operation = await cloud.operations.poll(request.param("operation"));
    if (operation?.action !== "serviceusage.set")
      throw notFound(`Operation '${request.param("operation")}' was not found.`);
    return ok(operationOf(operation));
  });
}

function operationOf(operation: OperationRecord): JsonObject {
  const done = operation.status === "DONE";
  return {
    name: `operations/${operation.name}`,
    ...(done ? { done } : {}),
    ...(operation.error ? { error: { code: 13, message: operation.error.message } } : {}),
    ...(done && !operation.error ? { response: operation.response ?? {} } : {}),
  };
}

function withDependencies(services: readonly string[]): string[] {
  return [...new Set(services.flatMap((service) => [service, ...(DEPENDENCIES[service] ?? [])]))];
}

function dependents(service: string): string[] {
  const direct = Object.keys(DEPENDENCIES).filter((user) => DEPENDENCIES[user]!.includes(service));
  return [...new Set(direct.flatMap((user) => [user, ...dependents(user)]))];
}
