import { hasCondition } from "../../../sandbox/kubernetes/client";
import { check, checkEqual, eventuallyHolds } from "../../harness/check";
import type { Step } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { isReady, KUBE_SYSTEM, type Kube, poolOf } from "../../rig/kube";

/** Time for controllers to catch up with what Terraform did, on a busy machine. */
export const SETTLE_SECONDS = 60;
/** Keys of taints that keep pods off a node until its network is ready. */
const STARTUP_TAINT = /(cilium|agent-not-ready|network-unavailable)/;

/** Every node is ready and open to pods. */
export const NODES_ARE_OPEN: Step = {
  title: "every node is ready, and no startup taint is left",
  run: (bench) => eventuallyHolds(SETTLE_SECONDS, () => nodesAreOpen(bench)),
};

/** @throws CheckFailed where a node is not ready or still tainted. */
export async function nodesAreOpen(bench: Bench): Promise<void> {
  const nodes = await bench.kube().nodes();
  check(nodes.length > 0, "the cluster has no nodes");
  for (const node of nodes) {
    check(isReady(node), `node ${node.metadata.name} is not ready`);
    const tainted = (node.spec?.taints ?? []).filter(({ key }) => STARTUP_TAINT.test(key));
    checkEqual(tainted, [], `startup taints of node ${node.metadata.name}`);
  }
  const pools = new Map<string, number>();
  for (const node of nodes) pools.set(poolOf(node), (pools.get(poolOf(node)) ?? 0) + 1);
  noteOnce(bench, [...pools].map(([pool, count]) => `${count} nodes in ${pool}`).join(", "));
}

/** DaemonSets by these names have a ready pod on each node. */
export function coversEveryNode(...names: readonly string[]): Step {
  return {
    title: `${names.join(", ")}: a ready pod on every node`,
    run: (bench) => eventuallyHolds(SETTLE_SECONDS, () => checkCoverage(bench.kube(), names)),
  };
}

/** @throws CheckFailed where a DaemonSet lacks a ready, up-to-date pod on some node. */
export async function checkCoverage(kube: Kube, names: readonly string[], namespace = KUBE_SYSTEM): Promise<void> {
  const nodes = (await kube.nodes()).length;
  for (const name of names) {
    const found = await kube.daemonSet(name, namespace);
    check(found !== undefined, `there is no DaemonSet ${namespace}/${name}`);
    const { desiredNumberScheduled = 0, numberReady = 0, updatedNumberScheduled = 0 } = found.status ?? {};
    checkEqual(
      { wanted: desiredNumberScheduled, ready: numberReady, current: updatedNumberScheduled },
      { wanted: nodes, ready: nodes, current: nodes },
      `pods of DaemonSet ${name} on ${nodes} nodes`,
    );
  }
}

/** Deployments by these names are available. */
export function isAvailable(namespace: string, ...names: readonly string[]): Step {
  return {
    title: `${names.join(", ")}: available in ${namespace}`,
    run: (bench) =>
      eventuallyHolds(SETTLE_SECONDS, async () => {
        for (const name of names) {
          const deployment = await bench.kube().deployment(name, namespace);
          check(deployment !== undefined, `there is no Deployment ${namespace}/${name}`);
          check(hasCondition(deployment, "Available"), `Deployment ${namespace}/${name} is not available`);
        }
      }),
  };
}

/** Custom resources of a group that the API server must serve. */
export function servesResources(group: string, ...plurals: readonly string[]): Step {
  return {
    title: `${plurals.join(", ")} (${group}) are established`,
    run: (bench) =>
      eventuallyHolds(SETTLE_SECONDS, async () => {
        const established = await bench.kube().establishedCrds(group);
        for (const plural of plurals) {
          check(established.includes(plural), `${plural}.${group} is not established; ${established.join(", ")} are`);
        }
      }),
  };
}

/** The live configuration of the agents. @throws CheckFailed where a key differs. */
export async function checkAgentConfiguration(bench: Bench, expected: Readonly<Record<string, string>>): Promise<void> {
  const data = (await bench.kube().configMap("cilium-config"))?.data;
  check(data !== undefined, "there is no ConfigMap kube-system/cilium-config");
  for (const [key, value] of Object.entries(expected)) checkEqual(data[key], value, `${key} in cilium-config`);
  bench.note(
    Object.entries(expected)
      .map(([key, value]) => `${key}=${value}`)
      .join(", "),
  );
}

/** Checks that are tried again must not write the same line again. */
function noteOnce(bench: Bench, text: string): void {
  if (!bench.notes.includes(text)) bench.note(text);
}
