import type { Cloud } from "../cloud";
import { type JsonObject, objectsOf, stringOf, stringsOf, withDefaults } from "../json";
import { ComputeResources } from "./crud";
import { invalidField, resourceNotFound } from "./errors";
import type { ComputeKind, Subject } from "./kind";
import { computeName, selfLink, tailOf } from "./links";
import { checkServedOnce } from "./nat-conflicts";
import { checkNat, checkRouter } from "./nat-rules";
import type { ComputeRoutes } from "./routes";

const ROUTERS: ComputeKind = {
  collection: "routers",
  kind: "compute#router",
  singular: "router",
  scope: "regional",
  references: [{ field: "network" }],
  immutable: ["name", "network"],
  complete: (resource, subject) => {
    checkRouter(resource);
    const completed = withDefaults(resource, { encryptedInterconnectRouter: false });
    const nats = objectsOf(resource["nats"]);
    checkServedOnce(resource, subject);
    if (nats.length > 0) completed["nats"] = nats.map((nat, index) => completeNat(nat, index, nats, subject));
    else delete completed["nats"];
    const bgp = resource["bgp"];
    if (bgp) {
      completed["bgp"] = withDefaults(bgp as JsonObject, { advertiseMode: "DEFAULT", keepaliveInterval: 20 });
    }
    return completed;
  },
};

/** A NAT with what Google fills in. @throws ApiError where its parts do not fit together or something is missing */
function completeNat(nat: JsonObject, index: number, all: JsonObject[], subject: Subject): JsonObject {
  const field = `nats[${index}]`;
  if (all.findIndex((other) => other["name"] === nat["name"]) < index) {
    throw invalidField(`${field}.name`, nat["name"], "NAT names must be unique within a router.");
  }
  const allocation = stringOf(nat["natIpAllocateOption"]);
  const ips = stringsOf(nat["natIps"]).map((link) => existing(link, `${field}.natIps`, subject));
  if (allocation === "MANUAL_ONLY" && ips.length === 0 && nat["type"] !== "PRIVATE") {
    throw invalidField(`${field}.natIps`, "", "Manual allocation needs at least one NAT IP.");
  }
  checkNatAddresses(nat, ips, field, subject);
  if (allocation === "AUTO_ONLY" && ips.length > 0) {
    throw invalidField(`${field}.natIps`, ips.join(), "Automatic allocation takes no NAT IPs.");
  }
  const subnetworks = objectsOf(nat["subnetworks"]).map((each) => ({
    ...each,
    name: existing(stringOf(each["name"]) ?? "", `${field}.subnetworks`, subject),
  }));
  for (const [i, each] of subnetworks.entries()) {
    const served = subject.cloud.store.get(computeName(tailOf(each.name, subject.project) ?? "")) ?? {};
    const names = objectsOf(served["secondaryIpRanges"]).map((range) => stringOf(range["rangeName"]));
    const unknown = stringsOf((each as JsonObject)["secondaryIpRangeNames"]).find((range) => !names.includes(range));
    if (unknown !== undefined) {
      const at = `${field}.subnetworks[${i}].secondaryIpRangeNames`;
      throw invalidField(at, unknown, `The subnetwork has no secondary range of that name.`);
    }
  }
  if (nat["sourceSubnetworkIpRangesToNat"] === "LIST_OF_SUBNETWORKS" && subnetworks.length === 0) {
    throw invalidField(`${field}.subnetworks`, "", "LIST_OF_SUBNETWORKS needs at least one subnetwork.");
  }
  checkNat(nat, field);
  return {
    ...withDefaults(nat, {
      type: "PUBLIC",
      endpointTypes: ["ENDPOINT_TYPE_VM"],
      enableEndpointIndependentMapping: false,
      enableDynamicPortAllocation: false,
      ...(nat["type"] === "PRIVATE" ? {} : { autoNetworkTier: "PREMIUM" }),
    }),
    ...(ips.length > 0 ? { natIps: ips } : {}),
    ...(subnetworks.length > 0 ? { subnetworks } : {}),
  };
}

/** Addresses of a NAT are external ones, each named once; only those of a manual allocation can be drained. */
function checkNatAddresses(nat: JsonObject, ips: readonly string[], field: string, { cloud, project }: Subject): void {
  const twice = ips.find((ip, i) => ips.indexOf(ip) < i);
  if (twice !== undefined) throw invalidField(`${field}.natIps`, twice, "NAT IPs must be unique.");
  const internal = ips.find(
    (ip) => cloud.store.get(computeName(tailOf(ip, project) ?? ""))?.["addressType"] === "INTERNAL",
  );
  if (internal !== undefined) throw invalidField(`${field}.natIps`, internal, "NAT IPs must be external addresses.");
  const drained = stringsOf(nat["drainNatIps"]);
  if (drained.length > 0 && nat["natIpAllocateOption"] === "AUTO_ONLY") {
    throw invalidField(`${field}.drainNatIps`, drained.join(), "Automatic allocation takes no NAT IPs.");
  }
}

function existing(link: string, field: string, { cloud, project }: Subject): string {
  const tail = tailOf(link, project);
  if (!tail) throw invalidField(field, link, "The URL is malformed.");
  if (!cloud.store.has(computeName(tail))) throw resourceNotFound(tail);
  return selfLink(tail);
}

/** Cloud routers; NAT gateways live inside them and have no address of their own. */
export function routerRoutes(add: ComputeRoutes, cloud: Cloud): void {
  new ComputeResources(cloud, ROUTERS).routes(add);
}
