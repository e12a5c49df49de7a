import type { ResourceChange } from "../model/changes";
import { asBlocks, getPath, isEmpty, Opaque, type ValueObject } from "../model/value";
import { partsLost } from "./goes-with";
import { takenName } from "./outcome";
import { poolName, shrinks } from "./pool-loss-rules";
import { setting } from "./release";
import { after, before, describe, differs, eachChange, type Rule, transition } from "./rule";
import type { Scene } from "./scene";

const POOL = ["google_container_node_pool"];

/** Changed in place by GKE, which recreates each node for it. */
const RECREATING = [
  "version",
  "node_config.image_type",
  "node_config.machine_type",
  "node_config.disk_size_gb",
  "node_config.disk_type",
  "node_config.boot_disk",
  "node_config.gvnic.enabled",
  "node_config.gcfs_config.enabled",
  "node_config.kubelet_config",
  "node_config.linux_node_config",
  "node_config.containerd_config",
  "node_config.workload_metadata_config.mode",
  "node_config.logging_variant",
];

const POD_CAPACITY = [
  "max_pods_per_node",
  "network_config.pod_range",
  "network_config.create_pod_range",
  "network_config.pod_ipv4_cidr_block",
];

/** Keys by which Cilium keeps pods off a node until its agent is ready; a release may name another. */
const STARTUP_TAINTS = [
  "node.cilium.io/agent-not-ready",
  "ignore-taint.cluster-autoscaler.kubernetes.io/cilium-agent-not-ready",
  "ignore-taint.cluster-autoscaler.kubernetes.io/cilium-chained-agent-not-ready",
];

/** Nothing that forces a replacement has changed, so a name that is derived from it has not, either. */
const ANOTHER_GENERATION =
  "Give the pool another name, and the sound one takes the place of the failed one: another generation, where the name is derived from what forces the replacement.";

export const NODE_POOL_RULES: readonly Rule[] = [
  {
    id: "NP1",
    severity: "high",
    modes: ["plan", "offline"],
    title: "A node pool is deleted before its successor exists",
    consequence:
      "All its nodes go at once. Their pods stay pending until the new pool is up, or for good if they fit nowhere else; what lies on local disks is lost.",
    remedy:
      "Create before destroy, with a name that differs from generation to generation (name_prefix, or a hash of what forces the replacement).",
    source: "https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#create_before_destroy",
    check: eachChange(POOL, (change, scene) => {
      if (change.action !== "replace" || change.order !== "delete-first") return undefined;
      const others = scene.neighbours(change, ...POOL).some((pool) => pool !== change && pool.before && pool.after);
      const detail = `${poolName(change)}${causes(change)}`;
      return others ? detail : { detail: `${detail}; it is the only pool`, severity: "critical" };
    }),
  },
  {
    id: "NP2",
    severity: "high",
    modes: ["plan", "offline"],
    title: "The new node pool has the name of the old one",
    consequence:
      "The new pool is created first, and GKE refuses it because the name is taken: the apply fails half way.",
    remedy: "Use name_prefix, or derive the name from what forces the replacement.",
    source: "terraform-google-kubernetes-engine, autogen/main/cluster.tf.tmpl (random_id keepers)",
    check: eachChange(POOL, (change) => {
      const fixed = takenName(change);
      if (fixed === undefined) return undefined;
      return change.reason === "replace_because_tainted"
        ? { detail: `both are called ${fixed}; its creation had failed`, remedy: ANOTHER_GENERATION }
        : `both are called ${fixed}`;
    }),
  },
  {
    id: "NP3",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Every node of a pool is recreated",
    consequence:
      "GKE drains and recreates the nodes one after the other, as upgrade_settings say. Disruption budgets are respected for up to an hour per node, then pods are evicted all the same.",
    remedy: "Check that budgets and surge capacity allow it, and do it outside busy hours.",
    source: "https://cloud.google.com/kubernetes-engine/docs/concepts/node-pool-upgrade-strategies",
    check: eachChange(POOL, (change) => {
      const detail = change.action === "update" ? describe(change, RECREATING) : undefined;
      const image = "node_config.image_type";
      if (detail === undefined || !differs(change, image)) return detail;
      return {
        detail,
        consequence:
          "GKE drains and recreates the nodes one after the other, as upgrade_settings say, with another operating system: another kernel for the datapath, other paths on the host, and GPU or security agents that may not fit. Disruption budgets are respected for up to an hour per node.",
      };
    }),
  },
  {
    id: "NP4",
    severity: "high",
    modes: ["plan", "offline"],
    title: "The pods a node can hold change",
    consequence:
      "The pool is replaced. Each node takes another share of the pod range, so the number of nodes the range can carry changes too.",
    remedy: "Check that the pod range is large enough for the pool's maximum at the new size.",
    source: "https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr",
    check: eachChange(POOL, (change) => (change.action === "replace" ? describe(change, POD_CAPACITY) : undefined)),
  },
  {
    id: "NP5",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Pods may start before Cilium",
    consequence:
      "New and rebooted nodes no longer wait for Cilium's agent: pods start on GKE's own CNI, unknown to Cilium, without policies, until somebody restarts them.",
    remedy: "Keep the startup taint on every pool, with the key that the release names (agentNotReadyTaintKey).",
    source: "https://docs.cilium.io/en/stable/installation/taints/",
    check: eachChange(POOL, taintLost),
  },
  {
    id: "NP6",
    severity: "medium",
    modes: ["plan", "offline"],
    title: "A node pool shrinks, or two settings fight over its size",
    consequence:
      "With a maximum below the number of nodes there are now, nodes are drained and removed. A fixed node_count beside autoscaling is put back at every apply, and taken away again by the autoscaler.",
    remedy: "Lower the maximum in steps; give either node_count or autoscaling.",
    source:
      "https://registry.terraform.io/providers/hashicorp/google/6.50.0/docs/resources/container_node_pool#node_count-1",
    check: eachChange(POOL, (change) => {
      const less = shrinks(change);
      if (less !== undefined) return less;
      const [count, now] = [before(change, "node_count"), after(change, "node_count")];
      const sized = !isEmpty(after(change, "autoscaling")) && typeof count === "number" && typeof now === "number";
      return sized && count !== now ? `${transition("node_count", count, now)}, with autoscaling on` : undefined;
    }),
  },
  {
    id: "NP7",
    severity: "high",
    modes: ["plan", "offline"],
    title: "A NoExecute taint lands on running nodes",
    consequence:
      "GKE puts the taint on the existing nodes at once, and every pod that does not tolerate it is evicted within seconds, on all nodes of the pool together.",
    remedy: "Change the Cilium release's key first, then roll over to a new pool that has the taint from the start.",
    source: "https://github.com/cilium/cilium/issues/19890; measured on GKE: 27 pods in 8 seconds",
    check: eachChange(POOL, (change) => {
      if (change.action !== "update" || taintsOf(change.before) === undefined) return undefined;
      const old = taintsOf(change.before) ?? [];
      const added = (taintsOf(change.after) ?? []).filter(
        (taint) => taint.effect === "NO_EXECUTE" && !old.some((o) => o.key === taint.key && o.effect === taint.effect),
      );
      return added.length > 0
        ? `${added.map(({ key }) => key).join(", ")} with effect NO_EXECUTE is new on the pool`
        : undefined;
    }),
  },
  {
    id: "NP8",
    severity: "high",
    modes: ["plan", "offline"],
    title: "A node pool goes with its cluster, and the plan does not say so",
    consequence:
      "The cluster is replaced under the same name, so for Terraform nothing changes for the pool. In fact it is deleted with the old cluster: the new one has no such nodes until the next apply.",
    remedy: "Plan and apply a second time right after, or add replace_triggered_by to the pool.",
    source: "https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#replace_triggered_by",
    check: (scene) => partsLost(scene, "clusters"),
  },
];

interface Taint {
  readonly key: string;
  readonly effect: string;
}

function taintLost(change: ResourceChange, scene: Scene): string | undefined {
  const cilium = scene.ciliumOf(change)?.after;
  if (!cilium || !change.before || !change.after) return undefined;
  const configured = setting(cilium, "agentNotReadyTaintKey");
  const keys = typeof configured === "string" ? [configured] : STARTUP_TAINTS;
  const [old, current] = [taintsOf(change.before) ?? [], taintsOf(change.after) ?? []];
  for (const taint of old.filter(({ key }) => keys.includes(key) || STARTUP_TAINTS.includes(key))) {
    const now = current.find(({ key }) => key === taint.key);
    const replaced = current.some(({ key }) => key !== taint.key && keys.includes(key));
    if (!now && !replaced) return `the taint ${taint.key} goes`;
    if (now && taint.effect === "NO_EXECUTE" && now.effect !== "NO_EXECUTE") {
      return transition(`effect of the taint ${taint.key}`, taint.effect, now.effect);
    }
  }
  return undefined;
}

/** Undefined where the taints cannot be read. */
function taintsOf(pool: ValueObject | null): readonly Taint[] | undefined {
  const taints = getPath(pool ?? undefined, "node_config.taint");
  if (taints instanceof Opaque) return undefined;
  return asBlocks(taints).flatMap(({ key, effect }) =>
    typeof key === "string" && typeof effect === "string" ? [{ key, effect }] : [],
  );
}

/** Taints every node of the pool carries, for rules that ask who can be scheduled there. */
export function poolTaints(change: ResourceChange): readonly Taint[] {
  return taintsOf(change.after) ?? [];
}

function causes(change: ResourceChange): string {
  const paths = change.replacePaths.map((steps) => steps.filter((step) => typeof step === "string").join("."));
  return paths.length > 0 ? ` is replaced because of ${paths.join(", ")}` : " is replaced";
}
