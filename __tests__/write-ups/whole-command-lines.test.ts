import type { HelmValues } from "../../lib/cilium";
import { Dataplane } from "../../lib/dataplane";
import { environmentsProblems } from "../../lib/environment";
import { definition } from "../support/definition";

/** What is told of a whole command line at once, without the name of the environment. */
const told = (values: HelmValues) =>
  environmentsProblems([definition({ dataplane: Dataplane.kubeProxyFree({ values }) })])
    .map((message) => message.replace("staging: 'dataplane.", "'"))
    .sort();

/** The option, its value, and the successor at the end of the message. */
const answers = (messages: readonly string[]) =>
  messages.map(
    (message) => /^'([^']+)'[\s\S]*?; ((?:leave|set|use|widen|write) [\s\S]+)$/.exec(message)?.slice(1) ?? message,
  );

test("each option of Cilium 1.8 without kube-proxy is answered with its successor, in one run", () => {
  const messages = told({
    global: {
      kubeProxyReplacement: "strict",
      k8sServiceHost: "10.0.0.1",
      k8sServicePort: 443,
      nativeRoutingCIDR: "10.20.0.0/14",
      gke: { enabled: true },
      cni: { binPath: "/home/kubernetes/bin" },
      nodeinit: { enabled: true },
    },
    config: { ipam: "kubernetes" },
    nodeinit: { reconfigureKubelet: true, removeCbrBridge: true, restartPods: true },
  });
  expect(answers(messages)).toEqual([
    ["values.config.ipam", "use ipam.mode: kubernetes"],
    ["values.global.cni.binPath", "use cni.binPath"],
    ["values.global.gke.enabled", "use gke.enabled"],
    ["values.global.k8sServiceHost", "use k8sServiceHost"],
    ["values.global.k8sServicePort", "use k8sServicePort"],
    ["values.global.kubeProxyReplacement", "use kubeProxyReplacement: true"],
    ["values.global.nativeRoutingCIDR", "use ipv4NativeRoutingCIDR: 10.20.0.0/14"],
    ["values.global.nodeinit.enabled", "use nodeinit.enabled"],
    ["values.nodeinit.restartPods", "use operator.unmanagedPodWatcher.restart: true"],
  ]);
});

test("a study of 1.16 on one layer 2 network: what is dead, what GKE has otherwise, what would break, in one run", () => {
  const messages = told({
    k8sServiceHost: "192.168.10.10",
    k8sServicePort: 6443,
    debug: { enabled: true },
    rollOutCiliumPods: true,
    routingMode: "native",
    autoDirectNodeRoutes: true,
    bpf: { masquerade: true, hostRouting: true },
    endpointRoutes: { enabled: true },
    ipam: { mode: "kubernetes" },
    k8s: { requireIPv4PodCIDR: true },
    kubeProxyReplacement: true,
    ipv4NativeRoutingCIDR: "192.168.0.0/16",
    installNoConntrackIptablesRules: true,
    hubble: {
      ui: { enabled: true },
      relay: { enabled: true },
      metrics: {
        enableOpenMetrics: true,
        enabled: "{dns:query;ignoreAAAA,drop,httpV2:exemplars=true;labelsContext=source_ip\\,traffic_direction}",
      },
    },
    prometheus: { enabled: true },
    operator: { prometheus: { enabled: true }, replicas: 1 },
    bandwidthManager: { enabled: true },
    l2announcements: { enabled: true, leaseDuration: "3s", leaseRenewDeadline: "1s", leaseRetryPeriod: "200ms" },
    externalIPs: { enabled: true },
    egressGateway: { enabled: true, installRoutes: true },
    tunnel: "disabled",
  });
  expect(answers(messages)).toEqual([
    ["values.autoDirectNodeRoutes", "leave it out"],
    ["values.bpf.hostRouting", "use bpf.hostLegacyRouting: false"],
    ["values.egressGateway.installRoutes", "leave it out"],
    ["values.externalIPs", "use kubeProxyReplacement, which includes it"],
    [
      "values.hubble.metrics.enabled",
      'write a list: ["dns:query;ignoreAAAA","drop","httpV2:exemplars=true;labelsContext=source_ip,traffic_direction"]',
    ],
    ["values.installNoConntrackIptablesRules", "leave it out"],
    [
      "values.ipv4NativeRoutingCIDR",
      "widen it to all ranges of pods, or leave it out for the smallest range around them",
    ],
    ["values.l2announcements.enabled", "leave it out, or accept l2-announcements"],
    ["values.tunnel", "use routingMode: native"],
  ]);
});
