const TO_128 = [2, 4, 8, 16, 32, 48, 64, 80, 96, 128];
const C3_SIZES = [4, 8, 22, 44, 88, 176];
const C3D_SIZES = [4, 8, 16, 30, 60, 90, 180, 360];
const C4_SIZES = [2, 4, 8, 16, 24, 32, 48, 96, 144, 192, 288];
const C4A_SIZES = [1, 2, 4, 8, 16, 32, 48, 64, 72];
const C4D_SIZES = [2, 4, 8, 16, 32, 48, 64, 96, 192, 384];
const N4_SIZES = [2, 4, 8, 16, 32, 48, 64, 80];
const N4A_SIZES = [1, 2, 4, 8, 16, 32, 48, 64];
const N4D_SIZES = [2, 4, 8, 16, 32, 48, 64, 80, 96];

function all(kinds: readonly string[], sizes: readonly number[]): Record<string, readonly number[]> {
  return Object.fromEntries(kinds.map((kind) => [kind, sizes]));
}

const THREE = ["standard", "highmem", "highcpu"];

/**
 * Numbers of processors by series and kind (`standard`, `highcpu-lssd`).
 *
 * Source: https://cloud.google.com/compute/docs/general-purpose-machines and
 * https://cloud.google.com/compute/docs/compute-optimized-machines, 2026-11.
 */
export const SHAPES: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  c2: { standard: [4, 8, 16, 30, 60] },
  c2d: all(THREE, [2, 4, 8, 16, 32, 56, 112]),
  c3: {
    ...all(THREE, C3_SIZES),
    "standard-lssd": C3_SIZES,
    ...all(["standard-metal", "highmem-metal", "highcpu-metal"], [192]),
  },
  c3d: { ...all(THREE, C3D_SIZES), ...all(["standard-lssd", "highmem-lssd"], C3D_SIZES.slice(1)) },
  c4: {
    ...all(THREE, C4_SIZES),
    ...all(["standard-lssd", "highmem-lssd"], C4_SIZES.slice(1)),
    ...all(["standard-metal", "highmem-metal"], [288]),
  },
  c4a: {
    ...all(THREE, C4A_SIZES),
    ...all(["standard-lssd", "highmem-lssd"], C4A_SIZES.slice(2)),
    "highmem-metal": [96],
  },
  c4d: { ...all(THREE, C4D_SIZES), ...all(["standard-lssd", "highmem-lssd"], C4D_SIZES.slice(2)) },
  e2: { ...all(["standard", "highcpu"], [2, 4, 8, 16, 32]), highmem: [2, 4, 8, 16] },
  g2: { standard: [4, 8, 12, 16, 24, 32, 48, 96] },
  n1: { standard: [1, 2, 4, 8, 16, 32, 64, 96], ...all(["highmem", "highcpu"], [2, 4, 8, 16, 32, 64, 96]) },
  n2: { ...all(["standard", "highmem"], TO_128), highcpu: TO_128.slice(0, -1) },
  n2d: {
    ...all(["standard", "highcpu"], [2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224]),
    highmem: [2, 4, 8, 16, 32, 48, 64, 80, 96],
  },
  n4: all(THREE, N4_SIZES),
  n4a: all(THREE, N4A_SIZES),
  n4d: all(THREE, N4D_SIZES),
  t2a: { standard: [1, 2, 4, 8, 16, 32, 48] },
  t2d: { standard: [1, 2, 4, 8, 16, 32, 48, 60] },
};
