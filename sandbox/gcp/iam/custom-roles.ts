import type { Cloud } from "../cloud";
import { alreadyExists, badRequest, notFound } from "../http/errors";
import { type ApiRequest, ok } from "../http/exchange";
import type { Handler } from "../http/router";
import { type JsonObject, objectOf, stringOf, stringsOf, withDefaults } from "../json";
import { applyFieldMask } from "../proto-json";
import { customRoleName, predefinedRoles } from "./roles";

const ROLE_ID = /^[a-zA-Z0-9_.]{3,64}$/;
const PERMISSION = /^[a-z][a-zA-Z0-9-]*(\.[a-zA-Z0-9]+){2,}$/;
const MAX_PERMISSIONS = 3_000;
const MAX_TITLE = 100;

/** Custom roles of projects. A deleted one stays, so that it can be restored, and its id is not free. */
export function customRoleRoutes(
  add: (method: string, template: string, handler: Handler) => void,
  cloud: Cloud,
): void {
  const collection = "/projects/{project}/roles";
  const one = `${collection}/{role}`;
  const nameOf = (request: ApiRequest): string => `projects/${request.project}/roles/${request.param("role")}`;
  const read = (request: ApiRequest): JsonObject => {
    request.target = customRoleName(nameOf(request));
    const role = cloud.store.get(request.target);
    if (!role) throw notFound(`The role named ${nameOf(request)} was not found.`);
    return role;
  };
  const write = (role: JsonObject): JsonObject => {
    const stored = { ...role, etag: cloud.identity.fingerprint() };
    cloud.store.put(customRoleName(stringOf(role["name"])!), stored);
    return stored;
  };

  add("GET", "/roles/{role}", (request) => {
    const name = `roles/${request.param("role")}`;
    if (!predefinedRoles().has(name)) throw notFound(`The role named ${name} was not found.`);
    return ok({ name, stage: "GA" });
  });
  add("GET", collection, (request) => {
    const roles = cloud.store
      .children(customRoleName(`projects/${request.project}/roles/`))
      .map(([, role]) => role)
      .filter((role) => role["deleted"] !== true || request.query.get("showDeleted") === "true");
    return ok({ roles });
  });
  add("POST", collection, (request) => {
    const id = stringOf(request.body["roleId"]) ?? "";
    if (!ROLE_ID.test(id)) {
      throw badRequest(
        `The role ID "${id}" is invalid: it must have between 3 and 64 letters, numbers, full stops and underscores.`,
      );
    }
    const name = `projects/${request.project}/roles/${id}`;
    request.target = customRoleName(name);
    const before = cloud.store.get(request.target);
    if (before?.["deleted"] === true) {
      throw badRequest(
        `You can't create a role with role_id (${id}) where there is an existing role with that role_id in a deleted state.`,
        { status: "FAILED_PRECONDITION", reason: "failedPrecondition" },
      );
    }
    if (before) throw alreadyExists(`A role named ${id} in projects/${request.project} already exists.`);
    const role = objectOf(request.body["role"]);
    checkCustomRole(role);
    return ok(write({ ...withDefaults(role, { stage: "ALPHA" }), name }));
  });
  add("GET", one, (request) => ok(read(request)));
  add("PATCH", one, (request) => {
    const before = read(request);
    if (before["deleted"] === true) throw badRequest(`You can't update role ${before["name"]}, as it is deleted.`);
    const { etag, ...given } = request.body;
    if (etag && etag !== before["etag"])
      throw badRequest("The etag of the role is not the one given.", { status: "ABORTED" });
    const mask = request.query.get("updateMask") ?? Object.keys(given).join();
    const after = applyFieldMask(before, given, mask);
    checkCustomRole(after);
    return ok(write({ ...after, name: before["name"] }));
  });
  add("DELETE", one, (request) => {
    const role = read(request);
    if (role["deleted"] === true) throw badRequest(`You can't delete role ${role["name"]}, as it is deleted already.`);
    return ok(write({ ...role, deleted: true }));
  });
  add("POST", `${one}:undelete`, (request) => {
    const { deleted, ...role } = read(request);
    if (deleted !== true) throw badRequest(`You can't undelete role ${role["name"]}, as it is not deleted.`);
    return ok(write(role));
  });
}

/** @throws ApiError 400 */
function checkCustomRole(role: JsonObject): void {
  const title = stringOf(role["title"]) ?? "";
  if (title.length > MAX_TITLE) throw badRequest(`The title of a role must have at most ${MAX_TITLE} characters.`);
  const permissions = stringsOf(role["includedPermissions"]);
  if (permissions.length > MAX_PERMISSIONS) throw badRequest(`A role can have at most ${MAX_PERMISSIONS} permissions.`);
  const wrong = permissions.find((permission) => !PERMISSION.test(permission));
  if (wrong !== undefined) throw badRequest(`Permission ${wrong} is not valid.`);
}
