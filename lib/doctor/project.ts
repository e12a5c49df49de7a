import { doubt, missing, ok, type SubjectFinding } from "./finding";
import { type GoogleClient, GoogleError } from "./google";
import type { ProjectNeeds } from "./needs";
import { demandOf, type Quota, quotaFindings } from "./quotas";

/** How to get what is missing in a project all at once. */
const BOOTSTRAP = "or all of it as code: BootstrapStack, npm run bootstrap";
const BUCKET_PERMISSIONS = ["storage.objects.create", "storage.objects.delete", "storage.objects.get"];

/** Everything that a project must have before its environments are deployed. */
export async function projectFindings(needs: ProjectNeeds, client: GoogleClient): Promise<SubjectFinding[]> {
  const project = await existence(needs.project, client);
  if (project.state !== "ok") return [project];
  return [
    project,
    ...(await services(needs, client)),
    ...(await roles(needs, client)),
    ...(await Promise.all(needs.stateBuckets.map((bucket) => stateBucket(bucket, needs.project, client)))),
    ...(await quotas(needs, client)),
  ];
}

async function existence(project: string, client: GoogleClient): Promise<SubjectFinding> {
  const title = "project";
  try {
    const { lifecycleState } = await client.get<{ lifecycleState?: string }>(
      "RESOURCE_MANAGER",
      `projects/${encodeURIComponent(project)}`,
    );
    return lifecycleState === undefined || lifecycleState === "ACTIVE"
      ? ok(title, "is there")
      : missing(title, `is ${lifecycleState}`, `gcloud projects undelete ${project}`);
  } catch (error) {
    const { status, message } = asGoogleError(error);
    if (status === 401) return missing(title, "the login is not accepted", "gcloud auth application-default login");
    if (status === 0)
      return missing(title, message, "look at the network, and at GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT");
    // Google tells nobody whether a project exists that they may not see.
    return missing(
      title,
      `cannot be read: ${message}`,
      `correct 'project', or make it (gcloud projects create ${project}) and enable cloudresourcemanager.googleapis.com; or ask its owner for roles/browser`,
    );
  }
}

async function services({ project, services: needed }: ProjectNeeds, client: GoogleClient): Promise<SubjectFinding[]> {
  const names = needed.map((service) => `names=${encodeURIComponent(`projects/${project}/services/${service}`)}`);
  try {
    const answer = await client.get<{ services?: { config?: { name?: string }; name?: string; state?: string }[] }>(
      "SERVICE_USAGE",
      `projects/${project}/services:batchGet?${names.join("&")}`,
    );
    const enabled = new Set(
      (answer.services ?? [])
        .filter(({ state }) => state === "ENABLED")
        .map(({ config, name }) => config?.name ?? name?.replace(/.*\//, "")),
    );
    const lacking = needed.filter((service) => !enabled.has(service));
    return lacking.length === 0
      ? [ok("APIs", `${needed.length} are enabled`)]
      : [
          missing(
            "APIs",
            `not enabled: ${lacking.join(", ")}`,
            `gcloud services enable ${lacking.join(" ")} --project ${project}; ${BOOTSTRAP}`,
          ),
        ];
  } catch (error) {
    return [
      doubt(
        "APIs",
        `cannot be listed: ${asGoogleError(error).message}`,
        `gcloud services enable serviceusage.googleapis.com --project ${project}, and ask for roles/serviceusage.serviceUsageViewer`,
      ),
    ];
  }
}

async function roles({ project, roles: needed }: ProjectNeeds, client: GoogleClient): Promise<SubjectFinding[]> {
  const permissions = [...new Set([...needed.values()].flat())];
  try {
    const answer = await client.post<{ permissions?: string[] }>(
      "RESOURCE_MANAGER",
      `projects/${encodeURIComponent(project)}:testIamPermissions`,
      { permissions },
    );
    const granted = new Set(answer.permissions ?? []);
    const lacking = [...needed]
      .map(([role, wanted]) => ({ role, without: wanted.filter((permission) => !granted.has(permission)) }))
      .filter(({ without }) => without.length > 0);
    return lacking.length === 0
      ? [ok("roles", `${permissions.length} permissions are granted`)]
      : lacking.map(({ role, without }) =>
          missing(
            `role ${role}`,
            `without ${without.join(", ")}`,
            `gcloud projects add-iam-policy-binding ${project} --role ${role} --member user:…; ${BOOTSTRAP}`,
          ),
        );
  } catch (error) {
    return [doubt("roles", `cannot be asked for: ${asGoogleError(error).message}`, "ask the project's owner")];
  }
}

async function stateBucket(bucket: string, project: string, client: GoogleClient): Promise<SubjectFinding> {
  const title = `state bucket ${bucket}`;
  try {
    const { versioning } = await client.get<{ versioning?: { enabled?: boolean } }>("STORAGE", `b/${bucket}`);
    const query = BUCKET_PERMISSIONS.map((permission) => `permissions=${permission}`).join("&");
    const { permissions = [] } = await client.get<{ permissions?: string[] }>(
      "STORAGE",
      `b/${bucket}/iam/testPermissions?${query}`,
    );
    const lacking = BUCKET_PERMISSIONS.filter((permission) => !permissions.includes(permission));
    if (lacking.length > 0)
      return missing(
        title,
        `without ${lacking.join(", ")}`,
        `gcloud storage buckets add-iam-policy-binding gs://${bucket} --role roles/storage.objectUser --member user:…; ${BOOTSTRAP}`,
      );
    return versioning?.enabled === true
      ? ok(title, "is there, versioned, and can be written")
      : doubt(
          title,
          "keeps no old versions: a lost state is lost",
          `gcloud storage buckets update gs://${bucket} --versioning`,
        );
  } catch (error) {
    const { status, message } = asGoogleError(error);
    const make = `gcloud storage buckets create gs://${bucket} --project ${project} --uniform-bucket-level-access --public-access-prevention, and --versioning with buckets update; ${BOOTSTRAP}`;
    if (status === 404) return missing(title, "does not exist", make);
    if (status === 403)
      return missing(
        title,
        message,
        "the name is somebody else's, or you may not read it: choose another, or ask its owner",
      );
    return doubt(title, `cannot be read: ${message}`, make);
  }
}

async function quotas({ project, pools }: ProjectNeeds, client: GoogleClient): Promise<SubjectFinding[]> {
  const regions = [...new Set(pools.map(({ region }) => region))];
  const found = await Promise.all(
    regions.map(async (region) => {
      const demand = demandOf(pools.filter((pool) => pool.region === region));
      try {
        const answer = await client.get<{ quotas?: Quota[] }>("COMPUTE", `projects/${project}/regions/${region}`);
        return quotaFindings(region, demand, answer.quotas ?? []);
      } catch (error) {
        const reason = asGoogleError(error).message;
        return [doubt(`quotas in ${region}`, `cannot be read: ${reason}`, "ask for roles/compute.viewer")];
      }
    }),
  );
  return found.flat();
}

function asGoogleError(error: unknown): GoogleError {
  if (error instanceof GoogleError) return error;
  throw error;
}
