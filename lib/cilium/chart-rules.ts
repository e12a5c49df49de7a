import { Token } from "cdktf";
import { type HelmValue, type HelmValues, valueAt } from "../helm";
import type { Problem } from "../validation";

/** A combination of values for which the chart or the agent refuses to work. */
interface ChartRule {
  /** The key to name in the message. */
  readonly path: string;
  /** Whether the values break the rule. Absent keys have the chart's defaults. */
  readonly broken: (at: (path: string) => HelmValue | undefined) => boolean;
  readonly rule: string;
  readonly remedy: string;
}

const SERVICE_MONITORS = [
  ["prometheus", "prometheus.serviceMonitor"],
  ["operator.prometheus", "operator.prometheus.serviceMonitor"],
  ["envoy.prometheus", "envoy.prometheus.serviceMonitor"],
  ["hubble.relay.prometheus", "hubble.relay.prometheus.serviceMonitor"],
] as const;

/**
 * What the chart (its templates/validate.yaml) and the agent say no to, said before anything is created. Both would
 * only be heard of in the middle of an apply: the chart's refusal as an error of Helm, the agent's as pods that restart.
 */
const CHART_RULES: readonly ChartRule[] = [
  {
    path: "kubeProxyReplacement",
    broken: (at) => !isOneOf(at("kubeProxyReplacement"), [undefined, null, true, false, "true", "false"]),
    rule: "is neither true nor false, the only values since Cilium 1.16",
    remedy: "use true for what was strict, false for what was disabled or partial",
  },
  {
    path: "ipv4NativeRoutingCIDR",
    broken: (at) =>
      at("routingMode") === "native" &&
      at("enableIPv4Masquerade") === true &&
      at("ipMasqAgent.enabled") !== true &&
      at("nativeRoutingCIDRFromClusterPool") !== true &&
      isEmpty(at("ipv4NativeRoutingCIDR")),
    rule: "is needed where Cilium masquerades and routes natively: it says which destinations are not masqueraded",
    remedy: "give the pods range",
  },
  {
    path: "kubeProxyReplacementHealthzBindAddr",
    broken: (at) => !isEmpty(at("kubeProxyReplacementHealthzBindAddr")) && !isTrue(at("kubeProxyReplacement")),
    rule: "has no effect without kubeProxyReplacement",
    remedy: "leave it out, or set kubeProxyReplacement to true",
  },
  {
    path: "k8sServiceHost",
    broken: (at) =>
      !isEmpty(at("kubeProxyReplacementHealthzBindAddr")) &&
      ["k8sServiceHost", "k8sServiceHostRef.name", "k8s.apiServerURLs"].every((path) => isEmpty(at(path))),
    rule: "is needed where agents stand in for kube-proxy: without it no agent finds the API server",
    remedy: "give the cluster's IP endpoint",
  },
  {
    path: "k8sServiceHost",
    broken: (at) => !isEmpty(at("k8sServiceHost")) && !isEmpty(at("k8sServiceHostRef.name")),
    rule: "cannot be set together with k8sServiceHostRef",
    remedy: "leave out one of the two",
  },
  {
    path: "hubble.relay.enabled",
    broken: (at) => at("hubble.relay.enabled") === true && at("hubble.enabled") === false,
    rule: "needs Hubble itself",
    remedy: "set hubble.enabled to true",
  },
  {
    path: "hubble.ui.enabled",
    broken: (at) =>
      at("hubble.ui.enabled") === true &&
      at("hubble.ui.standalone.enabled") !== true &&
      at("hubble.relay.enabled") !== true,
    rule: "needs the relay",
    remedy: "set hubble.relay.enabled to true",
  },
  {
    path: "hubble.tls.auto.certManagerIssuerRef",
    broken: (at) =>
      at("hubble.enabled") !== false &&
      at("hubble.tls.auto.method") === "certmanager" &&
      isEmpty(at("hubble.tls.auto.certManagerIssuerRef")),
    rule: "is needed where cert-manager signs",
    remedy: "give group, kind and name of the issuer",
  },
  {
    path: "prometheus.serviceMonitor.trustCRDsExist",
    broken: (at) =>
      at("prometheus.serviceMonitor.trustCRDsExist") !== true &&
      SERVICE_MONITORS.some(
        ([metrics, monitor]) => at(`${monitor}.enabled`) === true && at(`${metrics}.enabled`) !== false,
      ),
    rule: "is needed for ServiceMonitors: a new cluster has no such CRD when Cilium is installed, and the chart refuses",
    remedy:
      "leave the ServiceMonitors out and let the monitoring stack scrape, or set it to true once the CRD is there",
  },
  {
    path: "cluster.name",
    broken: (at) => {
      const name = at("cluster.name");
      return name !== undefined && !(typeof name === "string" && (Token.isUnresolved(name) || isClusterName(name)));
    },
    rule: "is not a cluster name that Cilium takes",
    remedy: "use at most 32 lower case letters, digits and hyphens, beginning and ending with a letter or digit",
  },
  {
    path: "cluster.id",
    broken: (at) => Number(at("cluster.id") ?? 0) !== 0 && isOneOf(at("cluster.name"), [undefined, "default"]),
    rule: "needs a cluster name of its own",
    remedy: "set cluster.name",
  },
  {
    path: "bpf.tproxy",
    broken: (at) => at("bpf.tproxy") === true && isOneOf(at("bpf.datapathMode"), ["netkit", "netkit-l2"]),
    rule: "cannot be used with netkit devices",
    remedy: "leave one of the two out",
  },
  {
    path: "l7Proxy",
    broken: (at) =>
      at("l7Proxy") === false &&
      (at("ingressController.enabled") === true ||
        at("gatewayAPI.enabled") === true ||
        at("loadBalancer.l7.backend") === "envoy"),
    rule: "is needed by the Gateway API, the ingress controller and the Layer 7 load balancer",
    remedy: "leave it out",
  },
  {
    path: "egressGateway.enabled",
    broken: (at) =>
      at("egressGateway.enabled") === true && !(at("bpf.masquerade") === true && isTrue(at("kubeProxyReplacement"))),
    rule: "needs masquerading in BPF and kube-proxy replacement, or the agents do not start",
    remedy: "set bpf.masquerade and kubeProxyReplacement to true",
  },
  {
    path: "ipMasqAgent.enabled",
    broken: (at) => at("ipMasqAgent.enabled") === true && at("bpf.masquerade") !== true,
    rule: "needs masquerading in BPF, or the agents do not start",
    remedy: "set bpf.masquerade to true",
  },
  {
    path: "operator.unmanagedPodWatcher.selector",
    broken: (at) => at("operator.unmanagedPodWatcher.selector") === "",
    rule: "is rendered without quotes, so that an empty one becomes null (cilium/cilium#47952)",
    remedy: "leave it out, or give a selector that matches something, e.g. k8s-app=kube-dns",
  },
];

/** What in the merged values the chart or the agent would refuse. */
export function chartRuleProblems(values: HelmValues): Problem[] {
  const at = (path: string) => valueAt(values, path);
  return CHART_RULES.filter(({ broken }) => broken(at)).map(({ path, rule, remedy }) => ({
    property: `values.${path}`,
    value: at(path),
    rule,
    remedy,
  }));
}

function isClusterName(name: string): boolean {
  return name.length <= 32 && /^([a-z0-9][-a-z0-9]*)?[a-z0-9]$/.test(name);
}

function isTrue(value: HelmValue | undefined): boolean {
  return value === true || value === "true";
}

function isEmpty(value: HelmValue | undefined): boolean {
  if (Token.isUnresolved(value)) return false;
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    (typeof value === "object" && Object.keys(value).length === 0)
  );
}

function isOneOf(value: HelmValue | undefined, allowed: readonly (HelmValue | undefined)[]): boolean {
  return Token.isUnresolved(value) || allowed.includes(value);
}
