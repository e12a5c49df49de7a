import { destroys, type ResourceChange } from "../model/changes";
import { asBlocks, getPath, isArray, isEmpty, isEqual, Opaque, type Value, type ValueObject } from "../model/value";
import { isOff } from "./feature-rules";
import { lostOf } from "./policies";
import { type CiliumRelease, isOn, setting } from "./release";
import { after, before, describe, differs, eachChange, type Rule, show, transition } from "./rule";

const CLUSTER = ["google_container_cluster"];

/** What GKE runs for the cluster, by the attribute that switches it, and what stops with it. */
const PARTS: Readonly<Record<string, string>> = {
  "addons_config.gce_persistent_disk_csi_driver_config.enabled":
    "volumes on persistent disks are no longer attached or made",
  "addons_config.gcp_filestore_csi_driver_config.enabled": "Filestore volumes are no longer mounted or made",
  "addons_config.gcs_fuse_csi_driver_config.enabled": "buckets are no longer mounted",
  "addons_config.parallelstore_csi_driver_config.enabled": "Parallelstore volumes are no longer mounted",
  "addons_config.lustre_csi_driver_config.enabled": "Lustre volumes are no longer mounted",
  "addons_config.gke_backup_agent_config.enabled": "nothing in the cluster is backed up any more",
  "addons_config.config_connector_config.enabled": "objects of Config Connector are no longer acted on",
  "addons_config.stateful_ha_config.enabled": "stateful workloads are no longer moved when a node fails",
  "addons_config.ray_operator_config.enabled": "Ray clusters are no longer managed",
  "addons_config.istio_config.enabled": "the mesh loses its control plane",
  "addons_config.cloudrun_config.enabled": "its services are no longer managed",
  "vertical_pod_autoscaling.enabled": "requests of pods are no longer adjusted",
  "secret_manager_config.enabled": "secrets of Secret Manager are no longer mounted",
  "cluster_autoscaling.enabled": "no node pool is made for pods that fit nowhere",
  enable_l4_ilb_subsetting: "internal load balancers change the way they reach nodes",
};

/** The same, where the attribute says what is off. */
const INVERTED: Readonly<Record<string, string>> = {
  "addons_config.http_load_balancing.disabled":
    "Ingress and Gateway objects get no load balancer any more; those there are not updated",
  "addons_config.horizontal_pod_autoscaling.disabled": "no workload is scaled by its load any more",
};

/** What tells how the cluster is, and to whom. */
const SIGHT: Readonly<Record<string, string>> = {
  "monitoring_config.managed_prometheus.enabled": "Google collects no metrics of pods, and alerts on them stay silent",
  "monitoring_config.advanced_datapath_observability_config.enable_metrics": "the datapath reports no metrics",
  "monitoring_config.advanced_datapath_observability_config.enable_relay":
    "Hubble's relay goes: flows can no longer be asked for",
  enable_intranode_visibility: "traffic between pods of one node is in no flow log",
};

/** What a fleet runs in its clusters. */
const FLEET = ["google_gke_hub_membership", "google_gke_hub_feature", "google_gke_hub_feature_membership"];

const LEFT_FLEET =
  "what the fleet does for the cluster (mesh, policies, configuration, Ingress for several clusters) stops";

/** What watches, warns and keeps records, whatever it watches. */
const WATCHES =
  /_(monitoring_(alert_policy|notification_channel|uptime_check_config|slo|service)|logging_\w*(sink|metric)|cloudwatch_metric_alarm|monitor_(metric_alert|action_group))$/;

/** The same as objects in the cluster. */
const WATCHING =
  /^(PrometheusRule|ServiceMonitor|PodMonitor|Probe|PodMonitoring|ClusterPodMonitoring|Rules|ClusterRules|AlertmanagerConfig)$/;

export const CLUSTER_PART_RULES: readonly Rule[] = [
  {
    id: "GK14",
    severity: "high",
    modes: ["plan", "offline"],
    title: "A driver or controller of the cluster is switched off",
    consequence:
      "GKE removes it from the cluster. Objects that depend on it stay, but nothing acts on them: new pods hang, and changes are not carried out.",
    remedy:
      "Find out what depends on it first (volumes and their classes, Ingress, Gateway, autoscalers), and move that.",
    source:
      "https://cloud.google.com/kubernetes-engine/docs/how-to/persistent-volumes/gce-pd-csi-driver; https://registry.terraform.io/providers/hashicorp/google/6.50.0/docs/resources/container_cluster#nested_addons_config",
    check: eachChange([...CLUSTER, ...FLEET], (change) => {
      if (FLEET.includes(change.type))
        return destroys(change) ? `${change.address} is deleted: ${LEFT_FLEET}` : undefined;
      if (change.action !== "update") return undefined;
      const off = [
        ...Object.entries(PARTS).filter(([path]) => goesOff(change, path)),
        ...Object.entries(INVERTED).filter(([path]) => before(change, path) !== true && after(change, path) === true),
      ].map(([path, effect]) => `${path}: ${effect}`);
      const gateway = "gateway_api_config.channel";
      const had = before(change, gateway);
      if (
        typeof had === "string" &&
        had !== "CHANNEL_DISABLED" &&
        differs(change, gateway) &&
        /DISABLED|^$/.test(text(after(change, gateway)))
      )
        off.push(`${gateway}: the Gateway API and its controller go, and with them load balancers of Gateways`);
      const encryption = "in_transit_encryption_config";
      if (/TRANSPARENT$/.test(text(before(change, encryption))) && /DISABLED$/.test(text(after(change, encryption))))
        off.push(`${encryption}: what pods on different nodes say to each other is in the clear again`);
      return off.length > 0 ? off.join("; ") : undefined;
    }),
  },
  {
    id: "GK15",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Calico is switched on or off",
    consequence:
      "GKE recreates the nodes of every pool to install or remove it, one after the other. Without it, policies that only Calico enforces no longer hold; with it, policies that had no effect so far begin to deny.",
    remedy: "Look through the NetworkPolicies in the cluster first, and do it in a maintenance window.",
    source: "https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#enabling_network_policy_enforcement",
    check: eachChange(CLUSTER, (change) => {
      if (change.action !== "update") return undefined;
      return describe(change, ["network_policy.enabled", "addons_config.network_policy_config.disabled"]);
    }),
  },
  {
    id: "GK16",
    severity: "medium",
    modes: ["plan", "offline"],
    title: "The release channel changes",
    consequence:
      "Upgrades of control plane and nodes follow another channel: to a newer one an upgrade may begin within days; without a channel nodes are upgraded only when a version reaches its end.",
    remedy: "See which version the channel has now, and set a maintenance window and exclusions before.",
    source: "https://cloud.google.com/kubernetes-engine/docs/concepts/release-channels",
    check: eachChange(CLUSTER, (change) =>
      change.action === "update" ? describe(change, ["release_channel.channel"]) : undefined,
    ),
  },
  {
    id: "GK17",
    severity: "medium",
    modes: ["plan", "offline"],
    title: "Upgrades are held back less",
    consequence:
      "What an exclusion or another window kept off may begin as soon as this is applied: nodes are drained and recreated.",
    remedy: "Let an exclusion run out, or plan the upgrade for a time of your own before it goes.",
    source: "https://cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions",
    check: eachChange(CLUSTER, (change) => (change.action === "update" ? exclusionsLost(change) : undefined)),
  },
  {
    id: "GK18",
    severity: "high",
    modes: ["plan", "offline"],
    title: "The cluster loses a zone",
    consequence:
      "Every pool without zones of its own loses its nodes there at once, and pods are not moved gently. Volumes of that zone cannot be attached anywhere else, so what needs them stays pending.",
    remedy: "Drain the nodes of the zone first, and move zonal volumes (snapshot, or a regional disk).",
    source:
      "https://cloud.google.com/kubernetes-engine/docs/concepts/regional-clusters; https://cloud.google.com/kubernetes-engine/docs/concepts/persistent-volumes#regional_persistent_disks",
    check: eachChange(CLUSTER, (change) => {
      const zones = change.action === "update" ? lostZones(change) : [];
      return zones.length > 0 ? `node_locations without ${zones.join(", ")}` : undefined;
    }),
  },
  {
    id: "GK19",
    severity: "medium",
    modes: ["plan", "offline"],
    title: "Monitoring or logging is reduced",
    consequence:
      "Metrics, flows or logs stop. Alerts that watch them do not fire any more: they fall silent as if all were well.",
    remedy: "Have its successor collect the same before this one is switched off.",
    source:
      "https://cloud.google.com/kubernetes-engine/docs/how-to/dpv2-observability; https://cloud.google.com/kubernetes-engine/docs/how-to/config-logging-monitoring",
    check: eachChange([], (change, scene) => {
      if (change.type === "helm_release") return flowsLost(scene.cilium(change));
      if (!CLUSTER.includes(change.type)) return watchLost(change);
      if (change.action !== "update") return undefined;
      const off = Object.entries(SIGHT)
        .filter(([path]) => goesOff(change, path))
        .map(([path, effect]) => `${path}: ${effect}`);
      const lists = ["logging_config.enable_components", "monitoring_config.enable_components"].flatMap((path) => {
        const lost = lostItems(before(change, path), after(change, path));
        return lost.length > 0 ? [`${path} without ${lost.join(", ")}`] : [];
      });
      const parts = [...off, ...lists];
      return parts.length > 0 ? parts.join("; ") : undefined;
    }),
  },
  {
    id: "GK20",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Pods resolve names differently",
    consequence:
      "Pods keep the resolver they started with; those that start later, or on recreated nodes, ask the new one. Stub domains and tuning of kube-dns do not come along.",
    remedy: "Recreate nodes and pods pool by pool, and compare what both resolve.",
    source: "https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-dns",
    check: eachChange(CLUSTER, (change) =>
      change.action === "update"
        ? describe(change, ["dns_config.cluster_dns", "dns_config.cluster_dns_scope", "dns_config.cluster_dns_domain"])
        : undefined,
    ),
  },
  {
    id: "GK21",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Secrets in the cluster are encrypted differently",
    consequence:
      "GKE re-encrypts every Secret, which takes a while. The cluster needs the old key until it is done and its backups have run out; without either key the control plane cannot read its own Secrets.",
    remedy: "Keep the old key enabled, and let the control plane's service agent use the new one before.",
    source: "https://cloud.google.com/kubernetes-engine/docs/how-to/encrypting-secrets",
    check: eachChange(CLUSTER, (change) =>
      change.action === "update"
        ? describe(change, ["database_encryption.state", "database_encryption.key_name"])
        : undefined,
    ),
  },
];

/** What Cilium tells about itself and its traffic. */
const FLOWS: Readonly<Record<string, string>> = {
  "hubble.enabled": "no flow is recorded, and what Hubble's metrics feed stays empty",
  "hubble.relay.enabled": "flows of the cluster can no longer be asked for",
  "prometheus.enabled": "agents report no metrics",
  "operator.prometheus.enabled": "the operator reports no metrics",
  "envoy.prometheus.enabled": "Envoy reports no metrics",
};

/** Of a release that stays; what goes with the whole of it is told there. */
function flowsLost(release: CiliumRelease | undefined): string | undefined {
  if (!release?.before || !release.after) return undefined;
  const { before: old, after: current } = release;
  const off = Object.entries(FLOWS)
    .filter(([key]) => isOn(old, key) && isOff(setting(current, key)))
    .map(([key, effect]) => `${key} goes off: ${effect}`);
  const metrics = "hubble.metrics.enabled";
  const [had, has] = [setting(old, metrics), setting(current, metrics)];
  const lost = isArray(had) && (isArray(has) || has === null) ? lostItems(had, has) : [];
  if (lost.length > 0) off.push(`${metrics} without ${lost.join(", ")}`);
  return off.length > 0 ? off.join("; ") : undefined;
}

/** An alert, a channel, a monitor that goes. One that is replaced comes back. */
function watchLost(change: ResourceChange): string | undefined {
  if (WATCHES.test(change.type)) return change.action === "delete" ? `${change.address} is deleted` : undefined;
  const lost = lostOf(change, WATCHING);
  return lost.length > 0 ? `${change.address}: ${lost.join(", ")}` : undefined;
}

function goesOff(change: ResourceChange, path: string): boolean {
  const now = after(change, path);
  return before(change, path) === true && now !== true && !(now instanceof Opaque);
}

function text(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}

/** Zones that are there no more. One that nobody writes is the provider's to keep. */
export function lostZones(change: ResourceChange): readonly string[] {
  const [old, current] = [before(change, "node_locations"), after(change, "node_locations")];
  return isArray(current) && current.length > 0 ? lostItems(old, current) : [];
}

function lostItems(old: Value | undefined, current: Value | undefined): readonly string[] {
  if (!isArray(old) || current instanceof Opaque) return [];
  const kept = isArray(current) ? current : [];
  return old.filter((item) => !kept.some((other) => isEqual(item, other))).map((item) => show(item));
}

const SCOPE = "exclusion_options.scope";

/** How much an exclusion keeps off, the widest last. */
function scopeOf(block: ValueObject): number {
  const scopes = ["NO_MINOR_OR_NODE_UPGRADES", "NO_MINOR_UPGRADES"];
  const scope = getPath(block, SCOPE);
  if (scope === undefined || scope === null || scope === "" || scope === "NO_UPGRADES") return 2;
  return scope === scopes[0] ? 1 : 0;
}

function exclusionsLost(change: ResourceChange): string | undefined {
  const path = "maintenance_policy.maintenance_exclusion";
  const read = (side: Value | undefined) =>
    new Map(asBlocks(side).map((block) => [text(block["exclusion_name"]), block]));
  const [old, current] = [read(before(change, path)), read(after(change, path))];
  const parts: string[] = [];
  for (const [name, block] of old) {
    const now = current.get(name);
    if (!now) parts.push(`the exclusion ${name} until ${show(block["end_time"])} ends`);
    else if (text(now["end_time"]) < text(block["end_time"]))
      parts.push(transition(`end of the exclusion ${name}`, block["end_time"], now["end_time"]));
    else if (text(now["start_time"]) > text(block["start_time"]))
      parts.push(transition(`begin of the exclusion ${name}`, block["start_time"], now["start_time"]));
    else if (scopeOf(now) < scopeOf(block))
      parts.push(transition(`scope of the exclusion ${name}`, getPath(block, SCOPE), getPath(now, SCOPE)));
  }
  const recurrence = "maintenance_policy.recurring_window.recurrence";
  if (differs(change, recurrence) && !isEmpty(before(change, recurrence)) && !isEmpty(after(change, recurrence)))
    parts.push(transition(recurrence, before(change, recurrence), after(change, recurrence)));
  const windows = ["recurring_window", "daily_maintenance_window"].map((name) => `maintenance_policy.${name}`);
  const had = windows.some((window) => !isEmpty(before(change, window)));
  if (had && windows.every((window) => isEmpty(after(change, window))))
    parts.push("there is no maintenance window any more");
  return parts.length > 0 ? parts.join("; ") : undefined;
}
