import { HYPERDISK_BOOT, MIXED_BOOT, PD_BOOT, SSD_BOOT } from "./disks";
import type { MachineSeries } from "./series";

const own = (size: number) => size;
const L4 = (size: number) => (size === 24 ? 2 : size === 48 ? 4 : size === 96 ? 8 : 1);
const RTX = (size: number) => Math.max(1, size / 48);
const PD_VOLUMES = ["pd-balanced", "pd-standard", "pd-ssd", "pd-extreme"] as const;

/** A series of Cloud TPUs: no GPUs, nothing to choose. */
function tpu(types: MachineSeries["types"], bootDisks: readonly string[], volumes = bootDisks): MachineSeries {
  return { architecture: "amd64", bootDisks, volumes, types, localSsds: "none" };
}

/** Machines that bring GPUs or TPUs. */
export const ACCELERATED: Readonly<Record<string, MachineSeries>> = {
  a2: {
    architecture: "amd64",
    compactPlacement: true,
    bootDisks: PD_BOOT,
    volumes: [...PD_VOLUMES, "hyperdisk-balanced", "hyperdisk-ml"],
    types: {
      "highgpu-*g": "1 2 4 8",
      "megagpu-*g": "16",
      "ultragpu-*g": "1 2 4 8",
      "ultragpu-*g-nolssd": "1 2 4 8",
    },
    gpus: [
      { form: "highgpu-*g", type: "nvidia-tesla-a100", counts: own },
      { form: "megagpu-*g", type: "nvidia-tesla-a100", counts: own },
      { form: "ultragpu-*g", type: "nvidia-a100-80gb", counts: own },
      { form: "ultragpu-*g-nolssd", type: "nvidia-a100-80gb", counts: own },
    ],
    localSsds: (size, form) => {
      if (form.startsWith("ultragpu")) return form.endsWith("nolssd") ? [] : [size];
      return [1, 2, 4, 8].filter((count) => count >= Math.min(size, 8));
    },
  },
  a3: {
    architecture: "amd64",
    compactPlacement: true,
    bootDisks: MIXED_BOOT,
    volumes: [
      "pd-balanced",
      "pd-ssd",
      "hyperdisk-balanced",
      "hyperdisk-balanced-high-availability",
      "hyperdisk-extreme",
      "hyperdisk-throughput",
      "hyperdisk-ml",
    ],
    types: {
      "highgpu-*g": "1 2 4 8",
      "highgpu-*g-nolssd": "1 2 4 8",
      "edgegpu-*g": "8",
      "edgegpu-*g-nolssd": "8",
      "megagpu-*g": "8",
      "megagpu-*g-nolssd": "8",
      "ultragpu-*g": "8",
      "ultragpu-*g-nolssd": "8",
    },
    confidential: [
      { kind: "TDX", form: "highgpu-*g", sizes: [1] },
      { kind: "TDX", form: "highgpu-*g-nolssd", sizes: [1] },
    ],
    gpus: [
      { form: "highgpu-*g", type: "nvidia-h100-80gb", counts: own },
      { form: "highgpu-*g-nolssd", type: "nvidia-h100-80gb", counts: own },
      { form: "edgegpu-*g", type: "nvidia-h100-80gb", counts: own },
      { form: "edgegpu-*g-nolssd", type: "nvidia-h100-80gb", counts: own },
      { form: "megagpu-*g", type: "nvidia-h100-mega-80gb", counts: own },
      { form: "megagpu-*g-nolssd", type: "nvidia-h100-mega-80gb", counts: own },
      { form: "ultragpu-*g", type: "nvidia-h200-141gb", counts: own },
      { form: "ultragpu-*g-nolssd", type: "nvidia-h200-141gb", counts: own },
    ],
    localSsds: "bundled",
  },
  a4: {
    architecture: "amd64",
    compactPlacement: true,
    bootDisks: HYPERDISK_BOOT,
    volumes: ["hyperdisk-balanced", "hyperdisk-extreme", "hyperdisk-ml"],
    types: { "highgpu-*g": "8", "highgpu-*g-nolssd": "8" },
    gpus: [
      { form: "highgpu-*g", type: "nvidia-b200", counts: own },
      { form: "highgpu-*g-nolssd", type: "nvidia-b200", counts: own },
    ],
    localSsds: "bundled",
  },
  a4x: {
    architecture: "arm64",
    bootDisks: HYPERDISK_BOOT,
    volumes: ["hyperdisk-balanced", "hyperdisk-extreme", "hyperdisk-ml"],
    types: { "highgpu-*g": "4", "highgpu-*g-nolssd": "4", "maxgpu-*g-metal": "4" },
    gpus: [
      { form: "highgpu-*g", type: "nvidia-gb200", counts: own },
      { form: "highgpu-*g-nolssd", type: "nvidia-gb200", counts: own },
      { form: "maxgpu-*g-metal", type: "nvidia-gb300", counts: own },
    ],
    localSsds: "bundled",
  },
  g2: {
    architecture: "amd64",
    compactPlacement: true,
    bootDisks: SSD_BOOT,
    volumes: ["pd-balanced", "pd-standard", "pd-ssd", "hyperdisk-throughput", "hyperdisk-ml"],
    types: { "standard-*": "4 8 12 16 24 32 48 96" },
    gpus: [{ form: "standard-*", type: "nvidia-l4", counts: L4 }],
    localSsds: (size) => [L4(size)],
  },
  g4: {
    architecture: "amd64",
    compactPlacement: true,
    bootDisks: HYPERDISK_BOOT,
    volumes: [
      "hyperdisk-balanced",
      "hyperdisk-balanced-high-availability",
      "hyperdisk-extreme",
      "hyperdisk-throughput",
    ],
    types: { "standard-*": "6 12 24 48 96 192 384" },
    confidential: [{ kind: "SEV", form: "standard-*", sizes: [48] }],
    gpus: [{ form: "standard-*", type: "nvidia-rtx-pro-6000", counts: RTX }],
    localSsds: (size) => (size < 12 ? [] : [size / 12]),
  },
  ct3: tpu({ "hightpu-*t": "4" }, PD_BOOT),
  ct3p: tpu({ "hightpu-*t": "4" }, PD_BOOT),
  ct4l: tpu({ "hightpu-*t": "4" }, [...PD_BOOT, ...HYPERDISK_BOOT], [...PD_VOLUMES, "hyperdisk-balanced"]),
  ct4p: tpu({ "hightpu-*t": "4" }, [...PD_BOOT, ...HYPERDISK_BOOT], [...PD_VOLUMES, "hyperdisk-balanced"]),
  ct5l: tpu({ "hightpu-*t": "1 4 8" }, SSD_BOOT, [...SSD_BOOT, "hyperdisk-balanced", "hyperdisk-ml"]),
  ct5lp: tpu({ "hightpu-*t": "1 4 8" }, SSD_BOOT, [...SSD_BOOT, "hyperdisk-balanced", "hyperdisk-ml"]),
  ct5p: tpu({ "hightpu-*t": "4" }, SSD_BOOT, [...SSD_BOOT, "hyperdisk-balanced", "hyperdisk-ml"]),
  ct6e: tpu({ "standard-*t": "1 4 8" }, HYPERDISK_BOOT, [...HYPERDISK_BOOT, "hyperdisk-ml"]),
  tpu7x: tpu({ "standard-*t": "1 4", "ultranet-*t": "4" }, HYPERDISK_BOOT, [
    ...HYPERDISK_BOOT,
    "hyperdisk-extreme",
    "hyperdisk-throughput",
    "hyperdisk-ml",
  ]),
};
