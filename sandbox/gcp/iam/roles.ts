import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../paths";
import type { Cloud } from "../cloud";
import { badRequest } from "../http/errors";

/** Roles that exist in every project and organization; custom ones are in the store. */
let predefined: ReadonlySet<string> | undefined;

/** Names of Google's predefined roles: `roles/container.admin`. */
export function predefinedRoles(): ReadonlySet<string> {
  predefined ??= readPredefined();
  return predefined;
}

function readPredefined(): ReadonlySet<string> {
  const file = join(packageRoot(), "sandbox", "gcp", "iam", "data", "predefined-roles.json");
  const { roles } = JSON.parse(readFileSync(file, "utf8")) as { roles: Readonly<Record<string, string>> };
  const names = Object.entries(roles).flatMap(([service, list]) =>
    list.split(" ").map((role) => `roles/${service === "" ? "" : `${service}.`}${role}`),
  );
  return new Set(names);
}

/** Full resource name of a custom role: of `projects/P/roles/R`. */
export function customRoleName(role: string): string {
  return `//iam.googleapis.com/${role}`;
}

/** Roles for service accounts: who may act as one. Others say nothing of them. */
const OF_SERVICE_ACCOUNTS =
  /^(roles\/(iam\.|owner$|editor$|viewer$|admin$|writer$|reader$)|(projects|organizations)\/)/;

/**
 * Refuses a role that does not exist, or that says nothing of the resource.
 *
 * @see https://github.com/hashicorp/terraform-provider-google/issues/5107
 * @see https://github.com/hashicorp/terraform/issues/25623
 * @throws ApiError 400
 */
export function checkRole(cloud: Cloud, role: string, resource: string): void {
  const ofAccount = resource.startsWith("//iam.googleapis.com/") && !OF_SERVICE_ACCOUNTS.test(role);
  if (!ofAccount && exists(cloud, role)) return;
  throw badRequest(`Role ${role} is not supported for this resource.`);
}

function exists(cloud: Cloud, role: string): boolean {
  if (/^organizations\/\d+\/roles\/[\w.]+$/.test(role)) return true;
  const [, project] = /^projects\/([^/]+)\/roles\/[\w.]+$/.exec(role) ?? [];
  if (project === undefined) return predefinedRoles().has(role);
  // Projects that the sandbox does not have may have any role.
  if (cloud.projects.find(project) === undefined) return true;
  const found = cloud.store.get(customRoleName(role));
  return found !== undefined && found["deleted"] !== true;
}
