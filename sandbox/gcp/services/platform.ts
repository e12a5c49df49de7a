import type { Cloud } from "../cloud";
import { addService } from "../declarative/crud";
import { alreadyExists, badRequest, notFound } from "../http/errors";
import { ok } from "../http/exchange";
import type { Router } from "../http/router";
import { addPolicyRoutes } from "../iam/policies";
import { type JsonObject, objectOf, sameJson, stringOf, withDefaults } from "../json";
import { applyFieldMask } from "../proto-json";

/** `pubsub.googleapis.com`: topics, which cluster notifications need. */
export function addPubSub(router: Router, cloud: Cloud): void {
  const host = "pubsub.googleapis.com";
  const add = router.service({ host, prefix: "/pubsub/v1", errors: "plain" });
  const topic = "/projects/{project}/topics/{topic}";
  const nameOf = (project: string, id: string): string => `projects/${project}/topics/${id}`;
  const read = (project: string, id: string): JsonObject => {
    const found = cloud.store.get(`//${host}/${nameOf(project, id)}`);
    if (!found) throw notFound(`Resource not found (resource=${id}).`);
    return found;
  };
  add("GET", "/projects/{project}/topics", (request) => {
    const topics = cloud.store.children(`//${host}/projects/${request.project}/topics/`).map(([, each]) => each);
    return ok({ topics });
  });
  add("GET", topic, (request) => ok(read(request.project!, request.param("topic"))));
  add("PUT", topic, (request) => {
    const name = nameOf(request.project!, request.param("topic"));
    request.target = `//${host}/${name}`;
    if (cloud.store.has(request.target)) {
      throw alreadyExists(`Resource already exists in the project (resource=${request.param("topic")}).`);
    }
    const created = { ...request.body, name };
    cloud.store.put(request.target, created);
    return ok(created);
  });
  add("PATCH", topic, (request) => {
    const before = read(request.project!, request.param("topic"));
    const mask = stringOf(request.body["updateMask"]) ?? request.query.get("updateMask") ?? "";
    const after = applyFieldMask(before, objectOf(request.body["topic"]), mask);
    cloud.store.put(`//${host}/${before["name"]}`, after);
    return ok(after);
  });
  add("DELETE", topic, (request) => {
    cloud.store.delete(`//${host}/${read(request.project!, request.param("topic"))["name"]}`);
    return ok({});
  });
  addPolicyRoutes(add, topic, cloud, (request) => `//${host}/${nameOf(request.project!, request.param("topic"))}`);
}

/** `secretmanager.googleapis.com`: secrets without their versions. */
export function addSecretManager(router: Router, cloud: Cloud): void {
  addService(router, cloud, { host: "secretmanager.googleapis.com", prefix: "/secretmanager/v1", errors: "plain" }, [
    {
      template: "/projects/{project}/secrets",
      listField: "secrets",
      idParameter: "secretId",
      policies: true,
      immutable: ["replication"],
      complete: (secret, { project, name, before }) => ({
        ...secret,
        name: name.replace(`projects/${project}/`, `projects/${cloud.projects.number(project)}/`),
        createTime: before?.["createTime"] ?? new Date().toISOString(),
        etag: cloud.identity.fingerprint(),
      }),
      missing: (name) => `Secret [${name}] not found.`,
    },
  ]);
}

/** `artifactregistry.googleapis.com`: repositories and who may read them. */
export function addArtifactRegistry(router: Router, cloud: Cloud): void {
  const profile = { host: "artifactregistry.googleapis.com", prefix: "/artifactregistry/v1", errors: "plain" } as const;
  addService(router, cloud, profile, [
    {
      template: "/projects/{project}/locations/{location}/repositories",
      listField: "repositories",
      idParameter: "repositoryId",
      operationType: "google.devtools.artifactregistry.v1.Repository",
      policies: true,
      immutable: ["format"],
      complete: (repository, { before }) => {
        const now = new Date().toISOString();
        return {
          ...withDefaults(repository, { mode: "STANDARD_REPOSITORY" }),
          createTime: before?.["createTime"] ?? now,
          updateTime: now,
        };
      },
    },
  ]);
}

/** `gkebackup.googleapis.com`: backup plans of clusters. */
export function addGkeBackup(router: Router, cloud: Cloud): void {
  addService(router, cloud, { host: "gkebackup.googleapis.com", prefix: "/gkebackup/v1", errors: "plain" }, [
    {
      template: "/projects/{project}/locations/{location}/backupPlans",
      listField: "backupPlans",
      idParameter: "backupPlanId",
      operationType: "google.cloud.gkebackup.v1.BackupPlan",
      policies: true,
      immutable: ["cluster"],
      complete: (plan, { before }) => {
        const cluster = (stringOf(plan["cluster"]) ?? "").replace("/zones/", "/locations/");
        if (!before && !cloud.store.has(`//container.googleapis.com/${cluster}`)) {
          throw badRequest(`Cluster '${cluster}' was not found.`);
        }
        const now = new Date().toISOString();
        return {
          ...withDefaults(plan, { uid: cloud.identity.uuid(), state: "READY", protectedPodCount: 0 }),
          etag: cloud.identity.fingerprint(),
          createTime: before?.["createTime"] ?? now,
          updateTime: now,
        };
      },
    },
  ]);
}

/** `binaryauthorization.googleapis.com`: the one policy that each project has. */
export function addBinaryAuthorization(router: Router, cloud: Cloud): void {
  const host = "binaryauthorization.googleapis.com";
  const add = router.service({ host, prefix: "/binaryauthorization/v1", errors: "plain" });
  const defaultPolicy = (project: string): JsonObject => ({ name: `projects/${project}/policy`, ...DEFAULT_POLICY });
  add("GET", "/projects/{project}/policy", (request) => {
    const name = `//${host}/projects/${request.project}/policy`;
    return ok(cloud.store.get(name) ?? defaultPolicy(request.project!));
  });
  add("PUT", "/projects/{project}/policy", (request) => {
    const name = `//${host}/projects/${request.project}/policy`;
    request.target = name;
    const policy = withDefaults(
      { ...request.body, name: `projects/${request.project}/policy` },
      {
        globalPolicyEvaluationMode: "DISABLE",
        updateTime: new Date().toISOString(),
      },
    );
    if (isDefault(policy)) cloud.store.delete(name);
    else cloud.store.put(name, policy);
    return ok(policy);
  });
}

/** What a project has that never set a policy. */
const DEFAULT_POLICY: JsonObject = {
  admissionWhitelistPatterns: [{ namePattern: "gcr.io/google_containers/*" }],
  defaultAdmissionRule: { evaluationMode: "ALWAYS_ALLOW", enforcementMode: "ENFORCED_BLOCK_AND_AUDIT_LOG" },
};

/** Putting the default policy back is how this policy is deleted. */
function isDefault({ name, updateTime, globalPolicyEvaluationMode, ...rest }: JsonObject): boolean {
  return (globalPolicyEvaluationMode ?? "DISABLE") === "DISABLE" && sameJson(rest, DEFAULT_POLICY);
}
