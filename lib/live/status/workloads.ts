import type { Asked } from "../asked";
import { count, keyOf, type Pod, some } from "../objects";
import { about, type StatusFinding } from "./finding";
import type { ClusterSnapshot } from "./snapshot";

/** Running pods on the pod network, by whether they have an endpoint. */
export function podsByManager(
  { pods }: Pick<ClusterSnapshot, "pods">,
  managed: ReadonlySet<string>,
): { readonly managed: Pod[]; readonly unmanaged: Pod[] } {
  const own = pods.filter(
    ({ metadata, spec, status }) =>
      status?.phase === "Running" && spec?.hostNetwork !== true && metadata.deletionTimestamp === undefined,
  );
  return {
    managed: own.filter((pod) => managed.has(keyOf(pod))),
    unmanaged: own.filter((pod) => !managed.has(keyOf(pod))),
  };
}

/** Pods that Cilium does not manage: no policy holds for them, and they are in no flow. */
export function podFindings(snapshot: ClusterSnapshot, { cilium }: Asked): StatusFinding[] {
  const { ok, wrong, doubt, refused } = about("pods");
  const title = "managed";
  if (snapshot.managed.refused) return [refused(title, snapshot.managed.refused)];
  const { managed, unmanaged } = podsByManager(snapshot, snapshot.managed.is);
  const all = managed.length + unmanaged.length;
  // Google's agents tell of pods in their own time: nothing at all is no statement about any of them.
  if (cilium === undefined && managed.length === 0 && all > 0)
    return [
      doubt(title, "the cluster has no CiliumEndpoint", "look at the agents: kubectl --namespace kube-system get pods"),
    ];
  if (unmanaged.length === 0) return [ok(title, `all ${count(all, "pod")} on the pod network`)];
  return [
    wrong(
      title,
      `${managed.length} of ${count(all, "pod")}; not ${some(unmanaged.map(keyOf))}`,
      cilium
        ? "restart them, controller by controller: docs/existing-pods.md"
        : "restart them; where they stay so, look at the agents of their nodes",
    ),
  ];
}

/** kube-proxy where it should be gone, or gone where it should be. */
export function kubeProxyFindings(
  { pods, nodes, daemonSets }: ClusterSnapshot,
  { cilium, kubeProxy, datapath }: Asked,
): StatusFinding[] {
  const { ok, wrong } = about("kube-proxy");
  const running = pods.filter(
    ({ metadata, status }) =>
      metadata.namespace === "kube-system" &&
      (metadata.labels?.["component"] === "kube-proxy" || metadata.labels?.["k8s-app"] === "kube-proxy") &&
      status?.phase === "Running",
  );
  const on = some(running.map(({ spec, metadata }) => spec?.nodeName ?? metadata.name));
  if (cilium === undefined)
    return datapath === "ADVANCED_DATAPATH" && running.length > 0
      ? [wrong("pods", `run on ${on} although Dataplane V2 needs none`, "ask Google's support: it is GKE's own")]
      : [];
  if (kubeProxy === "kept") {
    const without = nodes.filter(({ metadata }) => !running.some(({ spec }) => spec?.nodeName === metadata.name));
    const { kubeProxyReplacement, kubeProxyReplacementHealthzBindAddr } = cilium.values;
    const replaced = kubeProxyReplacement === true || kubeProxyReplacement === "true";
    if (without.length === 0 || (replaced && kubeProxyReplacementHealthzBindAddr !== undefined))
      return [ok("pods", `${running.length} of ${count(nodes.length, "node")} have one`)];
    return [
      wrong(
        "pods",
        `none on ${some(without.map(({ metadata }) => metadata.name))}, ${
          replaced
            ? "where nobody answers load balancers' health checks on port 10256"
            : "and Cilium is not to replace it"
        }`,
        'put it back: kubeProxy "restore" and deploy, or recreate the node',
      ),
    ];
  }
  const findings: StatusFinding[] = [
    running.length === 0
      ? ok("left-overs", "runs on no node")
      : wrong("left-overs", `still runs on ${on}`, "docs/runbooks/KubeProxyDisablerIncomplete.md"),
  ];
  const labelled = nodes.filter(
    ({ metadata }) => metadata.labels?.["node.kubernetes.io/kube-proxy-ds-ready"] === "true",
  );
  if (labelled.length > 0)
    findings.push(
      wrong(
        "label",
        `node.kubernetes.io/kube-proxy-ds-ready is on ${some(labelled.map(({ metadata }) => metadata.name))}, which gets a kube-proxy of GKE's DaemonSet`,
        "kubectl label node … node.kubernetes.io/kube-proxy-ds-ready-",
      ),
    );
  const remover = daemonSets.find(
    ({ metadata }) => metadata.labels?.["app.kubernetes.io/name"] === "kube-proxy-disabler",
  );
  const { desiredNumberScheduled: wanted = 0, numberReady: ready = 0 } = remover?.status ?? {};
  findings.push(
    remover !== undefined && ready === wanted
      ? ok("remover", `${ready} of ${wanted} ready`)
      : wrong(
          "remover",
          remover ? `${ready} of ${wanted} ready` : "is not there: kube-proxy comes back with the next boot",
          "docs/runbooks/KubeProxyDisablerNotReady.md",
        ),
  );
  return findings;
}
