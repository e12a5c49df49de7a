import type { Cloud } from "../cloud";
import { ok } from "../http/exchange";
import type { JsonObject } from "../json";
import { regionOfZone, regions, zonesOf } from "../locations";
import { quotaLimit, usedQuotas } from "../quotas";
import { resourceNotFound } from "./errors";
import { filterResources } from "./filter";
import { selfLink } from "./links";
import type { ComputeRoutes } from "./routes";

const CREATED = "1969-12-31T16:00:00.000-08:00";

/** What a region lets a project use, and how much of it is used. */
function quotasIn(cloud: Cloud, project: string, region: string): JsonObject[] {
  const used = usedQuotas(cloud, project, region);
  const metrics = new Set([...Object.keys(cloud.quotas), ...used.keys()]);
  return [...metrics].map((metric) => ({
    metric,
    limit: quotaLimit(cloud.quotas, metric),
    usage: used.get(metric) ?? 0,
  }));
}

function regionResource(cloud: Cloud, project: string, name: string): JsonObject {
  return {
    kind: "compute#region",
    id: idOf(name),
    creationTimestamp: CREATED,
    name,
    description: name,
    status: "UP",
    zones: zonesOf(name).map((zone) => selfLink(`projects/${project}/zones/${zone}`)),
    quotas: quotasIn(cloud, project, name),
    selfLink: selfLink(`projects/${project}/regions/${name}`),
    supportsPzs: false,
  };
}

function zoneResource(_: Cloud, project: string, name: string): JsonObject {
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
export function placeRoutes(add: ComputeRoutes, cloud: Cloud): void {
  const all = { regions: [...regions()], zones: regions().flatMap(zonesOf) };
  for (const [collection, resource] of [
    ["regions", regionResource],
    ["zones", zoneResource],
  ] as const) {
    add("GET", `/projects/{project}/${collection}`, (request) => {
      const tail = `projects/${request.project}/${collection}`;
      const items = all[collection].map((name) => resource(cloud, request.project!, name));
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
      return ok(resource(cloud, request.project!, name));
    });
  }
}
