import type { Cloud } from "../cloud";
import { bindingMembers } from "../iam/policies";
import { at, stringOf } from "../json";
import { OperationFailure } from "../operations/record";
import { partsOf } from "./names";
import type { NodeRecord, PoolRecord } from "./records";

/** Lets a service agent encrypt and decrypt with a key. */
export const KEY_USER = "roles/cloudkms.cryptoKeyEncrypterDecrypter";

/** Full resource name of a Cloud KMS key `projects/P/locations/L/keyRings/R/cryptoKeys/K`. */
export function keyResource(key: string): string {
  return `//cloudkms.googleapis.com/${key}`;
}

/**
 * The account by which GKE encrypts Secrets.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/encrypting-secrets#grant_permission_to_use_the_key
 */
export function gkeAgent(cloud: Cloud, project: string): string {
  return agent(cloud, project, "container-engine-robot");
}

/** Whether an account has {@link KEY_USER} on a key, on its ring or on the project of both. */
export function mayUseKey(cloud: Cloud, account: string, key: string): boolean {
  const name = keyResource(key);
  const project = projectOfKey(key) ?? "";
  const places = [
    name,
    name.replace(/\/cryptoKeys\/.*/, ""),
    `//cloudresourcemanager.googleapis.com/projects/${project}`,
  ];
  return places.some((place) => bindingMembers(cloud.store, place, KEY_USER).includes(`serviceAccount:${account}`));
}

/**
 * Compute Engine's service agent must be able to use the key of a machine's disk. Each new machine asks for it, so the
 * pool exists and gets no nodes. Only keys of projects that the sandbox has are looked at.
 *
 * The words of the key service are Compute Engine's; that GKE shows them like other reasons for missing machines, and
 * under which code, is inferred.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/using-cmek#grant_permission
 * @see https://github.com/hashicorp/terraform-provider-google/issues/5103
 * @throws OperationFailure
 */
export function checkDiskKey(cloud: Cloud, poolName: string, pool: PoolRecord, nodes: readonly NodeRecord[]): void {
  const key = stringOf(at(pool.api, "config.bootDiskKmsKey")) ?? "";
  const known = new Set(pool.nodes.map((node) => node.name));
  const [first, ...others] = nodes.filter((node) => !known.has(node.name));
  const owner = projectOfKey(key);
  if (!first || owner === undefined || cloud.projects.find(owner) === undefined) return;
  if (mayUseKey(cloud, agent(cloud, partsOf(poolName).project, "compute-system"), key)) return;
  const missing = others.length + 1;
  throw new OperationFailure(
    "PERMISSION_DENIED",
    `\n\t(1) Google Compute Engine: Not all instances running in IGM after 14.691006793s. Expected ${missing}, running 0, transitioning ${missing}. Current errors: [KMS_PERMISSION_DENIED]: Instance '${first.name}' creation failed: Cloud KMS error when using key ${key}: Permission 'cloudkms.cryptoKeyVersions.useToEncrypt' denied on resource '${key}' (or it may not exist).`,
  );
}

function agent(cloud: Cloud, project: string, service: "container-engine-robot" | "compute-system"): string {
  return `service-${cloud.projects.number(project)}@${service}.iam.gserviceaccount.com`;
}

function projectOfKey(key: string): string | undefined {
  return /^projects\/([^/]+)\//.exec(key)?.[1];
}
