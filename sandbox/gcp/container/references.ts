import type { Cloud } from "../cloud";
import { computeName, tailOf } from "../compute/links";
import { secondaryRange } from "../compute/subnetworks";
import { badRequest } from "../http/errors";
import { at, type JsonObject, objectsOf, stringOf, stringsOf } from "../json";
import { regionOf } from "../locations";
import { isEncrypted } from "./cluster-rules";
import { keyResource } from "./keys";
import { partsOf } from "./names";
import { ClusterStore } from "./records";
import { allClusters } from "./usage";

/** Refuses a cluster that refers to what is not there, is elsewhere, or is another's. @throws ApiError 400 */
export function checkReferences(cloud: Cloud, cluster: JsonObject, name: string, subnetworkTail: string): void {
  const { location } = partsOf(name);
  checkServicesRange(cloud, cluster, name, subnetworkTail);
  checkAdditionalRanges(cloud, cluster, subnetworkTail);
  const dual = at(cluster, "ipAllocationPolicy.stackType") === "IPV4_IPV6";
  if (dual && !/IPV6/.test(stringOf(cloud.store.get(computeName(subnetworkTail))?.["stackType"]) ?? "")) {
    throw badRequest(
      `Stack type IPV4_IPV6 requires a dual-stack subnetwork; "${subnetworkTail.replace(/.*\//, "")}" is IPV4_ONLY.`,
    );
  }
  if (isEncrypted(cluster)) checkKeyOf(cloud, stringOf(at(cluster, "databaseEncryption.keyName")), location);
  const fleet = stringOf(at(cluster, "fleet.project"));
  if (fleet && cloud.projects.find(fleet.replace(/^projects\//, "")) === undefined) {
    throw badRequest(`Fleet project "${fleet}" was not found, or the caller has no permission on it.`);
  }
  if (at(cluster, "workloadIdentityConfig.workloadPool")) return;
  const pool = new ClusterStore(cloud)
    .pools(name)
    .find(([, { api }]) => at(api, "config.workloadMetadataConfig.mode") === "GKE_METADATA");
  if (pool) {
    throw badRequest(
      `Workload Identity cannot be disabled while node pool "${partsOf(pool[0]).pool}" uses GKE_METADATA.`,
    );
  }
}

/** A Cloud KMS key of a project that the sandbox has must exist, and where the cluster is. @throws ApiError 400 */
export function checkKeyOf(cloud: Cloud, key: string | undefined, location: string): void {
  const [, project, place] = /^projects\/([^/]+)\/locations\/([^/]+)\//.exec(key ?? "") ?? [];
  if (!key || project === undefined || cloud.projects.find(project) === undefined) return;
  if (!cloud.store.has(keyResource(key))) throw badRequest(`Cloud KMS key "${key}" was not found.`);
  if (place !== regionOf(location)) {
    throw badRequest(`Cloud KMS key "${key}" must be in the same location as the cluster: ${regionOf(location)}.`);
  }
}

/** Clusters can share a pods range, never one of Services. */
function checkServicesRange(cloud: Cloud, cluster: JsonObject, name: string, subnetworkTail: string): void {
  const path = "ipAllocationPolicy.servicesSecondaryRangeName";
  const range = stringOf(at(cluster, path)) ?? "";
  if (range === "") return;
  const other = allClusters(cloud.store).find(
    ([each, { api }]) =>
      each !== name && at(api, "networkConfig.subnetwork") === subnetworkTail && at(api, path) === range,
  );
  if (!other) return;
  throw badRequest(`Services secondary range "${range}" is already in use by cluster "${partsOf(other[0]).cluster}".`);
}

function checkAdditionalRanges(cloud: Cloud, cluster: JsonObject, subnetworkTail: string): void {
  const subnetwork = cloud.store.get(computeName(subnetworkTail)) ?? {};
  for (const more of objectsOf(at(cluster, "ipAllocationPolicy.additionalIpRangesConfigs"))) {
    const link = stringOf(more["subnetwork"]) ?? "";
    const tail = tailOf(link, projectOfTail(subnetworkTail)) ?? subnetworkTail.replace(/[^/]+$/, link);
    const other = cloud.store.get(computeName(tail));
    if (!other) throw badRequest(`Additional subnetwork "${link}" was not found.`);
    const gone = stringsOf(more["podIpv4RangeNames"]).find((range) => secondaryRange(other, range) === undefined);
    if (gone !== undefined) {
      throw badRequest(`Pod secondary range "${gone}" not found in subnet "${tail.replace(/.*\//, "")}".`);
    }
  }
  const ranges = stringsOf(at(cluster, "ipAllocationPolicy.additionalPodRangesConfig.podRangeNames"));
  const missing = ranges.find((range) => secondaryRange(subnetwork, range) === undefined);
  if (missing !== undefined) {
    throw badRequest(`Pod secondary range "${missing}" not found in subnet "${subnetworkTail.replace(/.*\//, "")}".`);
  }
}

/** The project of `projects/P/regions/R/subnetworks/S`. */
function projectOfTail(tail: string): string {
  return tail.split("/")[1] ?? "";
}
