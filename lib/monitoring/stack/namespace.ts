import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { NetworkPolicyV1, type NetworkPolicyV1SpecIngress } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { type Check, type Problem, textJudgedBy } from "../../validation";

/** The name that the classic walk-through uses. */
export const DEFAULT_NAMESPACE = "cilium-monitoring";

const NAME_LABEL = "app.kubernetes.io/name";

/**
 * The namespace, in which only pods may run that need no privileges at all (Pod Security Standard `restricted`).
 * Destroying it destroys the disks of Prometheus with it.
 */
export function monitoringNamespace(scope: Construct, name: string, provider: TerraformProvider): NamespaceV1 {
  const level = "restricted";
  return new NamespaceV1(scope, "namespace", {
    metadata: {
      name,
      labels: {
        "app.kubernetes.io/part-of": "cilium-monitoring",
        "pod-security.kubernetes.io/enforce": level,
        "pod-security.kubernetes.io/warn": level,
        "pod-security.kubernetes.io/audit": level,
      },
    },
    provider,
  });
}

/** A name for the namespace. */
export const namespaceName: Check = textJudgedBy((name, property) => {
  const problem = (rule: string, remedy: string): Problem[] => [{ property, value: name, rule, remedy }];
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name))
    return problem("is not a namespace's name", "use at most 63 lower case letters, digits and -");
  if (name === "default" || /^(kube|gke|gmp)-/.test(name))
    return problem("belongs to the cluster itself", `choose one for monitoring alone, e.g. ${DEFAULT_NAMESPACE}`);
  return [];
}, `write it as text, e.g. ${DEFAULT_NAMESPACE}`);

/** Pods by the name label that their charts and operators give them. */
function pods(name: string) {
  return { podSelector: { matchLabels: { [NAME_LABEL]: name } } };
}

/** Who may connect to whom in the namespace; the rest is closed. What leaves the namespace is not restricted. */
interface IngressRule {
  readonly id: string;
  /** Pods that accept; all where left out. */
  readonly to?: string;
  readonly ingress: readonly NetworkPolicyV1SpecIngress[];
}

const PROMETHEUS_RULES: readonly IngressRule[] = [
  // Everything here serves metrics of its own.
  { id: "from-prometheus", ingress: [{ from: [pods("prometheus")] }] },
  { id: "prometheus", to: "prometheus", ingress: [{ from: [pods("grafana")], ports: [{ port: "9090" }] }] },
  {
    id: "alertmanager",
    to: "alertmanager",
    ingress: [
      { from: [pods("grafana")], ports: [{ port: "9093" }] },
      { from: [pods("alertmanager")], ports: [{ port: "9094" }, { port: "9094", protocol: "UDP" }] },
    ],
  },
];

const FRONTEND_RULES: readonly IngressRule[] = [
  { id: "frontend", to: "prometheus-frontend", ingress: [{ from: [pods("grafana")], ports: [{ port: "9090" }] }] },
];

/**
 * Network policies of the namespace, in the form that Calico, Cilium and Dataplane V2 all enforce. Port forwarding and
 * probes come from the node itself and pass.
 */
export function networkPolicies(
  scope: Construct,
  kind: "prometheus" | "frontend",
  namespace: NamespaceV1,
  provider: TerraformProvider,
): NetworkPolicyV1[] {
  const rules: readonly IngressRule[] = [
    { id: "deny", ingress: [] },
    ...(kind === "prometheus" ? PROMETHEUS_RULES : FRONTEND_RULES),
  ];
  return rules.map(
    ({ id, to, ingress }) =>
      new NetworkPolicyV1(scope, `network-policy-${id}`, {
        metadata: { name: id === "deny" ? "deny-ingress" : `allow-${id}`, namespace: namespace.metadata.name },
        spec: {
          podSelector: to === undefined ? {} : { matchLabels: { [NAME_LABEL]: to } },
          policyTypes: ["Ingress"],
          ingress: [...ingress],
        },
        provider,
      }),
  );
}
