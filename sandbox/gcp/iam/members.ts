import type { Cloud } from "../cloud";
import { type ApiError, badRequest } from "../http/errors";
import { hasIdentityPool } from "./identity-pools";
import { serviceAccountName } from "./service-accounts";

const MEMBER =
  /^(allUsers|allAuthenticatedUsers|(user|serviceAccount|group|domain|principal|principalSet|projectOwner|projectEditor|projectViewer|deleted):.+)$/;

/**
 * Identities of a pool: of workloads from elsewhere or in clusters, or of a workforce. Others have other hosts.
 *
 * @see https://cloud.google.com/iam/docs/principal-identifiers
 */
const OF_POOL =
  /^(?:projects\/(\d+)\/locations\/global\/workloadIdentityPools|locations\/global\/workforcePools)\/([^/]+)\/(.+)$/;
const ONE_OF_POOL = /^(subject|kubernetes\.serviceaccount\.uid)\/./;
const SEVERAL_OF_POOL = /^(\*$|(group|attribute\.[a-z0-9_]+|namespace|kubernetes\.[a-z.]+)\/.)/;

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
  if (!MEMBER.test(member)) throw unknownType(member);
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
    throw noPool(`${workload}.svc.id.goog`);
  }
  checkPrincipal(cloud, member);
  const account = /^serviceAccount:([^@]+@([^.]+)\.iam\.gserviceaccount\.com)$/.exec(member);
  if (!account) return;
  const [, email, project] = account as unknown as [string, string, string];
  if (cloud.projects.find(project) && !cloud.store.has(serviceAccountName(project, email))) {
    throw badRequest(`Service account ${email} does not exist.`);
  }
}

/**
 * Refuses identities of no form that there is, and of pools that never were.
 *
 * @see https://github.com/hashicorp/terraform-provider-google/issues/12672
 * @throws ApiError 400
 */
function checkPrincipal(cloud: Cloud, member: string): void {
  const [, set, named] = /^principal(Set)?:\/\/iam\.googleapis\.com\/(.*)$/.exec(member) ?? [];
  if (named === undefined) return;
  const [, number, pool = "", identity = ""] = OF_POOL.exec(named) ?? [];
  if (!(set ? SEVERAL_OF_POOL : ONE_OF_POOL).test(identity)) throw unknownType(member);
  const project = number === undefined ? undefined : cloud.projects.find(number);
  // Those of other projects and of a workforce are not known here.
  if (project === undefined) return;
  const ofClusters =
    pool.endsWith(".svc.id.goog") && cloud.store.has(workloadPoolKey(pool.replace(".svc.id.goog", "")));
  if (!ofClusters && !hasIdentityPool(cloud, project, pool))
    throw noPool(`projects/${number}/locations/global/workloadIdentityPools/${pool}`);
}

function unknownType(member: string): ApiError {
  return badRequest(`The member ${member} is of an unknown type. Please set the valid type prefix for the member.`);
}

function noPool(pool: string): ApiError {
  return badRequest(
    `Identity Pool does not exist (${pool}). Please check that you specified a valid resource name as returned in the \`name\` attribute in the configuration API.`,
  );
}
