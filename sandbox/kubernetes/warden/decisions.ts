import { at, type JsonObject, objectOf, stringOf, stringsOf } from "../../gcp/json";
import { podOf, podViolations } from "./pod-rules";

/** Namespaces that are Google's. Those with `gmp-public` are made by Google and written by users. */
const MANAGED = /^(kube-system|gke-gmp-system|gke-managed-.+)$/;
const UNDELETABLE = /^(kube-system|kube-public|kube-node-lease|gmp-public|gke-gmp-system|gke-managed-.+)$/;

const READS = ["get", "list", "watch"];

/** Whoever is part of the cluster, and the sandbox in Google's place. */
function isGoogle(user: string): boolean {
  const [, namespace] = /^system:serviceaccount:([^:]+):/.exec(user) ?? [];
  if (namespace !== undefined) return MANAGED.test(namespace);
  return user.startsWith("system:") || user.startsWith("sandbox:");
}

/**
 * Why a request is not authorized, in the words of GKE's authorizer; `undefined` where it has no opinion.
 *
 * @param review A SubjectAccessReview.
 * @see https://cert-manager.io/docs/installation/compatibility/#gke-autopilot
 */
export function denial(review: JsonObject): string | undefined {
  const user = stringOf(at(review, "spec.user")) ?? "";
  const attributes = objectOf(at(review, "spec.resourceAttributes"));
  const text = (field: string): string => stringOf(attributes[field]) ?? "";
  const [verb, namespace, resource, subresource] = ["verb", "namespace", "resource", "subresource"].map(text) as [
    string,
    string,
    string,
    string,
  ];
  if (isGoogle(user)) return undefined;
  const because = "GKE Warden authz [denied by managed-namespaces-limitation]:";
  const reads = READS.includes(verb);
  if (resource === "nodes" && namespace === "" && (!reads || subresource === "proxy")) {
    return `${because} cluster scoped resource "${resource}/${subresource}" is managed and access is denied`;
  }
  const managed = resource === "namespaces" && verb === "delete" ? UNDELETABLE : MANAGED;
  if (reads || !managed.test(namespace || (resource === "namespaces" ? text("name") : ""))) return undefined;
  return `${because} the namespace "${namespace || text("name")}" is managed and the request's verb "${verb}" is denied`;
}

/** The answer to a SubjectAccessReview: a denial is final, everything else is left to the roles of the cluster. */
export function authorize(review: JsonObject): JsonObject {
  const reason = denial(review);
  return {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    status: reason === undefined ? { allowed: false } : { allowed: false, denied: true, reason },
  };
}

/** The answer to an AdmissionReview of something that makes pods. */
export function admit(review: JsonObject): JsonObject {
  const request = objectOf(review["request"]);
  const user = stringOf(at(request, "userInfo.username")) ?? "";
  const pod = podOf(request["object"]);
  const exempt = MANAGED.test(stringOf(request["namespace"]) ?? "") || user.startsWith("sandbox:");
  const violations = pod && !exempt ? podViolations(pod) : {};
  const allowed = Object.keys(violations).length === 0;
  const groups = stringsOf(at(request, "userInfo.groups")).join(",");
  const message = [
    "GKE Warden rejected the request because it violates one or more constraints.",
    `Violations details: ${JSON.stringify(violations)}`,
    `Requested by user: '${user}', groups: '${groups}'.`,
  ].join("\n");
  return {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    response: {
      uid: request["uid"] ?? "",
      allowed,
      ...(allowed ? {} : { status: { code: 400, reason: "GKE Warden constraints violations", message } }),
    },
  };
}
