import type { ResourceChange } from "../model/changes";
import { destroys } from "../model/changes";
import { asBlocks, isEqual, type Value } from "../model/value";
import {
  after,
  before,
  describe,
  differs,
  eachChange,
  forces,
  type Rule,
  show,
  transition,
  type Verdict,
} from "./rule";
import type { Scene } from "./scene";

/** Of a VPC. https://cloud.google.com/vpc/docs/mtu */
const DEFAULT_MTU = 1460;
const ADDRESSES = ["google_compute_address", "google_compute_global_address"];

export const NETWORK_RULES: readonly Rule[] = [
  {
    id: "NW1",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "A subnet shrinks or moves",
    consequence:
      "A subnet only grows in place. Any other range replaces it, and Google Cloud refuses to delete a subnet that nodes are in: the apply fails, or everything in it has to go first.",
    remedy: "Choose a range around the old one, or add a second subnet.",
    source: "terraform-provider-google 6.50.0, resource_compute_subnetwork.go (IsShrinkageIpCidr)",
    check: eachChange(["google_compute_subnetwork"], (change) =>
      forces(change, "ip_cidr_range") ? describe(change, ["ip_cidr_range"]) : undefined,
    ),
  },
  {
    id: "NW2",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "A secondary range in use changes",
    consequence:
      "Pods or services live in it. Google Cloud refuses to remove a range in use, so the apply fails half way; a cluster or pool that is told another name is replaced.",
    remedy: "Add a range under a new name and leave the old one alone.",
    source: "https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips",
    check: eachChange(["google_compute_subnetwork", "google_container_cluster"], (change, scene) =>
      change.type === "google_container_cluster" ? rangesLeft(change, scene) : rangeLost(change, scene),
    ),
  },
  {
    id: "NW3",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Outgoing traffic gets new addresses",
    consequence: "Partners, SaaS and databases that allow these clusters by address will shut them out.",
    remedy: "Reserve the new addresses first and have them allowed, then switch; or keep the addresses.",
    source: "https://cloud.google.com/nat/docs/ports-and-addresses#addresses",
    check: eachChange([...ADDRESSES, "google_compute_router_nat", "google_compute_router"], (change, scene) => {
      // A router without NAT sends nothing out; one with it goes with its NAT, which is told.
      const nats = change.type === "google_compute_router" ? scene.neighbours(change, "google_compute_router_nat") : [];
      if (change.type === "google_compute_router" && (nats.length === 0 || nats.some(destroys))) return undefined;
      if (destroys(change) && !isInternal(change))
        return `${change.address} is ${change.action === "delete" ? "deleted" : "replaced"}`;
      return change.type === "google_compute_router_nat"
        ? describe(change, ["nat_ips", "nat_ip_allocate_option"])
        : undefined;
    }),
  },
  {
    id: "NW10",
    severity: "high",
    modes: ["plan", "offline"],
    title: "The network's MTU changes",
    consequence:
      "Machines that run keep the MTU they were started with, and so do the pods on them. Until every node is a new one, packets between old and new ones that are larger than the smaller MTU are lost: TCP adapts, other traffic does not.",
    remedy: "Replace every node pool in the same window, and restart whatever else runs in the network.",
    source: "https://cloud.google.com/vpc/docs/change-mtu",
    check: eachChange(["google_compute_network"], (change) => {
      if (change.action !== "update") return undefined;
      // Left out, it stays what it is; what nobody ever wrote is Google's default.
      const [old, current] = [before(change, "mtu") ?? DEFAULT_MTU, after(change, "mtu") ?? undefined];
      return current === undefined || isEqual(old, current) ? undefined : transition("mtu", old, current);
    }),
  },
];

/** Internal addresses are nobody's sender address outside. */
function isInternal(change: ResourceChange): boolean {
  return before(change, "address_type") === "INTERNAL";
}

/** Further ranges of pods that a cluster no longer names, and a pool still does. */
function rangesLeft(change: ResourceChange, scene: Scene): Verdict {
  if (change.action !== "update") return undefined;
  const paths = [
    "ip_allocation_policy.additional_pod_ranges_config.pod_range_names",
    "ip_allocation_policy.additional_ip_ranges_config.pod_ipv4_range_names",
  ];
  const lost = paths.flatMap((path) => {
    const kept = namesAt(change.after ?? undefined, path);
    return namesAt(change.before ?? undefined, path).filter((name) => !kept.includes(name));
  });
  const users = scene
    .neighbours(change, "google_container_node_pool")
    .filter(({ after: pool }) =>
      namesAt(pool ?? undefined, "network_config.pod_range").some((name) => lost.includes(name)),
    );
  // Where the subnet loses it as well, that is said there.
  const gone = scene.neighbours(change, "google_compute_subnetwork").some((subnet) => {
    const kept = namesAt(subnet.after ?? undefined, "secondary_ip_range.range_name");
    return namesAt(subnet.before ?? undefined, "secondary_ip_range.range_name").some(
      (name) => lost.includes(name) && !kept.includes(name),
    );
  });
  if (users.length === 0 || gone) return undefined;
  return {
    detail: `${change.address} no longer has ${lost.join(", ")} for pods, and ${users.map(({ address }) => address).join(", ")} does`,
    severity: "high",
    consequence:
      "GKE refuses while a node pool uses the range, and the apply fails there. Pools that are made later cannot name it.",
    remedy: "Move the pools in it to another range first.",
  };
}

function rangeLost(change: ResourceChange, scene: Scene): string | undefined {
  if (!change.before || !differs(change, "secondary_ip_range")) return undefined;
  const users = rangeUsers(change, scene);
  const current = new Map(
    asBlocks(after(change, "secondary_ip_range")).map((range) => [range["range_name"], range["ip_cidr_range"]]),
  );
  for (const range of asBlocks(before(change, "secondary_ip_range"))) {
    const name = range["range_name"];
    const user = typeof name === "string" ? users.get(name) : undefined;
    if (typeof name !== "string" || user === undefined) continue;
    if (!current.has(name)) return `the range ${name} (${show(range["ip_cidr_range"])}) goes, and ${user} uses it`;
    if (!isEqual(current.get(name), range["ip_cidr_range"])) {
      return `${transition(`the range ${name}`, range["ip_cidr_range"], current.get(name))}, and ${user} uses it`;
    }
  }
  return undefined;
}

/** Where clusters and pools name the ranges that they live in. */
const RANGE_NAMES: Readonly<Record<string, readonly string[]>> = {
  google_container_cluster: [
    "ip_allocation_policy.cluster_secondary_range_name",
    "ip_allocation_policy.services_secondary_range_name",
    "ip_allocation_policy.additional_pod_ranges_config.pod_range_names",
    "ip_allocation_policy.additional_ip_ranges_config.pod_ipv4_range_names",
  ],
  google_container_node_pool: [
    "network_config.pod_range",
    "network_config.additional_pod_network_configs.secondary_pod_range",
  ],
};

/** Name of a range to what lives in it, now or after the change. */
function rangeUsers(change: ResourceChange, scene: Scene): ReadonlyMap<string, string> {
  const users = new Map<string, string>();
  for (const [type, paths] of Object.entries(RANGE_NAMES)) {
    const noun = type === "google_container_cluster" ? "a cluster" : "a node pool";
    for (const user of scene.neighbours(change, type)) {
      for (const side of [user.before, user.after]) {
        for (const name of paths.flatMap((path) => namesAt(side ?? undefined, path))) {
          if (!users.has(name)) users.set(name, `${noun} (${user.address})`);
        }
      }
    }
  }
  return users;
}

/** A text, or every text of a list, at a path that may lead through several blocks. */
function namesAt(value: Value | undefined, path: string): readonly string[] {
  const values = path
    .split(".")
    .reduce<readonly (Value | undefined)[]>(
      (found, key) => found.flatMap((item) => asBlocks(item).map((block) => block[key])),
      [value],
    );
  return values.flat().filter((item): item is string => typeof item === "string" && item !== "");
}
