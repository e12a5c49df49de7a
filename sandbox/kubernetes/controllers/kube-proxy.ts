import { hasCondition, type KubeNode, type Pod } from "../client";
import { isReal, KUBE_PROXY_ANNOTATION } from "../nodes";
import type { Action, Snapshot } from "./snapshot";

const NAMESPACE = "kube-system";
/** The script that takes the manifest of kube-proxy away from a node (`disable`) or puts it back (`restore`). */
const SCRIPT = /kube-proxy-disabler\.sh$/;

/**
 * Plays the kubelet for GKE's kube-proxy, which is a static pod: as long as its manifest is on the node there is a
 * mirror pod in the API, without it there is none. The manifest goes when a pod that removes it is ready on the node,
 * comes back when one that restores it is, and is there again on every new machine. Real nodes have the file itself.
 */
export function mirrorKubeProxy({ nodes, pods }: Snapshot): Action[] {
  const mirrors = new Map(pods.filter(isMirror).map((pod) => [pod.spec?.nodeName, pod]));
  return nodes.flatMap((node): Action[] => {
    if (isReal(node)) return [];
    const name = node.metadata.name;
    const manifest = manifestAfter(node, pods);
    const actions: Action[] = [];
    if (manifest !== manifestOf(node))
      actions.push({
        do: "change-node",
        node: name,
        change: () => ({ metadata: { annotations: { [KUBE_PROXY_ANNOTATION]: manifest } } }),
      });
    const mirror = mirrors.get(name);
    if (manifest === "present" && !mirror && !node.metadata.deletionTimestamp)
      actions.push({ do: "create", path: `/api/v1/namespaces/${NAMESPACE}/pods`, object: mirrorPod(node) });
    if (manifest !== "present" && mirror)
      actions.push({
        do: "delete",
        path: `/api/v1/namespaces/${NAMESPACE}/pods/${mirror.metadata.name}`,
        options: { gracePeriodSeconds: 0 },
      });
    return actions;
  });
}

/** Whether kube-proxy's manifest is on a node: `present`, `absent`, or `none` where Dataplane V2 takes its place. */
export function manifestOf(node: KubeNode): string {
  return node.metadata.annotations?.[KUBE_PROXY_ANNOTATION] ?? "none";
}

function manifestAfter(node: KubeNode, pods: readonly Pod[]): string {
  const now = manifestOf(node);
  if (now === "none") return now;
  const actions = pods
    .filter((pod) => pod.spec?.nodeName === node.metadata.name && hasCondition(pod, "Ready"))
    .filter((pod) => !pod.metadata.deletionTimestamp)
    .map(scriptAction);
  // Where both run at once (one takes over from the other) they disagree, and nothing changes until one is gone.
  if (actions.includes("disable") && !actions.includes("restore")) return "absent";
  if (actions.includes("restore") && !actions.includes("disable")) return "present";
  return now;
}

/** What a pod does about kube-proxy, if anything: the argument that follows the script on its command line. */
function scriptAction(pod: Pod): string | undefined {
  for (const { command = [], args = [] } of pod.spec?.containers ?? []) {
    const words = [...command, ...args];
    const script = words.findIndex((word) => SCRIPT.test(word));
    if (script >= 0) return words[script + 1];
  }
  return undefined;
}

function isMirror(pod: Pod): boolean {
  const { labels, annotations, namespace } = pod.metadata;
  return (
    namespace === NAMESPACE &&
    labels?.["component"] === "kube-proxy" &&
    annotations?.["kubernetes.io/config.mirror"] !== undefined
  );
}

/** The mirror pod as a kubelet of GKE writes it. */
function mirrorPod(node: KubeNode): object {
  const { name, uid } = node.metadata;
  const hash = `sandbox-${uid}`;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `kube-proxy-${name}`,
      namespace: NAMESPACE,
      labels: { component: "kube-proxy", tier: "node" },
      annotations: {
        "kubernetes.io/config.hash": hash,
        "kubernetes.io/config.mirror": hash,
        "kubernetes.io/config.source": "file",
      },
      ownerReferences: [{ apiVersion: "v1", kind: "Node", name, uid, controller: true }],
    },
    spec: {
      nodeName: name,
      hostNetwork: true,
      priorityClassName: "system-node-critical",
      tolerations: [{ operator: "Exists" }],
      containers: [
        {
          name: "kube-proxy",
          image: `gke.gcr.io/kube-proxy-amd64:${kubeletVersion(node)}`,
          command: [
            "/bin/sh",
            "-c",
            "exec kube-proxy --kubeconfig=/var/lib/kube-proxy/kubeconfig --iptables-sync-period=1m",
          ],
          securityContext: { privileged: true },
          resources: { requests: { cpu: "100m" } },
        },
      ],
    },
  };
}

function kubeletVersion(node: KubeNode): string {
  return node.status?.nodeInfo?.kubeletVersion ?? "v0.0.0";
}
