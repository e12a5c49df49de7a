import { badRequest } from "../../http/errors";
import { at, type JsonObject, numberOf, objectOf, objectsOf, stringOf, stringsOf } from "../../json";
import { HAS_GPUS } from "../../machines/parts";
import { seriesOf } from "../../machines/types";
import { checkResourceLabels } from "./labels";

/** Network tags of one machine: https://cloud.google.com/vpc/docs/quota#per_instance */
const MAX_TAGS = 64;
/** Longest run of nodes that start when there is room: https://cloud.google.com/kubernetes-engine/docs/concepts/dws */
const MAX_FLEX_RUN = 7 * 86_400;
/** Clients of one GPU: https://cloud.google.com/kubernetes-engine/docs/concepts/timesharing-gpus */
const GPU_CLIENTS = [2, 48] as const;

/** Series without nested virtualization: https://cloud.google.com/compute/docs/instances/nested-virtualization/overview#restrictions */
const NO_NESTING = new Set(["c4a", "e2", "f1", "g1", "n4a", "t2a"]);
/** Series without Tier 1 networking: https://cloud.google.com/compute/docs/networking/configure-vm-with-high-bandwidth-configuration */
const NO_TIER_1 = new Set(["e2", "f1", "g1", "n1", "t2a", "t2d"]);
/** Series without pages of 1 GiB: https://cloud.google.com/kubernetes-engine/docs/how-to/node-system-config#huge-page-options */
const NO_HUGE_PAGES_1G = new Set(["e2", "f1", "g1", "n1"]);
/** GPUs that can be partitioned: https://cloud.google.com/kubernetes-engine/docs/how-to/gpus-multi */
const PARTITIONED = /^nvidia-(tesla-a100|a100-80gb|h100|h200|b200|gb200|rtx-pro-6000)/;

/** What nodes can have beside machine, disk and image, as far as its parts rule each other out. @throws ApiError 400 */
export function checkNodeExtras(config: JsonObject): void {
  const machine = stringOf(config["machineType"]) ?? "";
  checkTags(stringsOf(config["tags"]));
  checkResourceLabels(objectOf(config["resourceLabels"]));
  checkAccount(stringOf(config["serviceAccount"]));
  checkSandbox(config);
  checkProcessors(objectOf(config["advancedMachineFeatures"]), machine);
  checkProvisioning(config);
  checkReservation(objectOf(config["reservationAffinity"]));
  checkTenancy(objectsOf(at(config, "soleTenantConfig.nodeAffinities")));
  checkStorage(config, machine);
  for (const accelerator of objectsOf(config["accelerators"])) checkSharing(accelerator);
  if (at(config, "fastSocket.enabled") === true && at(config, "gvnic.enabled") !== true) {
    throw badRequest("Fast Socket requires gVNIC to be enabled.");
  }
  if (
    (numberOf(at(config, "linuxNodeConfig.hugepages.hugepageSize1g")) ?? 0) > 0 &&
    NO_HUGE_PAGES_1G.has(seriesOf(machine))
  ) {
    throw badRequest(`Invalid linux node config: machine type "${machine}" does not support 1G hugepages.`);
  }
}

/** Network tags, of nodes or of nodes that are provisioned automatically. @throws ApiError 400 */
export function checkTags(tags: readonly string[]): void {
  if (tags.length > MAX_TAGS) {
    throw badRequest(`Invalid value for field "config.tags": ${tags.length} tags. At most ${MAX_TAGS} are allowed.`);
  }
  const wrong = tags.find((tag) => !/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(tag));
  if (wrong !== undefined) {
    throw badRequest(
      `Invalid value for field "config.tags": "${wrong}". Must be a match of regex '[a-z]([-a-z0-9]{0,61}[a-z0-9])?'.`,
    );
  }
}

/** `default`, the name of the project's own account, or an e-mail address. @throws ApiError 400 */
export function checkAccount(account: string | undefined): void {
  if (!account || account === "default" || /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(account)) return;
  throw badRequest(`Invalid service account "${account}": it must be "default" or an e-mail address.`);
}

/** Tier 1 bandwidth needs machines that have it. @throws ApiError 400 */
export function checkBandwidth(networkConfig: JsonObject, machine: string): void {
  if (at(networkConfig, "networkPerformanceConfig.totalEgressBandwidthTier") !== "TIER_1") return;
  if (NO_TIER_1.has(seriesOf(machine))) {
    throw badRequest(`Tier 1 bandwidth is not supported on machine type "${machine}".`);
  }
}

/** https://cloud.google.com/kubernetes-engine/docs/how-to/sandbox-pods: nodes of gVisor run one image */
function checkSandbox(config: JsonObject): void {
  const image = (stringOf(config["imageType"]) ?? "").toUpperCase();
  if (at(config, "sandboxConfig.type") !== "GVISOR" || image === "" || image === "COS_CONTAINERD") return;
  throw badRequest(`GKE Sandbox requires the image type COS_CONTAINERD, got ${image}.`);
}

function checkProcessors(features: JsonObject, machine: string): void {
  const threads = numberOf(features["threadsPerCore"]) ?? 0;
  if (threads < 0 || threads > 2) throw badRequest(`threads_per_core must be 1 or 2, got ${threads}.`);
  if (features["enableNestedVirtualization"] === true && NO_NESTING.has(seriesOf(machine))) {
    throw badRequest(`Nested virtualization is not supported on machine type "${machine}".`);
  }
}

function checkProvisioning(config: JsonObject): void {
  const flexible = config["flexStart"] === true;
  if (flexible && (config["spot"] === true || config["preemptible"] === true)) {
    throw badRequest("Flex-start cannot be used together with Spot or preemptible VMs.");
  }
  const run = stringOf(config["maxRunDuration"]);
  const seconds = Number((run ?? "0s").slice(0, -1));
  if (seconds < 0 || (flexible && seconds > MAX_FLEX_RUN)) {
    throw badRequest(`Invalid value for field "config.max_run_duration": ${run}. Must be at most ${MAX_FLEX_RUN}s.`);
  }
}

/** https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/ReservationAffinity */
function checkReservation(affinity: JsonObject): void {
  const type = stringOf(affinity["consumeReservationType"]) ?? "";
  const named = Boolean(stringOf(affinity["key"])) && stringsOf(affinity["values"]).length > 0;
  if (type === "SPECIFIC_RESERVATION" && !named) {
    throw badRequest("A specific reservation needs its key and at least one value.");
  }
  if (type !== "" && type !== "SPECIFIC_RESERVATION" && (affinity["key"] || stringsOf(affinity["values"]).length > 0)) {
    throw badRequest(`Key and values of a reservation can only be set with SPECIFIC_RESERVATION, not with ${type}.`);
  }
}

function checkTenancy(affinities: readonly JsonObject[]): void {
  for (const { key, values } of affinities) {
    if (!stringOf(key) || stringsOf(values).length === 0) {
      throw badRequest("A node affinity of sole tenants needs a key and at least one value.");
    }
  }
}

function checkStorage(config: JsonObject, machine: string): void {
  const disk = stringOf(at(config, "bootDisk.diskType")) ?? stringOf(config["diskType"]) ?? "";
  for (const field of ["provisionedIops", "provisionedThroughput"]) {
    if (numberOf(at(config, `bootDisk.${field}`)) && disk.startsWith("pd-")) {
      throw badRequest(`${field} of a boot disk can only be set for Hyperdisks, not for ${disk}.`);
    }
  }
  if (config["enableConfidentialStorage"] === true && disk !== "hyperdisk-balanced") {
    throw badRequest(`Confidential storage requires the disk type hyperdisk-balanced, got ${disk}.`);
  }
  const pool = stringsOf(config["storagePools"]).find(
    (each) => !/projects\/[^/]+\/(zones|locations)\/[^/]+\/storagePools\/[^/]+$/.test(each),
  );
  if (pool !== undefined) throw badRequest(`Invalid storage pool "${pool}".`);
  const caches = numberOf(at(config, "ephemeralStorageLocalSsdConfig.dataCacheCount")) ?? 0;
  if (caches > 0 && (seriesOf(machine) === "e2" || machine === "g1-small")) {
    throw badRequest(`Machine type "${machine}" does not support ${caches} local SSDs for data cache.`);
  }
}

function checkSharing(accelerator: JsonObject): void {
  const type = stringOf(accelerator["acceleratorType"]) ?? "";
  if (stringOf(accelerator["gpuPartitionSize"]) && !PARTITIONED.test(type)) {
    throw badRequest(`Accelerator type "${type}" does not support GPU partitions.`);
  }
  const sharing = objectOf(accelerator["gpuSharingConfig"]);
  const clients = numberOf(sharing["maxSharedClientsPerGpu"]);
  if (clients !== undefined && (clients < GPU_CLIENTS[0] || clients > GPU_CLIENTS[1])) {
    throw badRequest(
      `max_shared_clients_per_gpu must be between ${GPU_CLIENTS[0]} and ${GPU_CLIENTS[1]}, got ${clients}.`,
    );
  }
}

/** Topologies of TPUs need machines with TPUs; https://cloud.google.com/kubernetes-engine/docs/concepts/tpus */
export function checkTopology(pool: JsonObject, machine: string): void {
  const topology = stringOf(at(pool, "placementPolicy.tpuTopology")) ?? "";
  if (topology === "" || /^(ct|tpu)/.test(machine) || HAS_GPUS.has(seriesOf(machine))) return;
  throw badRequest(`TPU topology "${topology}" is not supported for machine type "${machine}".`);
}
