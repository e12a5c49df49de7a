import { compareVersions, minorSteps, parseVersion } from "../../facts/semver";
import { effectiveValues } from "../diff/helm-values";
import { leafKeys } from "../knowledge/cilium-chart";
import { destroys, type ResourceChange } from "../model/changes";
import { asBlocks, getPath, isArray, isEqual, type Value, type ValueObject } from "../model/value";
import { type CiliumRelease, isOn, type ReleaseSide, setting } from "./release";
import { after, before, eachChange, type Hit, type Rule, transition } from "./rule";
import type { Scene } from "./scene";

const AS_IT_IS = "nothing: agents read it while they run";

/**
 * Values of the chart that the agents' pods and their configuration have nothing to do with: rendered with chart 1.20.2,
 * each changed by itself. `prometheus.serviceMonitor` is none of them: with it the pods lose an annotation.
 */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/^hubble\.(metrics|export)\.dynamic\.config\./, AS_IT_IS],
  [/^clustermesh\.config\.clusters\b/, "the mesh's API server; agents read it while they run"],
  [/^(tls\.ca|hubble\.tls\.auto)\./, ""],
  [/^(updateStrategy|gatewayAPI\.gatewayClass)\b/, ""],
  [/^hubble\.peerService\./, "Hubble's relay"],
  [/^operator\./, "the operator"],
  [/^hubble\.relay\./, "Hubble's relay"],
  [/^hubble\.ui\./, "Hubble's UI"],
  [
    /^envoy\.(?!enabled|prometheus)/,
    "Envoy, node by node: connections through it (L7 policies, Ingress, Gateway API) are cut",
  ],
  [/^clustermesh\.apiserver\./, "the mesh's API server"],
  [/^nodeinit\./, "nothing that is running: nodes are prepared anew"],
  [/^(preflight|dashboards|certgen|scheduling|commonLabels|upgradeCompatibility)\b/, ""],
  [/^(?!prometheus\.)[\w.]*\.(dashboards|serviceMonitor|podMonitor)\./, ""],
];

/** Values that are in the agents' pods themselves: the DaemonSet replaces them, whatever `rollOutCiliumPods` says. */
const IN_PODS =
  /^(resources|priorityClassName|podAnnotations|podLabels|tolerations|affinity|nodeSelector|extraEnv|extraArgs|extraVolumes|extraVolumeMounts|extraHostPathMounts|extraInitContainers|extraContainers|image|initResources|podSecurityContext|securityContext|terminationGracePeriodSeconds|dnsPolicy|k8sServiceHost|k8sServicePort|serviceAccounts\.cilium|monitor|prometheus\.serviceMonitor)\b/;

/** What more a value does when it is changed, beside the restart. */
const BESIDES: Readonly<Record<string, string>> = {
  MTU: "running pods keep the old MTU until they are made anew",
  "bandwidthManager.enabled":
    "limits of pods' bandwidth begin or cease to hold, and nodes get another queue for what they send",
  "bandwidthManager.bbr": "pods' new connections go by another congestion control",
  "egressGateway.enabled": "policies for an egress gateway begin or cease to move traffic to its address",
  "gatewayAPI.enabled": "Gateways and their routes begin or cease to be served",
  "ingressController.enabled": "Ingress objects of its class begin or cease to be served",
  "debug.enabled": "agents write many times as much, or less, into their logs",
  "hubble.redact.enabled": "flows show more or less of what is in a request",
  "hubble.enabled": "flows begin or cease to be recorded",
};

export const RESTART_RULES: readonly Rule[] = [
  {
    id: "CI19",
    severity: "medium",
    modes: ["plan", "offline"],
    title: "Cilium's agents restart",
    consequence:
      "The DaemonSet replaces its pods two nodes at a time (updateStrategy). Meanwhile running pods keep their connections; on such a node no pod starts, no policy or Service is updated, and DNS and L7 rules stop answering until the agent is back, about a minute a node.",
    remedy: "Apply it at a quiet time, and watch kubectl -n kube-system rollout status ds/cilium.",
    source: "chart 1.20, templates/cilium-agent/daemonset.yaml (rollOutCiliumPods, updateStrategy)",
    check: eachChange(["helm_release"], (change, scene) => {
      const release = change.action === "update" ? scene.cilium(change) : undefined;
      return release?.before && release.after ? restarts(release, release.before, release.after, change) : undefined;
    }),
  },
  {
    id: "CI20",
    severity: "high",
    modes: ["plan", "offline"],
    title: "kube-proxy is not brought back",
    consequence:
      "What took kube-proxy away goes, and nothing puts it back: nodes stay without it until they boot, one by one, while those that boot have it beside Cilium's replacement.",
    remedy:
      'Go by way of kubeProxy: "restore", wait until every pod of the DaemonSet is ready, and only then remove it.',
    source: "lib/kube-proxy/kube-proxy-disabler.sh; docs/kube-proxy-free.md",
    check: eachChange(["kubernetes_daemon_set_v1", "kubernetes_daemonset", "kubernetes_manifest"], leftWithout),
  },
  {
    id: "HR5",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Values that are not a YAML mapping",
    consequence:
      "Helm cannot read them and refuses the release: the plan or the apply fails, and nothing of it is deployed.",
    remedy: "Write a mapping, and try it: helm template <chart> -f <file>.",
    source: "terraform-provider-helm 3.1.1, helm/resource_helm_release.go (getValues)",
    check: eachChange(["helm_release"], (change) => {
      const [old, current] = [change.before, change.after].map((side) => effectiveValues(side).invalid);
      if (!change.after || current!.length === 0) return undefined;
      if (change.before && isEqual(change.before["values"], change.after["values"]) && old!.length > 0)
        return undefined;
      return `${change.address}: ${current!.map((index) => `values[${index}]`).join(", ")}`;
    }),
  },
  {
    id: "HR6",
    severity: "high",
    modes: ["plan", "offline"],
    title: "A release is uninstalled",
    consequence:
      "Everything its chart installed is deleted: workloads, Services with their addresses, webhooks and policies, and custom resource definitions with their objects where the chart has them as templates.",
    remedy: "See what depends on it first: helm get manifest <release>.",
    source: "https://helm.sh/docs/helm/helm_uninstall/",
    check: eachChange(["helm_release"], (change, scene) => {
      if (change.action !== "delete" || scene.cilium(change)?.before) return undefined;
      if (scene.losesNamespace(before(change, "namespace"), change)) return undefined;
      const chart = before(change, "chart");
      return `${change.address} is deleted${typeof chart === "string" ? ` (chart ${chart.split("/").pop()})` : ""}`;
    }),
  },
  {
    id: "HR7",
    severity: "medium",
    modes: ["plan", "offline"],
    title: "Another version of a chart",
    consequence:
      "What the new chart renders otherwise is replaced, and pods whose template differs restart. Helm leaves custom resource definitions of a chart's crds folder as they are, so that objects may use fields that the API server drops.",
    remedy:
      "Read the chart's notes for the versions between, and apply its definitions first: helm show crds <chart> --version <version> | kubectl apply --server-side -f -.",
    source: "https://helm.sh/docs/chart_best_practices/custom_resource_definitions/",
    check: eachChange(["helm_release"], anotherVersion),
  },
];

/** A step of Cilium has rules of its own; within one major version charts promise to change nothing that breaks. */
function anotherVersion(change: ResourceChange, scene: Scene): Hit | undefined {
  if (change.action !== "update" || scene.cilium(change)) return undefined;
  const [old, current] = [before(change, "version"), after(change, "version")];
  if (isEqual(old, current)) return undefined;
  const [from, to] = [parseVersion(old), parseVersion(current)];
  const chart = after(change, "chart");
  const name = typeof chart === "string" ? `${chart.split("/").pop()} ` : "";
  const detail = `${name}${transition("version", old, current)}`;
  const within = from !== undefined && to !== undefined && from.major === to.major && compareVersions(from, to) <= 0;
  return within ? { detail, severity: "info" } : { detail };
}

function restarts(
  release: CiliumRelease,
  old: ReleaseSide,
  current: ReleaseSide,
  change: ResourceChange,
): Hit | undefined {
  const [from, to] = [old.version, current.version];
  if (from && to && compareVersions(from, to) !== 0) {
    // A minor step has a rule of its own that says the same and more.
    return minorSteps(from, to) === 0
      ? { detail: transition("version", before(change, "version"), after(change, "version")) }
      : undefined;
  }
  const changed = changedKeys(old, current);
  const agents = changed.filter((key) => !ELSEWHERE.some(([pattern]) => pattern.test(key)));
  if (agents.length === 0) return elsewhere(changed);
  const listed = agents.slice(0, 6).map((key) => (Object.hasOwn(BESIDES, key) ? `${key} (${BESIDES[key]})` : key));
  const told = `${listed.join(", ")}${agents.length > 6 ? ` and ${agents.length - 6} more` : ""}`;
  if (isOn(release.after, "rollOutCiliumPods") || agents.some((key) => IN_PODS.test(key))) return { detail: told };
  return {
    detail: `${told}; rollOutCiliumPods is off`,
    severity: "info",
    consequence:
      "What only changes the configuration is not taken up by running agents: each node follows when its agent restarts for another reason, so for a while nodes differ.",
    remedy: "Set rollOutCiliumPods, or restart the agents yourself: kubectl -n kube-system rollout restart ds/cilium.",
  };
}

/** Other parts of Cilium restart, which is worth a word where connections are cut. */
function elsewhere(changed: readonly string[]): Hit | undefined {
  const parts = new Set(changed.flatMap((key) => ELSEWHERE.find(([pattern]) => pattern.test(key))?.[1] || []));
  if (parts.size === 0) return undefined;
  return {
    detail: `${changed.slice(0, 6).join(", ")}: restarts ${[...parts].join("; ")}`,
    severity: "info",
    consequence: "The agents go on as they are.",
    remedy: "Nothing to do.",
  };
}

/** Keys that come to something else: a default that is written out, or `"true"` for `true`, is what it was. */
function changedKeys(old: ReleaseSide, current: ReleaseSide): readonly string[] {
  const keys = new Set([...leafKeys(old.values), ...leafKeys(current.values)]);
  return [...keys].filter((key) => !isSame(key, old, current)).sort();
}

function isSame(key: string, old: ReleaseSide, current: ReleaseSide): boolean {
  const [from, to] = [getPath(old.values, key), getPath(current.values, key)];
  if (isEqual(from, to)) return true;
  const [was, is] = [setting(old, key), setting(current, key)];
  if (was === undefined || is === undefined || was === null || is === null) return false;
  return isEqual(was, is) || (isScalar(was) && isScalar(is) && String(was) === String(is));
}

function isScalar(value: Value): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** A DaemonSet that takes kube-proxy away is deleted without one that brings it back. */
function leftWithout(change: ResourceChange, scene: Scene): Hit | undefined {
  const [was, is] = [change.before, change.after].map((side) => commandOf(side));
  if (!was?.disables || is?.disables || is?.restores) return undefined;
  if (!destroys(change) && is) return undefined;
  const cilium = scene.ciliumOf(change);
  const still = cilium?.after && isOn(cilium.after, "kubeProxyReplacement");
  const known = setting(cilium?.after, "kubeProxyReplacement") !== undefined || !cilium;
  const detail = `${change.address} goes while kube-proxy is off on every node`;
  if (still || !known) return { detail };
  return {
    detail: `${detail}, and Cilium does not replace it any more`,
    severity: "critical",
    consequence:
      "No node has anybody to serve Services: what is reached through a Service (cluster DNS, the API server, everything inside) stops until each node has booted.",
  };
}

/** What a DaemonSet of the kube-proxy remover does, by its command; nothing for any other. */
function commandOf(side: ValueObject | null): { readonly disables: boolean; readonly restores: boolean } | undefined {
  const spec = asBlocks(side?.["spec"] ?? getPath(side ?? undefined, "manifest.spec"))[0];
  const template = asBlocks(spec?.["template"])[0];
  const pod = asBlocks(template?.["spec"])[0];
  const containers = ["container", "containers"].flatMap((name) => asBlocks(pod?.[name]));
  const words = containers.flatMap((container) => [container["command"], container["args"]].flatMap(list)).map(String);
  if (!words.some((word) => word.includes("kube-proxy-disabler.sh"))) return undefined;
  return { disables: words.includes("disable"), restores: words.includes("restore") };
}

function list(value: Value | undefined): readonly Value[] {
  return isArray(value) ? value : [];
}
