import { parseCidr } from "../../../lib/validation/cidr";
import type { Cloud } from "../cloud";
import { clustersOnSubnetwork, rangesUsedByClusters } from "../container/usage";
import { badRequest } from "../http/errors";
import type { ApiRequest, ApiResponse } from "../http/exchange";
import { at, type JsonObject, objectOf, objectsOf, stringOf, withDefaults } from "../json";
import { ComputeResources } from "./crud";
import { invalidField } from "./errors";
import type { ComputeKind, Subject } from "./kind";
import { computeName, selfLink, tailOf, tailOfName } from "./links";
import { checkOverlaps, rangeContains } from "./ranges";
import type { ComputeRoutes } from "./routes";
import { checkSubnetRange, checkSubnetwork } from "./subnetwork-rules";

const FLOW_LOG_DEFAULTS: JsonObject = {
  aggregationInterval: "INTERVAL_5_SEC",
  flowSampling: 0.5,
  metadata: "INCLUDE_ALL_METADATA",
};

const SUBNETWORKS: ComputeKind = {
  collection: "subnetworks",
  kind: "compute#subnetwork",
  singular: "subnetwork",
  scope: "regional",
  references: [{ field: "network" }],
  immutable: ["name", "network", "ipCidrRange", "purpose"],
  fingerprint: true,
  complete: (resource, { cloud, project, place }) => {
    const range = stringOf(resource["ipCidrRange"]);
    if (!range) throw invalidField("ipCidrRange", "", "A primary range is required.");
    if (!resource["network"])
      throw badRequest("Required field 'resource.network' not specified", { reason: "required" });
    checkSubnetwork(resource);
    const elsewhere = stringOf(resource["region"])?.replace(/.*\//, "");
    if (elsewhere && place !== `regions/${elsewhere}`) {
      throw invalidField("region", resource["region"], `The request is for ${place}.`);
    }
    const network = cloud.store.get(computeName(tailOf(resource["network"], project) ?? ""));
    if (resource["ipv6AccessType"] === "INTERNAL" && network && network["enableUlaInternalIpv6"] !== true) {
      throw invalidField(
        "ipv6AccessType",
        "INTERNAL",
        "The network has no internal IPv6 range: enableUlaInternalIpv6.",
      );
    }
    const secondary = objectsOf(resource["secondaryIpRanges"]);
    const duplicate = secondary.find((each, i) => secondary.findIndex((e) => e["rangeName"] === each["rangeName"]) < i);
    if (duplicate) {
      throw invalidField("secondaryIpRanges", duplicate["rangeName"], "Secondary range names must be unique.");
    }
    const logs = objectOf(resource["logConfig"]);
    const enabled = logs["enable"] === true || resource["enableFlowLogs"] === true;
    const completed = withDefaults(
      { ...resource, gatewayAddress: gatewayOf(range) },
      {
        logConfig: { enable: false },
        privateIpGoogleAccess: false,
        privateIpv6GoogleAccess: "DISABLE_GOOGLE_ACCESS",
        purpose: "PRIVATE",
        stackType: "IPV4_ONLY",
        state: "READY",
      },
    );
    completed["logConfig"] = enabled ? withDefaults({ ...logs, enable: true }, FLOW_LOG_DEFAULTS) : { enable: false };
    if (secondary.length === 0) delete completed["secondaryIpRanges"];
    return completed;
  },
  check: (resource, { cloud, tail }) => checkOverlaps(cloud, resource, tail),
  checkPatch: (after, before, { cloud, tail }) => {
    const kept = objectsOf(after["secondaryIpRanges"]);
    for (const range of objectsOf(before["secondaryIpRanges"])) {
      const same = kept.some((k) => k["rangeName"] === range["rangeName"] && k["ipCidrRange"] === range["ipCidrRange"]);
      const user = same ? undefined : rangesUsedByClusters(cloud.store, tail).get(stringOf(range["rangeName"]) ?? "");
      if (user) {
        throw badRequest(
          `The subnetwork resource '${tail}' secondary range '${range["rangeName"]}' is already being used by '${user}'`,
          { reason: "resourceInUseByAnotherResource" },
        );
      }
    }
  },
  usedBy: (_, { cloud, project, tail, place }) => {
    const [cluster] = clustersOnSubnetwork(cloud.store, tail);
    if (cluster) return cluster;
    const link = selfLink(tail);
    return cloud.store
      .list(computeName(`projects/${project}/${place}/`))
      .filter(([, other]) => other["subnetwork"] === link || natSubnetworks(other).includes(link))
      .map(([name]) => tailOfName(name))[0];
  },
};

function natSubnetworks(router: JsonObject): string[] {
  return objectsOf(router["nats"])
    .flatMap((nat) => objectsOf(nat["subnetworks"]))
    .map((subnetwork) => stringOf(subnetwork["name"]) ?? "");
}

/** The second address of a range, which Google gives to the gateway. */
function gatewayOf(range: string): string | undefined {
  const cidr = parseCidr(range);
  if (typeof cidr === "string") return undefined;
  return [24, 16, 8, 0].map((shift) => ((cidr.first + 1) >>> shift) & 255).join(".");
}

/** Subnetworks with their own methods, and the secondary ranges that GKE adds by itself. */
export function subnetworkRoutes(add: ComputeRoutes, cloud: Cloud): void {
  const subnetworks = new ComputeResources(cloud, SUBNETWORKS);
  subnetworks.routes(add);
  const path = "/projects/{project}/regions/{area}/subnetworks/{name}";
  add("POST", `${path}/expandIpCidrRange`, (request) => {
    const subject = subnetworks.subject(request);
    const range = stringOf(request.body["ipCidrRange"]) ?? "";
    checkSubnetRange("ipCidrRange", range);
    return subnetworks.update(request, subject, "expandIpCidrRange", (resource) => expand(resource, range, subject));
  });
  add("POST", `${path}/setPrivateIpGoogleAccess`, (request): Promise<ApiResponse> => setAccess(request));
  const setAccess = (request: ApiRequest): Promise<ApiResponse> =>
    subnetworks.update(request, subnetworks.subject(request), "setPrivateIpGoogleAccess", (resource) => ({
      ...resource,
      privateIpGoogleAccess: request.body["privateIpGoogleAccess"] === true,
    }));
}

function expand(resource: JsonObject, range: string, subject: Subject): JsonObject {
  const before = stringOf(resource["ipCidrRange"]) ?? "";
  if (!rangeContains(range, before) || range === before) {
    throw invalidField(
      "ipCidrRange",
      range,
      `The new range must be larger than, and contain, the range ${before} of '${subject.tail}'.`,
    );
  }
  return { ...resource, ipCidrRange: range, gatewayAddress: gatewayOf(range) };
}

/** The range of a name in a subnetwork; `undefined` where the subnetwork has none of that name. */
export function secondaryRange(subnetwork: JsonObject, rangeName: string): string | undefined {
  const found = objectsOf(at(subnetwork, "secondaryIpRanges")).find((range) => range["rangeName"] === rangeName);
  return stringOf(found?.["ipCidrRange"]);
}
