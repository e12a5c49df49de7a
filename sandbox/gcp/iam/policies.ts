import type { Cloud } from "../cloud";
import { ApiError, badRequest, notFound } from "../http/errors";
import { type ApiRequest, type ApiResponse, ok } from "../http/exchange";
import type { Handler } from "../http/router";
import { type JsonObject, objectOf, objectsOf, sameJson, stringOf, stringsOf } from "../json";
import { policyNameOf, type Store } from "../state/store";
import { checkMember } from "./members";
import { checkRole } from "./roles";

/** Etag of a policy that nobody has set. */
const EMPTY_ETAG = "ACAB";

/** Version that a policy needs as soon as a binding has a condition. */
const CONDITIONAL_VERSION = 3;

/** Members that the bindings of a policy can have together. */
const MAX_MEMBERS = 1_500;

/** Roles from before there were others; they take no conditions. */
const BASIC_ROLES = new Set(["roles/owner", "roles/editor", "roles/viewer"]);

/** The policy of a resource; empty where none was set. */
export function policyOf(store: Store, resource: string): JsonObject {
  return store.get(policyNameOf(resource)) ?? { version: 1, etag: EMPTY_ETAG };
}

/** Members that a resource's own policy gives a role without condition. */
export function bindingMembers(store: Store, resource: string, role: string): string[] {
  return objectsOf(policyOf(store, resource)["bindings"])
    .filter((binding) => binding["role"] === role && !binding["condition"])
    .flatMap((binding) => stringsOf(binding["members"]));
}

/**
 * Sets the policy of a resource and returns it as stored.
 *
 * @throws ApiError `conflict` where the etag is not that of the policy as it is, 400 where a binding is wrong
 */
export function setPolicy(cloud: Cloud, resource: string, given: JsonObject, conflict: 409 | 412 = 409): JsonObject {
  const before = policyOf(cloud.store, resource);
  const etag = stringOf(given["etag"]);
  if (etag && etag !== before["etag"]) throw concurrentChange(conflict, etag, stringOf(before["etag"])!);
  const version = given["version"] ?? 1;
  if (version !== 0 && version !== 1 && version !== CONDITIONAL_VERSION) {
    throw badRequest(`Invalid policy version ${JSON.stringify(version)}: valid values are 0, 1 and 3.`);
  }
  const bindings = mergeBindings(cloud, resource, objectsOf(given["bindings"]));
  const conditional = bindings.some((binding) => binding["condition"]);
  if (conditional && given["version"] !== CONDITIONAL_VERSION) {
    throw badRequest("Policies with conditional role bindings must set the policy version to 3.");
  }
  const policy: JsonObject = {
    version: conditional ? CONDITIONAL_VERSION : 1,
    etag: cloud.identity.fingerprint(),
    ...(bindings.length > 0 ? { bindings } : {}),
    ...(objectsOf(given["auditConfigs"]).length > 0 ? { auditConfigs: given["auditConfigs"] } : {}),
  };
  if (policy["bindings"] || policy["auditConfigs"]) cloud.store.put(policyNameOf(resource), policy);
  else cloud.store.delete(policyNameOf(resource));
  return policyOf(cloud.store, resource);
}

/** Adds the policy methods of resources: `nameOf` gives the full resource name that a request is about. */
export function addPolicyRoutes(
  add: (method: string, template: string, handler: Handler) => void,
  template: string,
  cloud: Cloud,
  nameOf: (request: ApiRequest) => string,
): void {
  const existing = (request: ApiRequest): string => {
    const name = nameOf(request);
    request.target = name;
    if (!cloud.store.has(name)) throw notFound(`Resource '${name.replace(/^\/\/[^/]+\//, "")}' was not found.`);
    return name;
  };
  const get = (request: ApiRequest): ApiResponse => ok(policyOf(cloud.store, existing(request)));
  add("GET", `${template}:getIamPolicy`, get);
  add("POST", `${template}:getIamPolicy`, get);
  add("POST", `${template}:setIamPolicy`, (request) =>
    ok(setPolicy(cloud, existing(request), objectOf(request.body["policy"]))),
  );
  add("POST", `${template}:testIamPermissions`, (request) => {
    existing(request);
    return ok({ permissions: request.body["permissions"] ?? [] });
  });
}

function mergeBindings(cloud: Cloud, resource: string, given: JsonObject[]): JsonObject[] {
  const count = given.reduce((sum, binding) => sum + stringsOf(binding["members"]).length, 0);
  if (count > MAX_MEMBERS) {
    throw badRequest(
      `The number of members in the policy (${count}) is larger than the maximum allowed size ${MAX_MEMBERS}.`,
    );
  }
  const merged: JsonObject[] = [];
  for (const binding of given) {
    const role = stringOf(binding["role"]) ?? "";
    checkRole(cloud, role, resource);
    if (binding["condition"] && BASIC_ROLES.has(role)) {
      throw badRequest("Conditions can't be set on primitive roles");
    }
    checkCondition(binding["condition"] as JsonObject | undefined);
    const members = stringsOf(binding["members"]);
    for (const member of members) checkMember(cloud, member, resource);
    const twin = merged.find((b) => b["role"] === role && sameJson(b["condition"], binding["condition"]));
    const all = [...new Set([...stringsOf(twin?.["members"]), ...members])].sort();
    if (twin) twin["members"] = all;
    else if (all.length > 0) merged.push({ ...binding, members: all });
  }
  return merged;
}

/** A condition has a title and an expression whose brackets and quotes close. @throws ApiError 400 */
function checkCondition(condition: JsonObject | undefined): void {
  if (!condition) return;
  if (!stringOf(condition["title"])) throw badRequest("The title of a condition is required.");
  const expression = stringOf(condition["expression"]) ?? "";
  if (expression.trim() === "") throw badRequest("The expression of a condition is required.");
  const code = expression.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, "");
  const open: string[] = [];
  for (const sign of code.match(/[()[\]{}"']/g) ?? []) {
    if ("([{".includes(sign)) open.push(sign);
    else if (!["()", "[]", "{}"].includes(`${open.pop()}${sign}`)) open.push("never closed");
  }
  if (open.length > 0) throw badRequest(`Condition expression compilation failed: ${expression}`);
}

function concurrentChange(code: 409 | 412, given: string, current: string): ApiError {
  if (code === 412) return new ApiError(412, "At least one of the pre-conditions you specified did not hold.");
  return new ApiError(
    409,
    `There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff. The request's ETag '${given}' did not match the current policy's ETag '${current}'.`,
    { status: "ABORTED", reason: "aborted" },
  );
}
