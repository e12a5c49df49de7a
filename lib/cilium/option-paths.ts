/**
 * Which option of a dataplane decides what stands at a path of the chart's values: a problem found in the merged values is
 * told under the name that the author wrote. A section stands for everything below it that is not named itself.
 */
export const OPTION_OF_PATH: Readonly<Record<string, string>> = {
  agentNotReadyTaintKey: "startupTaintKey",
  "bpf.hostLegacyRouting": "bpfHostLegacyRouting",
  "bpf.masquerade": "bpfMasquerade",
  "cni.chainingTarget": "chainingTarget",
  "cni.customConf": "conflist",
  "envoy.prometheus.enabled": "envoyMetrics",
  "hubble.enabled": "hubble.enabled",
  "hubble.metrics.enabled": "hubble.metrics",
  "hubble.metrics.enableOpenMetrics": "hubble.openMetrics",
  "hubble.relay.enabled": "hubble.relay",
  "hubble.relay.replicas": "hubble.relayReplicas",
  "hubble.tls.auto": "hubble.certificates",
  "hubble.tls.auto.certManagerIssuerRef": "hubble.certificates.issuer",
  "hubble.tls.auto.certValidityDuration": "hubble.certificates.validityDays",
  "hubble.tls.auto.method": "hubble.certificates.method",
  "hubble.tls.auto.schedule": "hubble.certificates.schedule",
  "hubble.ui.enabled": "hubble.ui",
  ipv4NativeRoutingCIDR: "ipv4NativeRoutingCIDR",
  k8sServiceHost: "k8sServiceHost",
  "k8sNetworkPolicy.enabled": "enforceNetworkPolicies",
  kubeProxyReplacementHealthzBindAddr: "kubeProxy",
  nodeinit: "nodeInit",
  "operator.prometheus.enabled": "operatorMetrics",
  "operator.replicas": "operatorReplicas",
  "operator.unmanagedPodWatcher": "unmanagedPodSelector",
  "operator.unmanagedPodWatcher.restart": "restartUnmanagedPods",
  "operator.unmanagedPodWatcher.intervalSeconds": "unmanagedPodIntervalSeconds",
  "prometheus.enabled": "agentMetrics",
  upgradeCompatibility: "upgradeCompatibility",
};

/** The entries of {@link OPTION_OF_PATH} for options that an interface has. */
export function optionPaths(table: object): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(OPTION_OF_PATH).filter(([, option]) => Object.hasOwn(table, option.split(".")[0] as string)),
  );
}
