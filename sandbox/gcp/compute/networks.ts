import type { Cloud } from "../cloud";
import { badRequest } from "../http/errors";
import type { ApiRequest, ApiResponse } from "../http/exchange";
import { type JsonObject, objectOf, objectsOf, stringOf, withDefaults } from "../json";
import { ComputeResources } from "./crud";
import { invalidField } from "./errors";
import type { ComputeKind } from "./kind";
import { computeName, selfLink, tailOf, tailOfName } from "./links";
import type { ComputeRoutes } from "./routes";

/** Resources of a project that keep a network from being deleted. */
const USERS = /\/(subnetworks|firewalls|routers|addresses|routes)\//;

const NETWORKS: ComputeKind = {
  collection: "networks",
  kind: "compute#network",
  singular: "network",
  scope: "global",
  references: [],
  immutable: ["name", "autoCreateSubnetworks", "description"],
  complete: (resource) => {
    const mtu = resource["mtu"];
    if (typeof mtu === "number" && (mtu < 1300 || mtu > 8896)) {
      throw invalidField("mtu", String(mtu), "Must be between 1300 and 8896.");
    }
    if (resource["IPv4Range"]) {
      throw invalidField("IPv4Range", resource["IPv4Range"], "Legacy networks can no longer be created.");
    }
    const ula = stringOf(resource["internalIpv6Range"]) ?? "";
    if (ula !== "" && !/^fd20:[0-9a-f:]*\/48$/i.test(ula)) {
      throw invalidField("internalIpv6Range", ula, "Must be a /48 range within fd20::/20.");
    }
    const routing = objectOf(resource["routingConfig"]);
    if (routing["bgpAlwaysCompareMed"] === true && routing["bgpBestPathSelectionMode"] !== "STANDARD") {
      throw badRequest("Field bgp_always_compare_med is not supported for LEGACY BGP Best Path Selection algorithm", {
        reason: "invalid",
      });
    }
    // Said only to take bgpAlwaysCompareMed away, and never answered.
    const { deleteBgpAlwaysCompareMed: taken, ...kept } = routing;
    if (taken === true) delete kept["bgpAlwaysCompareMed"];
    return withDefaults(resource["routingConfig"] ? { ...resource, routingConfig: kept } : resource, {
      autoCreateSubnetworks: true,
      networkFirewallPolicyEnforcementOrder: "AFTER_CLASSIC_FIREWALL",
      routingConfig: { routingMode: "REGIONAL", bgpBestPathSelectionMode: "LEGACY" },
    });
  },
  refusesLate: true,
  inserted: (resource, { cloud, project, tail }) => {
    cloud.store.put(computeName(tail), {
      ...resource,
      selfLinkWithId: selfLink(`projects/${project}/global/networks/${resource["id"]}`),
    });
    const route = `projects/${project}/global/routes/default-route-${cloud.identity.hex(16)}`;
    cloud.store.put(computeName(route), {
      kind: "compute#route",
      id: cloud.identity.id(),
      creationTimestamp: new Date().toISOString(),
      name: route.slice(route.lastIndexOf("/") + 1),
      description: "Default route to the Internet.",
      network: selfLink(tail),
      destRange: "0.0.0.0/0",
      priority: 1000,
      nextHopGateway: selfLink(`projects/${project}/global/gateways/default-internet-gateway`),
      selfLink: selfLink(route),
    });
  },
  usedBy: (resource, { cloud, project, tail }) => {
    const peering = objectsOf(resource["peerings"])[0];
    if (peering) return `${tail}/${peering["name"]}`;
    return cloud.store
      .list(computeName(`projects/${project}/`))
      .filter(([name, other]) => USERS.test(name) && other["network"] === selfLink(tail) && !isDefaultRoute(other))
      .map(([name]) => tailOfName(name))[0];
  },
  deleted: (_, { cloud, project, tail }) => {
    for (const [name, route] of cloud.store.list(computeName(`projects/${project}/global/routes/`))) {
      if (route["network"] === selfLink(tail)) cloud.store.delete(name);
    }
  },
};

function isDefaultRoute(resource: JsonObject): boolean {
  return resource["kind"] === "compute#route" && (stringOf(resource["name"]) ?? "").startsWith("default-route-");
}

/** Networks and their peerings. */
export function networkRoutes(add: ComputeRoutes, cloud: Cloud): void {
  const networks = new ComputeResources(cloud, NETWORKS);
  networks.routes(add);
  const method = (verb: string, change: (peerings: JsonObject[], request: ApiRequest) => JsonObject[]): void => {
    const handler = (request: ApiRequest): Promise<ApiResponse> => {
      const subject = networks.subject(request);
      return networks.update(request, subject, `compute.networks.${verb}`, (network) => ({
        ...network,
        peerings: change(objectsOf(network["peerings"]), request),
      }));
    };
    add(verb === "updatePeering" ? "PATCH" : "POST", `/projects/{project}/global/networks/{name}/${verb}`, handler);
  };
  method("addPeering", (peerings, request) => {
    const given = objectOf(request.body["networkPeering"]);
    const name = stringOf(given["name"]) ?? stringOf(request.body["name"]);
    if (peerings.some((peering) => peering["name"] === name)) {
      throw badRequest(`There is already a peering (${name}) with the same name in the network.`, {
        reason: "invalid",
      });
    }
    const peered = completePeering(given, request.project!);
    if (peered["network"] === selfLink(`projects/${request.project}/global/networks/${request.param("name")}`)) {
      throw invalidField("networkPeering.network", peered["network"], "Network cannot be peered with itself.");
    }
    return [...peerings, peered];
  });
  method("updatePeering", (peerings, request) => {
    const given = objectOf(request.body["networkPeering"]);
    const found = requirePeering(peerings, given["name"]);
    return peerings.map((peering) => (peering === found ? withDefaults(given, peering) : peering));
  });
  method("removePeering", (peerings, request) => {
    const found = requirePeering(peerings, request.body["name"]);
    return peerings.filter((peering) => peering !== found);
  });
}

function requirePeering(peerings: JsonObject[], name: unknown): JsonObject {
  const found = peerings.find((peering) => peering["name"] === name);
  if (!found) throw badRequest(`There is no peering ${name} in the network.`, { reason: "invalid" });
  return found;
}

/** A peering is ACTIVE once both sides have one; the sandbox does not wait for the other side. */
function completePeering(peering: JsonObject, project: string): JsonObject {
  const tail = tailOf(peering["network"], project);
  if (!tail) throw invalidField("networkPeering.network", peering["network"], "The URL is malformed.");
  return withDefaults(
    { ...peering, network: selfLink(tail) },
    {
      autoCreateRoutes: true,
      exchangeSubnetRoutes: true,
      exportCustomRoutes: false,
      importCustomRoutes: false,
      exportSubnetRoutesWithPublicIp: true,
      importSubnetRoutesWithPublicIp: false,
      stackType: "IPV4_ONLY",
      state: "ACTIVE",
      stateDetails: "Connected.",
    },
  );
}
