import type { Fault } from "../faults/fault";
import { FAULT_PRESETS, type FaultPreset } from "../faults/presets";
import type { FaultQueue } from "../faults/queue";
import { badRequest, notFound } from "../http/errors";
import { type ApiRequest, ok } from "../http/exchange";
import type { LogFilter, RequestLog } from "../http/log";
import type { Router } from "../http/router";
import { type Json, type JsonObject, numberOf, objectOf, stringOf } from "../json";
import type { OperationEngine } from "../operations/engine";
import type { OperationPace } from "../operations/pace";
import type { Projects } from "../projects/projects";

/** What the control interface works on. */
export interface AdminParts {
  readonly faults: FaultQueue;
  readonly log: RequestLog;
  readonly operations: OperationEngine;
  readonly projects: Projects;
  readonly resources: (project?: string) => JsonObject;
  readonly setNodePoolSize: (pool: string, sizes: Readonly<Record<string, number>>) => Promise<void>;
}

/**
 * The control interface at `/_sandbox`, for processes other than the simulator's own. It needs a token like any request.
 *
 * | request | what it does |
 * |---|---|
 * | `POST /_sandbox/faults` `{method, path, nth, times, preset \| error, reset, delayMs, operation}` | queues a fault |
 * | `GET`, `DELETE /_sandbox/faults`, `DELETE /_sandbox/faults/ID` | lists, clears |
 * | `GET /_sandbox/operations` | every operation remembered |
 * | `POST /_sandbox/operations/NAME:release` `{error?: {code, message}}` | lets a held one go on, or end in an error |
 * | `POST /_sandbox/pace` `{mode, pendingMs?, runningMs?}` | how long operations take from now on |
 * | `GET /_sandbox/requests?project=&writes=true&method=&path=&user=&after=` | the access log |
 * | `GET /_sandbox/unsimulated` | requests answered 501 |
 * | `GET /_sandbox/resources?project=` | everything that exists, by full resource name |
 * | `POST /_sandbox/projects` `{id, number?, services?}` | creates a project |
 * | `POST /_sandbox/nodePools:setSize` `{pool, sizes: {zone: n}}` | sets sizes as the cluster autoscaler would |
 */
export function addAdmin(router: Router, parts: AdminParts): void {
  const add = router.service({ host: "sandbox", prefix: "/_sandbox", errors: "plain" });
  const { faults, log, operations, projects } = parts;

  add("POST", "/faults", (request) => ok({ id: addFault(faults, request.body) }));
  add("GET", "/faults", () => ok({ faults: faults.list() as unknown as Json }));
  add("DELETE", "/faults", () => {
    faults.clear();
    return ok({});
  });
  add("DELETE", "/faults/{id}", (request) => {
    faults.clear(Number(request.param("id")));
    return ok({});
  });

  add("GET", "/operations", () => ok({ operations: operations.list() }));
  add("POST", "/operations/{name}:release", async (request) => {
    const name = request.param("name");
    if (!operations.find(name)) throw notFound(`There is no operation ${name}.`);
    const error = objectOf(request.body["error"]);
    const { code, message } = { code: stringOf(error["code"]), message: stringOf(error["message"]) };
    await operations.release(name, code ? { code, message: message ?? code } : undefined);
    return ok(operations.find(name)!);
  });
  add("POST", "/pace", (request) => {
    const { mode } = request.body;
    if (mode !== "fast" && mode !== "slow" && mode !== "stepped")
      throw badRequest("mode must be fast, slow or stepped.");
    operations.pace = request.body as unknown as OperationPace;
    return ok({});
  });

  add("GET", "/requests", (request) => ok({ requests: log.entries(filterOf(request)) as unknown as Json }));
  add("GET", "/unsimulated", () => ok({ requests: log.unsimulated() as unknown as Json }));
  add("GET", "/resources", (request) => ok(parts.resources(request.query.get("project") ?? undefined)));

  add("POST", "/projects", (request) => {
    const id = stringOf(request.body["id"]);
    if (!id) throw badRequest("id is missing.");
    const services = request.body["services"];
    const number = stringOf(request.body["number"]);
    projects.create({
      id,
      ...(number ? { number } : {}),
      ...(Array.isArray(services) ? { services: services as string[] } : {}),
    });
    return ok({ id, number: projects.number(id) });
  });
  add("POST", "/nodePools:setSize", async (request) => {
    const sizes = Object.entries(objectOf(request.body["sizes"])).map(([zone, n]) => [zone, numberOf(n) ?? 0]);
    await parts.setNodePoolSize(stringOf(request.body["pool"]) ?? "", Object.fromEntries(sizes));
    return ok({});
  });
}

function addFault(faults: FaultQueue, body: JsonObject): number {
  const { preset, ...fault } = body;
  const effect = preset === undefined ? {} : FAULT_PRESETS[preset as FaultPreset];
  if (!effect) throw badRequest(`There is no preset ${preset}; there are ${Object.keys(FAULT_PRESETS).join(", ")}.`);
  try {
    return faults.add({ ...effect, ...(fault as Fault) });
  } catch (error) {
    throw badRequest((error as Error).message);
  }
}

function filterOf({ query }: ApiRequest): LogFilter {
  const text = (name: string): Partial<Record<string, string>> => {
    const value = query.get(name);
    return value === null ? {} : { [name]: value };
  };
  const writes = query.get("writes");
  const after = query.get("after");
  return {
    ...text("project"),
    ...text("method"),
    ...text("path"),
    ...text("user"),
    ...(writes === null ? {} : { writes: writes === "true" }),
    ...(after === null ? {} : { after: Number(after) }),
  };
}
