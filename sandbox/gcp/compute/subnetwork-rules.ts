import { type Cidr, overlaps, parseCidr } from "../../../lib/validation/cidr";
import { at, type JsonObject, numberOf, objectOf, objectsOf, stringOf, stringsOf } from "../json";
import { invalidField } from "./errors";

/** Lengths that the ranges of a subnetwork can have. */
const SHORTEST = 4;
const LONGEST = 29;
const MAX_SECONDARY = 170;

/** Ranges that no subnetwork can have: https://cloud.google.com/vpc/docs/subnets#prohibited-ranges */
const PROHIBITED = [
  "0.0.0.0/8",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "199.36.153.4/30",
  "199.36.153.8/30",
  "224.0.0.0/4",
  "255.255.255.255/32",
];

/** Purposes whose subnetworks hold the proxies of load balancers. */
const PROXY_PURPOSES = new Set(["GLOBAL_MANAGED_PROXY", "INTERNAL_HTTPS_LOAD_BALANCER", "REGIONAL_MANAGED_PROXY"]);

const NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** A range of a subnetwork. @throws ApiError 400 */
export function checkSubnetRange(field: string, range: string): void {
  const cidr = parseCidr(range);
  if (typeof cidr === "string") throw invalidField(field, range, "Must be a CIDR address range.");
  if (cidr.prefix < SHORTEST || cidr.prefix > LONGEST) {
    throw invalidField(field, range, `The length of the range must be between /${SHORTEST} and /${LONGEST}.`);
  }
  const prohibited = PROHIBITED.find((other) => overlaps(parseCidr(other) as Cidr, cidr));
  if (prohibited) throw invalidField(field, range, `Invalid IPCidrRange: the range ${prohibited} is reserved.`);
}

/** What a subnetwork says beside its primary range. @throws ApiError 400 */
export function checkSubnetwork(subnetwork: JsonObject): void {
  checkSubnetRange("ipCidrRange", stringOf(subnetwork["ipCidrRange"]) ?? "");
  const secondary = objectsOf(subnetwork["secondaryIpRanges"]);
  if (secondary.length > MAX_SECONDARY) {
    throw invalidField(
      "secondaryIpRanges",
      String(secondary.length),
      `A subnetwork can have at most ${MAX_SECONDARY} secondary ranges.`,
    );
  }
  for (const [index, each] of secondary.entries()) {
    const name = stringOf(each["rangeName"]) ?? "";
    if (!NAME.test(name)) {
      throw invalidField(
        `secondaryIpRanges[${index}].rangeName`,
        name,
        "Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'",
      );
    }
    if (!each["reservedInternalRange"]) {
      checkSubnetRange(`secondaryIpRanges[${index}].ipCidrRange`, stringOf(each["ipCidrRange"]) ?? "");
    }
  }
  checkPurpose(subnetwork);
  checkFlowLogs(objectOf(subnetwork["logConfig"]));
}

/** https://cloud.google.com/vpc/docs/subnets#subnet-types: what only subnetworks of a kind have. */
function checkPurpose(subnetwork: JsonObject): void {
  const purpose = stringOf(subnetwork["purpose"]) ?? "PRIVATE";
  const role = stringOf(subnetwork["role"]) ?? "";
  const proxy = PROXY_PURPOSES.has(purpose);
  if (proxy !== (role !== "")) {
    const rule = proxy
      ? `The purpose ${purpose} needs the role ACTIVE or BACKUP.`
      : `The purpose ${purpose} has no role.`;
    throw invalidField("role", role, rule);
  }
  if (proxy && at(subnetwork, "logConfig.enable") === true) {
    throw invalidField("logConfig.enable", "true", `Flow logs are not supported for the purpose ${purpose}.`);
  }
  const stack = stringOf(subnetwork["stackType"]) ?? "";
  const access = stringOf(subnetwork["ipv6AccessType"]) ?? "";
  if (stack.includes("IPV6") !== (access !== "")) {
    const rule = access === "" ? `The stack type ${stack} needs an access type.` : "An access type is for IPv6 only.";
    throw invalidField("ipv6AccessType", access, rule);
  }
}

function checkFlowLogs(logs: JsonObject): void {
  const sampling = numberOf(logs["flowSampling"]);
  if (sampling !== undefined && (sampling < 0 || sampling > 1)) {
    throw invalidField("logConfig.flowSampling", String(sampling), "Must be between 0.0 and 1.0.");
  }
  const fields = stringsOf(logs["metadataFields"]).length > 0;
  if (fields && logs["metadata"] !== "CUSTOM_METADATA") {
    throw invalidField(
      "logConfig.metadataFields",
      stringsOf(logs["metadataFields"]).join(),
      "Fields can only be listed with metadata CUSTOM_METADATA.",
    );
  }
}
