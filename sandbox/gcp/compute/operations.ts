import type { Cloud } from "../cloud";
import { type ApiRequest, type ApiResponse, ok } from "../http/exchange";
import type { JsonObject } from "../json";
import type { OperationRecord } from "../operations/record";
import { resourceNotFound } from "./errors";
import { filterResources } from "./filter";
import { selfLink, tailOfName } from "./links";
import type { ComputeRoutes } from "./routes";

const PROGRESS = { PENDING: 0, RUNNING: 0, DONE: 100 } as const;

/** Codes of errors for which compute reports another status than 400. */
const HTTP_STATUS: Readonly<Record<string, readonly [number, string]>> = {
  INTERNAL: [500, "INTERNAL"],
  QUOTA_EXCEEDED: [403, "FORBIDDEN"],
  RESOURCE_NOT_FOUND: [404, "NOT FOUND"],
};

/** An operation in compute's words. */
export function computeOperation(operation: OperationRecord): JsonObject {
  const place = `projects/${operation.project}/${operation.scope}`;
  const [area] = operation.scope.split("/");
  const [status, message] = HTTP_STATUS[operation.error?.code ?? ""] ?? [400, "BAD REQUEST"];
  return {
    kind: "compute#operation",
    // Always 19 digits, however few of them the name has.
    id: operation.name.replace(/\D/g, "").padEnd(19, "0").slice(0, 19),
    name: operation.name,
    ...(area === "regions" ? { region: selfLink(place) } : {}),
    ...(area === "zones" ? { zone: selfLink(place) } : {}),
    operationType: operation.type,
    targetLink: selfLink(tailOfName(operation.target)),
    targetId: String(operation.args["id"] ?? "0"),
    status: operation.status,
    user: operation.user,
    progress: PROGRESS[operation.status],
    insertTime: operation.insertedAt,
    ...(operation.startedAt ? { startTime: operation.startedAt } : {}),
    ...(operation.endedAt ? { endTime: operation.endedAt } : {}),
    ...(operation.error
      ? {
          error: { errors: [{ code: operation.error.code, message: operation.error.message }] },
          httpErrorStatusCode: status,
          httpErrorMessage: message,
        }
      : {}),
    selfLink: selfLink(`${place}/operations/${operation.name}`),
  };
}

/** Answers a request with the operation that it started. */
export async function replyOperation(cloud: Cloud, operation: OperationRecord): Promise<ApiResponse> {
  return ok(computeOperation(await cloud.operations.settle(operation)));
}

/** Routes of operations: global, regional and zonal, to get, to list and to wait for. */
export function operationRoutes(add: ComputeRoutes, cloud: Cloud): void {
  for (const scope of ["global", "regions/{area}", "zones/{area}"]) {
    const collection = `/projects/{project}/${scope}/operations`;
    const placeOf = (request: ApiRequest): string => scope.replace("{area}", request.params["area"] ?? "");
    const poll = async (request: ApiRequest): Promise<ApiResponse> => {
      const name = request.param("operation");
      const operation = await cloud.operations.poll(name);
      const place = placeOf(request);
      if (operation?.dialect !== "compute" || operation.project !== request.project || operation.scope !== place) {
        throw resourceNotFound(`projects/${request.project}/${place}/operations/${name}`);
      }
      return ok(computeOperation(operation));
    };
    add("GET", `${collection}/{operation}`, poll);
    add("POST", `${collection}/{operation}/wait`, poll);
    add("GET", collection, (request) => {
      const place = placeOf(request);
      const items = cloud.operations
        .list()
        .filter((each) => each.dialect === "compute" && each.project === request.project && each.scope === place)
        .map(computeOperation);
      const tail = `projects/${request.project}/${place}/operations`;
      return ok({
        kind: "compute#operationList",
        id: tail,
        items: filterResources(items, request.query.get("filter")),
        selfLink: selfLink(tail),
      });
    });
  }
}
