import type { Cloud } from "../cloud";
import { ok } from "../http/exchange";
import type { Router } from "../http/router";
import { type JsonObject, sameJson, withDefaults } from "../json";

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
