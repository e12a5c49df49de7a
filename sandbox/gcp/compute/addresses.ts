import { overlaps, parseCidr } from "../../../lib/validation/cidr";
import type { Cloud } from "../cloud";
import { type JsonObject, numberOf, objectOf, objectsOf, stringOf, stringsOf, withDefaults } from "../json";
import { ComputeResources } from "./crud";
import { invalidField } from "./errors";
import type { ComputeKind, ComputeScope, Subject } from "./kind";
import { computeName, selfLink, tailOf, tailOfName } from "./links";
import { freeRange, rangeContains } from "./ranges";
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
      checkAddress(resource, scope, subject);
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

/** Refuses what cannot be reserved. @throws ApiError 400 */
function checkAddress(resource: JsonObject, scope: ComputeScope, { cloud, project, tail }: Subject): void {
  const internal = resource["addressType"] === "INTERNAL";
  const address = stringOf(resource["address"]) ?? "";
  if (address !== "" && !address.includes(":") && typeof parseCidr(`${address}/32`) === "string") {
    throw invalidField("address", address, "Must be a valid IP address.");
  }
  const prefix = numberOf(resource["prefixLength"]) ?? 0;
  if (prefix !== 0 && !(internal && scope === "global")) {
    throw invalidField("prefixLength", String(prefix), "A prefix length is for global internal ranges only.");
  }
  if (prefix !== 0 && (prefix < 8 || prefix > 29)) {
    throw invalidField("prefixLength", String(prefix), "Must be between 8 and 29.");
  }
  if (!internal && resource["purpose"]) {
    throw invalidField("purpose", resource["purpose"], "A purpose is for internal addresses only.");
  }
  if (scope === "global" && resource["networkTier"] === "STANDARD") {
    throw invalidField("networkTier", "STANDARD", "Global addresses are of the network tier PREMIUM.");
  }
  checkGlobalRange(resource, scope, cloud, project);
  const subnetwork = tailOf(resource["subnetwork"], project);
  if (!internal && subnetwork && resource["ipVersion"] !== "IPV6") {
    throw invalidField("subnetwork", subnetwork, "A subnetwork is for internal addresses and for IPv6 only.");
  }
  checkLabels(objectOf(resource["labels"]));
  const range = subnetwork && stringOf(cloud.store.get(computeName(subnetwork))?.["ipCidrRange"]);
  if (internal && scope === "regional" && address !== "" && range && !rangeContains(range, `${address}/32`)) {
    throw invalidField("address", address, "Requested internal IP address is outside the network/subnetwork range.");
  }
  if (internal && scope === "regional" && address !== "" && range && isReserved(range, address)) {
    throw invalidField("address", address, "The first two and the last two addresses of a subnetwork are reserved.");
  }
  const twin = cloud.store
    .list(computeName(`projects/${project}/`))
    .find(([name, each]) => name.includes("/addresses/") && tailOfName(name) !== tail && each["address"] === address);
  if (internal && address !== "" && twin && tailOf(twin[1]["subnetwork"], project) === subnetwork) {
    throw invalidField("address", address, `IP '${address}' is already being used by another resource.`);
  }
}

/** Global internal ranges are for services in other networks, and lie beside the subnetworks. @throws ApiError 400 */
function checkGlobalRange(resource: JsonObject, scope: ComputeScope, cloud: Cloud, project: string): void {
  if (scope !== "global" || resource["addressType"] !== "INTERNAL") return;
  const purpose = stringOf(resource["purpose"]) ?? "";
  if (purpose !== "VPC_PEERING" && purpose !== "PRIVATE_SERVICE_CONNECT") {
    throw invalidField("purpose", purpose, "Global internal addresses need the purpose VPC_PEERING.");
  }
  const network = tailOf(resource["network"], project);
  if (!network) throw invalidField("network", "", "Global internal addresses need a network.");
  const [address, prefix] = [stringOf(resource["address"]), numberOf(resource["prefixLength"])];
  if (purpose !== "VPC_PEERING") return;
  if (!prefix) throw invalidField("prefixLength", "", "The purpose VPC_PEERING needs a prefix length.");
  if (!address) return;
  const taken = rangesOfNetwork(cloud, selfLink(network)).find((range) => {
    const [a, b] = [parseCidr(range), parseCidr(`${address}/${prefix}`)];
    return typeof a !== "string" && typeof b !== "string" && overlaps(a, b);
  });
  if (taken) throw invalidField("address", `${address}/${prefix}`, `The range overlaps ${taken} of the network.`);
}

function rangesOfNetwork(cloud: Cloud, network: string): string[] {
  return cloud.store
    .list(computeName("projects/"))
    .filter(([name, each]) => name.includes("/subnetworks/") && each["network"] === network)
    .flatMap(([, each]) => [each["ipCidrRange"], ...objectsOf(each["secondaryIpRanges"]).map((r) => r["ipCidrRange"])])
    .map((range) => stringOf(range) ?? "");
}

/** https://cloud.google.com/vpc/docs/subnets#unusable-ip-addresses-in-every-subnet */
function isReserved(range: string, address: string): boolean {
  const [whole, one] = [parseCidr(range), parseCidr(`${address}/32`)];
  if (typeof whole === "string" || typeof one === "string") return false;
  return one.first < whole.first + 2 || one.first > whole.last - 2;
}

/** Labels of Google Cloud resources: https://cloud.google.com/compute/docs/labeling-resources#requirements */
function checkLabels(labels: JsonObject): void {
  for (const [key, value] of Object.entries(labels)) {
    if (!/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key)) {
      throw invalidField("labels", key, "Label keys are lower-case letters, digits, _ and -, beginning with a letter.");
    }
    if (!/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(stringOf(value) ?? "")) {
      throw invalidField("labels", value, "Label values are lower-case letters, digits, _ and -.");
    }
  }
}

/** The first free address of the block that is set aside for documentation: nobody answers there. */
function externalAddress(cloud: Cloud): string {
  const last = firstFree(cloud, 256, (n) => `203.0.113.${n}`);
  if (last === undefined) throw invalidField("address", "", "The sandbox has no external address left.");
  return last;
}

function insideSubnetwork(link: string | undefined, { cloud, project }: Subject): string {
  const tail = tailOf(link, project);
  const range = tail && stringOf(cloud.store.get(computeName(tail))?.["ipCidrRange"]);
  const cidr = range === undefined ? "" : parseCidr(range);
  if (!range || typeof cidr === "string") {
    throw invalidField("subnetwork", link ?? "", "An internal address needs an existing subnetwork.");
  }
  const text = (n: number): string => [24, 16, 8, 0].map((shift) => ((cidr.first + n) >>> shift) & 255).join(".");
  const found = firstFree(cloud, cidr.last - cidr.first - 1, text, link);
  if (found === undefined) throw invalidField("subnetwork", link, "The subnetwork has no free address left.");
  return found;
}

/** The first address that no reservation has; the first two of a range are Google's. */
function firstFree(cloud: Cloud, count: number, text: (n: number) => string, subnetwork?: string): string | undefined {
  const taken = new Set(
    cloud.store
      .list(computeName("projects/"))
      .filter(([name, each]) => name.includes("/addresses/") && (!subnetwork || each["subnetwork"] === subnetwork))
      .map(([, each]) => each["address"]),
  );
  for (let n = 2; n < count; n++) if (!taken.has(text(n))) return text(n);
  return undefined;
}

/** Reserved addresses, regional and global. */
export function addressRoutes(add: ComputeRoutes, cloud: Cloud): void {
  new ComputeResources(cloud, addresses("regional")).routes(add);
  new ComputeResources(cloud, addresses("global")).routes(add);
}
