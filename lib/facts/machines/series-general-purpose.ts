import { HYPERDISK_BOOT, PD_BOOT } from "./disks";
import type { MachineSeries } from "./series";

const even = (from: number, to: number) => (count: number) => count >= from && count <= to && count % 2 === 0;

/** Up to a number of vCPUs, local SSDs in these numbers. */
const bySize =
  (...steps: readonly [upTo: number, counts: readonly number[]][]) =>
  (size: number) =>
    steps.find(([upTo]) => size <= upTo)?.[1] ?? [];

const PD_VOLUMES = ["pd-balanced", "pd-standard", "pd-ssd", "pd-extreme"] as const;
const N4_VOLUMES = [
  "hyperdisk-balanced",
  "hyperdisk-balanced-high-availability",
  "hyperdisk-throughput",
  "hyperdisk-ml",
] as const;
const N2_SIZES = "2 4 8 16 32 48 64 80 96 128";
const N2D_SIZES = "2 4 8 16 32 48 64 80 96 128 224";
const N4_SIZES = "2 4 8 16 32 48 64 80";
const E_SIZES = "2 4 8 16 32";

/** Machines for most workloads. */
export const GENERAL_PURPOSE: Readonly<Record<string, MachineSeries>> = {
  e2: {
    architecture: "amd64",
    bootDisks: PD_BOOT,
    volumes: [...PD_VOLUMES, "hyperdisk-balanced-high-availability", "hyperdisk-throughput"],
    types: {
      micro: "",
      small: "",
      medium: "",
      "standard-*": E_SIZES,
      "highcpu-*": E_SIZES,
      "highmem-*": "2 4 8 16",
    },
    localSsds: "none",
    custom: {
      cpus: even(2, 32),
      cpusTold: "even numbers from 2 to 32",
      memoryPerCpu: [0.5, 8],
      extended: false,
    },
  },
  e4: {
    architecture: "amd64",
    bootDisks: HYPERDISK_BOOT,
    volumes: N4_VOLUMES,
    types: { medium: "", "standard-*": E_SIZES, "highcpu-*": E_SIZES, "highmem-*": "2 4 8 16" },
    localSsds: "none",
  },
  n1: {
    architecture: "amd64",
    bootDisks: PD_BOOT,
    volumes: [...PD_VOLUMES, "hyperdisk-balanced", "hyperdisk-throughput"],
    types: {
      "standard-*": "1 2 4 8 16 32 64 96",
      "highcpu-*": "2 4 8 16 32 64 96",
      "highmem-*": "2 4 8 16 32 64 96",
      "megamem-*": "96",
      "ultramem-*": "40 80 160",
    },
    gpus: [
      { form: "*", type: "nvidia-tesla-t4", counts: [1, 2, 4] },
      { form: "*", type: "nvidia-tesla-p4", counts: [1, 2, 4] },
      { form: "*", type: "nvidia-tesla-p100", counts: [1, 2, 4] },
      { form: "*", type: "nvidia-tesla-v100", counts: [1, 2, 4, 8] },
    ],
    localSsds: () => [1, 2, 3, 4, 5, 6, 7, 8, 16, 24],
    custom: {
      cpus: (count) => count === 1 || even(2, 96)(count),
      cpusTold: "1 and even numbers up to 96",
      memoryPerCpu: [0.9, 6.5],
      extended: true,
    },
  },
  f1: {
    architecture: "amd64",
    bootDisks: PD_BOOT,
    volumes: PD_VOLUMES,
    types: { micro: "" },
    localSsds: "none",
  },
  g1: {
    architecture: "amd64",
    bootDisks: PD_BOOT,
    volumes: PD_VOLUMES,
    types: { small: "" },
    localSsds: "none",
  },
  n2: {
    architecture: "amd64",
    compactPlacement: true,
    bootDisks: PD_BOOT,
    volumes: [
      ...PD_VOLUMES,
      "hyperdisk-balanced",
      "hyperdisk-balanced-high-availability",
      "hyperdisk-extreme",
      "hyperdisk-throughput",
      "hyperdisk-ml",
    ],
    types: { "standard-*": N2_SIZES, "highcpu-*": N2_SIZES, "highmem-*": N2_SIZES },
    localSsds: bySize(
      [10, [1, 2, 4, 8, 16, 24]],
      [20, [2, 4, 8, 16, 24]],
      [40, [4, 8, 16, 24]],
      [80, [8, 16, 24]],
      [128, [16, 24]],
    ),
    custom: {
      cpus: (count) => even(2, 32)(count) || (count > 32 && count <= 128 && count % 4 === 0),
      cpusTold: "even numbers from 2 to 32 and multiples of 4 up to 128",
      memoryPerCpu: [0.5, 8],
      extended: true,
    },
  },
  n2d: {
    architecture: "amd64",
    compactPlacement: true,
    bootDisks: PD_BOOT,
    volumes: [...PD_VOLUMES, "hyperdisk-balanced", "hyperdisk-throughput"],
    types: { "standard-*": N2D_SIZES, "highcpu-*": N2D_SIZES, "highmem-*": "2 4 8 16 32 48 64 80 96" },
    confidential: [{ kind: "SEV" }, { kind: "SEV_SNP" }],
    localSsds: bySize([16, [1, 2, 4, 8, 16, 24]], [48, [2, 4, 8, 16, 24]], [80, [4, 8, 16, 24]], [224, [8, 16, 24]]),
    custom: {
      cpus: (count) => [2, 4, 8].includes(count) || (count >= 16 && count <= 96 && count % 16 === 0),
      cpusTold: "2, 4, 8 and multiples of 16 up to 96",
      memoryPerCpu: [0.5, 8],
      extended: true,
    },
  },
  n4: {
    architecture: "amd64",
    bootDisks: HYPERDISK_BOOT,
    volumes: N4_VOLUMES,
    types: { "standard-*": N4_SIZES, "highcpu-*": N4_SIZES, "highmem-*": N4_SIZES },
    localSsds: "none",
    custom: {
      cpus: even(2, 80),
      cpusTold: "even numbers from 2 to 80",
      memoryPerCpu: [2, 8],
      extended: true,
    },
  },
  n4a: {
    architecture: "arm64",
    bootDisks: HYPERDISK_BOOT,
    volumes: N4_VOLUMES,
    types: {
      "standard-*": "1 2 4 8 16 32 48 64",
      "highcpu-*": "1 2 4 8 16 32 48 64",
      "highmem-*": "1 2 4 8 16 32 48 64",
    },
    localSsds: "none",
    custom: {
      cpus: (count) => count >= 1 && count <= 64,
      cpusTold: "numbers from 1 to 64",
      memoryPerCpu: [0.5, 8],
      extended: true,
    },
  },
  n4d: {
    architecture: "amd64",
    bootDisks: HYPERDISK_BOOT,
    volumes: N4_VOLUMES,
    types: { "standard-*": `${N4_SIZES} 96`, "highcpu-*": `${N4_SIZES} 96`, "highmem-*": `${N4_SIZES} 96` },
    localSsds: "none",
    custom: {
      cpus: even(2, 96),
      cpusTold: "even numbers from 2 to 96",
      memoryPerCpu: [0.5, 8],
      extended: true,
    },
  },
  t2a: {
    architecture: "arm64",
    bootDisks: PD_BOOT,
    volumes: PD_VOLUMES,
    types: { "standard-*": "1 2 4 8 16 32 48" },
    localSsds: "none",
  },
  t2d: {
    architecture: "amd64",
    bootDisks: PD_BOOT,
    volumes: ["pd-balanced", "pd-standard", "pd-ssd", "hyperdisk-throughput"],
    types: { "standard-*": "1 2 4 8 16 32 48 60" },
    localSsds: "none",
  },
};
