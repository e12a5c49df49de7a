import { lookUp } from "../../facts/look-up";
import { parseCidr } from "../../validation";
import { destroys, type ResourceChange } from "../model/changes";
import { asBlocks, getPath, isArray, type Value } from "../model/value";
import { after, before, eachChange, type Rule, type Verdict } from "./rule";

/** A range of half the internet or more is meant for everybody. */
const WIDEST_PREFIX = 1;

export const EXPOSURE_RULES: readonly Rule[] = [
  {
    id: "NW11",
    severity: "high",
    modes: ["plan", "offline"],
    title: "A firewall lets everybody in",
    consequence:
      "Whatever listens on these ports of these machines is reached from the whole internet as soon as it has an external address or a load balancer that keeps the client's address: node ports, kubelets and metrics included.",
    remedy: "Name the ranges that need it; health checks of load balancers come from four ranges of their own.",
    source:
      "https://cloud.google.com/firewall/docs/firewalls#sources; https://cloud.google.com/load-balancing/docs/firewall-rules",
    check: eachChange([], opened),
  },
];

/** One way in, as far as who may take it goes. */
interface Way {
  readonly sources: readonly Value[];
  readonly what: string;
}

function opened(change: ResourceChange): Verdict {
  if (!change.after || (destroys(change) && change.action !== "replace")) return undefined;
  const inline = inlineWays(change);
  if (inline !== undefined) return inline.length === 0 ? undefined : `${change.address}: ${inline.join("; ")}`;
  const side = (of: "before" | "after") =>
    wayIn(change.type, (name) => (of === "before" ? before(change, name) : after(change, name)));
  const now = side("after");
  if (now === undefined || !now.sources.some(isEverybody)) return undefined;
  const was = change.before ? side("before") : undefined;
  if (was?.sources.some(isEverybody) && was.what === now.what) return undefined;
  return `${change.address}: ${now.what} from ${now.sources.filter(isEverybody).join(", ")}`;
}

/** Groups that have their rules within themselves: which block, and the type that says the same on its own. */
const GROUPS: Readonly<Record<string, { readonly block: string; readonly type: string }>> = {
  aws_security_group: { block: "ingress", type: "aws_security_group_rule" },
  azurerm_network_security_group: { block: "security_rule", type: "azurerm_network_security_rule" },
};

/** Rules within a group that let everybody in and did not before; undefined where the type has none. */
function inlineWays(change: ResourceChange): readonly string[] | undefined {
  const group = lookUp(GROUPS, change.type);
  if (group === undefined) return undefined;
  const open = (side: Value | undefined) =>
    asBlocks(side).flatMap((rule) => {
      const way = wayIn(group.type, (name) => rule[name] ?? (name === "type" ? group.block : undefined));
      const everybody = way?.sources.filter(isEverybody) ?? [];
      return everybody.length === 0 ? [] : [`${way?.what} from ${everybody.join(", ")}`];
    });
  const old = change.before ? open(before(change, group.block)) : [];
  return open(after(change, group.block)).filter((way) => !old.includes(way));
}

/** What a rule of a firewall allows, and from where; undefined where it allows nobody in, or nothing but ICMP. */
function wayIn(type: string, read: (name: string) => Value | undefined): Way | undefined {
  if (type === "google_compute_firewall") {
    if (read("disabled") === true || read("direction") === "EGRESS") return undefined;
    const allowed = asBlocks(read("allow")).filter(
      ({ protocol }) => !/^(icmp|1|58|ipv6-icmp)$/i.test(String(protocol)),
    );
    return allowed.length === 0
      ? undefined
      : { sources: list(read("source_ranges")), what: allowed.map(portsOf).join(", ") };
  }
  if (/^google_compute_(region_)?network_firewall_policy_rule$|^google_compute_firewall_policy_rule$/.test(type)) {
    if (read("disabled") === true || read("action") !== "allow" || read("direction") === "EGRESS") return undefined;
    const match = read("match");
    const [block] = asBlocks(match);
    const ports = asBlocks(block && getPath(block, "layer4_configs")).map(({ ip_protocol: protocol, ports: of }) =>
      portsOf({ protocol, ports: of }),
    );
    return { sources: list(block && getPath(block, "src_ip_ranges")), what: ports.join(", ") };
  }
  if (type === "aws_security_group_rule")
    return read("type") === "ingress"
      ? { sources: [...list(read("cidr_blocks")), ...list(read("ipv6_cidr_blocks"))], what: awsPorts(read) }
      : undefined;
  if (type === "aws_vpc_security_group_ingress_rule")
    return { sources: [...list(read("cidr_ipv4")), ...list(read("cidr_ipv6"))], what: awsPorts(read) };
  if (type === "azurerm_network_security_rule")
    return /^allow$/i.test(String(read("access"))) && /^inbound$/i.test(String(read("direction")))
      ? {
          sources: [...list(read("source_address_prefix")), ...list(read("source_address_prefixes"))],
          what: `port ${String(read("destination_port_range") ?? "*")}`,
        }
      : undefined;
  return undefined;
}

function portsOf({ protocol, ports }: Readonly<Record<string, Value | undefined>>): string {
  const named = list(ports).map(String);
  return named.length === 0 ? `${String(protocol)}, every port` : `${String(protocol)} ${named.join(", ")}`;
}

function awsPorts(read: (name: string) => Value | undefined): string {
  return `${String(read("protocol") ?? read("ip_protocol") ?? "")} ${String(read("from_port") ?? "")} to ${String(read("to_port") ?? "")}`;
}

function list(value: Value | undefined): readonly Value[] {
  return isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

function isEverybody(source: Value): boolean {
  if (typeof source !== "string") return false;
  if (/^(\*|internet|any|::\/[01])$/i.test(source)) return true;
  const range = source.includes("/") ? parseCidr(source) : "";
  return typeof range === "object" && range.prefix <= WIDEST_PREFIX;
}
