import { type MachineType, readMachineType } from "./machine-type";
import type { Architecture, ConfidentialKind, MachineSeries } from "./series";

// Every reader answers undefined where the table does not know the series: not known is another answer than none.

/** Architecture of a machine's processors. */
export function architectureOf(machineType: string): Architecture | undefined {
  return readMachineType(machineType)?.facts?.architecture;
}

/** Kinds of boot disk a machine takes, the one to prefer first. */
export function bootDisksOf(machineType: string): readonly string[] | undefined {
  const type = readMachineType(machineType);
  // Of the A3 machines the one with H200 GPUs takes Hyperdisk only.
  return type?.series === "a3" && type.form?.startsWith("ultragpu") ? ["hyperdisk-balanced"] : type?.facts?.bootDisks;
}

/** Kinds of disk that volumes of a machine's pods can be on. */
export function volumeDisksOf(machineType: string): readonly string[] | undefined {
  return readMachineType(machineType)?.facts?.volumes;
}

/** Kinds of memory encryption a machine can have. */
export function confidentialKindsOf(machineType: string): readonly ConfidentialKind[] | undefined {
  return withFacts(machineType, (type, { confidential = [] }) => {
    const offers = confidential.filter(
      ({ form, sizes }) =>
        (form === undefined || form === type.form) && (sizes === undefined || sizes.includes(type.size)),
    );
    return [...new Set(offers.map(({ kind }) => kind))];
  });
}

/** GPUs of one kind that a machine can have or has. */
export interface Gpus {
  readonly type: string;
  /** How many there can be. */
  readonly counts: readonly number[];
  /** Whether they come with the machine: then they must be there, and in no other number. */
  readonly built: boolean;
}

/** GPUs that a machine can have; none where it can have none. */
export function gpusOf(machineType: string): readonly Gpus[] | undefined {
  return withFacts(machineType, (type, { gpus = [] }) =>
    gpus
      .filter(({ form }) => form === "*" || form === type.form)
      .map(({ type: kind, counts }) =>
        typeof counts === "function"
          ? { type: kind, counts: [counts(type.size)], built: true }
          : { type: kind, counts, built: false },
      ),
  );
}

/** Whether nodes of a machine type can be placed close to each other. */
export function takesCompactPlacement(machineType: string): boolean | undefined {
  return withFacts(machineType, (_, { compactPlacement = false }) => compactPlacement);
}

/** Numbers of local SSDs that can be chosen for a machine; "bundled" where it brings its own and none can be chosen. */
export function localSsdCountsOf(machineType: string): readonly number[] | "bundled" | undefined {
  return withFacts(machineType, (type, { localSsds }) => {
    if (localSsds === "none") return [];
    if (typeof localSsds === "function") return localSsds(type.size, type.form ?? "");
    return bringsLocalSsds(type) ? "bundled" : [];
  });
}

/** Of series whose local SSDs cannot be chosen, which types have them. */
function bringsLocalSsds({ series, form = "" }: MachineType): boolean {
  if (form.includes("nolssd")) return false;
  return form.includes("lssd") || ["a3", "a4", "a4x", "z3", "z4d"].includes(series);
}

function withFacts<T>(machineType: string, read: (type: MachineType, facts: MachineSeries) => T): T | undefined {
  const type = readMachineType(machineType);
  return type?.facts === undefined ? undefined : read(type, type.facts);
}
