import type { Cloud } from "../cloud";
import { alreadyExists, badRequest, failedPrecondition, notFound } from "../http/errors";
import { type ApiRequest, type ApiResponse, ok } from "../http/exchange";
import type { Handler } from "../http/router";
import { type JsonObject, objectOf, stringOf } from "../json";
import { longRunningOperation } from "../operations/longrunning";
import type { OperationRecord } from "../operations/record";
import { applyFieldMask, maskPaths } from "../proto-json";
import { checkId, checkPool, checkProvider } from "./identity-pool-rules";

/** How long what was deleted can be restored. Until then its id is not free. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

const OUTPUT_ONLY: ReadonlySet<string> = new Set(["name", "state", "expireTime"]);

const POOLS = "/projects/{project}/locations/{location}/workloadIdentityPools";

/** A collection: of pools, or of the providers in one. */
interface Kind {
  readonly template: string;
  /** Name of the message, and of the list in a reply. */
  readonly message: string;
  readonly listField: string;
  /** Query parameter that carries a new one's id. */
  readonly idParameter: string;
  /** @throws ApiError 400 */
  readonly check: (resource: JsonObject, before: JsonObject | undefined, pool: JsonObject | undefined) => void;
}

const KINDS: readonly Kind[] = [
  {
    template: POOLS,
    message: "WorkloadIdentityPool",
    listField: "workloadIdentityPools",
    idParameter: "workloadIdentityPoolId",
    check: checkPool,
  },
  {
    template: `${POOLS}/{pool}/providers`,
    message: "WorkloadIdentityPoolProvider",
    listField: "workloadIdentityPoolProviders",
    idParameter: "workloadIdentityPoolProviderId",
    check: checkProvider,
  },
];

/** Pools of identities from elsewhere, and the providers that vouch for them. */
export function identityPoolRoutes(
  add: (method: string, template: string, handler: Handler) => void,
  cloud: Cloud,
): void {
  for (const kind of KINDS) new IdentityRoutes(cloud, kind).add(add);
}

/** Whether a project has a pool of this id, be it a deleted one that can be restored. */
export function hasIdentityPool(cloud: Cloud, project: string, pool: string): boolean {
  const name = `//iam.googleapis.com/projects/${project}/locations/global/workloadIdentityPools/${pool}`;
  return found(cloud, name) !== undefined;
}

class IdentityRoutes {
  public constructor(
    private readonly cloud: Cloud,
    private readonly kind: Kind,
  ) {
    cloud.operations.define(this.action, { run: (operation) => this.put(operation) });
  }

  public add(add: (method: string, template: string, handler: Handler) => void): void {
    const { template } = this.kind;
    const one = `${template}/{id}`;
    add("GET", template, (request) => this.list(request));
    add("POST", template, (request) => this.create(request));
    add("GET", one, (request) => ok(this.require(request)));
    add("PATCH", one, (request) => this.patch(request));
    add("DELETE", one, (request) => this.delete(request));
    add("POST", `${one}:undelete`, (request) => this.undelete(request));
    add("GET", `${one}/operations/{operation}`, (request) => this.poll(request));
  }

  private list(request: ApiRequest): ApiResponse {
    const collection = `${this.collection(request)}/`;
    const shown = this.cloud.store
      .children(collection)
      .map(([name]) => found(this.cloud, name))
      .filter((one) => one !== undefined)
      .filter((one) => !isDeleted(one) || request.query.get("showDeleted") === "true");
    return ok(shown.length > 0 ? { [this.kind.listField]: shown } : {});
  }

  private create(request: ApiRequest): Promise<ApiResponse> {
    const id = request.query.get(this.kind.idParameter) ?? "";
    checkId(this.kind.idParameter, id);
    const name = `${this.collection(request)}/${id}`;
    request.target = name;
    const pool = this.poolAround(name);
    if (found(this.cloud, name)) throw alreadyExists("Requested entity already exists");
    const resource: JsonObject = { ...request.body, name: this.shownName(request, name), state: "ACTIVE" };
    delete resource["expireTime"];
    this.kind.check(resource, undefined, pool);
    return this.start(request, name, "create", resource);
  }

  private patch(request: ApiRequest): Promise<ApiResponse> {
    const before = this.requireActive(request);
    const mask = request.query.get("updateMask");
    if (!mask) throw badRequest("The updateMask is required: the list of fields to update.");
    const paths = maskPaths(mask).filter((path) => !OUTPUT_ONLY.has(path));
    const after = applyFieldMask(before, request.body, paths.join());
    this.kind.check(after, before, this.poolAround(request.target!));
    return this.start(request, request.target!, "update", after);
  }

  private delete(request: ApiRequest): Promise<ApiResponse> {
    const before = this.requireActive(request);
    const expireTime = new Date(Date.now() + KEPT_MS).toISOString();
    return this.start(request, request.target!, "delete", { ...before, state: "DELETED", expireTime });
  }

  private undelete(request: ApiRequest): Promise<ApiResponse> {
    const before = this.require(request);
    this.poolAround(request.target!);
    if (!isDeleted(before)) throw failedPrecondition(`${before["name"]} is not deleted.`);
    const { expireTime, ...restored } = before;
    return this.start(request, request.target!, "undelete", { ...restored, state: "ACTIVE" });
  }

  private async poll(request: ApiRequest): Promise<ApiResponse> {
    const operation = await this.cloud.operations.poll(request.param("operation"));
    if (operation?.target !== this.nameOf(request)) throw notFound("Requested entity was not found.");
    return ok(longRunningOperation(operation));
  }

  private async start(request: ApiRequest, name: string, verb: string, resource: JsonObject): Promise<ApiResponse> {
    const operation = this.cloud.operations.start(request, {
      dialect: "longrunning",
      project: request.project!,
      scope: name.replace(/^\/\/[^/]+\/projects\/[^/]+\//, ""),
      type: verb,
      target: name,
      action: this.action,
      args: { resource, metadataType: `type.googleapis.com/google.iam.v1.${this.kind.message}OperationMetadata` },
    });
    return ok(longRunningOperation(await this.cloud.operations.settle(operation)));
  }

  private put(operation: OperationRecord): JsonObject {
    const resource = objectOf(operation.args["resource"]);
    this.cloud.store.put(operation.target, resource);
    return { "@type": `type.googleapis.com/google.iam.v1.${this.kind.message}`, ...resource };
  }

  /** @throws ApiError 404 */
  private require(request: ApiRequest): JsonObject {
    request.target = this.nameOf(request);
    const one = found(this.cloud, request.target);
    if (!one) throw notFound("Requested entity was not found.");
    return one;
  }

  /** @throws ApiError 400 where it is deleted: it can be looked at and restored, and no more. */
  private requireActive(request: ApiRequest): JsonObject {
    const one = this.require(request);
    if (isDeleted(one)) throw failedPrecondition(`${one["name"]} is deleted.`);
    return one;
  }

  /** The pool that a provider lies in. @throws ApiError where there is none, or it is deleted */
  private poolAround(name: string): JsonObject | undefined {
    const poolName = poolOf(name);
    if (poolName === undefined) return undefined;
    const pool = found(this.cloud, poolName);
    if (!pool) throw notFound("Requested entity was not found.");
    if (isDeleted(pool)) throw failedPrecondition(`${pool["name"]} is deleted.`);
    return pool;
  }

  private nameOf(request: ApiRequest): string {
    return `${this.collection(request)}/${request.param("id")}`;
  }

  /** Full resource name, the project by its id. @throws ApiError 400 where it is not global, as all of these are */
  private collection(request: ApiRequest): string {
    const location = request.param("location");
    if (location !== "global") throw badRequest(`Location ${location} is not supported: global is the only one.`);
    const path = this.kind.template
      .replace("{project}", request.project!)
      .replace(/\{(\w+)\}/g, (_, parameter: string) => request.param(parameter));
    return `//iam.googleapis.com${path}`;
  }

  /** Replies have the project by its number. */
  private shownName(request: ApiRequest, name: string): string {
    const number = this.cloud.projects.number(request.project!);
    return name.replace(/^\/\/[^/]+\/projects\/[^/]+/, `projects/${number}`);
  }

  private get action(): string {
    return `iam.googleapis.com${this.kind.template}`;
  }
}

/**
 * A pool or provider as it is now. A provider is deleted while its pool is, and comes back with it: whether Google says so
 * in its state is not public. After thirty days nothing is left.
 */
function found(cloud: Cloud, name: string): JsonObject | undefined {
  const poolName = poolOf(name);
  const pool = poolName === undefined ? undefined : found(cloud, poolName);
  const one = cloud.store.get(name);
  if (!one) return undefined;
  if (isDeleted(one) && Date.parse(stringOf(one["expireTime"])!) <= Date.now()) {
    for (const below of [...cloud.store.names(`${name}/`), name]) cloud.store.delete(below);
    return undefined;
  }
  return pool && isDeleted(pool) ? { ...one, state: "DELETED", expireTime: pool["expireTime"] } : one;
}

function isDeleted({ state }: JsonObject): boolean {
  return state === "DELETED";
}

/** Name of the pool around a provider. */
function poolOf(name: string): string | undefined {
  return /^(.*)\/providers\/[^/]+$/.exec(name)?.[1];
}
