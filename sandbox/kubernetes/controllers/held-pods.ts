import { hasCondition, type KubeNode, type Pod } from "../client";
import { isReal } from "../nodes";
import { manifestOf } from "./kube-proxy";
import type { Action, Snapshot } from "./snapshot";

/** Set on a pod whose waiting init containers have found what they wait for. KWOK makes it run from then on. */
export const RELEASED_ANNOTATION = "sandbox.cdktf-gke-cilium/released";

type IsOver = (node: KubeNode, podsOnNode: readonly Pod[]) => boolean;

/** Init containers that wait for something on their node, and when that is there. */
const WAITING: Readonly<Record<string, IsOver>> = {
  // lib/kube-proxy: the agent starts after kube-proxy has left the node.
  "wait-for-kube-proxy-gone": (node) => manifestOf(node) !== "present",
  // Cilium's chart: the agent starts after nodeinit has prepared the node.
  "wait-for-node-init": (_, pods) =>
    pods.some((pod) => pod.metadata.labels?.["app"] === "cilium-node-init" && hasCondition(pod, "Ready")),
  // Cilium's chart: an agent that leaves Services to kube-proxy starts after its first rules are there.
  "wait-for-kube-proxy": (node) => manifestOf(node) === "present",
};

/** Names of init containers for which KWOK must not make a pod run by itself. */
export const WAITING_CONTAINERS = Object.keys(WAITING);

/**
 * KWOK makes every pod run at once. A pod whose init containers wait for the state of its node is held back here until
 * that state is there, so that a wrong order of rollouts hangs in the sandbox as it would hang on GKE.
 */
export function releaseHeldPods({ nodes, pods }: Snapshot): Action[] {
  return pods
    .filter((pod) => pod.status?.phase === "Pending" && !pod.metadata.annotations?.[RELEASED_ANNOTATION])
    .filter((pod) => waitsOf(pod).length > 0)
    .flatMap((pod): Action[] => {
      const node = nodes.find(({ metadata }) => metadata.name === pod.spec?.nodeName);
      if (!node || isReal(node)) return [];
      const onNode = pods.filter(({ spec }) => spec?.nodeName === node.metadata.name);
      if (!waitsOf(pod).every((isOver) => isOver(node, onNode))) return [];
      const { name, namespace } = pod.metadata;
      return [
        {
          do: "patch",
          path: `/api/v1/namespaces/${namespace}/pods/${name}`,
          patch: { metadata: { annotations: { [RELEASED_ANNOTATION]: "true" } } },
        },
      ];
    });
}

function waitsOf(pod: Pod): IsOver[] {
  return (pod.spec?.initContainers ?? []).flatMap(({ name }) => {
    const isOver = WAITING[name];
    return isOver ? [isOver] : [];
  });
}
