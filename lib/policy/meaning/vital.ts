import type { Problem } from "../../validation";
import type { PolicyEnforcement } from "../enforcement";
import { CONTROL_PLANE, OTHER_NODE, outside, type Wanted } from "./peers";
import { type Direction, exampleFor, type Meaning, type Obstacle, type PolicySet } from "./policy-set";
import type { Pod } from "./selector";

/** Namespaces of Google's and the cluster's own, whose pods are known one by one. */
const SYSTEM = /^(kube-system|gke-.*|gmp-.*)$/;
/** A namespace like any other, for policies of the whole cluster. */
const ELSEWHERE = "any-other-namespace";
/** Namespaces that well-known projects keep their webhooks in. */
const WITH_WEBHOOKS = [
  "cert-manager",
  "cnpg-system",
  "gatekeeper-system",
  "ingress-nginx",
  "istio-system",
  "keda",
  "kyverno",
  "linkerd",
];
/** Examples that one warning about several policies names. */
const EXAMPLES = 3;

const KUBE_DNS: Pod = { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } };
const KONNECTIVITY: Pod = { namespace: "kube-system", labels: { "k8s-app": "konnectivity-agent" } };
const METRICS_SERVER: Pod = { namespace: "kube-system", labels: { "k8s-app": "metrics-server" } };
const COLLECTOR: Pod = { namespace: "gmp-system", labels: { "app.kubernetes.io/name": "collector" } };
/** Prometheus, where monitoring puts it in the cluster. */
const PROMETHEUS: Pod = { namespace: "cilium-monitoring", labels: { "app.kubernetes.io/name": "prometheus" } };
const SOMEBODY: Pod = { namespace: ELSEWHERE, labels: {} };
/** Where Google's load balancers and their health checks come from. */
const HEALTH_CHECKS = ["35.191.0.1", "130.211.0.1"];

/** A connection without which a part of the cluster stops. */
interface Vital {
  readonly part: Pod;
  readonly direction: Direction;
  readonly wanted: Wanted;
  /** As in `keeps kube-dns from <what>`. */
  readonly what: string;
  readonly name: string;
}

function tcp(peer: Wanted["peer"], port: number): Wanted {
  return { peer, port, protocol: "TCP" };
}

/** What the cluster's own pods cannot do without. */
const OF_PODS: readonly Vital[] = [
  {
    name: "kube-dns",
    part: KUBE_DNS,
    direction: "ingress",
    wanted: { peer: { pod: SOMEBODY }, port: 53, protocol: "UDP" },
    what: "the queries of pods in other namespaces",
  },
  {
    name: "kube-dns",
    part: KUBE_DNS,
    direction: "egress",
    wanted: tcp(CONTROL_PLANE, 443),
    what: "the API server, from which it learns names",
  },
  {
    name: "kube-dns",
    part: KUBE_DNS,
    direction: "egress",
    wanted: { peer: outside("169.254.169.254"), port: 53, protocol: "UDP" },
    what: "169.254.169.254, which answers names outside of the cluster",
  },
  {
    name: "konnectivity-agent",
    part: KONNECTIVITY,
    direction: "egress",
    wanted: tcp(CONTROL_PLANE, 8132),
    what: "the control plane (TCP 8132), so that kubectl logs and exec, webhooks and metrics stop",
  },
  {
    name: "konnectivity-agent",
    part: KONNECTIVITY,
    direction: "egress",
    wanted: tcp({ pod: SOMEBODY }, 443),
    what: "pods, to which it carries what the control plane sends: webhooks and metrics stop",
  },
  {
    name: "metrics-server",
    part: METRICS_SERVER,
    direction: "egress",
    wanted: tcp(OTHER_NODE, 10250),
    what: "the kubelets of other nodes (TCP 10250), so that autoscaling by load stops",
  },
  {
    name: "Managed Service for Prometheus",
    part: COLLECTOR,
    direction: "egress",
    wanted: tcp(outside("199.36.153.8"), 443),
    what: "Google's APIs (TCP 443), so that monitoring stops",
  },
  {
    name: "Prometheus",
    part: PROMETHEUS,
    direction: "egress",
    wanted: tcp(OTHER_NODE, 9962),
    what: "the agents' metrics on other nodes (TCP 9962), so that monitoring stops",
  },
  {
    name: "Prometheus",
    part: PROMETHEUS,
    direction: "egress",
    wanted: tcp(CONTROL_PLANE, 443),
    what: "the API server, from which it learns what to watch",
  },
];

/** What nodes cannot do without, where policies are for nodes. */
const OF_NODES: readonly Omit<Vital, "part" | "name">[] = [
  { direction: "ingress", wanted: tcp(CONTROL_PLANE, 10250), what: "the control plane (TCP 10250 of the kubelet)" },
  { direction: "ingress", wanted: tcp(OTHER_NODE, 4240), what: "Cilium's health checks between nodes (TCP 4240)" },
  ...HEALTH_CHECKS.map((address) => ({
    direction: "ingress" as const,
    wanted: tcp(outside(address), 10256),
    what: `the health checks of Google's load balancers (TCP 10256 from the range of ${address})`,
  })),
  { direction: "egress", wanted: tcp(CONTROL_PLANE, 443), what: "the API server (TCP 443)" },
  { direction: "egress", wanted: tcp(outside("169.254.169.254"), 80), what: "the metadata server (TCP 80)" },
  { direction: "egress", wanted: tcp(OTHER_NODE, 4240), what: "Cilium's health checks between nodes (TCP 4240)" },
];

/** Which of the cluster's own parts policies would cut off, all of them together. */
export function cutOffWarnings(set: PolicySet, enforcement: PolicyEnforcement | undefined): Problem[] {
  return [
    ...OF_PODS.flatMap(({ part, direction, wanted, what, name }, index) =>
      told(set.obstacle(part, direction, wanted, `pods-${index}`), `keeps ${name} from ${what}`),
    ),
    ...OF_NODES.flatMap(({ direction, wanted, what }, index) =>
      told(set.nodeObstacle(direction, wanted, `nodes-${index}`), `keeps nodes from ${what}`),
    ),
    ...webhookWarnings(set),
    ...dnsWarnings(set, enforcement),
    ...metadataWarnings(set, enforcement),
  ];
}

function told(obstacle: Obstacle | undefined, rule: string): Problem[] {
  if (obstacle === undefined) return [];
  const { by, path, denied } = obstacle;
  return [
    {
      property: by.policy.nameOf(path),
      rule: `${rule}: ${denied ? "it is denied" : "no policy allows it"}`,
      remedy: denied ? "leave it out of what is denied" : "allow it, or select less",
    },
  ];
}

/** Policies that isolate ordinary pods in a direction, each selector once. */
function isolating(set: PolicySet, direction: Direction): { readonly meaning: Meaning; readonly pod: Pod }[] {
  const seen = new Set<string>();
  return set.meanings.flatMap((meaning) => {
    if (!meaning.isolates[direction] || meaning.ofNodes) return [];
    const pod = exampleFor(meaning, ELSEWHERE);
    const key = JSON.stringify([pod.namespace, Object.entries(pod.labels).sort()]);
    if (seen.has(key) || SYSTEM.test(pod.namespace)) return [];
    seen.add(key);
    return [{ meaning, pod }];
  });
}

/** Pods that could not ask for a name any more. */
function dnsWarnings(set: PolicySet, enforcement: PolicyEnforcement | undefined): Problem[] {
  const peers = [{ pod: KUBE_DNS }, ...(enforcement?.dnsAddresses ?? []).map(outside)];
  return isolating(set, "egress").flatMap(({ meaning, pod }) => {
    const obstacles = peers.map((peer, index) =>
      set.obstacle(pod, "egress", { peer, port: 53, protocol: "UDP" }, `dns-${index}`, meaning),
    );
    const blocked = obstacles.findIndex((each) => each !== undefined);
    if (blocked === -1) return [];
    const where =
      blocked === 0 ? "kube-dns (UDP 53 of k8s-app=kube-dns in kube-system)" : `UDP 53 of ${peersText(enforcement)}`;
    return told(obstacles[blocked], `keeps the pods that it selects from ${where}, so that they find nobody by name`);
  });
}

function peersText(enforcement: PolicyEnforcement | undefined): string {
  return `${(enforcement?.dnsAddresses ?? []).join(" and ")}, which answers DNS in this cluster`;
}

/** Pods that get no token from Workload Identity any more. That is often meant, so one line tells of all. */
function metadataWarnings(set: PolicySet, enforcement: PolicyEnforcement | undefined): Problem[] {
  const servers = enforcement?.metadataServer ?? [];
  const cut = isolating(set, "egress").filter(
    ({ meaning, pod }) =>
      meaning.policy.isBaseline !== true &&
      servers.some(
        ({ address, port }, index) =>
          set.obstacle(pod, "egress", tcp(outside(address), port), `metadata-${index}`, meaning) !== undefined,
      ),
  );
  const [first] = cut;
  if (first === undefined) return [];
  const names = cut
    .slice(0, EXAMPLES)
    .map(({ meaning }) => `${meaning.policy.namespace ?? "*"}/${meaning.policy.name}`);
  const more = cut.length > EXAMPLES ? ` and ${cut.length - EXAMPLES} more` : "";
  const allow = servers.map(({ address, port }) => `TCP ${port} of ${address}`).join(" and ");
  return [
    {
      property: first.meaning.policy.nameOf(first.meaning.path),
      rule: `keeps pods from the metadata server (${names.join(", ")}${more}): those that log in to Google Cloud by Workload Identity get no token`,
      remedy: `allow ${allow} to those that do`,
    },
  ];
}

/** Webhooks, by the name they go by: the control plane reaches them through konnectivity's agents. */
function webhookWarnings(set: PolicySet): Problem[] {
  return isolating(set, "ingress").flatMap(({ meaning, pod }) => {
    const words = [...Object.values(pod.labels), WITH_WEBHOOKS.includes(pod.namespace) ? "webhook" : ""];
    if (!words.some((word) => /webhook|admission/.test(word))) return [];
    const through = [443, 8443, 9443, 10250].map((port) =>
      set.obstacle(pod, "ingress", tcp({ pod: KONNECTIVITY }, port), `webhook-${port}`, meaning),
    );
    // Any port that is open to the agents is taken for the webhook's.
    if (through.some((each) => each === undefined)) return [];
    return told(
      through[0],
      "keeps the webhook that it selects from the control plane, which comes by k8s-app=konnectivity-agent in kube-system",
    );
  });
}
