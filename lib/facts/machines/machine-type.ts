import { type CustomSizes, MACHINE_SERIES, type MachineSeries } from "./series";

/** A machine type taken apart. */
export interface MachineType {
  readonly name: string;
  /** `e2` of `e2-standard-4`. */
  readonly series: string;
  /** What is known of the series; absent where the table lacks it. */
  readonly facts?: MachineSeries;
  /** `standard-*` of `e2-standard-4`; absent for custom machine types. */
  readonly form?: string;
  /** The number in the name: of vCPUs, or of GPUs and TPUs where it ends in `g` or `t`. 0 where there is none. */
  readonly size: number;
  readonly custom?: CustomMachine;
}

/** What a custom machine type asks for. */
export interface CustomMachine {
  readonly cpus: number;
  readonly memoryMb: number;
  /** More memory than the series has a vCPU. */
  readonly extended: boolean;
}

/** A fault or a doubt: the rest of a sentence about the machine type, and what to do. */
export interface Finding {
  readonly rule: string;
  readonly remedy: string;
}

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/;
const CUSTOM = /^(?:([a-z0-9]+)-)?custom-(\d+)-(\d+)(-ext)?$/;
const SHARED_CUSTOM = /^e2-custom-(micro|small|medium)-(\d+)$/;
const SHAPE = /^((?:[a-z]+-)*)(\d+)([gt]?(?:-[a-z0-9]+)*)$/;
/** Memory of custom machine types comes in steps of so many MB. */
const MEMORY_STEP_MB = 256;
/** Memory in GB of the custom types that share a core. */
const SHARED_MEMORY_GB: Readonly<Record<string, readonly [number, number]>> = {
  micro: [1, 2],
  small: [2, 4],
  medium: [4, 8],
};

/** Takes a machine type apart; undefined where the text is not even of the shape of one. */
export function readMachineType(name: string): MachineType | undefined {
  const custom = CUSTOM.exec(name);
  if (custom !== null) {
    const series = custom[1] ?? "n1";
    return {
      name,
      series,
      ...factsOf(series),
      size: Number(custom[2]),
      custom: { cpus: Number(custom[2]), memoryMb: Number(custom[3]), extended: custom[4] !== undefined },
    };
  }
  if (!NAME.test(name)) return undefined;
  const dash = name.indexOf("-");
  const series = name.slice(0, dash);
  const shape = name.slice(dash + 1);
  const match = SHAPE.exec(shape);
  return {
    name,
    series,
    ...factsOf(series),
    form: match === null ? shape : `${match[1]}*${match[3]}`,
    size: Number(match?.[2] ?? 0),
  };
}

/** What is certainly wrong with a machine type: no such name, or a custom size that its series does not have. */
export function machineTypeFault(name: string): Finding | undefined {
  const type = readMachineType(name);
  if (type === undefined) return { rule: "is not a machine type", remedy: EXAMPLES };
  const shared = SHARED_CUSTOM.exec(name);
  if (shared !== null)
    return memoryFault(Number(shared[2]), ...(SHARED_MEMORY_GB[shared[1] as string] as readonly [number, number]));
  if (type.custom === undefined || type.facts === undefined) return undefined;
  const sizes = type.facts.custom;
  if (sizes === undefined)
    return {
      rule: `is a custom machine type, which series ${type.series} has none of`,
      remedy: `choose one of its types, such as ${firstType(type.series, type.facts)}, or a custom one of n2`,
    };
  return customFault(type.custom, sizes);
}

/** What is doubtful about a machine type: the table of published ones does not have it. */
export function machineTypeDoubt(name: string): Finding | undefined {
  const type = readMachineType(name);
  if (type === undefined || type.custom !== undefined || SHARED_CUSTOM.test(name)) return undefined;
  if (type.facts === undefined)
    return {
      rule: `is of series ${type.series}, which this library's table of Google's machines does not have, so that nothing is known of its disks, accelerators and processors`,
      remedy: "check the name at https://cloud.google.com/compute/docs/machine-resource, and what GKE offers of it",
    };
  const sizes = type.facts.types[type.form as string];
  if (sizes !== undefined && (sizes === "" || sizes.split(" ").includes(String(type.size)))) return undefined;
  return {
    rule: "is not among the machine types that Google has published",
    remedy:
      sizes !== undefined
        ? `there are ${sizes.split(" ").join(", ")} of ${type.series}-${type.form}; GKE answers 400 for what does not exist, after the cluster is made`
        : `of ${type.series} there are ${Object.keys(type.facts.types).join(", ")}; GKE answers 400 for what does not exist, after the cluster is made`,
  };
}

const EXAMPLES = "give one such as e2-standard-4 or n2-custom-4-8192";

function factsOf(series: string): { readonly facts?: MachineSeries } {
  return Object.hasOwn(MACHINE_SERIES, series) ? { facts: MACHINE_SERIES[series] } : {};
}

function firstType(series: string, { types }: MachineSeries): string {
  const [form, sizes] = Object.entries(types)[0] as [string, string];
  return `${series}-${form.replace("*", sizes.split(" ")[0] as string)}`;
}

function customFault({ cpus, memoryMb, extended }: CustomMachine, sizes: CustomSizes): Finding | undefined {
  if (!sizes.cpus(cpus))
    return {
      rule: `has ${cpus} vCPUs, which custom machines of its series do not come in`,
      remedy: `choose ${sizes.cpusTold}`,
    };
  if (extended && !sizes.extended)
    return {
      rule: "has extended memory, which its series does not come with",
      remedy: "take -ext off, or choose another series",
    };
  const [least, most] = sizes.memoryPerCpu;
  return memoryFault(memoryMb, least * cpus, extended ? Number.POSITIVE_INFINITY : most * cpus);
}

function memoryFault(memoryMb: number, leastGb: number, mostGb: number): Finding | undefined {
  if (memoryMb % MEMORY_STEP_MB !== 0)
    return {
      rule: `has ${memoryMb} MB of memory, which is no multiple of ${MEMORY_STEP_MB}`,
      remedy: `choose ${Math.max(1, Math.round(memoryMb / MEMORY_STEP_MB)) * MEMORY_STEP_MB}`,
    };
  // The least is a multiple of 256 MB too: 0.9 GB of one vCPU is 1024 MB in practice.
  if (memoryMb >= leastGb * 1024 && memoryMb <= mostGb * 1024) return undefined;
  const upTo = Number.isFinite(mostGb) ? ` to ${mostGb * 1024}` : " or more";
  return {
    rule: `has ${memoryMb} MB of memory, where that many vCPUs take ${Math.ceil((leastGb * 1024) / MEMORY_STEP_MB) * MEMORY_STEP_MB}${upTo}`,
    remedy: "choose another amount of memory, in MB, or another series",
  };
}
