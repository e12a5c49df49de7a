import type { Cloud } from "../cloud";
import { alreadyExists, badRequest, notFound } from "../http/errors";
import { type ApiRequest, type ApiResponse, ok } from "../http/exchange";
import type { Handler, Router, ServiceProfile } from "../http/router";
import { addPolicyRoutes } from "../iam/policies";
import { at, type JsonObject, mergePatch, objectOf, sameJson, stringOf } from "../json";
import { longRunningOperation } from "../operations/longrunning";
import type { OperationRecord } from "../operations/record";
import { applyFieldMask } from "../proto-json";
import type { Collection, Member } from "./collection";

/** Adds a service made of collections, with the routes of their operations. */
export function addService(
  router: Router,
  cloud: Cloud,
  profile: ServiceProfile,
  collections: readonly Collection[],
): (method: string, template: string, handler: Handler) => void {
  const add = router.service(profile);
  add("GET", "/projects/{project}/locations/{location}/operations/{operation}", async (request) => {
    const name = request.param("operation");
    const operation = await cloud.operations.poll(name);
    if (operation?.dialect !== "longrunning" || operation.project !== request.project) {
      throw notFound(`Operation '${name}' was not found`);
    }
    return ok(longRunningOperation(operation));
  });
  for (const collection of collections) new CollectionRoutes(cloud, profile, collection).add(add);
  return add;
}

class CollectionRoutes {
  public constructor(
    private readonly cloud: Cloud,
    private readonly profile: ServiceProfile,
    private readonly collection: Collection,
  ) {
    cloud.operations.define(this.action("put"), { run: (operation) => this.put(operation) });
    cloud.operations.define(this.action("delete"), { run: (operation) => this.remove(operation) });
  }

  public add(add: (method: string, template: string, handler: Handler) => void): void {
    const { template, policies, deletable } = this.collection;
    const one = `${template}/{id}`;
    add("GET", template, (request) => this.list(request));
    add("POST", template, (request) => this.create(request));
    add("GET", one, (request) => ok(this.require(request).before!));
    add("PATCH", one, (request) => this.patch(request));
    if (deletable !== false) add("DELETE", one, (request) => this.delete(request));
    if (policies) addPolicyRoutes(add, one, this.cloud, (request) => this.full(this.nameOf(request)));
  }

  private list(request: ApiRequest): ApiResponse {
    const prefix = this.full(this.path(request));
    const found = this.cloud.store.children(`${prefix}/`).map(([, resource]) => resource);
    return ok({ [this.collection.listField]: found });
  }

  private create(request: ApiRequest): Promise<ApiResponse> {
    const { idParameter, makeId, parent } = this.collection;
    const given = request.body;
    const id =
      (idParameter && (request.query.get(idParameter) ?? request.query.get(snakeCase(idParameter)))) ||
      stringOf(given["name"])?.replace(/.*\//, "") ||
      makeId?.(this.cloud);
    if (!id) throw badRequest(`Required parameter '${idParameter ?? "name"}' is missing.`);
    const path = this.path(request);
    const name = `${path}/${id}`;
    if (parent && !this.cloud.store.has(this.full(path.replace(/\/[^/]+$/, "")))) {
      throw notFound(this.missing(path.replace(/\/[^/]+$/, "")));
    }
    if (this.cloud.store.has(this.full(name))) throw alreadyExists(`Resource '${name}' already exists`);
    const member: Member = { cloud: this.cloud, project: request.project!, name, before: undefined };
    return this.write(request, member, "create", this.collection.complete({ ...given, name }, member));
  }

  private patch(request: ApiRequest): Promise<ApiResponse> {
    const member = this.require(request);
    const before = member.before!;
    const mask = request.query.get("updateMask") ?? stringOf(request.body["updateMask"]);
    const patched = mask ? applyFieldMask(before, request.body, mask) : mergePatch(before, request.body);
    for (const field of this.collection.immutable ?? []) {
      if (!sameJson(at(patched, field), at(before, field))) {
        throw badRequest(`Field '${field}' of '${member.name}' is immutable.`);
      }
    }
    return this.write(request, member, "update", this.collection.complete(patched, member));
  }

  private async delete(request: ApiRequest): Promise<ApiResponse> {
    const member = this.require(request);
    this.collection.checkDelete?.(member);
    if (this.collection.operationType) return this.start(request, member, "delete", "delete", {});
    this.cloud.store.delete(this.full(member.name));
    return ok({});
  }

  private async write(request: ApiRequest, member: Member, verb: string, resource: JsonObject): Promise<ApiResponse> {
    request.target = this.full(member.name);
    if (this.collection.operationType) return this.start(request, member, "put", verb, resource);
    this.cloud.store.put(this.full(member.name), resource);
    return ok(resource);
  }

  private async start(
    request: ApiRequest,
    member: Member,
    action: string,
    verb: string,
    resource: JsonObject,
  ): Promise<ApiResponse> {
    const location = /\/(locations\/[^/]+)\//.exec(member.name)?.[1] ?? "locations/global";
    const operation = this.cloud.operations.start(request, {
      dialect: "longrunning",
      project: member.project,
      scope: location,
      type: verb,
      target: this.full(member.name),
      action: this.action(action),
      args: {
        resource,
        metadataType: `type.googleapis.com/${this.collection.operationType!.replace(/\.[^.]+$/, ".OperationMetadata")}`,
      },
      lock: this.full(member.name),
    });
    return ok(longRunningOperation(await this.cloud.operations.settle(operation)));
  }

  private put(operation: OperationRecord): JsonObject {
    const resource = objectOf(operation.args["resource"]);
    this.cloud.store.put(operation.target, resource);
    return { "@type": `type.googleapis.com/${this.collection.operationType}`, ...resource };
  }

  private remove(operation: OperationRecord): undefined {
    this.cloud.store.delete(operation.target);
    return undefined;
  }

  /** The resource that a request is about. @throws ApiError 404 */
  private require(request: ApiRequest): Member {
    const name = this.nameOf(request);
    request.target = this.full(name);
    const before = this.cloud.store.get(this.full(name));
    if (!before) throw notFound(this.missing(name));
    return { cloud: this.cloud, project: request.project!, name, before };
  }

  private nameOf(request: ApiRequest): string {
    return `${this.path(request)}/${request.param("id")}`;
  }

  /** The collection's path with the request's parameters put in; the project always by its id. */
  private path(request: ApiRequest): string {
    return this.collection.template
      .slice(1)
      .replace(/^v\d+\//, "")
      .replace("{project}", request.project!)
      .replace(/\{(\w+)\}/g, (_, name: string) => request.param(name));
  }

  private full(name: string): string {
    return `//${this.profile.host}/${name}`;
  }

  private missing(name: string): string {
    return this.collection.missing?.(name) ?? `Resource '${name}' was not found`;
  }

  private action(verb: string): string {
    return `${this.profile.host}${this.collection.template}:${verb}`;
  }
}

/** APIs take parameters in either case; the provider writes some in one, some in the other. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
