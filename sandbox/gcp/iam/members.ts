import type { Cloud } from "../cloud";
import { badRequest } from "../http/errors";
import { serviceAccountName } from "./service-accounts";

const MEMBER =
  /^(allUsers|allAuthenticatedUsers|(user|serviceAccount|group|domain|principal|principalSet|projectOwner|projectEditor|projectViewer|deleted):.+)$/;

/** Members that no project lets in. */
const EVERYBODY = new Set(["allUsers", "allAuthenticatedUsers"]);

/** Key under which the store remembers that a project has a workload identity pool; it never goes away again. */
function workloadPoolKey(project: string): string {
  return `workload-pools/${project}`;
}

/** Remembers that a cluster with Workload Identity was created in a project. */
export function rememberWorkloadPool(cloud: Cloud, project: string): void {
  cloud.store.put(workloadPoolKey(project), {});
}

/**
 * Refuses a member that cannot be: IAM knows the service accounts of its projects, and the workload identity pool of a
 * project only from its first cluster with Workload Identity on. @throws ApiError 400
 */
export function checkMember(cloud: Cloud, member: string, resource: string): void {
  if (!MEMBER.test(member)) {
    throw badRequest(`The member ${member} is of an unknown type. Please set the valid type prefix for the member.`);
  }
  if (EVERYBODY.has(member) && /^\/\/cloudresourcemanager\.googleapis\.com\/projects\//.test(resource)) {
    throw badRequest(`Members of type ${member} cannot be set for this resource.`);
  }
  const [, kind, name = ""] = /^(user|group|serviceAccount|domain):(.*)$/.exec(member) ?? [];
  if (kind === "domain" && !/^[a-z0-9.-]+\.[a-z]+$/i.test(name)) throw badRequest(`Invalid domain (${name}).`);
  if ((kind === "user" || kind === "group") && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(name)) {
    throw badRequest(`Invalid ${kind} (${name}).`);
  }
  if (
    kind === "serviceAccount" &&
    !/^([^@\s]+@[^@\s]+\.[^@\s]+|[^[\s]+\.svc\.id\.goog\[[^\]/]+\/[^\]/]+\])$/.test(name)
  ) {
    throw badRequest(`Invalid service account (${name}).`);
  }
  const workload = /^serviceAccount:([^[]+)\.svc\.id\.goog\[/.exec(member)?.[1];
  if (workload !== undefined && cloud.projects.find(workload) && !cloud.store.has(workloadPoolKey(workload))) {
    throw badRequest(
      `Identity Pool does not exist (${workload}.svc.id.goog). Please check that you specified a valid resource name as returned in the \`name\` attribute in the configuration API.`,
    );
  }
  const account = /^serviceAccount:([^@]+@([^.]+)\.iam\.gserviceaccount\.com)$/.exec(member);
  if (!account) return;
  const [, email, project] = account as unknown as [string, string, string];
  if (cloud.projects.find(project) && !cloud.store.has(serviceAccountName(project, email))) {
    throw badRequest(`Service account ${email} does not exist.`);
  }
}
