import { join } from "node:path";
import { LocalBackend } from "cdktf";
import { type EnvironmentDefinition, type EnvironmentNodePool, StateBackend } from "../../lib/environment";
import { readMachineType } from "../../lib/facts/machines";
import { parseVersion } from "../../lib/facts/semver";
import { zoneCount } from "../../lib/gke";

/**
 * Most that a vCPU and a GB of memory are taken to cost an hour, in US dollars: twice the on-demand list price of N2 in
 * us-central1 (0.0316 and 0.0042, https://cloud.google.com/compute/vm-instance-pricing), as regions and series differ. A
 * bound to decide by, no estimate; what is billed is in the project's billing report.
 */
const PER_CPU = 0.07;
const PER_GB = 0.01;
const PRICED = ["e2", "n1", "n2", "n2d", "n4", "c3", "c3d", "c4", "c4a", "t2d", "t2a"];
/** Memory of a vCPU in a high-memory machine. */
const GB_PER_CPU: Readonly<Record<string, number>> = { highcpu: 2, standard: 4, highmem: 8 };
/** Management fee of a cluster, and a bound for everything that is no machine. */
const PER_CLUSTER = 0.1;
const EVERYTHING_ELSE = 0.5;

/** A copy of an environment that may come and go beside the original. */
export interface ThrowAway {
  readonly definition: EnvironmentDefinition;
  /** The same one GKE minor back, for the upgrade; undefined where the environment names none. */
  readonly before?: EnvironmentDefinition;
  /** US dollars an hour, at most; undefined where a machine's price is not known. */
  readonly hourly: number | undefined;
}

/**
 * @param suffix Four characters that no other run has.
 * @param directory Where the states are kept.
 */
export function throwAway(
  original: EnvironmentDefinition,
  { project, location = original.location }: { readonly project: string; readonly location?: string },
  suffix: string,
  directory: string,
): ThrowAway {
  const definition: EnvironmentDefinition = {
    ...original,
    name: `live-${suffix}`,
    project,
    location,
    cluster: { ...original.cluster, deletionProtection: false },
    backend: StateBackend.custom(
      (stack) => new LocalBackend(stack, { path: join(directory, `${stack.node.id}.tfstate`) }),
    ),
    labels: { ...original.labels, "throw-away": suffix },
    nodePools: original.nodePools?.map(small),
  };
  const version = parseVersion(original.cluster?.minVersion);
  const minVersion = version && `${version.major}.${version.minor - 1}`;
  return {
    definition,
    ...(minVersion === undefined ? {} : { before: { ...definition, cluster: { ...definition.cluster, minVersion } } }),
    hourly: hourlyBound(definition),
  };
}

/** Two nodes at least, so that packets have a way to go, and one for each zone at most. An empty pool may stay empty. */
function small({
  minNodesPerZone,
  maxNodesPerZone: _,
  nodeCountPerZone: __,
  minNodes,
  ...pool
}: EnvironmentNodePool): EnvironmentNodePool {
  const least = (minNodes ?? minNodesPerZone) === 0 ? 0 : 2;
  return { ...pool, minNodes: least, maxNodes: 3 };
}

/** What an environment costs an hour at most, with every pool at its limit. */
export function hourlyBound({ location, cluster, nodePools = [] }: EnvironmentDefinition): number | undefined {
  let sum = PER_CLUSTER + EVERYTHING_ELSE;
  const zones = zoneCount(location, cluster?.nodeLocations);
  for (const { machineType = "e2-standard-4", accelerators, maxNodes, ...perZone } of nodePools) {
    const machine = readMachineType(machineType);
    const [, kind = ""] = /^[a-z0-9]+-(highcpu|standard|highmem|medium|small|micro)\b/.exec(machineType) ?? [];
    const shared = ["medium", "small", "micro"].includes(kind);
    const gbPerCpu = shared ? 4 : GB_PER_CPU[kind];
    const cpus = shared ? 2 : (machine?.size ?? 0);
    if (
      machine === undefined ||
      !PRICED.includes(machine.series) ||
      gbPerCpu === undefined ||
      (accelerators ?? []).length > 0
    )
      return undefined;
    const nodes = maxNodes ?? (perZone.maxNodesPerZone ?? perZone.nodeCountPerZone ?? 1) * zones;
    sum += nodes * cpus * (PER_CPU + gbPerCpu * PER_GB);
  }
  // Autopilot bills pods; what an environment installs fits into so many vCPUs.
  if (cluster?.autopilot === true) sum += 16 * (PER_CPU + 4 * PER_GB);
  return Math.ceil(Number((sum * 100).toFixed(6))) / 100;
}
