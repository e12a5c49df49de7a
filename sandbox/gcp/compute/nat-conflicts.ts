import { type JsonObject, objectsOf, stringOf, stringsOf } from "../json";
import { invalidField } from "./errors";
import type { Subject } from "./kind";
import { computeName, tailOf } from "./links";

const ALL = "ALL_IP_RANGES";
const PRIMARY = "PRIMARY_IP_RANGE";

/** Ranges of one subnetwork that a NAT serves. */
interface Served {
  readonly subnetwork: string;
  /** What the NAT says of them: all, the primary one, or those that it names. */
  readonly sources: readonly string[];
  readonly named: readonly string[];
}

/**
 * A range has one public NAT in the whole network, whichever router it belongs to, and beside a NAT for all subnetworks there is
 * none.
 *
 * @see https://cloud.google.com/compute/docs/reference/rest/v1/routers: sourceSubnetworkIpRangesToNat
 * @see https://github.com/google/osv.dev/pull/5629, https://github.com/GoogleCloudPlatform/cloud-foundation-fabric/issues/2383 and
 *   https://github.com/forseti-security/terraform-google-forseti/issues/203 for Google's words
 * @throws ApiError 400
 */
export function checkServedOnce(router: JsonObject, subject: Subject): void {
  const there = natsOfOthers(router, subject);
  for (const [index, nat] of objectsOf(router["nats"]).entries()) {
    if (!isPublic(nat)) continue;
    checkBeside(nat, there, `nats[${index}]`, subject.project);
    there.push(nat);
  }
}

/** NATs of other routers of the same network and region. */
function natsOfOthers(router: JsonObject, { cloud, project, place, tail }: Subject): JsonObject[] {
  const network = tailOf(router["network"], project);
  return cloud.store
    .list(computeName(`projects/${project}/${place}/routers/`))
    .filter(([name, other]) => name !== computeName(tail) && tailOf(other["network"], project) === network)
    .flatMap(([, other]) => objectsOf(other["nats"]).filter(isPublic));
}

function checkBeside(nat: JsonObject, there: readonly JsonObject[], field: string, project: string): void {
  const everywhere = there.find(servesAll);
  if (everywhere || (servesAll(nat) && there.length > 0)) {
    const option = stringOf((everywhere ?? nat)["sourceSubnetworkIpRangesToNat"]);
    throw invalidField(
      `${field}.sourceSubnetworkIpRangesToNat`,
      stringOf(nat["sourceSubnetworkIpRangesToNat"]) ?? "",
      everywhere
        ? `Can not create new Nats since a Nat with option ${option} exists.`
        : `Can not create a Nat with option ${option} since other Nats exist.`,
    );
  }
  const served = there.flatMap((other) => servedBy(other, project));
  for (const [i, { subnetwork, sources, named }] of servedBy(nat, project).entries()) {
    for (const other of served.filter((each) => each.subnetwork === subnetwork)) {
      const at = `${field}.subnetworks[${i}]`;
      if (other.sources.includes(ALL) || sources.includes(ALL)) {
        const option = other.sources.includes(ALL) ? ALL : other.sources.join();
        throw invalidField(
          `${at}.sourceIpRangesToNat`,
          "",
          `The subnetwork is already configured with ${option} for Nat which conflicts with the specified IpRangeToNatOption options in this Nat.`,
        );
      }
      if (sources.includes(PRIMARY) && other.sources.includes(PRIMARY)) {
        throw invalidField(
          `${at}.sourceIpRangesToNat[${sources.indexOf(PRIMARY)}]`,
          PRIMARY,
          `Can not specify ${PRIMARY} for the Subnetwork since it is already configured for Nat with the option ${PRIMARY}.`,
        );
      }
      const twice = named.find((name) => other.named.includes(name));
      if (twice === undefined) continue;
      throw invalidField(`${at}.secondaryIpRangeNames`, twice, "The range is already configured for another Nat.");
    }
  }
}

function servedBy(nat: JsonObject, project: string): Served[] {
  return objectsOf(nat["subnetworks"]).map((each) => ({
    subnetwork: tailOf(each["name"], project) ?? "",
    sources: stringsOf(each["sourceIpRangesToNat"]),
    named: stringsOf(each["secondaryIpRangeNames"]),
  }));
}

function servesAll(nat: JsonObject): boolean {
  return (stringOf(nat["sourceSubnetworkIpRangesToNat"]) ?? "").startsWith("ALL_SUBNETWORKS");
}

function isPublic(nat: JsonObject): boolean {
  return nat["type"] !== "PRIVATE";
}
