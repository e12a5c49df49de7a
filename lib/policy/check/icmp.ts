import { isKnown } from "../../validation";
import { type Fault, type FieldPath, type Fields, fieldOf, isFields, itemsOf } from "./fault";

const LARGEST_TYPE = 255;
/** Types by name in both families, and in one: pkg/policy/api/icmp.go of Cilium 1.20.2. */
const IN_BOTH = [
  "DestinationUnreachable",
  "EchoReply",
  "EchoRequest",
  "ExtendedEchoReply",
  "ExtendedEchoRequest",
  "ParameterProblem",
  "RouterAdvertisement",
  "TimeExceeded",
];
const IN_IPV4 = ["Echo", "Photuris", "Redirect", "RouterSelection", "Timestamp", "TimestampReply"];

/** What the agent refuses in the types of ICMP messages, or takes for another one. */
export function icmpFaults(block: Fields, path: FieldPath): Fault[] {
  return itemsOf(block["icmps"]).flatMap((rule, index) =>
    itemsOf(fieldOf(rule, "fields")).flatMap((field, number) =>
      isFields(field) ? typeFaults(field, [...path, "icmps", index, "fields", number]) : [],
    ),
  );
}

function typeFaults({ type, family = "IPv4" }: Fields, path: FieldPath): Fault[] {
  if (!isKnown(type) || !isKnown(family)) return [];
  const at = { path: [...path, "type"], value: type };
  if (typeof type === "number")
    return Number.isInteger(type) && type >= 0 && type <= LARGEST_TYPE
      ? []
      : [{ ...at, rule: `is not from 0 to ${LARGEST_TYPE}`, remedy: "give the number of a type, or its name" }];
  if (typeof type !== "string" || /^\d*$/.test(type) || IN_BOTH.includes(type)) return [];
  const own = IN_IPV4.includes(type) ? "IPv4" : "IPv6";
  if (own === family) return [];
  return [{ ...at, rule: `is a type of ${own}, and the family is ${String(family)}`, remedy: `write family: ${own}` }];
}
