import type { ResourceChange } from "../model/changes";
import { isEmpty, Opaque, type Value } from "../model/value";
import { after, before, eachChange, type Rule } from "./rule";

/** Something that keeps attackers out, and goes. */
interface Safeguard {
  /** Attribute, in the cluster or in a pool. */
  readonly path: string;
  /** Whether it held, and does not any more. Neither side is unknown. */
  readonly isLost: (was: Value | undefined, is: Value | undefined) => boolean;
  /** What that means, as the rest of a sentence. */
  readonly effect: string;
}

const goesOff = (was: Value | undefined, is: Value | undefined) => was === true && is !== true;
/** What is on where nobody says anything. */
const isSwitchedOff = (was: Value | undefined, is: Value | undefined) => was !== false && is === false;
const becomes = (word: RegExp) => (was: Value | undefined, is: Value | undefined) =>
  !word.test(String(was)) && word.test(String(is));

/** Each where clusters and pools have it; those of a pool's nodes stand below `node_config`. */
const SAFEGUARDS: readonly Safeguard[] = [
  {
    path: "enable_shielded_nodes",
    isLost: isSwitchedOff,
    effect: "nodes no longer prove which machine they are when they join, so a stolen bootstrap credential is enough",
  },
  {
    path: "node_config.shielded_instance_config.enable_secure_boot",
    isLost: goesOff,
    effect: "kernels and modules that nobody signed may start",
  },
  {
    path: "node_config.shielded_instance_config.enable_integrity_monitoring",
    isLost: isSwitchedOff,
    effect: "nobody is told when what a node boots is not what it was",
  },
  {
    path: "confidential_nodes.enabled",
    isLost: goesOff,
    effect: "memory of the nodes is no longer encrypted",
  },
  {
    path: "node_config.confidential_nodes.enabled",
    isLost: goesOff,
    effect: "memory of the nodes is no longer encrypted",
  },
  {
    path: "private_cluster_config.enable_private_nodes",
    isLost: goesOff,
    effect: "nodes get addresses that the internet can reach",
  },
  {
    path: "network_config.enable_private_nodes",
    isLost: goesOff,
    effect: "nodes get addresses that the internet can reach",
  },
  {
    path: "node_config.kubelet_config.insecure_kubelet_readonly_port_enabled",
    isLost: becomes(/^true$/i),
    effect: "kubelets tell everybody who reaches port 10255 which pods run, without a login",
  },
  {
    path: "node_pool_defaults.node_config_defaults.insecure_kubelet_readonly_port_enabled",
    isLost: becomes(/^true$/i),
    effect: "kubelets of new pools tell everybody who reaches port 10255 which pods run, without a login",
  },
  {
    path: "node_pool_auto_config.node_kubelet_config.insecure_kubelet_readonly_port_enabled",
    isLost: becomes(/^true$/i),
    effect: "kubelets of pools that GKE makes tell everybody who reaches port 10255 which pods run, without a login",
  },
  {
    path: "cluster_autoscaling.auto_provisioning_defaults.shielded_instance_config.enable_secure_boot",
    isLost: goesOff,
    effect: "kernels and modules that nobody signed may start on nodes of pools that GKE makes",
  },
  {
    path: "cluster_autoscaling.auto_provisioning_defaults.shielded_instance_config.enable_integrity_monitoring",
    isLost: isSwitchedOff,
    effect: "nobody is told when what a node of a pool that GKE makes boots is not what it was",
  },
  {
    path: "cluster_autoscaling.auto_provisioning_defaults.service_account",
    isLost: (was, is) => !isEmpty(was) && was !== "default" && is === "default",
    effect:
      "nodes of pools that GKE makes run as the project's default account, which may be editor of the whole project",
  },
  {
    path: "node_config.service_account",
    // Left out it stays what it was: the provider asks for nothing then.
    isLost: (was, is) => !isEmpty(was) && was !== "default" && is === "default",
    effect: "nodes run as the project's default account, which may be editor of the whole project",
  },
  {
    path: "binary_authorization.evaluation_mode",
    isLost: (was, is) => !isDisabled(was) && isDisabled(is),
    effect: "images run without being checked against the project's policy",
  },
  {
    path: "anonymous_authentication_config.mode",
    isLost: (was, is) => was === "LIMITED" && is !== "LIMITED",
    effect: "requests without a login are taken for more than health checks",
  },
  {
    path: "rbac_binding_config.enable_insecure_binding_system_authenticated",
    isLost: isSwitchedOn,
    effect: "bindings to system:authenticated hold, which means whoever has a Google account",
  },
  {
    path: "rbac_binding_config.enable_insecure_binding_system_unauthenticated",
    isLost: isSwitchedOn,
    effect: "bindings to system:unauthenticated hold, which means everybody",
  },
  {
    path: "security_posture_config.mode",
    isLost: (was, is) => !isDisabled(was) && isDisabled(is),
    effect: "nobody is told of workloads with dangerous settings",
  },
  {
    path: "security_posture_config.vulnerability_mode",
    isLost: (was, is) => !isDisabled(was) && isDisabled(is),
    effect: "nobody is told of known vulnerabilities in images that run",
  },
];

/** What decides how an upgrade goes on: defaults as GKE has them. */
const SURGE = { max_surge: 1, max_unavailable: 0 } as const;

export const SAFEGUARD_RULES: readonly Rule[] = [
  {
    id: "GK22",
    severity: "high",
    modes: ["plan", "offline"],
    title: "A safeguard of the cluster or its nodes is taken away",
    consequence: "Nothing breaks, and nobody notices: what it kept out is simply not kept out any more.",
    remedy: "Keep it, or write down who decided otherwise and why.",
    source: "https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster",
    check: eachChange(["google_container_cluster", "google_container_node_pool"], (change) => {
      if (!change.before || !change.after) return undefined;
      const lost = SAFEGUARDS.filter((safeguard) => isLost(change, safeguard)).map(
        ({ path, effect }) => `${path}: ${effect}`,
      );
      return lost.length > 0 ? lost.join("; ") : undefined;
    }),
  },
  {
    id: "NP12",
    severity: "medium",
    modes: ["plan", "offline"],
    title: "Upgrades take nodes away before others are there",
    consequence:
      "Nothing happens now. From the next upgrade or change of the nodes on, nodes are drained before any is added: their pods stay pending where the others have no room for them.",
    remedy: "Keep max_surge at 1 or more and max_unavailable at 0, or make sure that the other nodes have room.",
    source: "https://cloud.google.com/kubernetes-engine/docs/concepts/node-pool-upgrade-strategies#surge",
    check: eachChange(["google_container_node_pool"], (change) => {
      if (!change.before || !change.after) return undefined;
      const [was, is] = [before, after].map((side) => takenAway(change, side)) as [number, number];
      return is > was ? `max_unavailable ${is} with max_surge ${surge(change, after, "max_surge")}` : undefined;
    }),
  },
];

function isLost(change: ResourceChange, { path, isLost: lost }: Safeguard): boolean {
  const [was, is] = [before(change, path), after(change, path)];
  return !(was instanceof Opaque) && !(is instanceof Opaque) && lost(was, is);
}

/** How many nodes an upgrade takes away without others in their place; none where new pools stand beside old ones first. */
function takenAway(change: ResourceChange, side: typeof after): number {
  if (side(change, "upgrade_settings.strategy") === "BLUE_GREEN") return 0;
  return surge(change, side, "max_unavailable");
}

function surge(change: ResourceChange, side: typeof after, name: keyof typeof SURGE): number {
  const value = side(change, `upgrade_settings.${name}`);
  return typeof value === "number" ? value : SURGE[name];
}

function isSwitchedOn(was: Value | undefined, is: Value | undefined): boolean {
  return was === false && is !== false;
}

function isDisabled(value: Value | undefined): boolean {
  return isEmpty(value) || /DISABLED$/.test(String(value));
}
