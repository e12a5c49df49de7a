import { type Cidr, overlaps, parseCidr } from "../../../lib/validation/cidr";
import { type JsonObject, numberOf, objectOf, objectsOf, stringOf, stringsOf } from "../json";
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
  const logs = objectOf(subnetwork["logConfig"]);
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
