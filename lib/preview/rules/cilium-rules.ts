import { ENCRYPTION_CHANGE } from "../../facts/cilium";
import { contains, parseCidr } from "../../validation/cidr";
import { isEffective, type ResourceChange } from "../model/changes";
import { asBlocks, getPath, isArray, isEmpty, isEqual, type Value } from "../model/value";
import { changedSettings, isOn, type ReleaseSide, setting } from "./release";
import { after, eachChange, type Rule, show, type Verdict } from "./rule";
import type { Scene } from "./scene";

const RELEASE = ["helm_release"];
const CHECKS = "chart 1.20, templates/cilium-configmap.yaml and validate.yaml";

export const CILIUM_RULES: readonly Rule[] = [
  {
    id: "CI6",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "The address management (IPAM) changes",
    consequence:
      "Running pods keep addresses that the new mode does not know: persistent loss of connectivity is to be expected.",
    remedy: "Build a new cluster. (From cluster-pool to kubernetes some users got through by replacing every node.)",
    source: "https://docs.cilium.io/en/stable/network/concepts/ipam/; https://github.com/cilium/cilium/issues/27164",
    check: whenChanged(["ipam.mode"]),
  },
  {
    id: "CI7",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "The pool of pod addresses is edited",
    consequence: "Nodes hold pieces of the old ranges. Existing elements must not change, and the mask size never.",
    remedy: "Append a range instead.",
    source: "https://docs.cilium.io/en/stable/network/concepts/ipam/cluster-pool/#expanding-the-cluster-pool",
    check: eachChange(RELEASE, poolEdited),
  },
  {
    id: "CI8",
    severity: "high",
    modes: ["plan", "offline"],
    title: "kube-proxy replacement is switched on or off",
    consequence:
      "For a while there are two NAT tables that do not know of each other: connections to Services break when a node changes over.",
    remedy: "Drain or recreate nodes one by one while switching, and remove kube-proxy only after that.",
    source: "https://docs.cilium.io/en/stable/network/kubernetes/kubeproxy-free/",
    check: eachChange(RELEASE, replacementSwitched),
  },
  {
    id: "CI9",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Agents without an address of the API server",
    consequence:
      "With kube-proxy gone the Service of the API server only works once Cilium does, and Cilium needs the API server to start. The chart takes nothing but true and false.",
    remedy: "Set k8sServiceHost and k8sServicePort to the control plane's endpoint.",
    source: CHECKS,
    check: eachRelease((side) => {
      const replacement = setting(side, "kubeProxyReplacement");
      if (replacement === undefined || isEmpty(replacement)) return undefined;
      if (!["true", "false"].includes(String(replacement))) return `kubeProxyReplacement is ${show(replacement)}`;
      if (!isOn(side, "kubeProxyReplacement")) return undefined;
      const known = ["k8sServiceHost", "k8sServiceHostRef.name", "k8sServiceLookupConfigMapName", "k8s.apiServerURLs"];
      const given = known.some((key) => !isEmpty(getPath(side.values, key)));
      // It may be in the part that cannot be read.
      return given || side.incomplete ? undefined : "kubeProxyReplacement is true, and k8sServiceHost is not set";
    }),
  },
  {
    id: "CI10",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "The routing between nodes changes",
    consequence:
      "Nodes with the old and the new setting cannot reach each other's pods. While the agents roll out, the cluster is split, and there is no way to migrate.",
    remedy: "Build a new cluster, or plan an outage.",
    source: "https://github.com/cilium/cilium/issues/9680 and #36968",
    check: whenChanged(["routingMode", "tunnelProtocol"]),
  },
  {
    id: "CI11",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "Encryption between nodes changes",
    consequence: ENCRYPTION_CHANGE.consequence,
    remedy: ENCRYPTION_CHANGE.remedy,
    source: ENCRYPTION_CHANGE.sources.join(" and "),
    check: eachChange(RELEASE, encryptionSwitched),
  },
  {
    id: "CI12",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "The kind of pod interface changes",
    consequence:
      "Running pods keep the old kind (veth or netkit), and it cannot be exchanged in place: they lose their network.",
    remedy: "Recreate every node with the new setting.",
    source: "https://docs.cilium.io/en/stable/operations/upgrade/ (1.16 notes)",
    check: whenChanged(["bpf.datapathMode"]),
  },
  {
    id: "CI13",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Routing does not fit GKE",
    consequence:
      "The chart refuses gke.enabled without native routing. With a native CIDR that does not cover the pods, traffic between them is masqueraded or dropped.",
    remedy: "Set routingMode to native, and ipv4NativeRoutingCIDR to a range that contains the cluster's pod range.",
    source: `${CHECKS}; https://docs.cilium.io/en/stable/installation/k8s-install-helm/ (GKE)`,
    check: eachRelease(routingMisfit),
  },
  {
    id: "CI14",
    severity: "high",
    modes: ["plan", "offline"],
    title: "GKE would delete the agents",
    consequence:
      "GKE's addon manager removes objects in kube-system that carry its old labels; the chart refuses to render.",
    remedy: "Switch keepDeprecatedLabels off, or install into another namespace.",
    source: "chart 1.20, templates/cilium-agent/daemonset.yaml",
    check: eachRelease((side, change) =>
      isOn(side, "gke.enabled") && isOn(side, "keepDeprecatedLabels") && after(change, "namespace") === "kube-system"
        ? "gke.enabled and keepDeprecatedLabels in kube-system"
        : undefined,
    ),
  },
  {
    id: "CI15",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "Two Ciliums on one cluster",
    consequence:
      "Dataplane V2 is Google's own Cilium. A second one fights it for every pod, and the network of the nodes breaks.",
    remedy: "Choose: Dataplane V2 without a release, or the legacy datapath with one.",
    source: "https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2",
    check: eachChange([...RELEASE, "google_container_cluster"], (change, scene) => {
      const cilium = change.type === "helm_release" ? scene.cilium(change)?.after : scene.ciliumOf(change)?.after;
      const cluster = change.type === "helm_release" ? scene.neighbours(change, "google_container_cluster")[0] : change;
      // Told once: of the cluster where both change.
      if (cluster && cluster !== change && isEffective(cluster)) return undefined;
      if (!cilium || !cluster?.after || after(cluster, "datapath_provider") !== "ADVANCED_DATAPATH") return undefined;
      return "datapath_provider is ADVANCED_DATAPATH, and a Cilium release is installed";
    }),
  },
  {
    id: "CI16",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Cilium's cluster gets another name or id",
    consequence:
      "Every identity changes with it; policies and peers of a cluster mesh treat the pods as strangers until all agents agree.",
    remedy: "Choose both when the cluster is built, and leave them.",
    source: "https://docs.cilium.io/en/stable/network/clustermesh/clustermesh/; chart templates/validate.yaml",
    check: whenChanged(["cluster.name", "cluster.id"]),
  },
  {
    id: "CI17",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Policy enforcement or the owner of the CNI changes",
    consequence:
      "Policies start or stop deciding about traffic, or another plugin gets the pods: allowed traffic may stop, denied traffic may pass.",
    remedy: "Try it in one environment, watch Hubble's drops, then go on.",
    source: "https://docs.cilium.io/en/stable/security/policy/intro/; values.yaml of the chart",
    check: eachChange(RELEASE, enforcementChanged),
  },
];

const ENFORCEMENT = [
  "policyEnforcementMode",
  "policyAuditMode",
  "l7Proxy",
  "identityAllocationMode",
  "cni.exclusive",
  "cni.chainingMode",
  "cni.chainingTarget",
  "clustermesh.policyDefaultLocalCluster",
];

function enforcementChanged(change: ResourceChange, scene: Scene): Verdict {
  const release = scene.cilium(change);
  if (!release?.before || !release.after) return undefined;
  const changed = changedSettings(release, ENFORCEMENT);
  if (changed.length > 0) return changed.join("; ");
  // Off it is a rule of its own: something is no longer served.
  const [detail] = changedSettings(release, ["hostFirewall.enabled"]);
  if (detail === undefined || !isOn(release.after, "hostFirewall.enabled")) return undefined;
  return {
    detail,
    consequence:
      "Policies that select nodes begin to decide as the agents restart: what they do not allow is dropped, the control plane's way to kubelets, health checks and SSH among it.",
    remedy:
      "Look for policies with a nodeSelector first, and run one node in audit mode (cilium-dbg endpoint config <host endpoint> PolicyAuditMode=Enabled) before the others.",
  };
}

/** Fires when values differ in effect, chart defaults included. Nothing is said of a release that is new or goes. */
function whenChanged(keys: readonly string[], relevant: (side: ReleaseSide) => boolean = () => true): Rule["check"] {
  return eachChange(RELEASE, (change, scene) => {
    const release = scene.cilium(change);
    if (!release?.before || !release.after || ![release.before, release.after].some(relevant)) return undefined;
    const changed = changedSettings(release, keys);
    return changed.length > 0 ? changed.join("; ") : undefined;
  });
}

/** Looks at what a new or changed release will be. */
function eachRelease(check: (side: ReleaseSide, change: ResourceChange, scene: Scene) => Verdict): Rule["check"] {
  return eachChange(RELEASE, (change, scene) => {
    const side = scene.cilium(change)?.after;
    return side && change.action !== "delete" ? check(side, change, scene) : undefined;
  });
}

/** Towards Cilium it is a rollout with two NAT tables; away from it, nobody is there unless kube-proxy is back. */
function replacementSwitched(change: ResourceChange, scene: Scene): Verdict {
  const release = scene.cilium(change);
  if (!release?.before || !release.after) return undefined;
  const [detail] = changedSettings(release, ["kubeProxyReplacement"]);
  if (detail === undefined || !isOn(release.before, "kubeProxyReplacement")) return detail;
  return {
    detail,
    severity: "critical",
    consequence:
      "Cilium stops serving Services as its agents restart. Where kube-proxy was taken away nobody serves them then: cluster DNS, the API server and everything else inside is unreachable from pods.",
    remedy:
      "Bring kube-proxy back on every node first and see it run (kubeProxy: restore), then switch the replacement off.",
  };
}

/** Once it is on and stays on, what is dropped in clear text is all that can change besides. */
function encryptionSwitched(change: ResourceChange, scene: Scene): Verdict {
  const release = scene.cilium(change);
  if (!release?.before || !release.after) return undefined;
  if (![release.before, release.after].some((side) => isOn(side, "encryption.enabled"))) return undefined;
  const switched = changedSettings(release, ENCRYPTION_CHANGE.switches);
  if (switched.length > 0) return switched.join("; ");
  const strict = changedSettings(release, ENCRYPTION_CHANGE.strict);
  if (strict.length === 0) return undefined;
  return {
    detail: strict.join("; "),
    severity: "high",
    consequence: ENCRYPTION_CHANGE.strictConsequence,
    remedy: ENCRYPTION_CHANGE.strictRemedy,
  };
}

function poolEdited(change: ResourceChange, scene: Scene): Verdict {
  const release = scene.cilium(change);
  if (!release?.before || !release.after) return undefined;
  const mask = changedSettings(release, ["ipam.operator.clusterPoolIPv4MaskSize"]);
  if (mask.length > 0) return mask[0];
  const key = "ipam.operator.clusterPoolIPv4PodCIDRList";
  const [from, to] = [release.before, release.after].map((side) => setting(side, key));
  if (!isArray(from) || !isArray(to) || isEqual(from, to)) return undefined;
  const detail = `${key}: ${show(from)} → ${show(to)}`;
  const appended = from.every((range, i) => isEqual(range, to[i]));
  if (!appended) return detail;
  return {
    detail,
    severity: "info",
    consequence: "A range is appended, which is the supported way to grow.",
    remedy: "Nothing to do.",
  };
}

function routingMisfit(side: ReleaseSide, change: ResourceChange, scene: Scene): Verdict {
  if (!isOn(side, "gke.enabled")) return undefined;
  const mode = setting(side, "routingMode");
  if (mode !== undefined && mode !== "native" && mode !== "") return `gke.enabled with routingMode ${show(mode)}`;
  const native = setting(side, "ipv4NativeRoutingCIDR");
  if (native === undefined) return undefined;
  if (isEmpty(native)) return "gke.enabled without ipv4NativeRoutingCIDR";
  const pods = podRange(change, scene);
  const [outer, inner] = [parse(native), parse(pods)];
  if (!outer || !inner || contains(outer, inner)) return undefined;
  return `ipv4NativeRoutingCIDR ${show(native)} does not cover the cluster's pods (${show(pods)})`;
}

/** The pods range of the environment's cluster, from the cluster itself or from the subnet it names. */
function podRange(change: ResourceChange, scene: Scene) {
  const [cluster] = scene.neighbours(change, "google_container_cluster");
  if (!cluster?.after) return undefined;
  const block = after(cluster, "ip_allocation_policy.cluster_ipv4_cidr_block");
  if (typeof block === "string" && block.includes(".")) return block;
  const name = after(cluster, "ip_allocation_policy.cluster_secondary_range_name");
  if (typeof name !== "string") return undefined;
  for (const subnet of scene.neighbours(change, "google_compute_subnetwork")) {
    const range = asBlocks(after(subnet, "secondary_ip_range")).find((candidate) => candidate["range_name"] === name);
    if (range) return range["ip_cidr_range"];
  }
  return undefined;
}

function parse(value: Value | undefined) {
  if (typeof value !== "string") return undefined;
  const cidr = parseCidr(value);
  return typeof cidr === "string" ? undefined : cidr;
}
