import type { HelmValues } from "../../lib/helm";

/** Where an option of a write-up is today. */
export type Today =
  /** Taken as it is written, below `values` of the dataplane. */
  | "as it is"
  /** Refused, with the successor at the end of the message. */
  | { readonly refused: string };

/** One option of a write-up. */
export interface WrittenValue {
  /** As it stands there, for the page. */
  readonly written: string;
  /** The same as values of the chart. */
  readonly values: HelmValues;
  readonly dataplane?: "cniChaining" | "kubeProxyFree";
  /** Further options of the dataplane that go with it. */
  readonly beside?: Readonly<Record<string, unknown>>;
  readonly today: Today;
  /** The typed option that says the same, where the value is taken as it is or refused. */
  readonly typed?: { readonly option: string; readonly given?: object; readonly value: HelmValues };
}

const refused = (remedy: string): Today => ({ refused: remedy });
const LEASES = { leaseDuration: "3s", leaseRenewDeadline: "1s", leaseRetryPeriod: "200ms" };
const CONTEXT =
  "source_ip,source_namespace,source_workload,destination_ip,destination_namespace,destination_workload,traffic_direction";

/** Every option of the chart in the write-ups that this library comes from, cilium 1.8 to 1.16, one a row. */
export const WRITTEN_VALUES: readonly WrittenValue[] = [
  {
    written: "global.kubeProxyReplacement=strict",
    values: { global: { kubeProxyReplacement: "strict" } },
    today: refused("use kubeProxyReplacement: true"),
    typed: { option: "Dataplane.kubeProxyFree()", value: { kubeProxyReplacement: true } },
  },
  {
    written: "kubeProxyReplacement=strict",
    values: { kubeProxyReplacement: "strict" },
    today: refused("use true for what was strict, probe or partial, and false for what was disabled"),
  },
  { written: "kubeProxyReplacement=true", values: { kubeProxyReplacement: true }, today: "as it is" },
  {
    written: "global.k8sServiceHost=<address>",
    values: { global: { k8sServiceHost: "10.0.0.2" } },
    today: refused("use k8sServiceHost"),
    typed: { option: "k8sServiceHost", given: { k8sServiceHost: "10.0.0.2" }, value: {} },
  },
  {
    written: "global.k8sServicePort=443",
    values: { global: { k8sServicePort: 443 } },
    today: refused("use k8sServicePort"),
  },
  {
    written: "k8sServiceHost=192.168.10.10, k8sServicePort=6443",
    values: { k8sServiceHost: "192.168.10.10", k8sServicePort: "6443" },
    today: "as it is",
  },
  {
    written: "global.nativeRoutingCIDR=10.20.0.0/14",
    values: { global: { nativeRoutingCIDR: "10.20.0.0/14" } },
    today: refused("use ipv4NativeRoutingCIDR: 10.20.0.0/14"),
    typed: {
      option: "ipv4NativeRoutingCIDR",
      given: { ipv4NativeRoutingCIDR: "10.20.0.0/14" },
      value: { ipv4NativeRoutingCIDR: "10.20.0.0/14" },
    },
  },
  {
    written: "ipv4NativeRoutingCIDR=192.168.0.0/16",
    values: { ipv4NativeRoutingCIDR: "192.168.0.0/16" },
    today: refused("widen it to all ranges of pods, or leave it out for the smallest range around them"),
  },
  {
    written: "config.ipam=kubernetes",
    values: { config: { ipam: "kubernetes" } },
    today: refused("use ipam.mode: kubernetes"),
  },
  { written: "ipam.mode=kubernetes", values: { ipam: { mode: "kubernetes" } }, today: "as it is" },
  { written: "k8s.requireIPv4PodCIDR=true", values: { k8s: { requireIPv4PodCIDR: true } }, today: "as it is" },
  {
    written: "global.gke.enabled=true",
    values: { global: { gke: { enabled: true } } },
    today: refused("use gke.enabled"),
    typed: { option: "Dataplane.kubeProxyFree()", value: { gke: { enabled: true } } },
  },
  {
    written: "global.cni.binPath=/home/kubernetes/bin",
    values: { global: { cni: { binPath: "/home/kubernetes/bin" } } },
    today: refused("use cni.binPath"),
    typed: { option: "Dataplane.kubeProxyFree()", value: { cni: { binPath: "/home/kubernetes/bin" } } },
  },
  {
    written: "global.nodeinit.enabled=true",
    values: { global: { nodeinit: { enabled: true } } },
    today: refused("use nodeinit.enabled"),
    typed: { option: "nodeInit", given: { nodeInit: "host-prep" }, value: { nodeinit: { enabled: true } } },
  },
  {
    written: "nodeinit.reconfigureKubelet=true",
    values: { nodeinit: { reconfigureKubelet: true } },
    today: "as it is",
    typed: {
      option: "nodeInit",
      given: { nodeInit: "reconfigure-kubelet" },
      value: { nodeinit: { reconfigureKubelet: true } },
    },
  },
  { written: "nodeinit.removeCbrBridge=true", values: { nodeinit: { removeCbrBridge: true } }, today: "as it is" },
  {
    written: "nodeinit.restartPods=true",
    values: { nodeinit: { restartPods: true } },
    today: refused("use operator.unmanagedPodWatcher.restart: true"),
    typed: {
      option: "restartUnmanagedPods",
      given: { restartUnmanagedPods: true },
      value: { operator: { unmanagedPodWatcher: { restart: true } } },
    },
  },
  {
    written: "cni.customConf=true (chaining)",
    values: { cni: { customConf: true } },
    dataplane: "cniChaining",
    today: refused('use Dataplane.cniChaining({ conflist: "static" })'),
    typed: { option: "conflist", given: { conflist: "static" }, value: { cni: { customConf: true } } },
  },
  {
    written: "cni.configMap=cni-configuration (chaining)",
    values: { cni: { configMap: "cni-configuration" } },
    dataplane: "cniChaining",
    today: refused('use Dataplane.cniChaining({ conflist: "static" })'),
    typed: {
      option: "conflist",
      given: { conflist: "static" },
      value: { cni: { configMap: "cni-configuration", configMapKey: "cni-config" } },
    },
  },
  {
    written: "cni.chainingMode=generic-veth (chaining)",
    values: { cni: { chainingMode: "generic-veth" } },
    dataplane: "cniChaining",
    today: "as it is",
    typed: { option: "Dataplane.cniChaining()", value: { cni: { chainingMode: "generic-veth" } } },
  },
  {
    written: "global.tunnel=disabled (chaining)",
    values: { global: { tunnel: "disabled" } },
    dataplane: "cniChaining",
    today: refused("use routingMode: native"),
  },
  {
    written: "tunnel=disabled",
    values: { tunnel: "disabled" },
    today: refused("use routingMode: native"),
    typed: { option: "Dataplane.kubeProxyFree()", value: { routingMode: "native" } },
  },
  {
    written: "masquerade=false (chaining)",
    values: { masquerade: false },
    dataplane: "cniChaining",
    today: refused("use enableIPv4Masquerade: false"),
    typed: { option: "Dataplane.cniChaining()", value: { enableIPv4Masquerade: false } },
  },
  { written: "routingMode=native", values: { routingMode: "native" }, today: "as it is" },
  {
    written: "debug.enabled=true",
    values: { debug: { enabled: true } },
    today: "as it is",
    typed: { option: "debug", given: { debug: true }, value: { debug: { enabled: true } } },
  },
  {
    written: "rollOutCiliumPods=true",
    values: { rollOutCiliumPods: true },
    today: "as it is",
    typed: {
      option: "Dataplane.kubeProxyFree()",
      value: { rollOutCiliumPods: true, operator: { rollOutPods: true }, envoy: { rollOutPods: true } },
    },
  },
  {
    written: "autoDirectNodeRoutes=true",
    values: { autoDirectNodeRoutes: true },
    today: refused("leave it out"),
  },
  {
    written: "bpf.masquerade=true",
    values: { bpf: { masquerade: true } },
    today: "as it is",
    typed: {
      option: "bpfMasquerade",
      given: { bpfMasquerade: true, bpfHostLegacyRouting: true },
      value: { bpf: { masquerade: true } },
    },
  },
  {
    written: "bpf.hostRouting=true",
    values: { bpf: { hostRouting: true } },
    today: refused("use bpf.hostLegacyRouting: false"),
  },
  {
    written: "bpf.hostLegacyRouting=false, bpf.masquerade=true",
    values: { bpf: { masquerade: true, hostLegacyRouting: false } },
    today: refused('leave it out, or accept { risk: "override:bpf.hostLegacyRouting", reason: "..." }'),
  },
  {
    written: "endpointRoutes.enabled=true",
    values: { endpointRoutes: { enabled: true } },
    today: "as it is",
  },
  {
    written: "installNoConntrackIptablesRules=true",
    values: { installNoConntrackIptablesRules: true },
    today: refused("leave it out"),
  },
  {
    written: "hubble.enabled=true",
    values: { hubble: { enabled: true } },
    today: "as it is",
    typed: { option: "hubble.enabled", given: { hubble: {} }, value: { hubble: { enabled: true } } },
  },
  {
    written: "hubble.relay.enabled=true",
    values: { hubble: { relay: { enabled: true } } },
    today: "as it is",
    typed: {
      option: "hubble.relay",
      given: { hubble: { relay: true } },
      value: { hubble: { relay: { enabled: true } } },
    },
  },
  {
    written: "hubble.ui.enabled=true",
    values: { hubble: { ui: { enabled: true } } },
    today: "as it is",
    typed: { option: "hubble.ui", given: { hubble: { ui: true } }, value: { hubble: { ui: { enabled: true } } } },
  },
  {
    written: "hubble.metrics.enableOpenMetrics=true",
    values: { hubble: { metrics: { enableOpenMetrics: true } } },
    today: "as it is",
    typed: {
      option: "hubble.openMetrics",
      given: { hubble: { openMetrics: true } },
      value: { hubble: { metrics: { enableOpenMetrics: true } } },
    },
  },
  {
    written: 'hubble.metrics.enabled="{dns:query;ignoreAAAA,drop,httpV2:exemplars=true;labelsContext=source_ip\\,…}"',
    values: {
      hubble: {
        metrics: {
          enabled: `{dns:query;ignoreAAAA,drop,tcp,flow,port-distribution,icmp,httpV2:exemplars=true;labelsContext=${CONTEXT.replaceAll(",", "\\,")}}`,
        },
      },
    },
    today: refused(
      `write a list: ["dns:query;ignoreAAAA","drop","tcp","flow","port-distribution","icmp","httpV2:exemplars=true;labelsContext=${CONTEXT}"]`,
    ),
    typed: {
      option: "hubble.metrics",
      given: { hubble: { metrics: [{ handler: "dns", flags: ["query", "ignoreAAAA"] }] } },
      value: { hubble: { metrics: { enabled: ["dns:query;ignoreAAAA"] } } },
    },
  },
  {
    written: "prometheus.enabled=true",
    values: { prometheus: { enabled: true } },
    today: "as it is",
    typed: { option: "agentMetrics", given: { agentMetrics: true }, value: { prometheus: { enabled: true } } },
  },
  {
    written: "operator.prometheus.enabled=true",
    values: { operator: { prometheus: { enabled: true } } },
    today: "as it is",
    typed: {
      option: "operatorMetrics",
      given: { operatorMetrics: true },
      value: { operator: { prometheus: { enabled: true } } },
    },
  },
  {
    written: "operator.replicas=1",
    values: { operator: { replicas: 1 } },
    today: "as it is",
    typed: { option: "operatorReplicas", given: { operatorReplicas: 1 }, value: { operator: { replicas: 1 } } },
  },
  {
    written: "operator.numReplicas=1",
    values: { operator: { numReplicas: 1 } },
    today: refused("use operator.replicas: 1"),
  },
  {
    written: "bandwidthManager.enabled=true",
    values: { bandwidthManager: { enabled: true } },
    today: "as it is",
    typed: {
      option: "bandwidthManager",
      given: { bandwidthManager: {} },
      value: { bandwidthManager: { enabled: true } },
    },
  },
  {
    written: "global.bandwidthManager=true",
    values: { global: { bandwidthManager: true } },
    today: refused("use bandwidthManager.enabled: true"),
  },
  {
    written: "l2announcements.enabled=true, leaseDuration=3s, leaseRenewDeadline=1s, leaseRetryPeriod=200ms",
    values: { l2announcements: { enabled: true, ...LEASES } },
    today: refused("leave it out, or accept l2-announcements"),
    typed: {
      option: "l2Announcements",
      given: {
        l2Announcements: { leaseDurationSeconds: 3, leaseRenewDeadlineSeconds: 1, leaseRetryPeriodSeconds: 0.2 },
        accept: [{ risk: "l2-announcements", reason: "a study, where the fabric is a layer 2 network of ours" }],
      },
      value: {
        l2announcements: {
          enabled: true,
          leaseDuration: "3000ms",
          leaseRenewDeadline: "1000ms",
          leaseRetryPeriod: "200ms",
        },
      },
    },
  },
  {
    written: "externalIPs.enabled=true",
    values: { externalIPs: { enabled: true } },
    today: refused("use kubeProxyReplacement, which includes it"),
  },
  {
    written: "egressGateway.enabled=true",
    values: { egressGateway: { enabled: true } },
    today: refused("set bpf.masquerade and kubeProxyReplacement to true"),
    typed: {
      option: "egressGateway",
      given: { egressGateway: { nodePool: "general" } },
      value: { egressGateway: { enabled: true }, bpf: { masquerade: true } },
    },
  },
  {
    written: "egressGateway.installRoutes=true",
    values: { egressGateway: { installRoutes: true } },
    today: refused("leave it out"),
  },
  {
    written: "ipMasqAgent.enabled=true, ipMasqAgent.config.nonMasqueradeCIDRs={10.0.0.0/8}",
    values: { ipMasqAgent: { enabled: true, config: { nonMasqueradeCIDRs: ["10.0.0.0/8"] } } },
    today: refused("set bpf.masquerade to true"),
    typed: {
      option: "ipMasqAgent",
      given: { ipMasqAgent: { nonMasqueradeCidrs: ["10.0.0.0/8"] } },
      value: { ipMasqAgent: { enabled: true, config: { nonMasqueradeCIDRs: ["10.0.0.0/8"] } } },
    },
  },
  {
    written: "encryption.enabled=true, encryption.type=wireguard",
    values: { encryption: { enabled: true, type: "wireguard" } },
    today: "as it is",
    typed: {
      option: "encryption",
      given: { encryption: { type: "wireguard" } },
      value: { encryption: { enabled: true, type: "wireguard" } },
    },
  },
  {
    written: "encryption.strictMode.enabled=true",
    values: { encryption: { strictMode: { enabled: true } } },
    today: refused("use encryption.strictMode.egress.enabled: true"),
    typed: {
      option: "encryption.strict",
      given: { encryption: { type: "wireguard", strict: {} } },
      value: { encryption: { strictMode: { egress: { enabled: true } } } },
    },
  },
  {
    written: "hubble.redact.kafka.apiKey=true",
    values: { hubble: { redact: { kafka: { apiKey: true } } } },
    today: refused("leave it out"),
  },
  {
    written: "prometheus.metrics={+node_connectivity_status}",
    values: { prometheus: { metrics: ["+node_connectivity_status"] } },
    today: refused("write cilium_node_health_connectivity_status, with the sign before it"),
  },
];
