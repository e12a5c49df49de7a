import { architectureOf, volumeDisksOf } from "./offers";

/** What is asked about the nodes that pods can run on. */
export interface MachinePool {
  readonly machineType: string;
  /** Taints of the author's: where there are any, pods without a toleration of theirs do not run there. */
  readonly taints?: readonly unknown[];
}

/** The taint that GKE gives every node with Arm processors, as a toleration must name it. */
export const ARM_TAINT = { key: "kubernetes.io/arch", value: "arm64", effect: "NO_SCHEDULE" } as const;

/** Whether a pool's nodes have Arm processors, as far as the table knows. */
export function isArm({ machineType }: MachinePool): boolean {
  return architectureOf(machineType) === "arm64";
}

/** Pools without taints of the author's: where pods that tolerate nothing of theirs can run, Arm's own taint apart. */
export function untaintedPools<T extends MachinePool>(pools: readonly T[]): T[] {
  return pools.filter(({ taints = [] }) => taints.length === 0);
}

/** Whether pods that tolerate nothing at all can run somewhere: an untainted pool that is not Arm. */
export function hasPlainPool(pools: readonly MachinePool[]): boolean {
  return untaintedPools(pools).some((pool) => !isArm(pool));
}

/** Whether pods must tolerate Arm's taint to run anywhere: there are untainted pools, and all of them are Arm. */
export function needsArmToleration(pools: readonly MachinePool[]): boolean {
  const untainted = untaintedPools(pools);
  return untainted.length > 0 && untainted.every(isArm);
}

/**
 * Kinds of disk that every one of some pools can attach: what a volume must be on to follow its pod wherever it goes.
 * Undefined where the table does not know one of the machines.
 */
export function commonVolumeDisks(pools: readonly MachinePool[]): readonly string[] | undefined {
  const kinds = pools.map(({ machineType }) => volumeDisksOf(machineType));
  if (kinds.length === 0 || kinds.includes(undefined)) return undefined;
  const [first = [], ...rest] = kinds as (readonly string[])[];
  return first.filter((kind) => rest.every((others) => others.includes(kind)));
}
