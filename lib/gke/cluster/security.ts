import type { ContainerClusterConfig } from "@cdktf/provider-google/lib/container-cluster";
import type { ConfidentialKind } from "../../facts/machines";
import { type CheckTable, decided, flag, oneOf, type Problem, text } from "../../validation";
import { kmsKey } from "../checks";
import { keyLocationProblems } from "../location";
import { either } from "../tokens";
import type { EffectiveCluster } from "./effective";

/** Kinds of memory encryption of confidential nodes. */
export type ConfidentialNodes = ConfidentialKind;
export const CONFIDENTIAL_NODES = oneOf(["SEV", "SEV_SNP", "TDX"]);

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

/** The checks of these options, each by itself. */
export const SECURITY: CheckTable<SecurityOptions> = {
  securityGroup: text({
    matches: /^gke-security-groups@[^@\s]+\.[^@\s]+$/,
    rule: "is not gke-security-groups@ followed by your domain, the one name GKE takes",
    remedy: "make a group of that name and put your groups into it",
  }),
  binaryAuthorization: flag(),
  secretsEncryptionKey: kmsKey,
  bootDiskKmsKey: kmsKey,
  confidentialNodes: decided(CONFIDENTIAL_NODES),
  securityPosture: oneOf(["DISABLED", "BASIC", "ENTERPRISE"]),
  anonymousAuthentication: oneOf(["LIMITED", "ENABLED"]),
  secretManager: flag(),
};

/** Options to the cluster's attributes. */
export function securityConfig(
  options: EffectiveCluster,
  { project }: { readonly project: string },
): Partial<ContainerClusterConfig> {
  return {
    workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
    enableShieldedNodes: options.autopilot ? undefined : true,
    enableLegacyAbac: false,
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    // Bindings to system:anonymous, system:unauthenticated and system:authenticated (anybody with a Google account).
    rbacBindingConfig: {
      enableInsecureBindingSystemAuthenticated: false,
      enableInsecureBindingSystemUnauthenticated: false,
    },
    anonymousAuthenticationConfig: { mode: options.anonymousAuthentication },
    // Services with externalIPs of their choice could take over others' traffic (CVE-2020-8554).
    serviceExternalIpsConfig: { enabled: false },
    authenticatorGroupsConfig:
      options.securityGroup === undefined ? undefined : { securityGroup: options.securityGroup },
    binaryAuthorization:
      options.binaryAuthorization === false
        ? undefined
        : { evaluationMode: either(options.binaryAuthorization, "PROJECT_SINGLETON_POLICY_ENFORCE", "DISABLED") },
    // Without a key it says so: leaving the block out would keep the last one for ever.
    databaseEncryption:
      options.secretsEncryptionKey === undefined
        ? { state: "DECRYPTED" }
        : { state: "ENCRYPTED", keyName: options.secretsEncryptionKey },
    confidentialNodes:
      options.confidentialNodes === undefined
        ? undefined
        : { enabled: true, confidentialInstanceType: options.confidentialNodes },
    securityPostureConfig: { mode: options.securityPosture },
    secretManagerConfig: options.secretManager === undefined ? undefined : { enabled: options.secretManager },
  };
}

/** What is wrong with where the keys lie. */
export function securityProblems({ secretsEncryptionKey, bootDiskKmsKey, location }: EffectiveCluster): Problem[] {
  return [
    ...keyLocationProblems("secretsEncryptionKey", secretsEncryptionKey, location),
    ...keyLocationProblems("bootDiskKmsKey", bootDiskKmsKey, location),
  ];
}
