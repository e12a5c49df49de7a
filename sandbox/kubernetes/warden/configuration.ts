import type { KubernetesObject } from "../client";
import { ADMIT, AUTHORIZE } from "./server";

/** Group of whoever owns the project: everything is theirs that roles can give, and nothing that Warden keeps. */
export const OWNERS = "sandbox:project-owners";

/** Where the API server finds the rest. */
interface WardenAddress {
  readonly port: number;
  /** PEM */
  readonly caCertificate: string;
}

/** Who is asked besides the roles of the cluster: a kubeconfig file for each. */
export interface Authorizers {
  /** Of an Autopilot cluster. */
  readonly warden?: string;
  /** For the accounts whose roles in Google's IAM count. */
  readonly iam?: { readonly kubeconfig: string; readonly accounts: readonly string[] };
}

/**
 * The API server's authorization: Warden, then IAM, then the roles of the cluster. Warden is asked only what it could deny
 * and has the last word; IAM can only allow, so that a role in the cluster may do so as well.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authorization/#using-configuration-file-for-authorization
 */
export function authorizationConfiguration({ warden, iam }: Authorizers): string {
  const conditions = [
    "has(request.resourceAttributes)",
    "!request.user.startsWith('system:') || request.user.startsWith('system:serviceaccount:')",
    "!(request.resourceAttributes.verb in ['get', 'list', 'watch']) || request.resourceAttributes.subresource == 'proxy'",
  ];
  const configuration = {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthorizationConfiguration",
    authorizers: [
      ...(warden === undefined ? [] : [webhook("warden", warden, "Deny", conditions)]),
      ...(iam === undefined ? [] : [webhook("iam", iam.kubeconfig, "NoOpinion", ofAccounts(iam.accounts))]),
      { type: "RBAC", name: "rbac" },
    ],
  };
  return `${JSON.stringify(configuration, null, 2)}\n`;
}

/** An answer is kept for a moment only: roles change while a test runs. */
const KEPT = "1s";

function webhook(
  name: string,
  kubeConfigFile: string,
  failurePolicy: "Deny" | "NoOpinion",
  conditions: readonly string[],
) {
  return {
    type: "Webhook",
    name,
    webhook: {
      authorizedTTL: name === "iam" ? KEPT : "10s",
      unauthorizedTTL: name === "iam" ? KEPT : "10s",
      timeout: "10s",
      subjectAccessReviewVersion: "v1",
      matchConditionSubjectAccessReviewVersion: "v1",
      failurePolicy,
      connectionInfo: { type: "KubeConfigFile", kubeConfigFile },
      matchConditions: conditions.map((expression) => ({ expression })),
    },
  };
}

function ofAccounts(accounts: readonly string[]): readonly string[] {
  return ["has(request.resourceAttributes)", `request.user in [${accounts.map((one) => `'${one}'`).join(", ")}]`];
}

/** Address of an authorizer, for the kubeconfig that names it. */
export function authorizerUrl(port: number, path = AUTHORIZE): string {
  return `https://127.0.0.1:${port}${path}`;
}

/** Asks Warden about everything that makes pods; named as in GKE. */
export function admissionWebhook({ port, caCertificate }: WardenAddress): KubernetesObject {
  const rule = (apiGroups: string, resources: readonly string[]) => ({
    apiGroups: [apiGroups],
    apiVersions: ["*"],
    operations: ["CREATE", "UPDATE"],
    resources,
  });
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "warden-validating.config.common-webhooks.networking.gke.io" },
    webhooks: [
      {
        name: "warden-validating.common-webhooks.networking.gke.io",
        admissionReviewVersions: ["v1"],
        clientConfig: {
          url: `https://127.0.0.1:${port}${ADMIT}`,
          caBundle: Buffer.from(caCertificate).toString("base64"),
        },
        failurePolicy: "Fail",
        rules: [
          rule("", ["pods", "pods/ephemeralcontainers", "replicationcontrollers"]),
          rule("apps", ["daemonsets", "deployments", "replicasets", "statefulsets"]),
          rule("batch", ["cronjobs", "jobs"]),
        ],
        sideEffects: "None",
        timeoutSeconds: 10,
      },
    ],
  } as KubernetesObject;
}

/** Gives the owners of the project every right that roles can give. */
export const OWNERS_BINDING = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: "sandbox:project-owners" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
  subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: OWNERS }],
} as KubernetesObject;
