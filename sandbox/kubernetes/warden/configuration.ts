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

/**
 * The API server's authorization: Warden first, then the roles of the cluster. Only what Warden could deny is asked.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authorization/#using-configuration-file-for-authorization
 */
export function authorizationConfiguration(kubeconfigFile: string): string {
  const conditions = [
    "has(request.resourceAttributes)",
    "!request.user.startsWith('system:') || request.user.startsWith('system:serviceaccount:')",
    "!(request.resourceAttributes.verb in ['get', 'list', 'watch']) || request.resourceAttributes.subresource == 'proxy'",
  ];
  const configuration = {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthorizationConfiguration",
    authorizers: [
      {
        type: "Webhook",
        name: "warden",
        webhook: {
          authorizedTTL: "10s",
          unauthorizedTTL: "10s",
          timeout: "10s",
          subjectAccessReviewVersion: "v1",
          matchConditionSubjectAccessReviewVersion: "v1",
          failurePolicy: "Deny",
          connectionInfo: { type: "KubeConfigFile", kubeConfigFile: kubeconfigFile },
          matchConditions: conditions.map((expression) => ({ expression })),
        },
      },
      { type: "RBAC", name: "rbac" },
    ],
  };
  return `${JSON.stringify(configuration, null, 2)}\n`;
}

/** Address of the authorizer, for the kubeconfig that names it. */
export function authorizerUrl(port: number): string {
  return `https://127.0.0.1:${port}${AUTHORIZE}`;
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
