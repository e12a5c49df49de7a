import { isKnown, type Problem } from "../../validation";
import { kmsKeyProblems } from "../cluster/security";
import type { Accelerator } from "./accelerator";
import type { GkeNodePoolOptions } from "./options";

export const DEFAULT_MACHINE_TYPE = "e2-standard-4";
const DEFAULT_DISK_TYPE = "pd-balanced";
const MIN_DISK_GB = 10;

const MACHINE_TYPE = /^[a-z][a-z0-9]*-[a-z0-9-]*[a-z0-9]$/;
const DISK_TYPE = /^(pd|hyperdisk)-[a-z-]+$/;
const IMAGE_TYPES = ["COS_CONTAINERD", "UBUNTU_CONTAINERD"];

/** Series that take no Persistent Disk. https://cloud.google.com/compute/docs/disks/hyperdisks#machine-type-support */
const HYPERDISK_ONLY = ["a4", "a4x", "c4", "c4a", "c4d", "h4d", "m4", "n4", "n4a", "n4d", "x4"];
/** Series that GPUs can neither be attached to nor come with. https://cloud.google.com/compute/docs/gpus */
const WITHOUT_GPU = [
  "c2",
  "c2d",
  "c3",
  "c3d",
  "c4",
  "c4a",
  "c4d",
  "e2",
  "h3",
  "m1",
  "m2",
  "m3",
  "m4",
  "n2",
  "n2d",
  "n4",
  "t2a",
  "t2d",
];
/** Series without encrypted memory. https://cloud.google.com/confidential-computing/confidential-vm/docs/supported-configurations */
const NOT_CONFIDENTIAL = ["a2", "c2", "c4a", "e2", "f1", "g1", "g2", "m1", "m2", "m3", "n1", "n2", "t2a", "t2d"];
/** Where each kind of encryption runs; only for series named here is a mismatch an error. */
const CONFIDENTIAL_SERIES: Readonly<Record<string, readonly string[]>> = {
  c2d: ["SEV"],
  c3: ["TDX"],
  c3d: ["SEV"],
  n2d: ["SEV", "SEV_SNP"],
};
const MIN_SHARING_CLIENTS = 2;
const MAX_SHARING_CLIENTS = 48;

/** Series of a machine type: `e2` of `e2-standard-4`. */
function seriesOf(machineType: string): string {
  return machineType.split("-")[0] as string;
}

/** The effective kind of boot disk: newer series take no Persistent Disk. */
export function effectiveDiskType({ machineType, diskType }: GkeNodePoolOptions): string {
  if (diskType !== undefined) return diskType;
  const isNew = isKnown(machineType) && HYPERDISK_ONLY.includes(seriesOf(machineType));
  return isNew ? "hyperdisk-balanced" : DEFAULT_DISK_TYPE;
}

/** What is wrong with the machines of a pool. */
export function machineProblems(options: GkeNodePoolOptions): Problem[] {
  return [
    ...typeProblems(options),
    ...diskProblems(options),
    ...(options.accelerators ?? []).flatMap((accelerator, index) => acceleratorProblems(options, accelerator, index)),
    ...confidentialProblems(options),
  ];
}

function typeProblems({ machineType, imageType }: GkeNodePoolOptions): Problem[] {
  const problems: Problem[] = [];
  if (isKnown(machineType) && !MACHINE_TYPE.test(machineType)) {
    problems.push({
      property: "machineType",
      value: machineType,
      rule: "is not a machine type",
      remedy: "give one such as e2-standard-4 or n2-custom-4-8192",
    });
  }
  if (isKnown(imageType) && !IMAGE_TYPES.includes(imageType)) {
    problems.push({
      property: "imageType",
      value: imageType,
      rule: /^windows/i.test(imageType)
        ? "runs Windows, where no Cilium agent runs and no network policy is enforced"
        : "is not an image with containerd",
      remedy: `choose ${IMAGE_TYPES.join(" or ")}`,
    });
  }
  return problems;
}

function diskProblems(options: GkeNodePoolOptions): Problem[] {
  const problems: Problem[] = kmsKeyProblems("bootDiskKmsKey", options.bootDiskKmsKey);
  const { machineType, diskType, diskSizeGb, localSsdCount } = options;
  if (isKnown(diskType) && !DISK_TYPE.test(diskType)) {
    problems.push({
      property: "diskType",
      value: diskType,
      rule: "is not a kind of disk",
      remedy: "choose pd-balanced, pd-ssd, pd-standard or hyperdisk-balanced",
    });
  }
  if (
    isKnown(diskType) &&
    diskType.startsWith("pd-") &&
    isKnown(machineType) &&
    HYPERDISK_ONLY.includes(seriesOf(machineType))
  ) {
    problems.push({
      property: "diskType",
      value: diskType,
      rule: `does not exist for machines of series ${seriesOf(machineType)}`,
      remedy: "choose hyperdisk-balanced or leave it out",
    });
  }
  if (isKnown(diskSizeGb) && !(Number.isInteger(diskSizeGb) && diskSizeGb >= MIN_DISK_GB)) {
    problems.push({
      property: "diskSizeGb",
      value: diskSizeGb,
      rule: `is not a whole number of at least ${MIN_DISK_GB}`,
      remedy: "give the size in GB",
    });
  }
  if (isKnown(localSsdCount) && !(Number.isInteger(localSsdCount) && localSsdCount >= 1)) {
    problems.push({
      property: "localSsdCount",
      value: localSsdCount,
      rule: "is not a whole number of at least 1",
      remedy: "give the number of local SSDs, or leave it out",
    });
  }
  return problems;
}

function acceleratorProblems(
  { machineType = DEFAULT_MACHINE_TYPE }: GkeNodePoolOptions,
  accelerator: Accelerator,
  index: number,
): Problem[] {
  const problems: Problem[] = [];
  const at = `accelerators[${index}]`;
  const { type, count, sharing, maxClients } = accelerator;
  if (isKnown(type) && !/^[a-z][a-z0-9-]*[a-z0-9]$/.test(type)) {
    problems.push({
      property: `${at}.type`,
      value: type,
      rule: "is not a kind of accelerator",
      remedy: "give one such as nvidia-l4",
    });
  }
  if (isKnown(count) && !(Number.isInteger(count) && count >= 1)) {
    problems.push({
      property: `${at}.count`,
      value: count,
      rule: "is not a whole number of at least 1",
      remedy: "give the number of accelerators a node",
    });
  }
  if (isKnown(machineType) && WITHOUT_GPU.includes(seriesOf(machineType))) {
    problems.push({
      property: `${at}.type`,
      value: type,
      rule: `cannot be attached to machineType (${machineType})`,
      remedy: "choose a machine with GPUs such as g2-standard-4, or an n1",
    });
  }
  if ((sharing === undefined) !== (maxClients === undefined)) {
    problems.push({
      property: `${at}.${sharing === undefined ? "maxClients" : "sharing"}`,
      value: sharing ?? maxClients,
      rule: `needs '${sharing === undefined ? "sharing" : "maxClients"}'`,
      remedy: "give both or neither",
    });
  }
  if (
    isKnown(maxClients) &&
    !(Number.isInteger(maxClients) && maxClients >= MIN_SHARING_CLIENTS && maxClients <= MAX_SHARING_CLIENTS)
  ) {
    problems.push({
      property: `${at}.maxClients`,
      value: maxClients,
      rule: `is not a whole number from ${MIN_SHARING_CLIENTS} to ${MAX_SHARING_CLIENTS}`,
      remedy: "choose another number of containers for one GPU",
    });
  }
  return problems;
}

function confidentialProblems({
  machineType = DEFAULT_MACHINE_TYPE,
  confidentialNodes: kind,
}: GkeNodePoolOptions): Problem[] {
  if (!isKnown(kind) || !isKnown(machineType)) return [];
  const series = seriesOf(machineType);
  const can = CONFIDENTIAL_SERIES[series];
  if (!NOT_CONFIDENTIAL.includes(series) && (can === undefined || can.includes(kind))) return [];
  return [
    {
      property: "confidentialNodes",
      value: kind,
      rule: `does not exist for machineType (${machineType})`,
      remedy: "choose an n2d for SEV and SEV_SNP, a c3 for TDX",
    },
  ];
}
