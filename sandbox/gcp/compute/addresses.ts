import { parseCidr } from "../../../lib/validation/cidr";
import type { Cloud } from "../cloud";
import { numberOf, objectsOf, stringOf, stringsOf, withDefaults } from "../json";
import { ComputeResources } from "./crud";
import { invalidField } from "./errors";
import type { ComputeKind, ComputeScope, Subject } from "./kind";
import { computeName, selfLink, tailOf, tailOfName } from "./links";
import { freeRange } from "./ranges";
import type { ComputeRoutes } from "./routes";

/** Length of an internal range where the request does not say. */
const DEFAULT_PREFIX = 16;

function addresses(scope: ComputeScope): ComputeKind {
  return {
    collection: "addresses",
    kind: "compute#address",
    singular: "address",
    scope,
    references: [{ field: "network" }, { field: "subnetwork" }],
    immutable: ["name", "address", "addressType", "purpose", "network", "subnetwork", "prefixLength"],
    labels: true,
    complete: (resource, subject) => {
      const internal = resource["addressType"] === "INTERNAL";
      const range = internal && scope === "global";
      const prefix = numberOf(resource["prefixLength"]) ?? DEFAULT_PREFIX;
      const network = tailOf(resource["network"], subject.project);
      return withDefaults(resource, {
        addressType: "EXTERNAL",
        description: "",
        status: "RESERVED",
        address: range
          ? freeRange(subject.cloud, network && selfLink(network), prefix).split("/")[0]
          : internal
            ? insideSubnetwork(stringOf(resource["subnetwork"]), subject)
            : externalAddress(subject.cloud),
        ...(range ? { prefixLength: prefix } : { networkTier: "PREMIUM" }),
        ...(internal && !range ? { purpose: "GCE_ENDPOINT" } : {}),
      });
    },
    usedBy: (resource, { cloud, project, tail, place }) =>
      resource["status"] === "IN_USE"
        ? "a service"
        : cloud.store
            .list(computeName(`projects/${project}/${place}/routers/`))
            .filter(([, router]) =>
              objectsOf(router["nats"]).some((nat) => stringsOf(nat["natIps"]).includes(selfLink(tail))),
            )
            .map(([name]) => tailOfName(name))[0],
  };
}

/** An address of the block that is set aside for documentation: nobody answers there. */
function externalAddress(cloud: Cloud): string {
  return `203.0.113.${1 + (cloud.identity.next() % 254)}`;
}

function insideSubnetwork(link: string | undefined, { cloud, project }: Subject): string {
  const tail = tailOf(link, project);
  const range = tail && stringOf(cloud.store.get(computeName(tail))?.["ipCidrRange"]);
  const cidr = range === undefined ? "" : parseCidr(range);
  if (!range || typeof cidr === "string") {
    throw invalidField("subnetwork", link ?? "", "An internal address needs an existing subnetwork.");
  }
  const offset = 2 + (cloud.identity.next() % Math.max(1, cidr.last - cidr.first - 3));
  return [24, 16, 8, 0].map((shift) => ((cidr.first + offset) >>> shift) & 255).join(".");
}

/** Reserved addresses, regional and global. */
export function addressRoutes(add: ComputeRoutes, cloud: Cloud): void {
  new ComputeResources(cloud, addresses("regional")).routes(add);
  new ComputeResources(cloud, addresses("global")).routes(add);
}
