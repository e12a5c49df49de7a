import { isKnown } from "../../validation";
import { type Fault, type FieldPath, type Fields, isFields, itemsOf, textOf } from "./fault";

const LARGEST_PORT = 65535;
/** A port's name: letters, digits and single hyphens, with a letter in it (RFC 6335). */
const PORT_NAME = /^(?=.{1,15}$)(?=.*[A-Za-z])[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/;
/** Protocols without ports. */
const WITHOUT_PORTS = ["VRRP", "IGMP", "GRE", "IPIP", "IPV6", "ESP", "AH"];

/** What the agent refuses in the ports of a rule of Cilium's. */
export function portFaults(
  item: Fields,
  path: FieldPath,
  layer7: { readonly http: boolean; readonly dns: boolean },
): Fault[] {
  const ports = itemsOf(item["ports"]);
  const faults = ports.flatMap((each, index) =>
    isFields(each) ? onePort(each, [...path, "ports", index], layer7) : [],
  );
  if (layer7.dns && ports.length === 0 && isKnownOrMissing(item["ports"]))
    faults.push({
      path: [...path, "ports"],
      rule: "is missing, and DNS rules need their port",
      remedy: 'write port "53"',
    });
  return faults;
}

function onePort(each: Fields, path: FieldPath, layer7: { readonly http: boolean; readonly dns: boolean }): Fault[] {
  const { port, endPort, protocol = "ANY" } = each;
  if ((port === undefined || port === "") && !WITHOUT_PORTS.includes(textOf(protocol)))
    return [
      {
        path: [...path, "port"],
        rule: "is missing, and the agent refuses the policy",
        remedy: 'write "0" for every port',
      },
    ];
  if (typeof port !== "string" || !isKnown(port)) return [];
  const faults: Fault[] = [];
  const number = /^\d+$/.test(port) ? Number(port) : undefined;
  if (number === undefined && port !== "" && !PORT_NAME.test(port))
    faults.push({
      path: [...path, "port"],
      value: port,
      rule: "is neither a number nor a port's name, and the agent refuses the policy",
      remedy: "use a number, or the name of a container's port: at most 15 letters, digits and hyphens",
    });
  if (number !== undefined && number > LARGEST_PORT)
    faults.push({ path: [...path, "port"], value: port, rule: `is above ${LARGEST_PORT}`, remedy: "correct it" });
  if (typeof protocol === "string" && WITHOUT_PORTS.includes(protocol) && port !== "" && number !== 0)
    faults.push({
      path: [...path, "port"],
      value: port,
      rule: `is a port, which ${protocol} has none of`,
      remedy: 'write "0"',
    });
  if (typeof endPort === "number" && isKnown(endPort)) {
    if (number === undefined)
      faults.push({
        path: [...path, "endPort"],
        value: endPort,
        rule: "ends a range that begins with a name",
        remedy: "begin it with a number",
      });
    else if (endPort !== 0 && endPort < number)
      faults.push({
        path: [...path, "endPort"],
        value: endPort,
        rule: `is below ${port}, where the range begins`,
        remedy: "swap the two",
      });
    else if (layer7.dns && endPort > number)
      faults.push({
        path: [...path, "endPort"],
        value: endPort,
        rule: "makes a range, which DNS rules do not take",
        remedy: "leave it out",
      });
  }
  if (layer7.http && !layer7.dns && isKnown(protocol) && protocol !== "TCP")
    faults.push({
      path: [...path, "protocol"],
      value: protocol,
      rule: "is not TCP, and the agent takes HTTP rules for TCP only",
      remedy: "write protocol: TCP",
    });
  if ((layer7.http || layer7.dns) && number === 0)
    faults.push({
      path: [...path, "port"],
      value: port,
      rule: "is every port, which rules at layer 7 do not take",
      remedy: "name the port",
    });
  return faults;
}

/** What the API server refuses in the ports of a NetworkPolicy. */
export function kubernetesPortFaults(value: unknown, path: FieldPath): Fault[] {
  return itemsOf(value).flatMap((each, index) => {
    if (!isFields(each)) return [];
    const { port, endPort, protocol } = each;
    const at = [...path, index];
    const faults: Fault[] = [];
    if (typeof protocol === "string" && isKnown(protocol) && !["TCP", "UDP", "SCTP"].includes(protocol))
      faults.push({
        path: [...at, "protocol"],
        value: protocol,
        rule: "is not one of TCP, UDP, SCTP",
        remedy: "choose one of them",
      });
    if (typeof port === "number" && isKnown(port) && (port < 1 || port > LARGEST_PORT))
      faults.push({
        path: [...at, "port"],
        value: port,
        rule: `is not from 1 to ${LARGEST_PORT}`,
        remedy: "correct it",
      });
    if (typeof port === "string" && isKnown(port) && (!PORT_NAME.test(port) || port !== port.toLowerCase()))
      faults.push({
        path: [...at, "port"],
        value: port,
        rule: "is not the name of a port",
        remedy: /^\d+$/.test(port)
          ? "write the number without quotes"
          : "use at most 15 lower case letters, digits and hyphens",
      });
    if (endPort !== undefined && isKnown(endPort)) {
      const wrong =
        port === undefined
          ? "ends a range that has no beginning"
          : typeof port === "string" && isKnown(port)
            ? "ends a range that begins with a name"
            : isKnown(port) && Number(endPort) < Number(port)
              ? "is below the port where the range begins"
              : Number(endPort) > LARGEST_PORT
                ? `is above ${LARGEST_PORT}`
                : undefined;
      if (wrong !== undefined)
        faults.push({
          path: [...at, "endPort"],
          value: endPort,
          rule: wrong,
          remedy: "give a number as port that is not above it",
        });
    }
    return faults;
  });
}

function isKnownOrMissing(value: unknown): boolean {
  return value === undefined || isKnown(value);
}
