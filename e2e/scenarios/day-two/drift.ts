import { check, checkEqual, eventuallyHolds } from "../../harness/check";
import type { Scenario } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { googleRequest, readCluster } from "../../rig/google";
import { KUBE_SYSTEM } from "../../rig/kube";
import { describeChange, type PlannedChange } from "../../rig/plan";
import type { Layer } from "../../rig/stacks";
import { checkCoverage, SETTLE_SECONDS } from "../promises/common";
import { NETWORK_LOGGING, type NetworkLoggingObject } from "../promises/prod";

/** What a plan must show of drift: an action and the type that it is about. */
type Shown = `${"create" | "update"} ${string}`;

/** Plans, and expects exactly these changes. */
async function shows(bench: Bench, layer: Layer, ...expected: readonly Shown[]): Promise<void> {
  const { changes } = await bench.plan(layer);
  const seen = changes.map(({ actions, type }: PlannedChange) => `${actions.join("/")} ${type}`).sort();
  checkEqual(seen, [...expected].sort(), `what the plan of ${layer} shows`);
  bench.note(`the plan shows: ${changes.map(describeChange).join(", ")}`);
}

/** Deploys what ships, and expects nothing to be left to do. */
async function repair(bench: Bench, layer: Layer): Promise<void> {
  await bench.deploy({ layers: [layer] });
  await bench.expectEmptyPlans([layer]);
}

/** Changes that somebody makes past Terraform. */
export const DRIFT: Scenario = {
  id: "drift",
  title: "What somebody changes by hand is shown and repaired",
  shows: "dayTwo",
  beside: true,
  steps: [
    {
      title: "a firewall rule is deleted and the cluster's label is overwritten",
      async run(bench) {
        const { name } = bench.definition;
        await googleRequest(bench, "DELETE", `/compute/v1/projects/${bench.project}/global/firewalls/${name}-webhooks`);
        const cluster = await googleRequest<{ labelFingerprint: string; resourceLabels: Record<string, string> }>(
          bench,
          "GET",
          `/container/v1/${bench.clusterPath}`,
        );
        await googleRequest(bench, "POST", `/container/v1/${bench.clusterPath}:setResourceLabels`, {
          resourceLabels: { ...cluster.resourceLabels, environment: "somebody-elses" },
          labelFingerprint: cluster.labelFingerprint,
        });
        await shows(bench, "cluster", "create google_compute_firewall", "update google_container_cluster");
        await repair(bench, "cluster");
        checkEqual(
          (await readCluster(bench)).resourceLabels?.["environment"],
          name,
          "label environment of the cluster",
        );
      },
    },
  ],
};

/** In the cluster: the DaemonSet that keeps kube-proxy away. */
export const DRIFT_KUBE_PROXY: Scenario = {
  id: "drift-kube-proxy",
  title: "The DaemonSet that keeps kube-proxy away is deleted by hand, shown and brought back",
  shows: "dayTwo",
  environments: ["staging"],
  beside: true,
  steps: [
    {
      title: "deleted with kubectl",
      async run(bench) {
        const kube = bench.kube();
        await kube.client.delete(`/apis/apps/v1/namespaces/${KUBE_SYSTEM}/daemonsets/kube-proxy-disabler`);
        await shows(bench, "networking", "create kubernetes_daemon_set_v1");
        await repair(bench, "networking");
        await eventuallyHolds(SETTLE_SECONDS, () => checkCoverage(kube, ["kube-proxy-disabler"]));
      },
    },
  ],
};

/** In the cluster: the whole release. */
export const DRIFT_RELEASE: Scenario = {
  id: "drift-release",
  title: "A Helm release is uninstalled by hand, shown and brought back",
  shows: "dayTwo",
  environments: ["dev", "prod"],
  steps: [
    {
      title: "uninstalled",
      async run(bench) {
        const release = bench.environment === "dev" ? "cilium" : "network-logging";
        const uninstalled = await bench.helm("uninstall", release, "--namespace", KUBE_SYSTEM);
        checkEqual(uninstalled.code, 0, `exit code of helm uninstall (${uninstalled.output.trim()})`);
        await shows(bench, "networking", "create helm_release");
        await repair(bench, "networking");
        if (bench.environment === "dev") {
          await eventuallyHolds(SETTLE_SECONDS, () => checkCoverage(bench.kube(), ["cilium"]));
        } else {
          const object = await bench.kube().client.get<NetworkLoggingObject>(NETWORK_LOGGING);
          check(object.spec?.cluster?.deny?.log === true, "denied connections are no longer logged");
        }
      },
    },
  ],
};
