import { hasCondition, type KubeNode, type Pod } from "../client";
import { isReal } from "../nodes";
import type { Action, Snapshot } from "./snapshot";

/**
 * Taint that the operator takes off by default.
 * @see https://docs.cilium.io/en/stable/installation/taints/
 */
const DEFAULT_TAINT = "node.cilium.io/agent-not-ready";
const AGENT_LABEL = "k8s-app";
const AGENT = "cilium";
const OPERATOR_LABEL = "io.cilium/app";
const OPERATOR = "operator";

/**
 * What the Cilium operator does about startup taints: the taint goes from a node once the agent's pod there is ready.
 * Key and switch are read from the live `cilium-config`, so that a key that differs from the pools' shows.
 */
export function liftStartupTaints(snapshot: Snapshot): Action[] {
  return snapshot.ciliumConfigs.flatMap(({ data = {}, metadata: { namespace } }) => {
    if (hasRealOperator(snapshot, namespace)) return [];
    if (data["remove-cilium-node-taints"] === "false" || !hasReadyOperator(snapshot, namespace)) return [];
    const key = data["agent-not-ready-taint-key"] ?? DEFAULT_TAINT;
    const agents = snapshot.pods.filter((pod) => isAgent(pod, namespace) && hasCondition(pod, "Ready"));
    const ready = new Set(agents.map((pod) => pod.spec?.nodeName));
    return snapshot.nodes
      .filter((node) => ready.has(node.metadata.name) && hasTaint(node, key))
      .map(
        (node): Action => ({ do: "change-node", node: node.metadata.name, change: (now) => withoutTaint(now, key) }),
      );
  });
}

/**
 * What the operator does when it starts: it registers Cilium's custom resources. The Deployment's revision stands for
 * one start, so that an upgrade registers them again.
 */
export function registerDefinitions(snapshot: Snapshot): Action[] {
  return snapshot.deployments
    .filter(({ metadata }) => !hasRealOperator(snapshot, metadata.namespace))
    .filter(({ metadata }) => metadata.labels?.[OPERATOR_LABEL] === OPERATOR || metadata.name === "cilium-operator")
    .filter((deployment) => hasCondition(deployment, "Available"))
    .map(({ metadata }) => ({
      do: "register-cilium-definitions",
      operator: `${metadata.uid} ${metadata.annotations?.["deployment.kubernetes.io/revision"]}`,
    }));
}

/**
 * What the agents of played nodes do for pods: each gets a CiliumEndpoint, but for those that ran before there was a Cilium
 * (its configuration is made with it and kept over upgrades). They stay unmanaged until something restarts them.
 */
export function registerEndpoints({ nodes, pods, ciliumConfigs }: Snapshot): Action[] {
  const [config] = ciliumConfigs;
  const since = Date.parse(config?.metadata.creationTimestamp ?? "") || 0;
  const played = new Set(nodes.filter((node) => !isReal(node)).map(({ metadata }) => metadata.name));
  const served = new Set(
    pods
      .filter((pod) => isAgent(pod, config?.metadata.namespace ?? "kube-system") && hasCondition(pod, "Ready"))
      .map(({ spec }) => spec?.nodeName ?? ""),
  );
  return pods
    .filter(({ metadata, spec, status }) => {
      const node = spec?.nodeName ?? "";
      const scheduled = status?.conditions?.find(({ type }) => type === "PodScheduled")?.lastTransitionTime;
      return (
        played.has(node) &&
        served.has(node) &&
        spec?.hostNetwork !== true &&
        status?.phase === "Running" &&
        metadata.deletionTimestamp === undefined &&
        Date.parse(scheduled ?? "") >= since
      );
    })
    .map(({ metadata: { name, namespace = "", uid = "" } }) => ({ do: "register-endpoint", name, namespace, uid }));
}

/** Whether a pod is an agent of the release whose configuration lies in this namespace. */
export function isAgent({ metadata }: Pod, namespace: string | undefined): boolean {
  return metadata.namespace === namespace && metadata.labels?.[AGENT_LABEL] === AGENT;
}

/** Whether an operator is on a real node: the program itself then does what is played here. */
function hasRealOperator({ nodes, pods, realOperator }: Snapshot, namespace: string | undefined): boolean {
  if (!realOperator) return false;
  const real = new Set(nodes.filter(isReal).map(({ metadata }) => metadata.name));
  return pods.some(
    ({ metadata, spec }) =>
      metadata.namespace === namespace &&
      metadata.labels?.[OPERATOR_LABEL] === OPERATOR &&
      real.has(spec?.nodeName ?? ""),
  );
}

function hasReadyOperator({ pods }: Snapshot, namespace: string | undefined): boolean {
  return pods.some(
    (pod) =>
      pod.metadata.namespace === namespace &&
      pod.metadata.labels?.[OPERATOR_LABEL] === OPERATOR &&
      hasCondition(pod, "Ready"),
  );
}

function hasTaint(node: KubeNode, key: string): boolean {
  return node.spec?.taints?.some((taint) => taint.key === key) === true;
}

function withoutTaint(node: KubeNode, key: string): object | undefined {
  if (!hasTaint(node, key)) return undefined;
  return { spec: { taints: node.spec?.taints?.filter((taint) => taint.key !== key) } };
}
