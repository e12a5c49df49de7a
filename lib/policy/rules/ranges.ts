import { type Cidr, isKnown, overlaps } from "../../validation";
import { rangeOf } from "../check/addresses";
import { blocksOf, ciliumRules } from "../check/cilium-rules";
import { type Fault, type FieldPath, fieldOf, itemsOf } from "../check/fault";
import { peersOf } from "../check/kubernetes-rules";
import type { PolicyContext } from "../describe";
import { NODE_LOCAL_DNS } from "../enforcement";
import type { SoundPolicy } from "../source";
import type { Findings } from "./findings";

/** Ranges of a cluster that a policy may mean by mistake. */
export interface ClusterRanges {
  readonly pods?: readonly string[];
  readonly nodes?: string;
  readonly services?: string;
}

interface Written {
  readonly cidr: string;
  readonly path: FieldPath;
}

/** Ranges of addresses that mean nobody, because Cilium knows pods, and mostly nodes, by what they are. */
export function rangeFindings(policy: SoundPolicy, { enforcement, ranges }: PolicyContext): Findings {
  const by = enforcement?.by.NetworkPolicy ?? [];
  const onlyCalico = policy.kind === "NetworkPolicy" && by.length > 0 && by.every((each) => each === "Calico");
  if (ranges === undefined || enforcement === undefined || onlyCalico) return {};
  const calicoDiffers = policy.kind === "NetworkPolicy" && by.includes("Calico");
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  const places = placesOf(ranges, {
    nodes: enforcement.features.rangesMatchNodes === true,
    // NodeLocal DNSCache listens on the address of the DNS Service, where a range means it.
    services: enforcement.dnsAddresses.includes(NODE_LOCAL_DNS) === true,
  });
  for (const { cidr, path } of poolBlocks(policy)) {
    const block = rangeOf(cidr);
    for (const { what, range: place } of placesOf(ranges, { nodes: false, services: false }))
      if (block !== undefined && overlaps(block, place))
        faults.push({
          path,
          value: cidr,
          rule: `shares addresses with the range of the cluster's ${what}, which would be given twice`,
          remedy: "give a range of its own",
        });
  }
  for (const { cidr, path } of written(policy)) {
    const range = rangeOf(cidr);
    // The whole internet is a way to say everybody.
    if (range === undefined || range.prefix === 0) continue;
    for (const { what, range: place, instead } of places) {
      if (!overlaps(range, place)) continue;
      const inside = place.first <= range.first && range.last <= place.last;
      const fault = {
        path,
        value: cidr,
        rule: `${inside ? "is in" : "holds"} the range of the cluster's ${what}, and no ${what.slice(0, -1)} is meant by a range in Cilium${calicoDiffers ? ", while Calico allows it: both must" : ""}`,
        remedy: instead,
      };
      (inside && what !== "services" ? faults : warnings).push(fault);
    }
  }
  return { faults, warnings };
}

function placesOf(
  ranges: ClusterRanges,
  matched: { readonly nodes: boolean; readonly services: boolean },
): { what: string; range: Cidr; instead: string }[] {
  const place = (what: string, cidr: string | undefined, instead: string) => {
    const range = cidr === undefined ? undefined : rangeOf(cidr);
    return range === undefined ? [] : [{ what, range, instead }];
  };
  return [
    ...(ranges.pods ?? []).flatMap((cidr) => place("pods", cidr, "select the pods by their labels")),
    ...(matched.nodes
      ? []
      : place("nodes", ranges.nodes, "use the entities host and remote-node in a CiliumNetworkPolicy")),
    ...(matched.services
      ? []
      : place("services", ranges.services, "select the pods behind the Service, by which it is judged")),
  ];
}

/** Blocks of a pool of addresses for Services. */
function poolBlocks({ kind, object }: SoundPolicy): Written[] {
  if (kind !== "CiliumLoadBalancerIPPool") return [];
  return itemsOf(fieldOf(object["spec"], "blocks")).flatMap((block, index) => {
    const cidr = fieldOf(block, "cidr");
    const start = fieldOf(block, "start");
    const path = ["spec", "blocks", index];
    if (typeof cidr === "string" && isKnown(cidr)) return [{ cidr, path: [...path, "cidr"] }];
    return typeof start === "string" && isKnown(start) ? [{ cidr: `${start}/32`, path: [...path, "start"] }] : [];
  });
}

function written({ kind, object }: SoundPolicy): Written[] {
  const found: Written[] = [];
  const add = (cidr: unknown, path: FieldPath) => {
    if (typeof cidr === "string" && isKnown(cidr)) found.push({ cidr, path });
  };
  if (kind === "NetworkPolicy")
    for (const { peer, path } of peersOf(object)) add(fieldOf(peer["ipBlock"], "cidr"), [...path, "ipBlock", "cidr"]);
  else if (kind === "CiliumNetworkPolicy" || kind === "CiliumClusterwideNetworkPolicy")
    for (const { rule, path } of ciliumRules(object))
      for (const { block, path: at } of blocksOf(rule, path))
        for (const name of ["fromCIDR", "toCIDR", "fromCIDRSet", "toCIDRSet"])
          itemsOf(block[name]).forEach((item, index) => {
            if (typeof item === "string") add(item, [...at, name, index]);
            else add(fieldOf(item, "cidr"), [...at, name, index, "cidr"]);
          });
  else if (kind === "CiliumCIDRGroup")
    itemsOf(fieldOf(object["spec"], "externalCIDRs")).forEach((item, index) => {
      add(item, ["spec", "externalCIDRs", index]);
    });
  return found;
}
