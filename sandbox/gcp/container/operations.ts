import type { Cloud } from "../cloud";
import { errorInfo, failedPrecondition, notFound } from "../http/errors";
import { type ApiRequest, type ApiResponse, ok } from "../http/exchange";
import type { Handler } from "../http/router";
import type { JsonObject } from "../json";
import { isZone } from "../locations";
import { type OperationRecord, rpcCode } from "../operations/record";
import { apiPath, partsOf } from "./names";

/** Adds a route of the container service. */
export type ContainerRoutes = (method: string, template: string, handler: Handler) => void;

const LINK = "https://container.googleapis.com/v1/";

/** An operation in container's words. Links carry the project's number. */
export function containerOperation(cloud: Cloud, operation: OperationRecord): JsonObject {
  const location = operation.scope.slice("locations/".length);
  const number = cloud.projects.number(operation.project);
  const numbered = (path: string): string =>
    LINK + path.replace(`projects/${operation.project}/`, `projects/${number}/`);
  const area = `projects/${operation.project}/${isZone(location) ? "zones" : "locations"}/${location}`;
  return {
    name: operation.name,
    ...(isZone(location) ? { zone: location } : { location, zone: location }),
    operationType: operation.type,
    status: operation.status,
    startTime: operation.insertedAt,
    ...(operation.endedAt ? { endTime: operation.endedAt } : {}),
    ...(operation.error
      ? {
          statusMessage: operation.error.message,
          error: { code: rpcCode(operation.error.code), message: operation.error.message },
        }
      : {}),
    selfLink: numbered(`${area}/operations/${operation.name}`),
    targetLink: numbered(apiPath(operation.target)),
  };
}

/** What a request does to a cluster or pool. */
export interface ContainerChange {
  /** `UPDATE_CLUSTER`, `CREATE_NODE_POOL`, … */
  readonly type: string;
  /** Full resource name of the cluster or pool. */
  readonly target: string;
  /** Key of the operation's action. */
  readonly action: string;
  readonly args: JsonObject;
}

/** Starts an operation on a cluster, or on one of its pools, and answers with it. @throws ApiError 400 while another runs */
export async function replyChange(cloud: Cloud, request: ApiRequest, change: ContainerChange): Promise<ApiResponse> {
  refuseBusy(cloud, change.target);
  const { project, location } = partsOf(change.target);
  const operation = cloud.operations.start(request, {
    dialect: "container",
    project,
    scope: `locations/${location}`,
    lock: lockOf(change.target),
    ...change,
  });
  return ok(containerOperation(cloud, await cloud.operations.settle(operation)));
}

/** GKE works at one thing a time in a cluster. @throws ApiError 400 failedPrecondition */
export function refuseBusy(cloud: Cloud, target: string): void {
  const holder = cloud.operations.holder(lockOf(target));
  if (!holder) return;
  throw failedPrecondition(`Cluster is running incompatible operation ${holder.name}.`, [
    errorInfo("CLUSTER_ALREADY_HAS_OPERATION", "container.googleapis.com"),
  ]);
}

function lockOf(target: string): string {
  return target.replace(/\/nodePools\/.*/, "");
}

/** Routes of operations. */
export function operationRoutes(add: ContainerRoutes, cloud: Cloud): void {
  const collection = "/projects/{project}/locations/{location}/operations";
  const mine = (request: ApiRequest, operation: OperationRecord | undefined): operation is OperationRecord =>
    operation?.dialect === "container" &&
    operation.project === request.project &&
    ["-", operation.scope.slice("locations/".length)].includes(request.param("location"));
  add("GET", collection, (request) => {
    const operations = cloud.operations.list().filter((operation) => mine(request, operation));
    return ok({ operations: operations.map((operation) => containerOperation(cloud, operation)) });
  });
  const poll = async (request: ApiRequest): Promise<OperationRecord> => {
    const name = request.param("operation");
    const operation = await cloud.operations.poll(name);
    if (!mine(request, operation)) {
      throw notFound(
        `Not found: projects/${request.project}/locations/${request.param("location")}/operations/${name}.`,
      );
    }
    return operation;
  };
  add("GET", `${collection}/{operation}`, async (request) => ok(containerOperation(cloud, await poll(request))));
  add("POST", `${collection}/{operation}:cancel`, async (request) => {
    const operation = await poll(request);
    await cloud.operations.release(operation.name, { code: "CANCELLED", message: "Operation was cancelled." });
    return ok({});
  });
}
