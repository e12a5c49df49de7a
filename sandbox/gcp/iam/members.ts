import type { Cloud } from "../cloud";
import { badRequest } from "../http/errors";
import { serviceAccountName } from "./service-accounts";

const MEMBER =
  /^(allUsers|allAuthenticatedUsers|(user|serviceAccount|group|domain|principal|principalSet|projectOwner|projectEditor|projectViewer|deleted):.+)$/;

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
export function checkMember(cloud: Cloud, member: string): void {
  if (!MEMBER.test(member)) throw badRequest(`Invalid member: "${member}".`);
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
