import { compareVersions, minorSteps, parseVersion } from "../../facts/semver";
import type { ResourceChange } from "../model/changes";
import { destroys, isEffective } from "../model/changes";
import { getPath, isArray, isEmpty, isObject } from "../model/value";
import { type Outcome, outcomeOf } from "./outcome";
import { after, before, describe, differs, eachChange, eachStack, forces, type Hit, type Rule } from "./rule";
import type { Scene } from "./scene";
import { spellings } from "./spellings";
import { networksChanged, unprotected } from "./unprotected";

const CLUSTER = ["google_container_cluster"];

const RANGES = [
  "cluster_ipv4_cidr",
  "networking_mode",
  "ip_allocation_policy",
  "ip_allocation_policy.cluster_ipv4_cidr_block",
  "ip_allocation_policy.services_ipv4_cidr_block",
  "ip_allocation_policy.cluster_secondary_range_name",
  "ip_allocation_policy.services_secondary_range_name",
  "ip_allocation_policy.pod_cidr_overprovision_config",
];

/** Who may reach the control plane, and from where. */
const ACCESS = [
  "private_cluster_config.enable_private_nodes",
  "private_cluster_config.enable_private_endpoint",
  "private_cluster_config.master_global_access_config.enabled",
  "control_plane_endpoints_config.dns_endpoint_config.allow_external_traffic",
  "control_plane_endpoints_config.ip_endpoints_config.enabled",
  "master_authorized_networks_config.gcp_public_cidrs_access_enabled",
  "master_authorized_networks_config.private_endpoint_enforcement_enabled",
  "enable_legacy_abac",
];

export const CLUSTER_RULES: readonly Rule[] = [
  {
    id: "GK1",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "The cluster is deleted or replaced",
    consequence:
      "Control plane, every node and everything that runs or is stored in the cluster is gone; a replacement has another endpoint and CA, so every kubeconfig, DNS name and firewall rule for the old one breaks. Each way may take up to 90 minutes.",
    remedy:
      "Undo what forces it, or build a second cluster beside this one and move the workloads. If it is intended, say so in the pull request.",
    source: "terraform-provider-google 6.50.0, services/container/resource_container_cluster.go (ForceNew)",
    check: eachChange(CLUSTER, (change) => {
      const outcome = outcomeOf(change);
      if (outcome === undefined) return undefined;
      const other = OTHERWISE[outcome];
      if (change.action === "delete") return { detail: `${name(change)} is deleted`, ...other };
      const causes = change.replacePaths.map((steps) => steps.filter((step) => typeof step === "string").join("."));
      const why = causes.length > 0 ? `because of ${causes.join(", ")}` : (change.reason ?? "by request");
      const order = change.order === "create-first" ? ", the new one first" : "";
      return { detail: `${name(change)} is replaced ${why}${order}`, ...other };
    }),
  },
  {
    id: "GK2",
    severity: "high",
    modes: ["plan", "offline"],
    title: "The apply will fail: deletion protection is on",
    consequence:
      'Apply stops with "Cannot destroy cluster because deletion_protection is set to true". The provider reads the state, so switching it off in the same apply does not help: other changes may be half done by then.',
    remedy: "If the cluster really has to go: apply deletion_protection = false first, by itself.",
    source: "terraform-provider-google 6.50.0, resource_container_cluster.go (resourceContainerClusterDelete)",
    check: eachChange(CLUSTER, (change) => {
      if (outcomeOf(change) !== "gone") return undefined;
      const guard = before(change, "deletion_protection");
      // Without a value the provider's default is on; a state always has one.
      const on = guard === true || (change.mode === "offline" && isEmpty(guard));
      if (!on) return undefined;
      const detail = `${name(change)} has deletion_protection on`;
      if (change.order !== "create-first") return detail;
      return {
        detail: `${detail}; the new one is created first`,
        consequence:
          "The new cluster is created, then the apply stops at the old one, which has deletion_protection on: two clusters are left, and what depends on them may point to either.",
      };
    }),
  },
  {
    id: "GK3",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Deletion protection is switched off",
    consequence: "Nothing happens now. From then on, the next change that forces a replacement destroys the cluster.",
    remedy: "Leave it on, or switch it back on right after the one change it is meant for.",
    source:
      "https://registry.terraform.io/providers/hashicorp/google/6.50.0/docs/resources/container_cluster#deletion_protection-1",
    check: eachChange([], unprotected),
  },
  {
    id: "GK4",
    severity: "high",
    modes: ["plan", "offline"],
    title: "The plan says destroy, and deletion_policy says otherwise",
    consequence: "With ABANDON the object only leaves the state and lives on unmanaged; with PREVENT the apply fails.",
    remedy: "Make the policy say what is meant, apply that by itself, then remove the object.",
    source: "terraform-provider-google, deletion_policy of each resource (clusters and pools from 7.33.0)",
    check: eachChange([], (change) => {
      const policy =
        destroys(change) && change.type.startsWith("google_") ? before(change, "deletion_policy") : undefined;
      return policy === "ABANDON" || policy === "PREVENT"
        ? `${change.address} has deletion_policy ${policy}`
        : undefined;
    }),
  },
  {
    id: "GK5",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "The datapath changes",
    consequence:
      "The datapath of a cluster is decided when it is created. Terraform replaces the cluster to change it, even from DATAPATH_PROVIDER_UNSPECIFIED to LEGACY_DATAPATH, which are the same thing in the cloud.",
    remedy:
      "Write the value the live cluster has. To switch, build a second cluster and move over (docs/mode-switch.md).",
    source:
      "https://github.com/GoogleCloudPlatform/cloud-foundation-fabric/issues/4171; terraform-google-kubernetes-engine#1714",
    check: eachChange(CLUSTER, (change) =>
      forces(change, "datapath_provider") ? describe(change, ["datapath_provider"]) : undefined,
    ),
  },
  {
    id: "GK6",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "The pod or service ranges change",
    consequence:
      "The cluster is replaced, and every pod and service gets another address: firewall rules, peerings, NAT and allow-lists that name the old ranges no longer fit.",
    remedy: "Add a range instead (additional_pod_ranges_config), which changes the cluster in place.",
    source: "terraform-provider-google 6.50.0, resource_container_cluster.go (ip_allocation_policy is ForceNew)",
    check: eachChange(CLUSTER, (change) => {
      const paths = RANGES.filter((path) => forces(change, path));
      const inner = paths.filter(
        (path) =>
          differs(change, path) && !paths.some((other) => other.startsWith(`${path}.`) && differs(change, other)),
      );
      return describe(change, inner.length > 0 ? inner : paths.slice(0, 1));
    }),
  },
  {
    id: "GK7",
    severity: "info",
    modes: ["plan", "offline"],
    title: "Only the spelling changes",
    consequence: "Nothing: the provider treats both spellings as the same (a size for a range, a name for a link).",
    remedy: "Nothing to do.",
    source: "terraform-provider-google 6.50.0 (CidrOrSizeDiffSuppress, CompareSelfLinkOrResourceName)",
    check: eachStack(({ base, head }) => spellings(base, head)),
  },
  {
    id: "GK8",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "Node pools inside the cluster resource",
    consequence:
      "A node_pool block in the cluster cannot be changed by itself: editing or removing one replaces the whole cluster.",
    remedy: "Manage each pool as a google_container_node_pool, and leave node_pool out of the cluster.",
    source:
      "https://registry.terraform.io/providers/hashicorp/google/6.50.0/docs/resources/container_cluster#node_pool-1",
    check: eachChange(CLUSTER, (change) => {
      const pools = after(change, "node_pool");
      // The pool that GKE insists on, written down to be small, and removed when the cluster stands.
      const removed = after(change, "remove_default_node_pool") === true;
      const inline = (isArray(pools) || isObject(pools)) && !isEmpty(pools) && !removed;
      if (inline && !change.before) return `${name(change)} is created with node_pool inside`;
      return forces(change, "node_pool") ? "node_pool is edited in the cluster" : undefined;
    }),
  },
  {
    id: "GK9",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "The initial number of nodes changes",
    consequence: "It is read once, at creation. Changing it replaces the cluster, or the pool with all its nodes.",
    remedy: "Scale by node_count or autoscaling, and put initial_node_count into ignore_changes.",
    source:
      "https://registry.terraform.io/providers/hashicorp/google/6.50.0/docs/resources/container_node_pool#initial_node_count-1",
    check: eachChange(["google_container_cluster", "google_container_node_pool"], (change) => {
      const detail = forces(change, "initial_node_count") ? describe(change, ["initial_node_count"]) : undefined;
      if (detail === undefined) return undefined;
      return { detail, severity: change.type === "google_container_cluster" ? "critical" : "high" };
    }),
  },
  {
    id: "GK10",
    severity: "high",
    modes: ["plan", "offline"],
    title: "NodeLocal DNSCache is switched on or off",
    consequence: "GKE recreates all nodes of the cluster, pool by pool.",
    remedy: "Do it in a maintenance window, with disruption budgets in place.",
    source:
      "https://registry.terraform.io/providers/hashicorp/google/6.50.0/docs/resources/container_cluster#nested_dns_cache_config",
    check: eachChange(CLUSTER, (change) =>
      change.action === "update" ? describe(change, ["addons_config.dns_cache_config.enabled"]) : undefined,
    ),
  },
  {
    id: "GK11",
    severity: "medium",
    modes: ["plan", "offline"],
    title: "The Kubernetes version changes",
    consequence:
      "The control plane is upgraded. Pods keep running; a zonal cluster has no API server for some minutes.",
    remedy: "Read the release notes for removed APIs, and upgrade one environment after the other.",
    source: "https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-upgrades",
    check: eachChange(CLUSTER, (change) => {
      if (change.action !== "update" || !differs(change, "min_master_version")) return undefined;
      const [from, to] = [before(change, "min_master_version"), after(change, "min_master_version")].map(parseVersion);
      const detail = describe(change, ["min_master_version"]);
      if (!to || !detail) return undefined;
      if (!from)
        return {
          detail,
          consequence:
            "A control plane that is older is upgraded to it at once; nodes follow as their pools say. A zonal cluster has no API server for some minutes.",
        };
      if (compareVersions(to, from) < 0) {
        return {
          detail,
          severity: "high",
          consequence:
            "A control plane cannot go back: GKE ignores or refuses the older version, and plans never become empty.",
          remedy: "Keep at least the version that runs.",
        };
      }
      return minorSteps(from, to) === 0 ? undefined : detail;
    }),
  },
  {
    id: "GK12",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Access to the control plane changes",
    consequence:
      "Whoever is no longer allowed in loses the API: CI, people, and this project's own later stacks, which connect from where they run. Whoever is newly allowed in can reach it and try to log in.",
    remedy: "Check the address that CI comes from, and keep a second way in until the change is proven.",
    source: "https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation",
    check: eachChange(CLUSTER, (change) => {
      if (change.action === "create") return undefined;
      const parts = [describe(change, ACCESS), networksChanged(change)].filter((part) => part !== undefined);
      return parts.length > 0 ? parts.join("; ") : undefined;
    }),
  },
  {
    id: "GK13",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Two network-policy engines",
    consequence:
      "Calico's add-on clashes with Dataplane V2 (GKE refuses the pair) and with a Cilium that is the cluster's only CNI: both write rules for the same pods.",
    remedy: "Switch network_policy off, or chain Cilium behind Calico (cni.chainingMode).",
    source:
      "https://github.com/GoogleCloudPlatform/k8s-config-connector/issues/616; terraform-google-kubernetes-engine#1085",
    check: eachChange(["google_container_cluster", "helm_release"], twoEngines),
  },
];

/** What happens instead where the cluster is not destroyed after all. */
const OTHERWISE: Readonly<Record<Outcome, Partial<Hit>>> = {
  gone: {},
  refused: {
    consequence:
      "Terraform refuses the whole plan while prevent_destroy is set, and nothing happens. Without it the cluster would be gone, with every node and all that runs or is stored in it.",
    remedy: "Undo what forces it. To move, build a second cluster beside this one.",
  },
  taken: {
    severity: "high",
    consequence:
      "Terraform wants to create the new cluster first, because a node pool is create_before_destroy and that spreads. Its name, or its range for Services, is still taken: the creation fails, the apply stops half way, and the old cluster stays.",
    remedy: "Undo what forces it, or build a second cluster under another name beside this one and move the workloads.",
  },
};

function twoEngines(change: ResourceChange, scene: Scene): string | undefined {
  if (change.type === "helm_release" && !scene.cilium(change)?.after) return undefined;
  const cluster =
    change.type === "google_container_cluster" ? change : scene.neighbours(change, "google_container_cluster")[0];
  // Told once: of the cluster where both change.
  if (!cluster?.after || (cluster !== change && isEffective(cluster))) return undefined;
  if (after(cluster, "network_policy.enabled") !== true) return undefined;
  if (change === cluster && after(cluster, "datapath_provider") === "ADVANCED_DATAPATH") {
    return "network_policy is enabled with datapath_provider ADVANCED_DATAPATH";
  }
  const cilium = scene.ciliumOf(change)?.after;
  if (!cilium || cilium.incomplete) return undefined;
  const mode = getPath(cilium.values, "cni.chainingMode");
  const chained = !isEmpty(mode) ? mode !== "none" : !isEmpty(getPath(cilium.values, "cni.chainingTarget"));
  return chained ? undefined : "network_policy (Calico) is enabled beside a Cilium that is not chained";
}

function name(change: ResourceChange): string {
  const given = before(change, "name");
  return typeof given === "string" ? `cluster ${given}` : change.address;
}
