import type { ContainerClusterConfig } from "@cdktf/provider-google/lib/container-cluster";
import { isKnown, type Problem } from "../../validation";

/** Kinds of memory encryption of confidential nodes. */
export type ConfidentialNodes = "SEV" | "SEV_SNP" | "TDX";

/** Who may do what, and what is encrypted with whose key. */
export interface SecurityOptions {
  /**
   * Google group whose member groups can be used in RBAC: `gke-security-groups@<your domain>`, the name is fixed.
   *
   * @default - groups cannot be used in RBAC
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/google-groups-rbac
   */
  readonly securityGroup?: string;

  /**
   * Whether images must pass the project's Binary Authorization policy. A policy that does not know quay.io keeps
   * Cilium's images out, and with them the network.
   *
   * @default false
   */
  readonly binaryAuthorization?: boolean;

  /**
   * Cloud KMS key that encrypts Secrets in etcd, as
   * `projects/<project>/locations/<region>/keyRings/<ring>/cryptoKeys/<key>`. GKE's service agent needs
   * `roles/cloudkms.cryptoKeyEncrypterDecrypter` on it. A cluster that has lived without gets it by
   * `gcloud container clusters update --database-encryption-key` first: see the error message of the plan.
   *
   * @default - Google's own keys
   */
  readonly secretsEncryptionKey?: string;

  /**
   * Cloud KMS key of the nodes' disks: of pools that name none themselves and of auto-provisioned ones.
   * The Compute Engine service agent needs `roles/cloudkms.cryptoKeyEncrypterDecrypter` on it.
   *
   * @default - Google's own keys
   */
  readonly bootDiskKmsKey?: string;

  /**
   * Whether the memory of all nodes is encrypted, and how. Needs machine types that can. Changing it replaces the cluster.
   *
   * @default - not encrypted; single node pools can be
   */
  readonly confidentialNodes?: ConfidentialNodes;

  /**
   * Scan of workloads for risky configuration. (GKE's scan of running images was shut down in 2025 and 2026; Artifact
   * Analysis scans them in the registry.)
   *
   * @default "BASIC"
   */
  readonly securityPosture?: "DISABLED" | "BASIC" | "ENTERPRISE";

  /**
   * What callers without credentials may ask: `LIMITED` to health checks, which load balancers need, or all that RBAC
   * gives them.
   *
   * @default "LIMITED"
   */
  readonly anonymousAuthentication?: "LIMITED" | "ENABLED";

  /**
   * The Secret Manager add-on: secrets as files in pods, without Secret objects.
   *
   * @default false
   */
  readonly secretManager?: boolean;
}

const KMS_KEY = /^projects\/[^/]+\/locations\/([^/]+)\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/;
const SECURITY_GROUP = /^gke-security-groups@[^@\s]+\.[^@\s]+$/;

/** Options to the cluster's attributes. */
export function securityConfig(
  options: SecurityOptions,
  { project, autopilot }: { readonly project: string; readonly autopilot: boolean },
): Partial<ContainerClusterConfig> {
  return {
    workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
    enableShieldedNodes: autopilot ? undefined : true,
    enableLegacyAbac: false,
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    // Bindings to system:anonymous, system:unauthenticated and system:authenticated (anybody with a Google account).
    rbacBindingConfig: {
      enableInsecureBindingSystemAuthenticated: false,
      enableInsecureBindingSystemUnauthenticated: false,
    },
    anonymousAuthenticationConfig: { mode: options.anonymousAuthentication ?? "LIMITED" },
    // Services with externalIPs of their choice could take over others' traffic (CVE-2020-8554).
    serviceExternalIpsConfig: { enabled: false },
    authenticatorGroupsConfig:
      options.securityGroup === undefined ? undefined : { securityGroup: options.securityGroup },
    binaryAuthorization: options.binaryAuthorization
      ? { evaluationMode: "PROJECT_SINGLETON_POLICY_ENFORCE" }
      : undefined,
    // Without a key it says so: leaving the block out would keep the last one for ever.
    databaseEncryption:
      options.secretsEncryptionKey === undefined
        ? { state: "DECRYPTED" }
        : { state: "ENCRYPTED", keyName: options.secretsEncryptionKey },
    confidentialNodes:
      options.confidentialNodes === undefined
        ? undefined
        : { enabled: true, confidentialInstanceType: options.confidentialNodes },
    securityPostureConfig: { mode: options.securityPosture ?? "BASIC" },
    secretManagerConfig: options.secretManager === undefined ? undefined : { enabled: options.secretManager },
  };
}

/** What is wrong with them. */
export function securityProblems(options: SecurityOptions): Problem[] {
  const problems: Problem[] = [];
  const { securityGroup } = options;
  if (isKnown(securityGroup) && !SECURITY_GROUP.test(securityGroup)) {
    problems.push({
      property: "securityGroup",
      value: securityGroup,
      rule: "is not gke-security-groups@ followed by your domain, the one name GKE takes",
      remedy: "make a group of that name and put your groups into it",
    });
  }
  for (const property of ["secretsEncryptionKey", "bootDiskKmsKey"] as const) {
    problems.push(...kmsKeyProblems(property, options[property]));
  }
  return problems;
}

/** What is wrong with the name of a Cloud KMS key. */
export function kmsKeyProblems(property: string, key: string | undefined): Problem[] {
  if (!isKnown(key) || KMS_KEY.test(key)) return [];
  return [
    {
      property,
      value: key,
      rule: "is not the full name of a Cloud KMS key",
      remedy: "give projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>, without a version",
    },
  ];
}
