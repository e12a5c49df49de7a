import { effectiveValues } from "../diff/helm-values";
import { parseDocument } from "../diff/text";
import type { ResourceChange } from "../model/changes";
import { destroys } from "../model/changes";
import { asBlocks, getPath, isEqual, isObject, Opaque, type Value, type ValueObject } from "../model/value";
import { after, before, describe, differs, eachChange, forces, type Rule, show, transition } from "./rule";
import type { Scene } from "./scene";

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
    title: "A secondary range that a cluster uses changes",
    consequence:
      "Pods or services live in it. Google Cloud refuses to remove a range in use, and a cluster that is told another name is replaced.",
    remedy: "Add a range under a new name and leave the old one alone.",
    source: "https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips",
    check: eachChange(["google_compute_subnetwork"], rangeLost),
  },
  {
    id: "NW3",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Outgoing traffic gets other addresses",
    consequence: "Whoever lets these clusters in by their address (partners, SaaS, databases) shuts them out.",
    remedy: "Reserve the new addresses first and have them allowed, then switch; or keep the addresses.",
    source: "https://cloud.google.com/nat/docs/ports-and-addresses#addresses",
    check: eachChange([...ADDRESSES, "google_compute_router_nat", "google_compute_router"], (change) => {
      if (destroys(change) && !isInternal(change))
        return `${change.address} is ${change.action === "delete" ? "deleted" : "replaced"}`;
      return change.type === "google_compute_router_nat"
        ? describe(change, ["nat_ips", "nat_ip_allocate_option"])
        : undefined;
    }),
  },
  {
    id: "PL1",
    severity: "high",
    modes: ["plan", "offline"],
    title: "A network policy goes",
    consequence:
      "What it denied is allowed again as soon as no other policy selects the same pods. What it allowed is denied where another one still does.",
    remedy: "Check with Hubble which traffic the policy decides about before it goes.",
    source: "https://docs.cilium.io/en/stable/security/policy/intro/",
    check: eachChange(["helm_release", "kubernetes_network_policy_v1"], (change, scene) => {
      const lost = policiesOf(change.before).filter((policy) => !inEnvironment(policy, change, scene));
      return lost.length > 0 ? `${lost.map(({ key }) => key).join(", ")} removed` : undefined;
    }),
  },
  {
    id: "PL2",
    severity: "medium",
    modes: ["plan", "offline"],
    title: "A network policy changes who may talk",
    consequence: "It takes effect on running pods within seconds; connections that are no longer allowed are cut.",
    remedy: "Look at the rules below, and try a new deny in audit mode first (policyAuditMode, or on one endpoint).",
    source: "https://docs.cilium.io/en/stable/security/policy-creation/",
    check: eachChange(["helm_release", "kubernetes_network_policy_v1"], (change, scene) => {
      const old = new Map(policiesOf(change.before).map((policy) => [policy.key, policy.spec]));
      const now = policiesOf(change.after);
      const edited = now
        .filter(({ key, spec }) => old.has(key) && !isEqual(old.get(key), spec))
        .map(({ key }) => `${key} edited`);
      // In a stack that is only now created nothing runs yet that a policy could cut off.
      const running = scene.stack(change.stack)?.resources.some((resource) => resource.before !== null) ?? true;
      const fresh = running ? now.filter(({ key }) => !old.has(key)).map(({ key }) => `${key} new`) : [];
      return edited.length + fresh.length > 0 ? [...edited, ...fresh].join(", ") : undefined;
    }),
  },
];

/** Internal addresses are nobody's sender address outside. */
function isInternal(change: ResourceChange): boolean {
  return before(change, "address_type") === "INTERNAL";
}

function rangeLost(change: ResourceChange, scene: Scene): string | undefined {
  if (!change.before || !differs(change, "secondary_ip_range")) return undefined;
  const used = new Set<Value | undefined>();
  for (const cluster of scene.neighbours(change, "google_container_cluster")) {
    for (const side of [cluster.before, cluster.after]) {
      for (const range of ["cluster_secondary_range_name", "services_secondary_range_name"]) {
        used.add(getPath(side ?? undefined, `ip_allocation_policy.${range}`));
      }
    }
  }
  const current = new Map(
    asBlocks(after(change, "secondary_ip_range")).map((range) => [range["range_name"], range["ip_cidr_range"]]),
  );
  for (const range of asBlocks(before(change, "secondary_ip_range"))) {
    const name = range["range_name"];
    if (typeof name !== "string" || !used.has(name)) continue;
    if (!current.has(name)) return `the range ${name} (${show(range["ip_cidr_range"])}) goes, and a cluster uses it`;
    if (!isEqual(current.get(name), range["ip_cidr_range"])) {
      return `${transition(`the range ${name}`, range["ip_cidr_range"], current.get(name))}, and a cluster uses it`;
    }
  }
  return undefined;
}

interface Policy {
  readonly key: string;
  readonly spec: Value;
}

const POLICY_KIND =
  /^(CiliumNetworkPolicy|CiliumClusterwideNetworkPolicy|NetworkPolicy|FQDNNetworkPolicy|AdminNetworkPolicy|BaselineAdminNetworkPolicy)$/;

/** The policies a resource brings: objects in the values of a release, or a resource that is one. */
function policiesOf(resource: ValueObject | null): readonly Policy[] {
  if (!resource) return [];
  if (isObject(getPath(resource, "spec")) || Array.isArray(resource["spec"])) {
    const name = [getPath(resource, "metadata.namespace"), getPath(resource, "metadata.name")].map(show).join("/");
    return [{ key: `NetworkPolicy ${name}`, spec: resource["spec"] ?? null }];
  }
  return resource["values"] === undefined ? [] : [...objectsIn(effectiveValues(resource).values)];
}

function* objectsIn(value: Value | undefined): Generator<Policy> {
  if (value instanceof Opaque) return;
  if (Array.isArray(value)) for (const item of value) yield* objectsIn(item);
  else if (isObject(value)) {
    const kind = value["kind"];
    if (typeof kind === "string" && POLICY_KIND.test(kind)) {
      const namespace = getPath(value, "metadata.namespace");
      const name = [...(typeof namespace === "string" ? [namespace] : []), show(getPath(value, "metadata.name"))].join(
        "/",
      );
      yield { key: `${kind} ${name}`, spec: value["spec"] ?? value["specs"] ?? null };
    } else for (const child of Object.values(value)) yield* objectsIn(child);
  } else if (typeof value === "string" && value.includes("Policy")) yield* objectsIn(parseDocument(value));
}

/** A policy that moves to another release of the same environment is not lost. */
function inEnvironment(policy: Policy, change: ResourceChange, scene: Scene): boolean {
  const holders = scene.neighbours(change, "helm_release", "kubernetes_network_policy_v1");
  return holders.some((holder) => policiesOf(holder.after).some(({ key }) => key === policy.key));
}
