import type { Cloud } from "../cloud";
import { badRequest } from "../http/errors";
import { type ApiRequest, type ApiResponse, ok } from "../http/exchange";
import { type JsonObject, listOf, mergePatch, objectOf, sameJson, stringOf } from "../json";
import { regions } from "../locations";
import { OperationFailure, type OperationRecord } from "../operations/record";
import {
  conditionNotMet,
  invalidField,
  resourceExists,
  resourceInUse,
  resourceNotFound,
  resourceNotReady,
} from "./errors";
import { filterResources } from "./filter";
import { type ComputeKind, placeTemplate, type Subject } from "./kind";
import { computeName, selfLink, tailOf } from "./links";
import { replyOperation } from "./operations";
import type { ComputeRoutes } from "./routes";

const NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Everything that resources of one kind can do, apart from methods of their own. */
export class ComputeResources {
  public constructor(
    private readonly cloud: Cloud,
    public readonly kind: ComputeKind,
  ) {
    const { operations } = cloud;
    operations.define(this.action("insert"), { run: (operation) => this.inserted(operation) });
    operations.define(this.action("update"), { run: (operation) => this.updated(operation) });
    operations.define(this.action("delete"), { run: (operation) => this.deleted(operation) });
  }

  /** Adds the routes that every kind has. */
  public routes(add: ComputeRoutes): void {
    const collection = `/projects/{project}/${placeTemplate(this.kind.scope)}/${this.kind.collection}`;
    add("GET", collection, (request) => ok(this.list(request)));
    add("POST", collection, (request) => this.insert(request));
    add("GET", `${collection}/{name}`, (request) => ok(this.read(this.subject(request))));
    add("PATCH", `${collection}/{name}`, (request) => this.patch(request));
    add("DELETE", `${collection}/{name}`, (request) => this.delete(request));
    if (this.kind.labels) add("POST", `${collection}/{name}/setLabels`, (request) => this.setLabels(request));
  }

  /** What a request is about. */
  public subject(request: ApiRequest, name: string = request.param("name")): Subject {
    const area = request.params["area"];
    const place = placeTemplate(this.kind.scope).replace("{area}", area ?? "");
    if (this.kind.scope === "regional" && !regions().includes(area!)) {
      throw badRequest(`Invalid value for field 'region': '${area}'. Unknown region.`, { reason: "invalid" });
    }
    const project = request.project!;
    return { cloud: this.cloud, project, place, tail: `projects/${project}/${place}/${this.kind.collection}/${name}` };
  }

  /** The resource. @throws ApiError 404 */
  public read(subject: Subject): JsonObject {
    const resource = this.cloud.store.get(computeName(subject.tail));
    if (!resource) throw resourceNotFound(subject.tail);
    return resource;
  }

  /** Starts an operation that leaves the resource as given. */
  public async update(
    request: ApiRequest,
    subject: Subject,
    type: string,
    change: (resource: JsonObject) => JsonObject,
  ): Promise<ApiResponse> {
    const before = this.read(subject);
    this.refuseBusy(subject.tail);
    const after = this.linked(change(before), subject);
    if (before["fingerprint"] !== undefined) after["fingerprint"] = this.cloud.identity.fingerprint();
    return this.start(request, subject, "update", type, after);
  }

  private list(request: ApiRequest): JsonObject {
    const tail = this.subject(request, "").tail;
    const resources = this.cloud.store.children(computeName(tail)).map(([, resource]) => resource);
    return {
      kind: `${this.kind.kind}List`,
      id: tail.slice(0, -1),
      items: filterResources(resources, request.query.get("filter")),
      selfLink: selfLink(tail.slice(0, -1)),
    };
  }

  private async insert(request: ApiRequest): Promise<ApiResponse> {
    const body = request.body;
    const name = stringOf(body["name"]) ?? "";
    if (!NAME.test(name)) {
      throw invalidField("name", name, "Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'");
    }
    const subject = this.subject(request, name);
    if (this.cloud.store.has(computeName(subject.tail))) throw resourceExists(subject.tail);
    if (this.cloud.operations.holder(subject.tail)) throw resourceExists(subject.tail);
    const { identity } = this.cloud;
    const [area, value] = subject.place.split("/");
    const resource = this.linked(this.kind.complete(withoutNulls(body), subject), subject);
    return this.start(request, subject, "insert", "insert", {
      kind: this.kind.kind,
      id: identity.id(),
      creationTimestamp: new Date().toISOString(),
      ...resource,
      ...(area === "regions" ? { region: selfLink(`projects/${subject.project}/regions/${value}`) } : {}),
      ...(this.kind.fingerprint ? { fingerprint: identity.fingerprint() } : {}),
      ...(this.kind.labels ? { labelFingerprint: identity.fingerprint() } : {}),
      selfLink: selfLink(subject.tail),
    });
  }

  private async patch(request: ApiRequest): Promise<ApiResponse> {
    const subject = this.subject(request);
    const { fingerprint, ...patch } = request.body;
    const before = this.read(subject);
    if (this.kind.fingerprint && fingerprint !== before["fingerprint"]) {
      if (fingerprint === undefined) {
        throw badRequest("Required field 'resource.fingerprint' not specified", { reason: "required" });
      }
      throw conditionNotMet("Supplied fingerprint does not match current metadata fingerprint.");
    }
    return this.update(request, subject, `compute.${this.kind.collection}.patch`, (resource) => {
      const after = mergePatch(resource, patch);
      const linked = this.linked(after, subject);
      for (const field of this.kind.immutable) {
        if (!sameJson(linked[field], resource[field])) {
          throw invalidField(field, linked[field], "Field is immutable and cannot be changed.");
        }
      }
      this.kind.checkPatch?.(linked, resource, subject);
      return this.kind.complete(linked, subject);
    });
  }

  private async delete(request: ApiRequest): Promise<ApiResponse> {
    const subject = this.subject(request);
    const resource = this.read(subject);
    this.refuseBusy(subject.tail);
    const user = this.kind.refusesLate ? undefined : this.kind.usedBy?.(resource, subject);
    if (user) throw resourceInUse(this.kind.singular, subject.tail, user);
    return this.start(request, subject, "delete", "delete", resource);
  }

  private async setLabels(request: ApiRequest): Promise<ApiResponse> {
    const subject = this.subject(request);
    const { labels, labelFingerprint } = request.body;
    if (labelFingerprint !== this.read(subject)["labelFingerprint"]) {
      throw conditionNotMet("Labels fingerprint either invalid or resource labels have changed");
    }
    return this.update(request, subject, "setLabels", (resource) => ({
      ...resource,
      labels: objectOf(labels),
      labelFingerprint: this.cloud.identity.fingerprint(),
    }));
  }

  private async start(
    request: ApiRequest,
    subject: Subject,
    action: string,
    type: string,
    resource: JsonObject,
  ): Promise<ApiResponse> {
    const operation = this.cloud.operations.start(request, {
      dialect: "compute",
      project: subject.project,
      scope: subject.place,
      type,
      target: computeName(subject.tail),
      action: this.action(action),
      args: { id: resource["id"], resource, place: subject.place },
      lock: subject.tail,
    });
    return replyOperation(this.cloud, operation);
  }

  private inserted(operation: OperationRecord): undefined {
    const { resource, subject } = this.work(operation);
    for (const reference of this.kind.references) {
      for (const link of listOf(reference.many ? resource[reference.field] : [resource[reference.field] ?? null])) {
        const tail = tailOf(link, subject.project);
        if (tail && reference.mustExist !== false && !this.cloud.store.has(computeName(tail))) {
          throw new OperationFailure("RESOURCE_NOT_FOUND", `The resource '${tail}' was not found`);
        }
      }
    }
    this.kind.check?.(resource, subject);
    this.cloud.store.put(operation.target, resource);
    this.kind.inserted?.(resource, subject);
    return undefined;
  }

  private updated(operation: OperationRecord): undefined {
    const { resource, subject } = this.work(operation);
    this.kind.check?.(resource, subject);
    this.cloud.store.put(operation.target, resource);
    return undefined;
  }

  private deleted(operation: OperationRecord): undefined {
    const { resource, subject } = this.work(operation);
    const user = this.kind.usedBy?.(resource, subject);
    if (user) {
      const message = `The ${this.kind.singular} resource '${subject.tail}' is already being used by '${user}'`;
      throw new OperationFailure("RESOURCE_IN_USE_BY_ANOTHER_RESOURCE", message);
    }
    this.cloud.store.delete(operation.target);
    this.kind.deleted?.(resource, subject);
    return undefined;
  }

  private work(operation: OperationRecord): { resource: JsonObject; subject: Subject } {
    const place = stringOf(operation.args["place"])!;
    const tail = operation.lock!;
    return {
      resource: objectOf(operation.args["resource"]),
      subject: { cloud: this.cloud, project: operation.project, place, tail },
    };
  }

  /** The resource with its references in canonical form. @throws ApiError where one does not exist */
  private linked(resource: JsonObject, subject: Subject): JsonObject {
    const linked = { ...resource };
    for (const { field, many, mustExist } of this.kind.references) {
      const canonical = (link: unknown): string => {
        const tail = tailOf(link as string, subject.project);
        if (!tail) throw invalidField(field, link, "The URL is malformed.");
        if (mustExist !== false) this.refuseMissing(tail);
        return selfLink(tail);
      };
      const value = linked[field];
      if (many && Array.isArray(value)) linked[field] = value.map(canonical);
      else if (typeof value === "string" && value !== "") linked[field] = canonical(value);
    }
    return linked;
  }

  private refuseMissing(tail: string): void {
    this.refuseBusy(tail);
    if (!this.cloud.store.has(computeName(tail))) throw resourceNotFound(tail);
  }

  private refuseBusy(tail: string): void {
    if (this.cloud.operations.holder(tail)) throw resourceNotReady(tail);
  }

  private action(verb: string): string {
    return `compute.${this.kind.scope}.${this.kind.collection}.${verb}`;
  }
}

function withoutNulls(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== undefined));
}
