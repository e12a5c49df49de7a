import { parseCidr } from "../../../lib/validation/cidr";
import type { Cloud } from "../cloud";
import { computeName } from "../compute/links";
import { at, type JsonObject, numberOf, objectsOf, stringOf } from "../json";
import { OperationFailure } from "../operations/record";
import { partsOf } from "./names";
import type { NodeRecord, PoolRecord } from "./records";
import { allClusters } from "./usage";

/** Addresses of a subnetwork that no machine can have: network, gateway, the last two. */
const NOT_FOR_MACHINES = 4;

/**
 * Every node takes a block of the pods range for itself, and an address of the subnetwork. Where there are too few, the
 * machines cannot be created, which shows in the operation.
 *
 * @see https://github.com/hashicorp/terraform-cdk/issues/1964
 * @throws OperationFailure
 */
export function checkAddresses(cloud: Cloud, poolName: string, pool: PoolRecord, nodes: readonly NodeRecord[]): void {
  const known = new Set(pool.nodes.map((node) => node.name));
  const fresh = nodes.filter((node) => !known.has(node.name));
  if (fresh.length === 0) return;
  const network = at(pool.api, "networkConfig");
  const subnetwork = stringOf(at(network, "subnetwork")) ?? "";
  const range = stringOf(at(network, "podRange")) ?? "";
  const others = poolsOn(cloud, subnetwork).filter(([name]) => name !== poolName);

  const pods = parseCidr(stringOf(at(network, "podIpv4CidrBlock")) ?? "");
  if (range !== "" && typeof pods !== "string") {
    const size = (record: PoolRecord): number => 2 ** (32 - (numberOf(record.api["podIpv4CidrSize"]) ?? 24));
    const taken = others
      .filter(([, other]) => at(other.api, "networkConfig.podRange") === range)
      .reduce((sum, [, other]) => sum + other.nodes.length * size(other), 0);
    const room = Math.floor((pods.last - pods.first + 1 - taken) / size(pool));
    if (nodes.length > room)
      throw exhausted(
        fresh,
        Math.max(0, room - (nodes.length - fresh.length)),
        `${subnetwork}-${range}-${hashOf(poolName)}`,
      );
  }
  const primary = parseCidr(stringOf(cloud.store.get(computeName(subnetwork))?.["ipCidrRange"]) ?? "");
  if (typeof primary !== "string") {
    const room =
      primary.last - primary.first + 1 - NOT_FOR_MACHINES - others.reduce((sum, [, o]) => sum + o.nodes.length, 0);
    if (nodes.length > room) throw exhausted(fresh, Math.max(0, room - (nodes.length - fresh.length)), subnetwork);
  }
}

/** Pools whose nodes are in a subnetwork. */
function poolsOn(cloud: Cloud, subnetwork: string): (readonly [name: string, pool: PoolRecord])[] {
  return allClusters(cloud.store).flatMap(([cluster]) =>
    cloud.store
      .list(`${cluster}/nodePools/`)
      .filter(([, pool]) => at(pool, "api.networkConfig.subnetwork") === subnetwork)
      .map(([name, pool]) => [name, pool as PoolRecord] as const),
  );
}

function exhausted(fresh: readonly NodeRecord[], room: number, space: string): OperationFailure {
  const zones = [...new Set(fresh.map((node) => node.zone))];
  const lines = zones.map((zone, i) => {
    const wanted = fresh.filter((node) => node.zone === zone);
    const failed = wanted[0]!.name;
    return `\n\t(${i + 1}) requested resource is exhausted: Not all instances running in IGM after 24.159253228s. Expected ${wanted.length}, running ${i === 0 ? Math.min(room, wanted.length - 1) : 0}, transitioning 1. Current errors: [IP_SPACE_EXHAUSTED]: Instance '${failed}' creation failed: IP space of '${space}' is exhausted.`;
  });
  return new OperationFailure("RESOURCE_EXHAUSTED", lines.join(""));
}

/** Sixteen hexadecimal characters, as they end the names of ranges in such messages. */
function hashOf(poolName: string): string {
  const { cluster, pool } = partsOf(poolName);
  return Buffer.from(`${cluster}/${pool}`).toString("hex").padEnd(16, "0").slice(0, 16);
}

/** Ranges of a cluster's subnetwork, and of its services. */
export function rangesAround(cloud: Cloud, subnetworkTail: string, services: string): string[] {
  const subnetwork: JsonObject = cloud.store.get(computeName(subnetworkTail)) ?? {};
  const secondary = objectsOf(subnetwork["secondaryIpRanges"]).map((range) => stringOf(range["ipCidrRange"]) ?? "");
  return [stringOf(subnetwork["ipCidrRange"]) ?? "", ...secondary, services].filter((range) => range !== "");
}
