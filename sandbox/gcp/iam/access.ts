import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../paths";
import type { Cloud } from "../cloud";
import { ApiError } from "../http/errors";
import type { ApiRequest, ApiResponse } from "../http/exchange";
import { type JsonObject, objectOf, objectsOf, sameJson, stringOf, stringsOf } from "../json";
import { findBucket } from "../storage/buckets";
import { permissionOf } from "./permissions";
import { policyOf } from "./policies";
import { customRoleName } from "./roles";

/** Roles with every permission there is. */
const ALMIGHTY = new Set(["roles/owner", "roles/admin"]);

/** Asking what one may do, and what a project is called, needs no permission. */
const FREE = /testIamPermissions$|\/iam\/testPermissions$/;

/**
 * What accounts may do: those that own nothing and have no more than the roles that policies give them. Roles on the
 * project and on a bucket count, predefined and custom ones; of conditions the one on which roles may be granted.
 */
export class Access {
  private readonly asked = new Map<string, Set<string>>();

  /** @param accounts E-mails of those who may not simply do everything. */
  public constructor(
    private readonly cloud: Cloud,
    private readonly accounts: ReadonlySet<string>,
  ) {}

  /** Whether an account is one whose roles count. */
  public isLimited(account: string): boolean {
    return this.accounts.has(account);
  }

  /** Every permission that was asked for on behalf of an account, whether it had it or not. */
  public askedOf(account: string): readonly string[] {
    return [...(this.asked.get(account) ?? [])].sort();
  }

  /** Forgets what was asked so far. */
  public forget(): void {
    this.asked.clear();
  }

  /** Whether the policy of a project, or of a resource in it, gives an account a permission. */
  public permits(account: string, project: string, permission: string, resource?: string): boolean {
    this.asked.set(account, (this.asked.get(account) ?? new Set()).add(permission));
    return this.rolesOf(account, project, resource).some((binding) => this.holds(binding, permission));
  }

  /** Answers in the service's place what depends on the caller. @throws ApiError 403 where a role is missing */
  public check(request: ApiRequest, host: string): ApiResponse | undefined {
    const { user } = request;
    if (!this.isLimited(user)) return undefined;
    const [project, resource] = this.subject(request);
    if (project === undefined) throw denied(host, `${request.method} ${request.path}`, user);
    if (FREE.test(request.path)) {
      const wanted = stringsOf(request.body["permissions"]);
      return { body: { permissions: wanted.filter((one) => this.permits(user, project, one, resource)) } };
    }
    const permission = permissionOf(host, request.method, request.path);
    if (permission === undefined) throw denied(host, `${request.method} ${request.path}`, user);
    if (!this.permits(user, project, permission, resource)) throw denied(host, permission, user);
    for (const account of nodeAccounts(request))
      if (!this.permits(user, project, "iam.serviceAccounts.actAs"))
        throw denied("container.googleapis.com", `iam.serviceAccounts.actAs on ${account}`, user);
    if (permission === "resourcemanager.projects.setIamPolicy") this.checkGrants(request, project);
    return undefined;
  }

  /** Project that a request is about, and a resource in it with a policy of its own. */
  private subject(request: ApiRequest): readonly [project: string | undefined, resource?: string] {
    if (request.project !== undefined) return [request.project];
    const bucket = request.params["bucket"];
    const found = bucket === undefined ? undefined : findBucket(this.cloud, bucket)?.[0];
    if (found !== undefined) return [/projects\/([^/]+)/.exec(found)?.[1], found];
    return [/\/projects\/([^/:]+)/.exec(request.path)?.[1] ?? request.query.get("project") ?? undefined];
  }

  private rolesOf(account: string, project: string, resource?: string): JsonObject[] {
    const places = [`//cloudresourcemanager.googleapis.com/projects/${project}`, ...(resource ? [resource] : [])];
    return places
      .flatMap((place) => objectsOf(policyOf(this.cloud.store, place)["bindings"]))
      .filter(({ members }) => stringsOf(members).some((member) => member.endsWith(`:${account}`)));
  }

  private holds(binding: JsonObject, permission: string): boolean {
    const role = stringOf(binding["role"]) ?? "";
    if (ALMIGHTY.has(role)) return true;
    const custom = this.cloud.store.get(customRoleName(role));
    if (custom) return custom["deleted"] !== true && stringsOf(custom["includedPermissions"]).includes(permission);
    return predefined().get(role)?.has(permission) === true;
  }

  /** `hasOnly([…])` on the roles whose members a request changes. */
  private checkGrants(request: ApiRequest, project: string): void {
    const resource = `//cloudresourcemanager.googleapis.com/projects/${project}`;
    const [before, after] = [policyOf(this.cloud.store, resource), objectOf(request.body["policy"])].map(membersByRole);
    const changed = [...new Set([...before!.keys(), ...after!.keys()])].filter(
      (role) => !sameJson(before!.get(role) ?? [], after!.get(role) ?? []),
    );
    const granting = this.rolesOf(request.user, project).filter((binding) =>
      this.holds(binding, "resourcemanager.projects.setIamPolicy"),
    );
    const allowed = granting.some(({ condition }) => {
      const list = /hasOnly\(\[([^\]]*)\]\)/.exec(stringOf(objectOf(condition)["expression"]) ?? "")?.[1];
      return list === undefined || changed.every((role) => list.includes(`'${role}'`));
    });
    if (!allowed) throw denied("cloudresourcemanager.googleapis.com", `to grant ${changed.join(", ")}`, request.user);
  }
}

/** Service accounts that nodes are to run as: whoever makes such nodes must be allowed to act as them. */
function nodeAccounts(request: ApiRequest): readonly string[] {
  if (request.method !== "POST" || !/\/container\/v1\/.*\/(?:clusters|nodePools)$/.test(request.path)) return [];
  const configs = [objectOf(request.body["cluster"]), objectOf(request.body["nodePool"])];
  const nodes = configs
    .flatMap((one) => [one, ...objectsOf(one["nodePools"])])
    .map((one) => objectOf(one["nodeConfig"] ?? one["config"]));
  return nodes
    .flatMap(({ serviceAccount }) => stringOf(serviceAccount) ?? [])
    .filter((account) => account !== "default");
}

function membersByRole(policy: JsonObject): Map<string, string[]> {
  const roles = new Map<string, string[]>();
  for (const { role, members } of objectsOf(policy["bindings"]))
    roles.set(String(role), [...(roles.get(String(role)) ?? []), ...stringsOf(members)].sort());
  return roles;
}

let known: ReadonlyMap<string, ReadonlySet<string>> | undefined;

/** Permissions of the predefined roles that this package grants. */
function predefined(): ReadonlyMap<string, ReadonlySet<string>> {
  if (known) return known;
  const file = join(packageRoot(), "sandbox", "gcp", "iam", "data", "role-permissions.json");
  const { roles } = JSON.parse(readFileSync(file, "utf8")) as { roles: Record<string, Record<string, string>> };
  known = new Map(
    Object.entries(roles).map(([role, nouns]) => [
      role,
      new Set(Object.entries(nouns).flatMap(([noun, verbs]) => verbs.split(" ").map((verb) => `${noun}.${verb}`))),
    ]),
  );
  return known;
}

/** A refusal as each service words it. */
function denied(host: string, permission: string, account: string): ApiError {
  if (host === "compute.googleapis.com") return new ApiError(403, `Required '${permission}' permission for ${account}`);
  if (host === "container.googleapis.com")
    return new ApiError(403, `Required "${permission}" permission(s) for ${account}.`);
  if (host === "storage.googleapis.com")
    return new ApiError(
      403,
      `${account} does not have ${permission} access to the Google Cloud Storage object. Permission '${permission}' denied on resource (or it may not exist).`,
    );
  return new ApiError(403, `Permission '${permission}' denied on resource (or it may not exist), for ${account}.`);
}

/** Permission behind a request to an API server: GKE asks IAM about what no role in the cluster allows. */
export function clusterPermission(attributes: JsonObject): string {
  const text = (field: string): string => stringOf(attributes[field]) ?? "";
  const verbs: Readonly<Record<string, string>> = { watch: "list", patch: "update", deletecollection: "delete" };
  const verb = verbs[text("verb")] ?? text("verb");
  const noun = resourceNames().get(text("resource")) ?? "thirdPartyObjects";
  return `container.${noun}.${verb}`;
}

let nouns: ReadonlyMap<string, string> | undefined;

/** What IAM calls a kind of object, by what Kubernetes calls it: `daemonsets` is `daemonSets`. */
function resourceNames(): ReadonlyMap<string, string> {
  nouns ??= new Map(
    [...(predefined().get("roles/container.admin") ?? [])].map((permission) => {
      const noun = permission.split(".")[1]!;
      return [noun.toLowerCase(), noun];
    }),
  );
  return nouns;
}
