import { HYPERDISK_BOOT, HYPERDISKS, MIXED_BOOT, PD_BOOT } from "./disks";
import type { MachineSeries } from "./series";

const HYPERDISKS_ALL: readonly string[] = HYPERDISKS;
const C3_SIZES = "4 8 22 44 88 176";
const C3D_SIZES = "4 8 16 30 60 90 180 360";
const C3D_SSD_SIZES = "8 16 30 60 90 180 360";
const C4_SIZES = "2 4 8 16 24 32 48 64 96 144 192 288";
const C4_SSD_SIZES = "4 8 16 24 32 48 64 96 144 192 288";
const C4_SSD_V1_SIZES = "4 8 16 32 48 64 96 192";
const C4A_SIZES = "1 2 4 8 16 32 36 48 64 72";
const C4A_SSD_SIZES = "4 8 16 32 48 64 72";
const C4D_SIZES = "2 4 8 16 32 48 64 96 192 384";
const C4D_SSD_SIZES = "8 16 32 48 64 96 192 384";
const C4N_SIZES = "2 4 8 16 24 32 48 96 192";
const C4N_SSD_SIZES = "4 8 16 24 32 48 96 192";
const C2D_SIZES = "2 4 8 16 32 56 112";

/** Machines with fast processors, and those for parallel computing. */
export const COMPUTE: Readonly<Record<string, MachineSeries>> = {
  c2: {
    architecture: "amd64",
    compactPlacement: true,
    bootDisks: PD_BOOT,
    volumes: ["pd-balanced", "pd-standard", "pd-ssd", "pd-extreme"],
    types: { "standard-*": "4 8 16 30 60" },
    localSsds: (size) => (size <= 8 ? [1, 2, 4, 8] : size <= 16 ? [2, 4, 8] : size <= 30 ? [4, 8] : [8]),
  },
  c2d: {
    architecture: "amd64",
    compactPlacement: true,
    bootDisks: PD_BOOT,
    volumes: ["pd-balanced", "pd-standard", "pd-ssd", "pd-extreme"],
    types: { "standard-*": C2D_SIZES, "highcpu-*": C2D_SIZES, "highmem-*": C2D_SIZES },
    confidential: [{ kind: "SEV" }],
    localSsds: (size) => (size <= 16 ? [1, 2, 4, 8] : size <= 32 ? [2, 4, 8] : size <= 56 ? [4, 8] : [8]),
  },
  c3: {
    architecture: "amd64",
    compactPlacement: true,
    bootDisks: MIXED_BOOT,
    volumes: ["pd-balanced", "pd-ssd", "pd-extreme", ...HYPERDISKS_ALL],
    types: {
      "standard-*": C3_SIZES,
      "highcpu-*": C3_SIZES,
      "highmem-*": C3_SIZES,
      "standard-*-lssd": C3_SIZES,
      "standard-*-metal": "192",
      "highcpu-*-metal": "192",
      "highmem-*-metal": "192",
    },
    confidential: [
      { kind: "TDX", form: "standard-*" },
      { kind: "TDX", form: "standard-*-lssd" },
    ],
    localSsds: "bundled",
  },
  c3d: {
    architecture: "amd64",
    compactPlacement: true,
    bootDisks: MIXED_BOOT,
    volumes: ["pd-balanced", "pd-ssd", ...HYPERDISKS_ALL],
    types: {
      "standard-*": C3D_SIZES,
      "highcpu-*": C3D_SIZES,
      "highmem-*": C3D_SIZES,
      "standard-*-lssd": C3D_SSD_SIZES,
      "highmem-*-lssd": C3D_SSD_SIZES,
    },
    confidential: [{ kind: "SEV" }],
    localSsds: "bundled",
  },
  c4: {
    architecture: "amd64",
    compactPlacement: true,
    bootDisks: HYPERDISK_BOOT,
    volumes: HYPERDISKS_ALL,
    types: {
      "standard-*": C4_SIZES,
      "highcpu-*": C4_SIZES,
      "highmem-*": C4_SIZES,
      "standard-*-lssd": C4_SSD_SIZES,
      "highmem-*-lssd": C4_SSD_SIZES,
      "standard-*-lssd-v1": C4_SSD_V1_SIZES,
      "highmem-*-lssd-v1": C4_SSD_V1_SIZES,
      "standard-*-metal": "288",
      "highcpu-*-metal": "288",
      "highmem-*-metal": "288",
      "standard-*-lssd-metal": "288",
      "highmem-*-lssd-metal": "288",
    },
    confidential: [{ kind: "TDX", form: "standard-*" }],
    localSsds: "bundled",
  },
  c4a: {
    architecture: "arm64",
    bootDisks: HYPERDISK_BOOT,
    volumes: HYPERDISKS_ALL,
    types: {
      "standard-*": C4A_SIZES,
      "highcpu-*": C4A_SIZES,
      "highmem-*": C4A_SIZES,
      "standard-*-lssd": C4A_SSD_SIZES,
      "highcpu-*-lssd": C4A_SSD_SIZES,
      "highmem-*-lssd": C4A_SSD_SIZES,
      "standard-*-metal": "96",
      "highmem-*-metal": "96",
    },
    localSsds: "bundled",
  },
  c4d: {
    architecture: "amd64",
    compactPlacement: true,
    bootDisks: HYPERDISK_BOOT,
    volumes: ["hyperdisk-balanced", "hyperdisk-balanced-high-availability", "hyperdisk-extreme", "hyperdisk-ml"],
    types: {
      "standard-*": C4D_SIZES,
      "highcpu-*": C4D_SIZES,
      "highmem-*": C4D_SIZES,
      "standard-*-lssd": C4D_SSD_SIZES,
      "highmem-*-lssd": C4D_SSD_SIZES,
    },
    confidential: [{ kind: "SEV" }],
    localSsds: "bundled",
  },
  c4n: {
    architecture: "amd64",
    compactPlacement: true,
    bootDisks: [...HYPERDISK_BOOT, "hyperdisk-balanced-high-availability", "hyperdisk-throughput", "hyperdisk-ml"],
    volumes: HYPERDISKS_ALL,
    types: {
      "standard-*": C4N_SIZES,
      "highcpu-*": C4N_SIZES,
      "highmem-*": C4N_SIZES,
      "standard-*-lssd": C4N_SSD_SIZES,
      "highmem-*-lssd": C4N_SSD_SIZES,
    },
    localSsds: "bundled",
  },
  h3: {
    architecture: "amd64",
    compactPlacement: true,
    bootDisks: ["pd-balanced", ...HYPERDISK_BOOT],
    volumes: ["pd-balanced", "hyperdisk-balanced", "hyperdisk-throughput"],
    types: { "standard-*": "88" },
    localSsds: "none",
  },
  h4d: {
    architecture: "amd64",
    compactPlacement: true,
    bootDisks: HYPERDISK_BOOT,
    volumes: ["hyperdisk-balanced", "hyperdisk-balanced-high-availability"],
    types: { "standard-*": "192", "highmem-*": "192", "highmem-*-lssd": "192" },
    localSsds: "bundled",
  },
};
