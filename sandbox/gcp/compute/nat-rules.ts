import { type JsonObject, numberOf, objectOf, objectsOf, stringOf, stringsOf } from "../json";
import { invalidField } from "./errors";

/** Ports for a machine with dynamic allocation, powers of two: https://cloud.google.com/nat/docs/ports-and-addresses */
const DYNAMIC_MIN = [32, 32_768] as const;
const DYNAMIC_MAX = [64, 65_536] as const;
const STATIC_MIN = [2, 57_344] as const;

/** Private AS numbers, and the one for Partner Interconnect: https://cloud.google.com/network-connectivity/docs/router/concepts/overview#ip-asn */
const ASN: readonly (readonly [number, number])[] = [
  [16_550, 16_550],
  [64_512, 65_534],
  [4_200_000_000, 4_294_967_294],
];
const KEEPALIVE = [20, 60] as const;

const TIMEOUTS = [
  "icmpIdleTimeoutSec",
  "tcpEstablishedIdleTimeoutSec",
  "tcpTimeWaitTimeoutSec",
  "tcpTransitoryIdleTimeoutSec",
  "udpIdleTimeoutSec",
];

/** Greatest number, and least priority, of a rule of a NAT. */
const MAX_RULE = 65_000;

const NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Says no to a router whose session parameters cannot be. @throws ApiError 400 */
export function checkRouter(router: JsonObject): void {
  const bgp = objectOf(router["bgp"]);
  const asn = numberOf(bgp["asn"]);
  if (asn !== undefined && !ASN.some(([first, last]) => asn >= first && asn <= last)) {
    throw invalidField(
      "bgp.asn",
      String(asn),
      "The local ASN must be either 16550 or a private ASN as defined in RFC 6996.",
    );
  }
  const keepalive = numberOf(bgp["keepaliveInterval"]);
  if (keepalive !== undefined && (keepalive < KEEPALIVE[0] || keepalive > KEEPALIVE[1])) {
    throw invalidField(
      "bgp.keepaliveInterval",
      String(keepalive),
      `Must be between ${KEEPALIVE[0]} and ${KEEPALIVE[1]}.`,
    );
  }
  const custom = stringsOf(bgp["advertisedGroups"]).length + objectsOf(bgp["advertisedIpRanges"]).length;
  if (custom > 0 && bgp["advertiseMode"] !== "CUSTOM") {
    throw invalidField(
      "bgp.advertiseMode",
      stringOf(bgp["advertiseMode"]) ?? "DEFAULT",
      "Custom advertisements require the mode CUSTOM.",
    );
  }
}

/**
 * Ports, timeouts and ranges of a NAT.
 *
 * @see https://cloud.google.com/compute/docs/reference/rest/v1/routers: enableDynamicPortAllocation and what it rules out
 * @throws ApiError 400
 */
export function checkNat(nat: JsonObject, field: string): void {
  const name = stringOf(nat["name"]) ?? "";
  if (!NAME.test(name)) {
    throw invalidField(`${field}.name`, name, "Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'");
  }
  checkPorts(nat, field);
  for (const timeout of TIMEOUTS) {
    const seconds = numberOf(nat[timeout]);
    if (seconds !== undefined && seconds < 0)
      throw invalidField(`${field}.${timeout}`, String(seconds), "Must be greater than or equal to 0");
  }
  const rule = objectsOf(nat["rules"]).find(({ ruleNumber }) => {
    const number = numberOf(ruleNumber) ?? 0;
    return number < 0 || number > MAX_RULE;
  });
  if (rule) throw invalidField(`${field}.rules`, String(rule["ruleNumber"]), `Must be between 0 and ${MAX_RULE}.`);
  const ranges = stringOf(nat["sourceSubnetworkIpRangesToNat"]) ?? "";
  if (ranges === "")
    throw invalidField(`${field}.sourceSubnetworkIpRangesToNat`, "", "A NAT must say which subnetworks it serves.");
  if (ranges !== "LIST_OF_SUBNETWORKS" && objectsOf(nat["subnetworks"]).length > 0) {
    throw invalidField(`${field}.subnetworks`, "", `${ranges} takes no list of subnetworks.`);
  }
  for (const [index, subnetwork] of objectsOf(nat["subnetworks"]).entries()) {
    const named = stringsOf(subnetwork["secondaryIpRangeNames"]).length > 0;
    const secondary = stringsOf(subnetwork["sourceIpRangesToNat"]).includes("LIST_OF_SECONDARY_IP_RANGES");
    if (named !== secondary) {
      throw invalidField(
        `${field}.subnetworks[${index}].secondaryIpRangeNames`,
        stringsOf(subnetwork["secondaryIpRangeNames"]).join(),
        "Names of secondary ranges and LIST_OF_SECONDARY_IP_RANGES need each other.",
      );
    }
  }
}

function checkPorts(nat: JsonObject, field: string): void {
  const dynamic = nat["enableDynamicPortAllocation"] === true;
  const [least, most] = [numberOf(nat["minPortsPerVm"]) || undefined, numberOf(nat["maxPortsPerVm"]) || undefined];
  if (dynamic && nat["enableEndpointIndependentMapping"] === true) {
    throw invalidField(
      `${field}.enableEndpointIndependentMapping`,
      "true",
      "Endpoint-independent mapping and dynamic port allocation cannot be enabled at the same time.",
    );
  }
  if (!dynamic && most !== undefined) {
    throw invalidField(
      `${field}.maxPortsPerVm`,
      String(most),
      "maxPortsPerVm can only be set with dynamic port allocation.",
    );
  }
  const within = (ports: number, [first, last]: readonly [number, number]): boolean => ports >= first && ports <= last;
  const power = (ports: number): boolean => Number.isInteger(Math.log2(ports));
  if (least !== undefined && !(dynamic ? power(least) && within(least, DYNAMIC_MIN) : within(least, STATIC_MIN))) {
    const rule = dynamic
      ? `a power of two between ${DYNAMIC_MIN.join(" and ")}`
      : `between ${STATIC_MIN.join(" and ")}`;
    throw invalidField(
      `${field}.minPortsPerVm`,
      String(least),
      `minPortsPerVm must be ${rule}${dynamic ? " with dynamic port allocation" : ""}.`,
    );
  }
  if (most === undefined) return;
  if (!power(most) || !within(most, DYNAMIC_MAX)) {
    throw invalidField(
      `${field}.maxPortsPerVm`,
      String(most),
      `maxPortsPerVm must be a power of two between ${DYNAMIC_MAX.join(" and ")}.`,
    );
  }
  if (most <= (least ?? DYNAMIC_MIN[0])) {
    throw invalidField(`${field}.maxPortsPerVm`, String(most), "maxPortsPerVm must be greater than minPortsPerVm.");
  }
}
