/** Kinds of disk. Source: https://cloud.google.com/compute/docs/disks */
export const DISK_TYPES: ReadonlySet<string> = new Set([
  "hyperdisk-balanced",
  "hyperdisk-balanced-high-availability",
  "hyperdisk-extreme",
  "hyperdisk-ml",
  "hyperdisk-throughput",
  "pd-balanced",
  "pd-extreme",
  "pd-ssd",
  "pd-standard",
]);

/** Kinds of disk that a node can start from. */
export const BOOT_DISK_TYPES: ReadonlySet<string> = new Set([
  "hyperdisk-balanced",
  "pd-balanced",
  "pd-ssd",
  "pd-standard",
]);

/** Series that take no Persistent Disk. Source: https://cloud.google.com/compute/docs/disks/hyperdisks#machine-type-support */
export const HYPERDISK_ONLY: ReadonlySet<string> = new Set([
  "a4",
  "a4x",
  "c4",
  "c4a",
  "c4d",
  "h4d",
  "m4",
  "n4",
  "n4a",
  "n4d",
  "x4",
]);

/** Series that take no Hyperdisk Balanced. */
export const NO_HYPERDISK_BALANCED: ReadonlySet<string> = new Set([
  "c2",
  "c2d",
  "e2",
  "f1",
  "g1",
  "n1",
  "n2",
  "n2d",
  "t2a",
  "t2d",
]);

/** Series that GPUs are attached to; in others they are part of the machine type, or there are none. */
export const TAKES_GPUS: ReadonlySet<string> = new Set(["n1"]);

/** Series whose types come with GPUs. Source: https://cloud.google.com/compute/docs/gpus */
export const HAS_GPUS: ReadonlySet<string> = new Set(["a2", "a3", "a4", "a4x", "g2", "g4"]);

/** Series without local SSDs to attach: none at all, or only those that a type brings. */
export const NO_LOCAL_SSD: ReadonlySet<string> = new Set([
  "c3",
  "c4",
  "c4a",
  "c4d",
  "e2",
  "f1",
  "g1",
  "h3",
  "n4",
  "n4a",
  "n4d",
  "t2a",
  "t2d",
]);

/** Series with memory encryption, by kind. Source: https://cloud.google.com/confidential-computing/confidential-vm/docs/supported-configurations */
export const CONFIDENTIAL: Readonly<Record<string, readonly string[]>> = {
  a3: ["TDX"],
  c2d: ["SEV"],
  c3: ["TDX"],
  c3d: ["SEV"],
  c4d: ["SEV"],
  n2d: ["SEV", "SEV_SNP"],
};

/** GPUs and TPUs that nodes can have. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/gpus */
export const ACCELERATORS: ReadonlySet<string> = new Set([
  "nvidia-a100-80gb",
  "nvidia-b200",
  "nvidia-gb200",
  "nvidia-h100-80gb",
  "nvidia-h100-mega-80gb",
  "nvidia-h200-141gb",
  "nvidia-l4",
  "nvidia-rtx-pro-6000",
  "nvidia-tesla-a100",
  "nvidia-tesla-k80",
  "nvidia-tesla-p100",
  "nvidia-tesla-p4",
  "nvidia-tesla-t4",
  "nvidia-tesla-v100",
]);

/** Images that nodes can run. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/node-images */
export const IMAGE_TYPES: ReadonlySet<string> = new Set([
  "COS_CONTAINERD",
  "UBUNTU_CONTAINERD",
  "WINDOWS_LTSC_CONTAINERD",
  "WINDOWS_SAC_CONTAINERD",
]);

/** Images with Docker, which Kubernetes 1.24 and later cannot run. */
export const DOCKER_IMAGES: ReadonlySet<string> = new Set(["COS", "UBUNTU", "WINDOWS_LTSC", "WINDOWS_SAC"]);
