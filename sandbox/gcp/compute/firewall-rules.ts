import { parseCidr } from "../../../lib/validation/cidr";
import { type JsonObject, numberOf, objectsOf, stringOf, stringsOf } from "../json";
import { invalidField } from "./errors";

const MAX_PRIORITY = 65_535;
/** Ranges that one rule can name. */
const MAX_RANGES = 5_000;
/** Entries of one rule: https://cloud.google.com/firewall/docs/quotas#per_firewall_rule */
const MOST: Readonly<Record<string, number>> = {
  sourceTags: 30,
  targetTags: 70,
  sourceServiceAccounts: 10,
  targetServiceAccounts: 10,
};
const TAG = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Protocols that have ports, by name and by number. */
const WITH_PORTS = new Set(["tcp", "udp", "sctp", "6", "17", "132"]);
const PROTOCOLS = new Set(["tcp", "udp", "icmp", "esp", "ah", "sctp", "ipip", "all"]);

/**
 * What a firewall rule says.
 *
 * @see https://cloud.google.com/firewall/docs/firewalls#firewall_rule_components
 * @throws ApiError 400
 */
export function checkFirewall(rule: JsonObject): void {
  const priority = numberOf(rule["priority"]) ?? 1000;
  if (priority > MAX_PRIORITY) {
    throw invalidField("priority", String(priority), `Must be less than or equal to ${MAX_PRIORITY}`);
  }
  if (priority < 0) throw invalidField("priority", String(priority), "Must be greater than or equal to 0");
  for (const field of ["allowed", "denied"] as const) {
    for (const [index, each] of objectsOf(rule[field]).entries()) checkProtocol(`${field}[${index}]`, each);
  }
  for (const field of ["sourceRanges", "destinationRanges"] as const) checkRanges(field, stringsOf(rule[field]));
  for (const field of ["sourceTags", "targetTags"] as const) {
    const wrong = stringsOf(rule[field]).findIndex((tag) => !TAG.test(tag));
    if (wrong >= 0) {
      throw invalidField(
        `${field}[${wrong}]`,
        stringsOf(rule[field])[wrong],
        `Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'`,
      );
    }
  }
  for (const [field, most] of Object.entries(MOST)) {
    const count = stringsOf(rule[field]).length;
    if (count > most) throw invalidField(field, String(count), `At most ${most} are allowed.`);
  }
  for (const field of ["sourceServiceAccounts", "targetServiceAccounts"] as const) {
    const wrong = stringsOf(rule[field]).find((account) => !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(account));
    if (wrong !== undefined) throw invalidField(field, wrong, "Must be the e-mail address of a service account.");
  }
  const tags = stringsOf(rule["sourceTags"]).length + stringsOf(rule["targetTags"]).length;
  const accounts = [...stringsOf(rule["sourceServiceAccounts"]), ...stringsOf(rule["targetServiceAccounts"])];
  if (tags > 0 && accounts.length > 0) {
    throw invalidField(
      "targetServiceAccounts",
      accounts.join(),
      "Tags and service accounts cannot be used in the same firewall rule.",
    );
  }
}

function checkProtocol(field: string, { IPProtocol, ports }: JsonObject): void {
  const protocol = (stringOf(IPProtocol) ?? "").toLowerCase();
  const known = PROTOCOLS.has(protocol) || (/^\d{1,3}$/.test(protocol) && Number(protocol) <= 255);
  if (!known) {
    throw invalidField(
      `${field}.IPProtocol`,
      stringOf(IPProtocol) ?? "",
      'Must be one of ["tcp", "udp", "icmp", "esp", "ah", "sctp", "ipip"] or an IP protocol number between 0 and 255',
    );
  }
  for (const [index, port] of stringsOf(ports).entries()) {
    const at = `${field}.ports[${index}]`;
    if (!WITH_PORTS.has(protocol)) {
      throw invalidField(at, port, "Ports may only be specified on rules whose protocol is one of [TCP, UDP, SCTP].");
    }
    const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(port) ?? [];
    const [first, last] = [Number(from), Number(to ?? from)];
    if (from === undefined || first > last || last > 65_535) {
      throw invalidField(at, port, "Must be a port number or a port range between 0 and 65535.");
    }
  }
}

function checkRanges(field: string, ranges: readonly string[]): void {
  if (ranges.length > MAX_RANGES)
    throw invalidField(field, String(ranges.length), `At most ${MAX_RANGES} ranges are allowed.`);
  const other = ranges.find((range) => range.includes(":") !== ranges[0]!.includes(":"));
  if (other !== undefined) throw invalidField(field, other, "IPv4 and IPv6 ranges cannot be used in the same rule.");
  for (const [index, range] of ranges.entries()) {
    // Ranges of IPv6 are taken as they are; one address of IPv4 is a range of its own.
    if (range.includes(":")) continue;
    if (typeof parseCidr(range.includes("/") ? range : `${range}/32`) === "string") {
      throw invalidField(`${field}[${index}]`, range, "Must be a CIDR address range.");
    }
  }
}
