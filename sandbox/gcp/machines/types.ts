import { SHAPES } from "./shapes";

/** A predefined machine type taken apart. */
export interface MachineType {
  /** Series, e.g. `e2` of `e2-standard-4`. */
  readonly series: string;
  /** Number of processors that quotas count. */
  readonly cpus: number;
}

/** Machine types that share a processor, with the number that quotas count. */
const SHARED: Readonly<Record<string, MachineType>> = {
  "e2-micro": { series: "e2", cpus: 2 },
  "e2-small": { series: "e2", cpus: 2 },
  "e2-medium": { series: "e2", cpus: 2 },
  "f1-micro": { series: "f1", cpus: 1 },
  "g1-small": { series: "g1", cpus: 1 },
};

/** Series of which one chooses processors and memory: `n2-custom-6-3072`, and `custom-6-3072` for n1. */
const CUSTOM = new Set(["e2", "n1", "n2", "n2d", "n4", "n4d"]);

/**
 * Series whose sizes are not listed here, because the environments of this project have no use for them: any name of theirs
 * is taken to exist, so that none is refused wrongly.
 */
const UNLISTED = /^(a2|a3|a4|a4x|ct\w+|g4|h3|h4d|m[1-4]|tpu7x|x4|z3)-[a-z0-9]+(-[a-z0-9]+)*$/;

/** The series and the processors of a machine type; `undefined` where Compute Engine knows none of that name. */
export function machineType(name: string): MachineType | undefined {
  const shared = SHARED[name];
  if (shared) return shared;
  const custom = /^(?:(\w+)-)?custom-(\d+)-(\d+)(-ext)?$/.exec(name);
  if (custom) return customType(custom[1] ?? "n1", Number(custom[2]), Number(custom[3]));
  const match = /^([a-z]\w*)-([a-z]+)-(\d+)(-lssd|-metal)?$/.exec(name);
  if (match) {
    const [, series, kind, cpus, variant] = match as unknown as [string, string, string, string, string?];
    const sizes = SHAPES[series]?.[kind + (variant ?? "")];
    if (sizes?.includes(Number(cpus))) return { series, cpus: Number(cpus) };
  }
  if (!UNLISTED.test(name)) return undefined;
  const count = /-(\d+)(?:t|g|-\w+)?$/.exec(name);
  return { series: seriesOf(name), cpus: Number(count?.[1] ?? 1) };
}

function customType(series: string, cpus: number, megabytes: number): MachineType | undefined {
  if (!CUSTOM.has(series)) return undefined;
  const even = cpus === 1 ? series === "n1" || series === "e2" : cpus % 2 === 0;
  return even && cpus <= 128 && megabytes % 256 === 0 && megabytes >= 512 ? { series, cpus } : undefined;
}

/** Series of a machine type: `e2` of `e2-standard-4`. */
export function seriesOf(name: string): string {
  return name.startsWith("custom-") ? "n1" : name.slice(0, name.indexOf("-"));
}
