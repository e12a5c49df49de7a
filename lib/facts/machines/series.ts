import { ACCELERATED } from "./series-accelerated";
import { COMPUTE } from "./series-compute";
import { GENERAL_PURPOSE } from "./series-general-purpose";
import { LARGE } from "./series-large";

/** Processor architecture, as Kubernetes writes it in `kubernetes.io/arch`. */
export type Architecture = "amd64" | "arm64";

/** Kinds of memory encryption of confidential nodes. */
export type ConfidentialKind = "SEV" | "SEV_SNP" | "TDX";

/** Sizes of a custom machine type. https://cloud.google.com/compute/docs/instances/creating-instance-with-custom-machine-type */
export interface CustomSizes {
  /** Whether a number of vCPUs exists. */
  readonly cpus: (count: number) => boolean;
  /** The numbers that exist, for a message. */
  readonly cpusTold: string;
  /** Least and most memory a vCPU in GB. */
  readonly memoryPerCpu: readonly [least: number, most: number];
  /** Whether there is extended memory (`-ext`), beyond the most a vCPU. */
  readonly extended: boolean;
}

/** Memory encryption: of all types of a series, of those of one form, or of single sizes of it. */
export interface ConfidentialOffer {
  readonly kind: ConfidentialKind;
  readonly form?: string;
  readonly sizes?: readonly number[];
}

/** GPUs that come with, or can be attached to, machine types of one form. */
export interface GpuOffer {
  /** Form of the machine types: `highgpu-*g`; `*` alone for all of the series. */
  readonly form: string;
  /** Kind of GPU, as GKE calls it. */
  readonly type: string;
  /** How many: those that can be attached; or, where the type brings its own, by the number in its name. */
  readonly counts: readonly number[] | ((size: number) => number);
}

/** Local SSDs: none at all; brought by some types (`-lssd`) and not to be chosen; or so many by the number in the type's name. */
export type LocalSsds = "none" | "bundled" | ((size: number, form: string) => readonly number[]);

/** One series of machines, as far as GKE offers it. */
export interface MachineSeries {
  readonly architecture: Architecture;
  /** Kinds of boot disk; the first is the one this library takes where nothing is said. */
  readonly bootDisks: readonly string[];
  /** Kinds of disk that pods' volumes can be on. */
  readonly volumes: readonly string[];
  /** Published machine types: form, with `*` for the number in it, to the numbers there are. */
  readonly types: Readonly<Record<string, string>>;
  /** Memory encryption, where some types have it. */
  readonly confidential?: readonly ConfidentialOffer[];
  readonly gpus?: readonly GpuOffer[];
  readonly localSsds: LocalSsds;
  /** Whether machines can be placed close to each other. */
  readonly compactPlacement?: true;
  /** Absent where the series has no custom machine types. */
  readonly custom?: CustomSizes;
}

/**
 * The machine series that GKE offers, by their names.
 *
 * Source: the tables of GKE's own cluster autoscaler as Google published them in 2026
 * (`cluster-autoscaler/pkg/cloudprovider/gke/machinetypes`: boot and attached disks, confidential nodes, GPUs, local SSDs,
 * architecture, types), read 2026-11-26; custom sizes from Compute Engine's documentation of each series. Series that it
 * keeps for Autopilot (`ek`, `e4a`) and those that GKE does not offer (`x4`) are left out, so they are unknown here.
 */
export const MACHINE_SERIES: Readonly<Record<string, MachineSeries>> = {
  ...GENERAL_PURPOSE,
  ...COMPUTE,
  ...LARGE,
  ...ACCELERATED,
};
