import type { Cloud } from "../cloud";
import { type JsonObject, withDefaults } from "../json";
import { ComputeResources } from "./crud";
import { invalidField } from "./errors";
import type { ComputeKind } from "./kind";
import { selfLink, tailOf } from "./links";
import type { ComputeRoutes } from "./routes";

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
