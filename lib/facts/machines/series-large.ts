import { HYPERDISK_BOOT, HYPERDISKS, MIXED_BOOT, PD_BOOT } from "./disks";
import type { MachineSeries } from "./series";

const PD_VOLUMES = ["pd-balanced", "pd-standard", "pd-ssd", "pd-extreme"] as const;
const Z4D_SIZES = "8 16 32 48 64 96 192";

/** Machines with much memory, and those with much local storage. */
export const LARGE: Readonly<Record<string, MachineSeries>> = {
  m1: {
    architecture: "amd64",
    bootDisks: [...PD_BOOT, ...HYPERDISK_BOOT],
    volumes: [...PD_VOLUMES, "hyperdisk-balanced", "hyperdisk-extreme"],
    types: { "ultramem-*": "40 80 160", "megamem-*": "96" },
    localSsds: (_, form) => (form === "megamem-*" ? [1, 2, 3, 4, 5, 6, 7, 8] : []),
  },
  m2: {
    architecture: "amd64",
    bootDisks: [...PD_BOOT, ...HYPERDISK_BOOT],
    volumes: [...PD_VOLUMES, "hyperdisk-balanced", "hyperdisk-extreme"],
    types: { "ultramem-*": "208 416", "megamem-*": "416", "hypermem-*": "416" },
    localSsds: "none",
  },
  m3: {
    architecture: "amd64",
    bootDisks: [...PD_BOOT, ...HYPERDISK_BOOT],
    volumes: [
      ...PD_VOLUMES,
      "hyperdisk-balanced",
      "hyperdisk-balanced-high-availability",
      "hyperdisk-extreme",
      "hyperdisk-throughput",
    ],
    types: { "ultramem-*": "32 64 128", "megamem-*": "64 128" },
    localSsds: (size) => (size <= 64 ? [4, 8] : [8]),
  },
  m4: {
    architecture: "amd64",
    compactPlacement: true,
    bootDisks: HYPERDISK_BOOT,
    volumes: ["hyperdisk-balanced", "hyperdisk-extreme"],
    types: { "ultramem-*": "56 112 224", "megamem-*": "28 56 112 224" },
    localSsds: "none",
  },
  z3: {
    architecture: "amd64",
    bootDisks: MIXED_BOOT,
    volumes: ["pd-balanced", "pd-ssd", ...HYPERDISKS.filter((kind) => kind !== "hyperdisk-ml")],
    types: {
      "highmem-*": "8 14 22 30 36 44 88 176",
      "highmem-*-highlssd": "8 16 22 32 44 88",
      "highmem-*-standardlssd": "14 22 44 88 176",
      "highmem-*-highlssd-metal": "192",
    },
    localSsds: "bundled",
  },
  z4d: {
    architecture: "amd64",
    compactPlacement: true,
    bootDisks: [...HYPERDISK_BOOT, "hyperdisk-balanced-high-availability", "hyperdisk-throughput", "hyperdisk-ml"],
    volumes: HYPERDISKS,
    types: {
      "highmem-*-standardlssd": `${Z4D_SIZES} 384`,
      "highmem-*-highlssd": Z4D_SIZES,
      "standard-*-standardlssd": "16 32 48 64 96 192",
    },
    localSsds: "bundled",
  },
};
