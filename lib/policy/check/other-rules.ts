import { isIP } from "node:net";
import { isKnown } from "../../validation";
import { rangeOf } from "./addresses";
import { type Fault, type Fields, fieldOf, isFields, itemsOf, textOf } from "./fault";

/** What is wrong with the remaining kinds beyond their schema. */
export function otherRuleFaults(object: Fields): Fault[] {
  const spec = isFields(object["spec"]) ? object["spec"] : {};
  switch (object["kind"]) {
    case "CiliumLoadBalancerIPPool":
      return poolFaults(spec);
    case "CiliumEgressGatewayPolicy":
      return gatewayFaults(spec);
    case "FQDNNetworkPolicy":
      return nameFaults(spec);
    case "NetworkLogging":
      return loggingFaults(object, spec);
    default:
      return [];
  }
}

function poolFaults(spec: Fields): Fault[] {
  return itemsOf(spec["blocks"]).flatMap((block, index) => {
    const path = ["spec", "blocks", index];
    const { cidr, start, stop } = isFields(block) ? block : {};
    if (cidr !== undefined && (start !== undefined || stop !== undefined))
      return [{ path, rule: "has both cidr and start or stop", remedy: "keep one of them" }];
    if (cidr === undefined && start === undefined)
      return [{ path, rule: "has neither cidr nor start", remedy: "write cidr, or start and stop" }];
    const [first, last] = [start, stop].map((address) => rangeOf(`${textOf(address)}/32`)?.first);
    if (first !== undefined && last !== undefined && last < first)
      return [
        {
          path: [...path, "stop"],
          value: stop,
          rule: `is below ${textOf(start)}, where the block begins`,
          remedy: "swap the two",
        },
      ];
    return Object.entries({ start, stop }).flatMap(([name, address]) =>
      address === undefined || !isKnown(address) || isIP(textOf(address)) !== 0
        ? []
        : [
            {
              path: [...path, name],
              value: address,
              rule: "is not an address",
              remedy: "write one such as 10.16.200.10",
            },
          ],
    );
  });
}

function gatewayFaults(spec: Fields): Fault[] {
  const faults: Fault[] = [];
  const several = itemsOf(spec["egressGateways"]).length > 0;
  if (spec["egressGateway"] === undefined && !several)
    faults.push({
      path: ["spec", "egressGateway"],
      rule: "is missing, so that what is selected is dropped",
      remedy: "write it",
    });
  const gateways = [
    { gateway: spec["egressGateway"], path: ["spec", "egressGateway"] },
    ...itemsOf(spec["egressGateways"]).map((gateway, index) => ({ gateway, path: ["spec", "egressGateways", index] })),
  ];
  for (const { gateway, path } of gateways)
    if (fieldOf(gateway, "interface") !== undefined && fieldOf(gateway, "egressIP") !== undefined)
      faults.push({ path, rule: "has both interface and egressIP", remedy: "keep one of them" });
  if (itemsOf(spec["selectors"]).length === 0 && isKnown(spec["selectors"] ?? []))
    faults.push({
      path: ["spec", "selectors"],
      rule: "is empty, so that nothing is sent through the gateway",
      remedy: "select pods",
    });
  if (itemsOf(spec["destinationCIDRs"]).length === 0 && isKnown(spec["destinationCIDRs"] ?? []))
    faults.push({
      path: ["spec", "destinationCIDRs"],
      rule: "is empty, so that nothing is sent through the gateway",
      remedy: 'write ["0.0.0.0/0"], or where it goes to',
    });
  return faults;
}

/** @see https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies */
function nameFaults(spec: Fields): Fault[] {
  return itemsOf(spec["egress"]).flatMap((rule, index) =>
    itemsOf(fieldOf(rule, "matches")).flatMap((match, number) => {
      const path = ["spec", "egress", index, "matches", number];
      const name = fieldOf(match, "name");
      const pattern = fieldOf(match, "pattern");
      const faults: Fault[] = [];
      if (typeof name === "string" && isKnown(name) && !/^([-a-z0-9_]+\.)+[-a-z0-9_]+$/i.test(name))
        faults.push({
          path: [...path, "name"],
          value: name,
          rule: "is not a full name",
          remedy: name.includes("*")
            ? "write it as pattern"
            : "write one such as api.example.com, without scheme and path",
        });
      if (typeof pattern === "string" && isKnown(pattern) && !/^[-a-z0-9_.*]+$/i.test(pattern))
        faults.push({
          path: [...path, "pattern"],
          value: pattern,
          rule: "is not a pattern of names",
          remedy: 'write one such as "*.example.com", without scheme and path',
        });
      return faults;
    }),
  );
}

function loggingFaults(object: Fields, spec: Fields): Fault[] {
  const faults: Fault[] = [];
  const name = fieldOf(object["metadata"], "name");
  if (isKnown(name) && name !== "default")
    faults.push({
      path: ["metadata", "name"],
      value: name,
      rule: "is not default, and GKE reads no other",
      remedy: "call it default",
    });
  for (const connections of ["allow", "deny"]) {
    const logged = fieldOf(spec["cluster"], connections);
    if (
      fieldOf(logged, "delegate") === true &&
      fieldOf(logged, "log") !== true &&
      isKnown(fieldOf(logged, "log") ?? false)
    )
      faults.push({
        path: ["spec", "cluster", connections, "delegate"],
        value: true,
        rule: "narrows down a log that is off",
        remedy: "set log to true beside it",
      });
  }
  return faults;
}
