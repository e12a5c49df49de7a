import { lookUp } from "../facts/look-up";
import { readMachineType } from "../facts/machines";
import { doubt, missing, ok, type SubjectFinding } from "./finding";
import type { PoolNeeds } from "./needs";

/** One quota of a region, as Compute Engine tells it. */
export interface Quota {
  readonly metric: string;
  readonly limit: number;
  readonly usage: number;
}

/** What is needed of one metric at the beginning, and at the most. */
export interface Demand {
  readonly first: number;
  readonly most: number;
}

/** Series whose vCPUs have a quota of their own in the region, and those that share the general one. */
const OWN_QUOTA = ["a2", "a3", "c2", "c2d", "c3", "c3d", "g2", "m1", "m2", "m3", "n2", "n2d", "t2a", "t2d"];
const GENERAL_QUOTA = ["e2", "f1", "g1", "n1"];
/** vCPUs of the types whose names do not tell. */
const SHARED_CORE_CPUS: Readonly<Record<string, number>> = {
  "e2-micro": 2,
  "e2-small": 2,
  "e2-medium": 2,
  "f1-micro": 1,
  "g1-small": 1,
};

/**
 * How much of each regional quota a project's node pools need.
 *
 * Sources: https://cloud.google.com/compute/resource-usage (which series count where, and that Balanced and SSD disks
 * count as SSD). Series with quotas of the newer kind (c4, n4, ...) are not among a region's and are left out.
 */
export function demandOf(pools: readonly PoolNeeds[]): ReadonlyMap<string, Demand> {
  const demand = new Map<string, Demand>();
  const add = (metric: string, each: number, { first, most }: PoolNeeds) => {
    const before = demand.get(metric) ?? { first: 0, most: 0 };
    demand.set(metric, { first: before.first + each * first, most: before.most + each * most });
  };
  for (const pool of pools) {
    const machine = readMachineType(pool.machineType);
    const cpus = lookUp(SHARED_CORE_CPUS, pool.machineType) ?? machine?.size ?? 0;
    const series = machine?.series ?? "";
    if (GENERAL_QUOTA.includes(series)) add("CPUS", cpus, pool);
    else if (OWN_QUOTA.includes(series)) add(`${series.toUpperCase()}_CPUS`, cpus, pool);
    if (pool.diskType === "pd-standard") add("DISKS_TOTAL_GB", pool.diskSizeGb, pool);
    else if (pool.diskType.startsWith("pd-")) add("SSD_TOTAL_GB", pool.diskSizeGb, pool);
    add("INSTANCES", 1, pool);
  }
  return demand;
}

/** Whether what a region has left is enough. */
export function quotaFindings(
  region: string,
  demand: ReadonlyMap<string, Demand>,
  quotas: readonly Quota[],
): SubjectFinding[] {
  return [...demand].map(([metric, { first, most }]) => {
    const title = `quota ${metric} in ${region}`;
    const quota = quotas.find((each) => each.metric === metric);
    if (quota === undefined)
      return doubt(
        title,
        "is not told by Compute Engine",
        `compare with what is needed, ${first} to ${most}, in the console's quotas`,
      );
    const left = quota.limit - quota.usage;
    const detail = `${left} of ${quota.limit} left, ${first === most ? first : `${first} to ${most}`} needed`;
    const raise = `ask for ${quota.usage + most} at https://console.cloud.google.com/iam-admin/quotas, or lower the node pools' limits`;
    if (left < first) return missing(title, detail, raise);
    return left < most ? doubt(title, `${detail}: the pools cannot grow to their limits`, raise) : ok(title, detail);
  });
}
