import { ok } from "../http/exchange";
import type { JsonObject } from "../json";
import { regionOfZone, regions, zonesOf } from "../locations";
import { resourceNotFound } from "./errors";
import { filterResources } from "./filter";
import { selfLink } from "./links";
import type { ComputeRoutes } from "./routes";

/** Limits of a region as the quota page shows them; the sandbox does not enforce them. */
const QUOTAS: readonly (readonly [string, number])[] = [
  ["CPUS", 2400],
  ["DISKS_TOTAL_GB", 40960],
  ["IN_USE_ADDRESSES", 575],
  ["INSTANCES", 6000],
  ["STATIC_ADDRESSES", 175],
];

const CREATED = "1969-12-31T16:00:00.000-08:00";

function regionResource(project: string, name: string): JsonObject {
  return {
    kind: "compute#region",
    id: idOf(name),
    creationTimestamp: CREATED,
    name,
    description: name,
    status: "UP",
    zones: zonesOf(name).map((zone) => selfLink(`projects/${project}/zones/${zone}`)),
    quotas: QUOTAS.map(([metric, limit]) => ({ metric, limit, usage: 0 })),
    selfLink: selfLink(`projects/${project}/regions/${name}`),
    supportsPzs: false,
  };
}

function zoneResource(project: string, name: string): JsonObject {
  return {
    kind: "compute#zone",
    id: idOf(name),
    creationTimestamp: CREATED,
    name,
    description: name,
    status: "UP",
    region: selfLink(`projects/${project}/regions/${regionOfZone(name)}`),
    selfLink: selfLink(`projects/${project}/zones/${name}`),
    availableCpuPlatforms: ["Intel Broadwell", "Intel Cascade Lake", "Intel Ice Lake"],
    supportsPzs: false,
  };
}

/** A number that is always the same for a name. */
function idOf(name: string): string {
  return String([...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 100_000, 7));
}

/** Regions and zones. */
export function placeRoutes(add: ComputeRoutes): void {
  const all = { regions: [...regions()], zones: regions().flatMap(zonesOf) };
  for (const [collection, resource] of [
    ["regions", regionResource],
    ["zones", zoneResource],
  ] as const) {
    add("GET", `/projects/{project}/${collection}`, (request) => {
      const tail = `projects/${request.project}/${collection}`;
      const items = all[collection].map((name) => resource(request.project!, name));
      return ok({
        kind: `compute#${collection.slice(0, -1)}List`,
        id: tail,
        items: filterResources(items, request.query.get("filter")),
        selfLink: selfLink(tail),
      });
    });
    add("GET", `/projects/{project}/${collection}/{name}`, (request) => {
      const name = request.param("name");
      if (!all[collection].includes(name)) throw resourceNotFound(`projects/${request.project}/${collection}/${name}`);
      return ok(resource(request.project!, name));
    });
  }
}
