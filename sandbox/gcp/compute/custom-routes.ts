import type { Cloud } from "../cloud";
import { badRequest } from "../http/errors";
import { type JsonObject, numberOf, stringOf, withDefaults } from "../json";
import { ComputeResources } from "./crud";
import { invalidField } from "./errors";
import type { ComputeKind } from "./kind";
import { selfLink, tailOf } from "./links";
import { checkRange } from "./ranges";
import type { ComputeRoutes } from "./routes";

const MAX_PRIORITY = 65_535;

/** Ways to say where a route leads; a route needs exactly one. */
const NEXT_HOPS = ["nextHopGateway", "nextHopIp", "nextHopInstance", "nextHopVpnTunnel", "nextHopIlb"] as const;

const ROUTES: ComputeKind = {
  collection: "routes",
  kind: "compute#route",
  singular: "route",
  scope: "global",
  references: [{ field: "network" }, { field: "nextHopGateway", mustExist: false }],
  immutable: ["name", "network", "destRange", "priority", "tags"],
  complete: (resource, { project }) => {
    checkRange("destRange", stringOf(resource["destRange"]) ?? "");
    const priority = numberOf(resource["priority"]) ?? 1000;
    if (priority < 0 || priority > MAX_PRIORITY) {
      throw invalidField("priority", String(priority), `Must be between 0 and ${MAX_PRIORITY}`);
    }
    if (!resource["network"])
      throw badRequest("Required field 'resource.network' not specified", { reason: "required" });
    const hops = NEXT_HOPS.filter((hop) => resource[hop]);
    if (hops.length !== 1) throw invalidField("nextHop", hops.join(), "Exactly one next hop must be given.");
    return withDefaults(gatewayLink(resource, project), { priority: 1000 });
  },
};

/** The internet gateway may be given by its name alone. */
function gatewayLink(resource: JsonObject, project: string): JsonObject {
  const gateway = resource["nextHopGateway"];
  if (typeof gateway !== "string" || gateway === "") return resource;
  const tail = tailOf(gateway, project) ?? `projects/${project}/global/gateways/${gateway}`;
  return { ...resource, nextHopGateway: selfLink(tail) };
}

/** Custom routes; the default route of each network is among them. */
export function customRouteRoutes(add: ComputeRoutes, cloud: Cloud): void {
  new ComputeResources(cloud, ROUTES).routes(add);
}
