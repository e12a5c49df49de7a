import { badRequest } from "../../http/errors";
import { at, type Json, type JsonObject, numberOf, objectOf, objectsOf, stringOf } from "../../json";
import {
  ACCELERATORS,
  BOOT_DISK_TYPES,
  CONFIDENTIAL,
  DISK_TYPES,
  DOCKER_IMAGES,
  HAS_GPUS,
  HYPERDISK_ONLY,
  IMAGE_TYPES,
  NO_HYPERDISK_BALANCED,
  NO_LOCAL_SSD,
  TAKES_GPUS,
} from "../../machines/parts";
import { machineType, seriesOf } from "../../machines/types";
import { minorOf } from "../versions";
import { checkKubeletConfig, checkLinuxConfig } from "./kubelet";
import { checkNodeLabels, checkTaints } from "./labels";
import { checkNodeExtras } from "./node-extras";
import { CPU_PLATFORM } from "./request";

const MIN_DISK_GB = 10;
const MAX_DISK_GB = 65_536;
/** Number of local SSDs that a machine can have at most. */
const MAX_LOCAL_SSDS = 24;
/** From this minor on there is no version 1 of control groups. */
const CGROUP_V2_ONLY = 35;

/** Where nodes will be. */
export interface NodePlace {
  /** Zones of the pool. */
  readonly zones: readonly string[];
  /** Kubernetes version of the nodes. */
  readonly version: string;
}

/**
 * Refuses a configuration of nodes that Compute Engine or GKE cannot make machines of.
 *
 * @param config As the request gives it, defaults filled in.
 * @param given The request's own words: whether a machine type was chosen matters for GPUs.
 * @throws ApiError 400
 */
export function checkNodeConfig(config: JsonObject, given: JsonObject, place: NodePlace): void {
  const machine = stringOf(config["machineType"]) ?? "";
  checkMachine(machine, place);
  checkDisk(config, machine, place);
  checkImage(config, place);
  checkAccelerators(config, given, machine);
  checkExtras(config, machine);
  checkNodeLabels(objectOf(config["labels"]));
  checkTaints(objectsOf(config["taints"]));
  checkNodeExtras(config);
  checkKubeletConfig(objectOf(config["kubeletConfig"]), config);
  checkLinuxConfig(objectOf(config["linuxNodeConfig"]));
  if (at(config, "linuxNodeConfig.cgroupMode") === "CGROUP_MODE_V1" && minorOf(place.version) >= CGROUP_V2_ONLY) {
    throw badRequest("Node pools with cgroupv1 is not supported.");
  }
}

function checkMachine(machine: string, { zones }: NodePlace): void {
  if (!machineType(machine)) {
    throw badRequest(`Invalid machine type "${machine}" in zone "${zones[0]}": GCE_NOT_FOUND`);
  }
  if (machine === "f1-micro") {
    throw badRequest("Node pools of f1-micro machines are not supported due to insufficient memory.");
  }
}

function checkDisk(config: JsonObject, machine: string, { zones }: NodePlace): void {
  const disk = stringOf(config["diskType"]) ?? "";
  if (!DISK_TYPES.has(disk)) throw badRequest(`Invalid disk type "${disk}" in zone "${zones[0]}": GCE_NOT_FOUND`);
  const series = seriesOf(machine);
  const impossible =
    !BOOT_DISK_TYPES.has(disk) ||
    (disk.startsWith("pd-") && HYPERDISK_ONLY.has(series)) ||
    (disk === "hyperdisk-balanced" && NO_HYPERDISK_BALANCED.has(series));
  if (impossible) throw badRequest(`${disk} disk type cannot be used by ${machine} machine type.`);
  const size = numberOf(config["diskSizeGb"]) ?? 0;
  if (size < MIN_DISK_GB || size > MAX_DISK_GB) {
    throw badRequest(
      `Invalid value for field "config.disk_size_gb": ${size}. Disk size must be between ${MIN_DISK_GB} and ${MAX_DISK_GB} GB.`,
    );
  }
}

function checkImage(config: JsonObject, { version }: NodePlace): void {
  const image = (stringOf(config["imageType"]) ?? "").toUpperCase();
  if (DOCKER_IMAGES.has(image)) {
    throw badRequest(
      `Creation of node pools using node images based on Docker container runtimes is not supported in GKE v1.${minorOf(version)}. Please use a containerd image, such as COS_CONTAINERD.`,
    );
  }
  if (image !== "" && !IMAGE_TYPES.has(image)) throw badRequest(`Invalid image type "${config["imageType"]}".`);
}

function checkAccelerators(config: JsonObject, given: JsonObject, machine: string): void {
  const accelerators = objectsOf(config["accelerators"]).filter((each) => numberOf(each["acceleratorCount"]) !== 0);
  if (accelerators.length === 0) return;
  if (!stringOf(given["machineType"])) {
    throw badRequest(`Cannot use default machine type (${machine}) with GPUs; choose a different machine type.`);
  }
  for (const accelerator of accelerators) {
    const type = stringOf(accelerator["acceleratorType"]) ?? "";
    const count = numberOf(accelerator["acceleratorCount"]) ?? 0;
    if (!ACCELERATORS.has(type)) throw badRequest(`Accelerator type "${type}" does not exist.`);
    if (count < 1 || (count & (count - 1)) !== 0)
      throw badRequest(`Invalid number of accelerators of type "${type}": ${count}.`);
    const series = seriesOf(machine);
    if (!TAKES_GPUS.has(series) && !HAS_GPUS.has(series)) {
      throw badRequest(`Machine type "${machine}" does not support accelerators.`);
    }
  }
}

function checkExtras(config: JsonObject, machine: string): void {
  const series = seriesOf(machine);
  if (config["spot"] === true && config["preemptible"] === true) {
    throw badRequest("Only one of spot and preemptible can be set.");
  }
  const ssds =
    numberOf(config["localSsdCount"]) ??
    numberOf(at(config, "ephemeralStorageLocalSsdConfig.localSsdCount")) ??
    numberOf(at(config, "localNvmeSsdBlockConfig.localSsdCount")) ??
    0;
  const attached = ssds > 0 && !machine.endsWith("-lssd");
  if (ssds < 0 || ssds > MAX_LOCAL_SSDS || (attached && NO_LOCAL_SSD.has(series))) {
    throw badRequest(`Machine type "${machine}" does not support ${ssds} local SSDs.`);
  }
  checkConfidential(objectOf(config["confidentialNodes"]), machine);
  const platform = stringOf(config["minCpuPlatform"]) ?? "";
  if (platform !== "" && platform !== "automatic") {
    if (["e2", "t2a", "t2d", "c4a", "n4a"].includes(series)) {
      throw badRequest(`Machine type "${machine}" does not support a minimum CPU platform.`);
    }
    if (!CPU_PLATFORM.test(platform)) {
      throw badRequest(`CPU platform "${platform}" does not exist.`);
    }
  }
  if (at(config, "shieldedInstanceConfig.enableSecureBoot") === true && HAS_GPUS.has(series) && series === "a4x") {
    throw badRequest(`Machine type "${machine}" does not support secure boot.`);
  }
}

/** Words as in `Confidential nodes feature is not supported on machine type`. */
function checkConfidential(confidential: JsonObject, machine: string): void {
  const kind = stringOf(confidential["confidentialInstanceType"]) ?? "";
  if (confidential["enabled"] !== true && (kind === "" || kind.endsWith("UNSPECIFIED"))) return;
  const can = CONFIDENTIAL[seriesOf(machine)];
  if (!can || (kind !== "" && !kind.endsWith("UNSPECIFIED") && !can.includes(kind))) {
    throw badRequest(`Confidential nodes feature is not supported on machine type ${machine}.`);
  }
}

/** Numbers of a pool or a cluster that the API holds to a range. @throws ApiError 400 */
export function checkRange(field: string, value: Json | undefined, least: number, most: number): void {
  const number = numberOf(value);
  if (number === undefined || (number >= least && number <= most)) return;
  throw badRequest(`Invalid value for field "${field}": ${number}. Must be between ${least} and ${most}.`);
}
