import { isEqual } from "../model/value";
import { policiesOf } from "./policies";
import { widened } from "./policy-widening";
import { after, before, eachChange, type Rule, transition } from "./rule";

export const POLICY_RULES: readonly Rule[] = [
  {
    id: "PL1",
    severity: "high",
    modes: ["plan", "offline"],
    title: "A network policy is removed",
    consequence:
      "What it denied is allowed again as soon as no other policy selects the same pods. What it allowed is denied where another one still does.",
    remedy: "Check with Hubble which traffic the policy decides about before it goes.",
    source: "https://docs.cilium.io/en/stable/security/policy/intro/",
    check: eachChange([], (change, scene) => {
      const lost = policiesOf(change.type, change.before).filter(
        // With its namespace goes all that it decided about.
        (policy) => !scene.keepsPolicy(policy, change) && !scene.losesNamespace(policy.namespace, change),
      );
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
    check: eachChange([], (change, scene) => {
      const now = policiesOf(change.type, change.after);
      if (now.length === 0) return undefined;
      const old = new Map(policiesOf(change.type, change.before).map((policy) => [policy.key, policy.spec]));
      const edited = now.filter(({ key, spec }) => old.has(key) && !isEqual(old.get(key), spec));
      const wide = edited.flatMap(({ key, kind, spec }) =>
        widened(kind, old.get(key) ?? null, spec).map((what) => `${key}: ${what}`),
      );
      // In a stack that is only now created nothing runs yet that a policy could cut off.
      const running = scene.stack(change.stack)?.resources.some((resource) => resource.before !== null) ?? true;
      const fresh = running ? now.filter(({ key }) => !old.has(key)).map(({ key }) => `${key} new`) : [];
      const plain = edited.map(({ key }) => key).filter((key) => !wide.some((text) => text.startsWith(`${key}:`)));
      const parts = [...wide, ...plain.map((key) => `${key} edited`), ...fresh];
      if (parts.length === 0) return undefined;
      return wide.length > 0 ? { detail: parts.join(", "), severity: "high" } : parts.join(", ");
    }),
  },
  {
    id: "PL3",
    severity: "high",
    modes: ["plan", "offline"],
    title: "A kind of policy is no longer enforced",
    consequence:
      "The objects stay and nothing acts on them any more: what they denied is allowed, on all nodes, as soon as the agents know.",
    remedy: "Remove the policies first, one by one, and see what opens.",
    source: "https://cloud.google.com/kubernetes-engine/docs/how-to/configure-cilium-network-policy",
    check: eachChange(["google_container_cluster"], (change) => {
      if (change.action !== "update") return undefined;
      const off = ["enable_cilium_clusterwide_network_policy", "enable_fqdn_network_policy"].filter(
        (name) => before(change, name) === true && after(change, name) !== true,
      );
      const images = "binary_authorization.evaluation_mode";
      const mode = (value: unknown) => (typeof value === "string" ? value : "DISABLED");
      const unchecked = mode(before(change, images)) !== "DISABLED" && after(change, images) === "DISABLED";
      const parts = [
        ...off.map((name) => transition(name, true, false)),
        ...(unchecked ? [transition(images, before(change, images), after(change, images))] : []),
      ];
      return parts.length > 0 ? parts.join("; ") : undefined;
    }),
  },
];
