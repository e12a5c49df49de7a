import type { Cloud } from "./cloud";
import { partsOf } from "./container/names";
import type { PoolRecord } from "./container/records";
import { ApiError } from "./http/errors";
import { at, stringOf } from "./json";
import { regionOf } from "./locations";
import { machineType } from "./machines/types";

/** How much of a metric a project may use in each region. */
export type Quotas = Readonly<Record<string, number>>;

/** What a project may use unless the options say otherwise. */
export const DEFAULT_QUOTAS: Quotas = {
  CPUS: 2400,
  DISKS_TOTAL_GB: 40960,
  IN_USE_ADDRESSES: 575,
  INSTANCES: 6000,
  STATIC_ADDRESSES: 175,
};

/** Limit of the processors of a series that is not listed. */
const SERIES_CPUS = 2400;

/** Series whose processors count as `CPUS`; every other has a metric of its own, e.g. `N2_CPUS`. */
const COMMON = new Set(["e2", "f1", "g1", "n1"]);

/** Machines to be added somewhere. */
export interface Demand {
  readonly project: string;
  readonly location: string;
  readonly machineType: string;
  readonly nodes: number;
}

/** What machines take of each quota. */
function usage({ machineType: name, nodes }: Pick<Demand, "machineType" | "nodes">): Map<string, number> {
  const type = machineType(name);
  if (!type || nodes === 0) return new Map();
  const metric = COMMON.has(type.series) ? "CPUS" : `${type.series.toUpperCase()}_CPUS`;
  return new Map([
    [metric, type.cpus * nodes],
    ["INSTANCES", nodes],
  ]);
}

/** What the node pools of a project take of a region's quotas. */
export function usedQuotas(cloud: Cloud, project: string, region: string): Map<string, number> {
  const used = new Map<string, number>();
  for (const [name, record] of cloud.store.list(`//container.googleapis.com/projects/${project}/`)) {
    if (!name.includes("/nodePools/") || regionOf(partsOf(name).location) !== region) continue;
    const pool = record as PoolRecord;
    const mine = usage({ machineType: stringOf(at(pool.api, "config.machineType")) ?? "", nodes: pool.nodes.length });
    for (const [metric, amount] of mine) used.set(metric, (used.get(metric) ?? 0) + amount);
  }
  return used;
}

/**
 * GKE looks whether the region has quota for new nodes before it creates any.
 *
 * @see https://github.com/googlecodelabs/feedback/issues/950
 * @throws ApiError 403 that lists every quota that is too small
 */
export function checkQuotas(cloud: Cloud, demands: readonly Demand[]): void {
  const [first] = demands;
  if (!first) return;
  const wanted = new Map<string, number>();
  for (const demand of demands) {
    for (const [metric, amount] of usage(demand)) wanted.set(metric, (wanted.get(metric) ?? 0) + amount);
  }
  const used = usedQuotas(cloud, first.project, regionOf(first.location)!);
  const short = [...wanted].flatMap(([metric, amount]) => {
    const limit = quotaLimit(cloud.quotas, metric);
    const available = Math.max(0, limit - (used.get(metric) ?? 0));
    if (amount <= available) return [];
    const [requires, missing, quota, left] = [amount, amount - available, limit, available].map((n) => n.toFixed(1));
    return [
      `insufficient regional quota to satisfy request: resource "${metric}": request requires '${requires}' and is short '${missing}'. project has a quota of '${quota}' with '${left}' available. View and manage quotas at https://console.cloud.google.com/iam-admin/quotas?usage=USED&project=${first.project}`,
    ];
  });
  if (short.length === 0) return;
  const message =
    short.length === 1
      ? `${short[0]![0]!.toUpperCase()}${short[0]!.slice(1)}.`
      : short.map((each, i) => `\n\t(${i + 1}) ${each}`).join("");
  throw new ApiError(403, message);
}

/** How much of a metric a project may use. */
export function quotaLimit(quotas: Quotas, metric: string): number {
  return quotas[metric] ?? DEFAULT_QUOTAS[metric] ?? SERIES_CPUS;
}
