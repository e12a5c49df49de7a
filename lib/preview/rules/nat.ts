import type { ResourceChange } from "../model/changes";
import { asBlocks, isArray } from "../model/value";
import { after, before, differs, transition, type Verdict } from "./rule";

/** A NAT that serves fewer ranges, or gives each node fewer ports. */
export function natLess(change: ResourceChange): Verdict {
  const ranges = "source_subnetwork_ip_ranges_to_nat";
  const all = "ALL_SUBNETWORKS_ALL_IP_RANGES";
  if (before(change, ranges) === all && differs(change, ranges)) return transition(ranges, all, after(change, ranges));
  const subnets = (side: ResourceChange["after"]) =>
    new Map(
      asBlocks(side?.["subnetwork"]).map((block) => [JSON.stringify(block["name"]), block["source_ip_ranges_to_nat"]]),
    );
  const current = subnets(change.after);
  for (const [name, was] of subnets(change.before)) {
    const now = current.get(name);
    if (isArray(was) && isArray(now) && was.includes("ALL_IP_RANGES") && !now.includes("ALL_IP_RANGES"))
      return transition(`source_ip_ranges_to_nat of ${name}`, was, now);
  }
  const [from, to] = [before(change, "min_ports_per_vm"), after(change, "min_ports_per_vm")];
  if (typeof from !== "number" || typeof to !== "number" || to >= from) return undefined;
  return {
    detail: transition("min_ports_per_vm", from, to),
    severity: "medium",
    consequence:
      "A node may have fewer connections out at the same time to the same address; what is beyond them is dropped.",
    remedy: "Look at nat_allocation_failed and dropped packets of the gateway first.",
  };
}
