import { minorSteps, type Version } from "../../facts/semver";
import { CiliumChart, nameWithSuccessor } from "../knowledge/cilium-chart";
import type { ResourceChange } from "../model/changes";

import { getPath, isEmpty, type Value } from "../model/value";
import { poolTaints } from "./node-pool-rules";
import { type CiliumRelease, isCiliumChart, type ReleaseSide, setting } from "./release";
import { after, before, describe, differs, eachChange, type Rule, show, transition, type Verdict } from "./rule";
import type { Scene } from "./scene";

const RELEASE = ["helm_release"];
const UPGRADE = "https://docs.cilium.io/en/stable/operations/upgrade/";

/** Options of the release itself, and what each does to a CNI. */
const SWITCHES: Readonly<Record<string, { readonly bad: boolean; readonly says: string }>> = {
  atomic: {
    bad: true,
    says: "a failed upgrade is rolled back, a failed installation removed, while pods depend on it",
  },
  cleanup_on_fail: { bad: true, says: "a failed upgrade deletes what it created" },
  force_update: { bad: true, says: "objects are deleted and created instead of updated, the agents' DaemonSet too" },
  recreate_pods: { bad: true, says: "all agents restart at once" },
  replace: { bad: true, says: "a release of the same name is taken over without its history" },
  skip_crds: { bad: true, says: "a new version may need CRDs that are not there" },
  take_ownership: { bad: true, says: "objects of another owner are taken over" },
  wait: { bad: false, says: "the apply is green before the agents are ready" },
};

export const RELEASE_RULES: readonly Rule[] = [
  {
    id: "HR1",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "The release is uninstalled and installed again",
    consequence:
      "Helm cannot rename or move a release. For Cilium that means: the CNI is removed from every node and pods get no network until the new agents are up.",
    remedy: "Keep name and namespace.",
    source: "terraform-provider-helm 3.1.1, helm/resource_helm_release.go (RequiresReplace)",
    check: eachChange(RELEASE, (change, scene) => {
      if (change.action !== "replace") return undefined;
      const detail = describe(change, ["name", "namespace"]) ?? `${change.address} is replaced`;
      return scene.cilium(change)
        ? detail
        : {
            detail,
            severity: "high",
            consequence: "Everything the chart installed is removed, then created anew. What it stored may go with it.",
          };
    }),
  },
  {
    id: "HR2",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "Cilium is removed",
    consequence:
      "The agents go, and with them policies, load balancing and (where Cilium is the only CNI) the network of every new pod.",
    remedy:
      "Move workloads to another cluster first. For another chart source keep the release and change only its repository.",
    source: UPGRADE,
    check: eachChange(RELEASE, (change, scene) => {
      if (!scene.cilium(change)?.before) return undefined;
      if (change.action === "delete") return `${change.address} is deleted`;
      return differs(change, "chart") && !isCiliumChart(after(change, "chart"))
        ? describe(change, ["chart"])
        : undefined;
    }),
  },
  {
    id: "HR3",
    severity: "medium",
    modes: ["plan", "offline"],
    title: "Cilium's release gets riskier upgrade settings",
    consequence: "What a failed or unfinished upgrade does to the network changes.",
    remedy: "Leave atomic and force off for a CNI: when an upgrade fails, let it stand, look at it, and run it again.",
    source: "https://registry.terraform.io/providers/hashicorp/helm/3.1.1/docs/resources/release",
    check: eachChange(RELEASE, (change, scene) => {
      if (!scene.cilium(change)?.after || !change.before) return undefined;
      const worse = Object.entries(SWITCHES).filter(
        ([name, { bad }]) => after(change, name) === bad && (before(change, name) ?? !bad) !== bad,
      );
      if (worse.length === 0) return undefined;
      const severe = worse.some(([name]) => ["atomic", "force_update", "recreate_pods", "replace"].includes(name));
      const detail = worse.map(([name, { bad, says }]) => `${transition(name, !bad, bad)} (${says})`).join("; ");
      return { detail, severity: severe ? "high" : "medium" };
    }),
  },
  {
    id: "HR4",
    severity: "high",
    modes: ["plan"],
    title: "Helm holds the release for a run that never ended",
    consequence:
      "Helm refuses to work on it: the apply fails with 'another operation (install/upgrade/rollback) is in progress', and so does every other one.",
    remedy:
      "Make sure that no run is under way, then delete Helm's record of the unfinished one: kubectl delete secret with the selector of the detail. docs/rollback.md has the steps.",
    source: "helm.sh/helm/v3 pkg/action/upgrade.go (errPending); measured with terraform-provider-helm 3.1.1",
    check: eachChange(RELEASE, (change) => {
      const status = before(change, "status");
      if (change.action !== "update" || typeof status !== "string" || !status.startsWith("pending-")) return undefined;
      const [namespace, name] = [before(change, "namespace"), before(change, "name")].map(String);
      return `its status is ${status}; kubectl --namespace ${namespace} delete secret --selector owner=helm,name=${name},status=${status}`;
    }),
  },
  {
    id: "CI1",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "Cilium skips a minor version or goes back",
    consequence:
      "Only steps between consecutive minors are tested, up and down. Datapath state and CRDs of the versions in between are not converted.",
    remedy: "Go one minor at a time, each to its newest patch, and let the agents settle in between.",
    source: UPGRADE,
    check: eachUpgrade((steps, detail) => {
      if (steps >= 0 && steps <= 1) return undefined;
      if (steps !== -1) return detail;
      return {
        detail,
        severity: "medium",
        consequence:
          "One minor back is the tested way down. The agents restart node by node; what only the newer version knows (values, fields of policies, features that are in use) stops working.",
        remedy: "Take out what only the newer version knows first, and go back to the newest patch of the older minor.",
      };
    }),
  },
  {
    id: "CI2",
    severity: "medium",
    modes: ["plan", "offline"],
    title: "A new minor version of Cilium",
    consequence:
      "The agents restart node by node. Established connections survive, but those through Envoy (L7 policies, Ingress, Gateway API) are cut, and a node has no policy updates meanwhile.",
    remedy:
      "Be on the newest patch of the current minor, run the pre-flight check (preflight.enabled with agent and operator off), and read the upgrade notes.",
    source: UPGRADE,
    check: eachUpgrade((steps, detail) => (steps === 1 ? detail : undefined)),
  },
  {
    id: "CI3",
    severity: "high",
    modes: ["plan", "offline"],
    title: "A new chart version keeps the old version's values",
    consequence:
      "reuse_values brings the old chart's defaults along: templates render wrongly, new options stay unset.",
    remedy: "Switch reuse_values off; the values are in code.",
    source: UPGRADE,
    check: eachChange(RELEASE, (change, scene) =>
      scene.cilium(change)?.after && differs(change, "version") && after(change, "reuse_values") === true
        ? `${describe(change, ["version"])}; reuse_values is on`
        : undefined,
    ),
  },
  {
    id: "CI4",
    severity: "medium",
    modes: ["plan", "offline"],
    title: "Cilium's defaults change",
    consequence:
      "upgradeCompatibility keeps the defaults of the version a cluster was installed with. Without it a new minor switches them on running nodes; changing it does so without an upgrade.",
    remedy: "Set it to the minor the cluster was first installed with, and leave it.",
    source: "chart templates/cilium-configmap.yaml and _helpers.tpl (gates at 1.8 to 1.20)",
    check: eachChange(RELEASE, upgradeCompatibility),
  },
  {
    id: "CI5",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Values that this version of the chart does not know",
    consequence:
      "The chart ignores them silently, so what they set falls back to its default; some make it refuse to render.",
    remedy: "Use the successor of each key, or remove it.",
    source: "values.yaml of the charts 1.18.12, 1.19.6, 1.20.2; templates/validate.yaml",
    check: eachChange(RELEASE, (change, scene) => {
      const side = scene.cilium(change)?.after;
      if (!side?.version) return undefined;
      const chart = CiliumChart.load();
      const refused = chart.refusedKeys(side.values, side.version);
      const lost = chart.lostKeys(side.values, side.version).filter(({ key }) => !refused.includes(key));
      const version = show(after(change, "version"));
      const parts = [
        refused.length > 0 ? `${version} refuses ${refused.join(", ")}` : [],
        lost.length > 0 ? `${version} does not know ${lost.map(nameWithSuccessor).join(", ")}` : [],
      ].flat();
      return parts.length > 0 ? parts.join("; ") : undefined;
    }),
  },
  {
    id: "CI18",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Cilium's operator may find no node",
    consequence:
      "Since 1.18 it tolerates only four taints of Kubernetes' own and the agent's. Where every node carries another one it stays pending: no identities are cleaned up, no CRDs registered, no nodes untainted.",
    remedy: "Give operator.tolerations the taints of the pools.",
    source: "chart 1.18, templates/cilium-operator/deployment.yaml",
    check: eachChange([...RELEASE, "google_container_node_pool"], (change, scene) =>
      operatorWithoutNode(change, scene),
    ),
  },
];

function eachUpgrade(check: (steps: number, detail: string) => Verdict): Rule["check"] {
  return eachChange(RELEASE, (change, scene) => {
    const versions = upgradeOf(scene.cilium(change));
    return (
      versions &&
      check(minorSteps(...versions), transition("version", before(change, "version"), after(change, "version")))
    );
  });
}

function upgradeOf(release: CiliumRelease | undefined): readonly [Version, Version] | undefined {
  const [from, to] = [release?.before?.version, release?.after?.version];
  return from && to ? [from, to] : undefined;
}

function upgradeCompatibility(change: ResourceChange, scene: Scene): Verdict {
  const release = scene.cilium(change);
  if (!release?.before || !release.after) return undefined;
  const [from, to] = [release.before, release.after].map(({ values }) => getPath(values, "upgradeCompatibility"));
  // Kept at the version that is installed, as this library does, it holds nothing back and changes nothing.
  if (follows(from, release.before.version) && follows(to, release.after.version)) return undefined;
  if (String(from ?? "") !== String(to ?? "") && !isEmpty(from)) {
    return { detail: transition("upgradeCompatibility", from, to), severity: "high" };
  }
  const versions = upgradeOf(release);
  if (!versions || minorSteps(...versions) === 0 || !isEmpty(to) || release.after.incomplete) return undefined;
  return `${transition("version", before(change, "version"), after(change, "version"))} without upgradeCompatibility`;
}

function follows(compatibility: Value | undefined, version: Version | undefined): boolean {
  return version !== undefined && String(compatibility) === `${version.major}.${version.minor}`;
}

function operatorWithoutNode(change: ResourceChange, scene: Scene): string | undefined {
  const side = scene.ciliumOf(change)?.after;
  if (change.type === "helm_release" && scene.cilium(change)?.after !== side) return undefined;
  return (
    side &&
    scene.once("operator", change, () => unscheduled(side, scene.neighbours(change, "google_container_node_pool")))
  );
}

/** What keeps the operator off every pool of an environment. */
function unscheduled(side: ReleaseSide, all: readonly ResourceChange[]): string | undefined {
  if (!side.version || side.version.minor < 18 || side.incomplete) return undefined;
  const tolerated = setting(side, "operator.tolerations");
  const list = Array.isArray(tolerated) ? tolerated : [];
  const keys = new Set(list.map((toleration) => getPath(toleration, "key")));
  // A toleration without a key, with operator Exists, tolerates everything.
  if (keys.has(undefined)) return undefined;
  const startup = setting(side, "agentNotReadyTaintKey");
  const pools = all.filter((pool) => pool.after);
  const hard = pools.map((pool) =>
    poolTaints(pool).filter(({ key, effect }) => effect !== "PREFER_NO_SCHEDULE" && !keys.has(key) && key !== startup),
  );
  if (pools.length === 0 || hard.some((taints) => taints.length === 0)) return undefined;
  return `every pool is tainted (${[...new Set(hard.flat().map(({ key }) => key))].join(", ")}), operator.tolerations lets none of it pass`;
}
