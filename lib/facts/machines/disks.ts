/**
 * Kinds of disk of Compute Engine.
 * https://cloud.google.com/compute/docs/disks and https://cloud.google.com/compute/docs/disks/hyperdisks
 */
export const PERSISTENT_DISKS = ["pd-standard", "pd-balanced", "pd-ssd", "pd-extreme"] as const;
export const HYPERDISKS = [
  "hyperdisk-balanced",
  "hyperdisk-balanced-high-availability",
  "hyperdisk-extreme",
  "hyperdisk-throughput",
  "hyperdisk-ml",
] as const;

/** Every kind of disk that Google has published. */
export const DISK_TYPES: readonly string[] = [...PERSISTENT_DISKS, ...HYPERDISKS];

/** Boot disks of older series. pd-balanced comes first: an operating system on pd-standard is slow to start pods. */
export const PD_BOOT = ["pd-balanced", "pd-standard", "pd-ssd"] as const;
/** Boot disks of series that take no disk of magnets. */
export const SSD_BOOT = ["pd-balanced", "pd-ssd"] as const;
/** Boot disks of series between the two worlds. */
export const MIXED_BOOT = ["pd-balanced", "pd-ssd", "hyperdisk-balanced"] as const;
/** Boot disks of series that take Hyperdisk only. */
export const HYPERDISK_BOOT = ["hyperdisk-balanced"] as const;
