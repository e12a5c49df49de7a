import type { Cloud } from "../cloud";
import { alreadyExists, badRequest, notFound } from "../http/errors";
import { type ApiRequest, ok } from "../http/exchange";
import type { Router } from "../http/router";
import { type JsonObject, objectOf, objectsOf, stringOf, stringsOf } from "../json";
import { applyFieldMask } from "../proto-json";
import { POLICY_PREFIX } from "../state/store";
import { customRoleRoutes } from "./custom-roles";
import { identityPoolRoutes } from "./identity-pools";
import { addPolicyRoutes } from "./policies";

const ACCOUNT_ID = /^[a-z]([-a-z0-9]{4,28}[a-z0-9])$/;

const MAX_DISPLAY_NAME = 100;
/** ServiceAccount.description in the API's reference. */
const MAX_DESCRIPTION = 256;

/** Full resource name of a service account. */
export function serviceAccountName(project: string, email: string): string {
  return `//iam.googleapis.com/projects/${project}/serviceAccounts/${email}`;
}

/** `iam.googleapis.com`: service accounts and who may use them, custom roles, pools of identities from elsewhere. */
export function addServiceAccounts(router: Router, cloud: Cloud): void {
  const add = router.service({ host: "iam.googleapis.com", prefix: "/iam/v1", errors: "legacy" });
  const collection = "/projects/{project}/serviceAccounts";
  const one = `${collection}/{account}`;

  /** An account can be named by e-mail or by unique id, and with `-` for its project. */
  const nameOf = (request: ApiRequest): string => {
    const account = request.param("account");
    const named = serviceAccountName(request.project!, account);
    if (cloud.store.has(named)) return named;
    const found = cloud.store.list(serviceAccountName(request.project!, "")).find(([, a]) => a["uniqueId"] === account);
    return found?.[0] ?? named;
  };
  const read = (request: ApiRequest): JsonObject => {
    const name = nameOf(request);
    request.target = name;
    const account = cloud.store.get(name);
    if (!account) throw notFound("Unknown service account");
    return account;
  };

  add("GET", collection, (request) => {
    const accounts = cloud.store.list(serviceAccountName(request.project!, "")).map(([, account]) => account);
    return ok({ accounts });
  });
  add("POST", collection, (request) => {
    const project = request.project!;
    const id = stringOf(request.body["accountId"]) ?? "";
    if (!ACCOUNT_ID.test(id)) {
      throw badRequest(
        "The account ID is invalid: it must be 6 to 30 lower-case letters, digits and dashes, beginning with a letter.",
      );
    }
    const email = `${id}@${project}.iam.gserviceaccount.com`;
    const name = serviceAccountName(project, email);
    request.target = name;
    if (cloud.store.has(name)) {
      throw alreadyExists(`Service account ${id} already exists within project projects/${project}.`);
    }
    const { displayName, description } = objectOf(request.body["serviceAccount"]);
    if ((stringOf(displayName) ?? "").length > MAX_DISPLAY_NAME) {
      throw badRequest(`The display name of a service account must have at most ${MAX_DISPLAY_NAME} characters.`);
    }
    if ((stringOf(description) ?? "").length > MAX_DESCRIPTION) {
      throw badRequest(`The description of a service account must have at most ${MAX_DESCRIPTION} characters.`);
    }
    const account: JsonObject = {
      name: `projects/${project}/serviceAccounts/${email}`,
      projectId: project,
      uniqueId: cloud.identity.uniqueId(),
      email,
      ...(displayName ? { displayName } : {}),
      ...(description ? { description } : {}),
      etag: cloud.identity.fingerprint(),
      oauth2ClientId: cloud.identity.uniqueId(),
    };
    cloud.store.put(name, account);
    return ok(account);
  });
  add("GET", one, (request) => ok(read(request)));
  add("PATCH", one, (request) => {
    const account = read(request);
    const patch = objectOf(request.body["serviceAccount"]);
    const changed = applyFieldMask(account, patch, stringOf(request.body["updateMask"]) ?? "");
    cloud.store.put(nameOf(request), { ...changed, etag: cloud.identity.fingerprint() });
    return ok({ name: account["name"], displayName: changed["displayName"], description: changed["description"] });
  });
  add("DELETE", one, (request) => {
    const account = read(request);
    cloud.store.delete(nameOf(request));
    markDeleted(cloud, stringOf(account["email"])!, stringOf(account["uniqueId"])!);
    return ok({});
  });
  for (const [verb, disabled] of [
    ["enable", undefined],
    ["disable", true],
  ] as const) {
    add("POST", `${one}:${verb}`, (request) => {
      const { disabled: _, ...account } = read(request);
      cloud.store.put(nameOf(request), { ...account, ...(disabled ? { disabled } : {}) });
      return ok({});
    });
  }
  addPolicyRoutes(add, one, cloud, nameOf);
  customRoleRoutes(add, cloud);
  identityPoolRoutes(add, cloud);
}

/** Bindings of a deleted account stay, under a name that no new account of the same e-mail can take over. */
function markDeleted(cloud: Cloud, email: string, uniqueId: string): void {
  const rename = (member: string): string =>
    member === `serviceAccount:${email}` ? `deleted:serviceAccount:${email}?uid=${uniqueId}` : member;
  for (const [name, policy] of cloud.store.list(POLICY_PREFIX)) {
    const bindings = objectsOf(policy["bindings"]);
    if (!bindings.some((binding) => stringsOf(binding["members"]).includes(`serviceAccount:${email}`))) continue;
    cloud.store.put(name, {
      ...policy,
      etag: cloud.identity.fingerprint(),
      bindings: bindings.map((binding) => ({ ...binding, members: stringsOf(binding["members"]).map(rename) })),
    });
  }
}
