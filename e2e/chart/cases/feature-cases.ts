import type { RuleCase } from "./rule-cases";

const BPF = { kubeProxyReplacement: true, bpf: { masquerade: true, hostLegacyRouting: false } };
const CHAINED = { cni: { chainingMode: "generic-veth", exclusive: false } };
const LEGACY = { kubeProxyReplacement: true, bpf: { masquerade: true, hostLegacyRouting: true } };
const encryption = (type: string, more: object = {}) => ({ encryption: { enabled: true, type, ...more } });

/** What the agent refuses, or would silently not do: everything that can be switched on. */
export const FEATURE_CASES: readonly RuleCase[] = [
  ["encryption.type", encryption("wiregard"), encryption("wireguard")],
  ["encryption.type", encryption("IPsec"), { encryption: { type: "IPsec" } }],
  [
    "encryption.strictMode.egress.enabled",
    { encryption: { strictMode: { egress: { enabled: true, cidr: "10.0.0.0/8" } } } },
    encryption("wireguard", { strictMode: { egress: { enabled: true, cidr: "10.0.0.0/8" } } }),
  ],
  [
    "encryption.strictMode.egress.cidr",
    encryption("wireguard", { strictMode: { egress: { enabled: true, cidr: "" } } }),
    encryption("wireguard", { strictMode: { egress: { enabled: true, cidr: "10.20.0.0/14" } } }),
  ],
  [
    "encryption.strictMode.ingress.enabled",
    encryption("ipsec", { strictMode: { ingress: { enabled: true } } }),
    encryption("wireguard", { strictMode: { ingress: { enabled: true } } }),
  ],
  [
    "encryption.strictMode.ingress.enabled",
    { encryption: { strictMode: { ingress: { enabled: true } } } },
    encryption("wireguard", { strictMode: { ingress: { enabled: true } } }),
  ],
  [
    "encryption.type",
    { ...encryption("ipsec"), dnsProxy: { enableTransparentMode: false } },
    { ...encryption("ipsec"), dnsProxy: { enableTransparentMode: true } },
  ],
  [
    "hostFirewall.enabled",
    { ...encryption("ipsec"), hostFirewall: { enabled: true } },
    { ...encryption("wireguard"), hostFirewall: { enabled: true } },
  ],
  [
    "encryption.type",
    { ...encryption("ztunnel"), clustermesh: { config: { enabled: true } } },
    { ...encryption("wireguard"), clustermesh: { config: { enabled: true } } },
  ],
  [
    "bandwidthManager.bbr",
    { bandwidthManager: { enabled: true, bbr: true } },
    { ...BPF, bandwidthManager: { enabled: true, bbr: true } },
  ],
  [
    "bandwidthManager.bbr",
    { ...LEGACY, bandwidthManager: { enabled: true, bbr: true } },
    { ...LEGACY, bandwidthManager: { enabled: true, bbr: true, bbrHostNamespaceOnly: true } },
  ],
  [
    "bandwidthManager.bbrHostNamespaceOnly",
    { bandwidthManager: { enabled: true, bbrHostNamespaceOnly: true } },
    { bandwidthManager: { enabled: true, bbr: true, bbrHostNamespaceOnly: true } },
  ],
  ["bandwidthManager.bbr", { bandwidthManager: { bbr: true } }, { bandwidthManager: { enabled: true } }],
  [
    "bandwidthManager.enabled",
    { ...encryption("ipsec"), bandwidthManager: { enabled: true } },
    { bandwidthManager: { enabled: true } },
  ],
  [
    "egressGateway.enabled",
    { egressGateway: { enabled: true }, kubeProxyReplacement: true },
    { ...BPF, egressGateway: { enabled: true } },
  ],
  [
    "egressGateway.enabled",
    { ...BPF, egressGateway: { enabled: true }, ciliumEndpointSlice: { enabled: true } },
    { ...BPF, ciliumEndpointSlice: { enabled: true } },
  ],
  [
    "egressGateway.enabled",
    { ...BPF, egressGateway: { enabled: true }, identityAllocationMode: "kvstore", etcd: { enabled: true } },
    { ...BPF, identityAllocationMode: "kvstore", etcd: { enabled: true } },
  ],
  [
    "egressGateway.enabled",
    { ...BPF, egressGateway: { enabled: true }, ipv6: { enabled: true }, underlayProtocol: "ipv6" },
    { ...BPF, egressGateway: { enabled: true }, ipv6: { enabled: true } },
  ],
  ["enableIPv4BIGTCP", { enableIPv4BIGTCP: true }, { ...BPF, enableIPv4BIGTCP: true }],
  [
    "enableIPv4BIGTCP",
    { ...BPF, bpf: { ...BPF.bpf, hostLegacyRouting: true }, enableIPv4BIGTCP: true },
    { ...BPF, enableIPv4BIGTCP: true },
  ],
  ["enableIPv6BIGTCP", { enableIPv6BIGTCP: true }, { ...BPF, enableIPv6BIGTCP: true }],
  ["enableIPv6BIGTCP", { ...BPF, ...encryption("ipsec"), enableIPv6BIGTCP: true }, { ...BPF, enableIPv6BIGTCP: true }],
  ["bpf.datapathMode", { bpf: { datapathMode: "netkit" } }, { ...BPF, bpf: { ...BPF.bpf, datapathMode: "netkit" } }],
  ["bpf.datapathMode", { bpf: { datapathMode: "vethh" } }, { bpf: { datapathMode: "auto" } }],
  ["policyEnforcementMode", { policyEnforcementMode: "allways" }, { policyEnforcementMode: "Always" }],
  ["policyCIDRMatchMode", { policyCIDRMatchMode: ["node"] }, { policyCIDRMatchMode: ["nodes", "pods"] }],
  ["policyDenyResponse", { policyDenyResponse: "reject" }, { policyDenyResponse: "icmp" }],
  ["serviceNoBackendResponse", { serviceNoBackendResponse: "icmp" }, { serviceNoBackendResponse: "drop" }],
  [
    "identityAllocationMode",
    { identityAllocationMode: "etcd", etcd: { enabled: true } },
    { identityAllocationMode: "crd" },
  ],
  [
    "identityAllocationMode",
    { identityAllocationMode: "kvstore" },
    { identityAllocationMode: "kvstore", etcd: { enabled: true } },
  ],
  ["bpf.monitorAggregation", { bpf: { monitorAggregation: "high" } }, { bpf: { monitorAggregation: "Maximum" } }],
  ["bpf.monitorFlags", { bpf: { monitorFlags: "synack" } }, { bpf: { monitorFlags: "syn,fin rst" } }],
  [
    "bpf.events.default.rateLimit",
    { bpf: { events: { default: { rateLimit: 10 } } } },
    { bpf: { events: { default: { rateLimit: 10, burstLimit: 20 } } } },
  ],
  [
    "dnsProxy.maxDeferredConnectionDeletes",
    { dnsProxy: { maxDeferredConnectionDeletes: -1 } },
    { dnsProxy: { maxDeferredConnectionDeletes: 0 } },
  ],
  [
    "hubble.metrics.dynamic.enabled",
    { hubble: { metrics: { enabled: ["drop"], dynamic: { enabled: true } } } },
    { hubble: { metrics: { dynamic: { enabled: true } } } },
  ],
  [
    "hubble.eventBufferCapacity",
    { hubble: { eventBufferCapacity: 4096 } },
    { hubble: { eventBufferCapacity: "4095" } },
  ],
  [
    "cluster.id",
    { cluster: { name: "a", id: 256 } },
    { cluster: { name: "a", id: 256 }, clustermesh: { maxConnectedClusters: 511 } },
  ],
  [
    "cluster.id",
    { clustermesh: { useAPIServer: true } },
    { cluster: { name: "a", id: 1 }, clustermesh: { useAPIServer: true } },
  ],
  [
    "l2podAnnouncements.interfacePattern",
    { l2podAnnouncements: { enabled: true, interfacePattern: "" } },
    { l2podAnnouncements: { enabled: true, interfacePattern: "^eth0$" } },
  ],
  [
    "operator.endpointGCInterval",
    { operator: { endpointGCInterval: "0s" } },
    { operator: { endpointGCInterval: "1m" } },
  ],
  [
    "operator.unmanagedPodWatcher.selector",
    { operator: { unmanagedPodWatcher: { selector: "" } } },
    { operator: { unmanagedPodWatcher: { selector: "a=b" } } },
  ],
  [
    "operator.unmanagedPodWatcher.selector",
    { operator: { unmanagedPodWatcher: { selector: "!a" } } },
    { operator: { unmanagedPodWatcher: { selector: "a notin (b)" } } },
  ],
  ["vtep.endpoint", { vtep: { enabled: true, endpoint: "" } }, { vtep: { enabled: true, endpoint: "10.1.1.1" } }],
  [
    "prometheus.metrics",
    { prometheus: { metrics: ["+cilium_node_connectivity_status"] } },
    { prometheus: { metrics: ["+cilium_node_health_connectivity_status"] } },
  ],
  [
    "prometheus.metrics",
    { prometheus: { metrics: ["cilium_bpf_map_pressure"] } },
    { prometheus: { metrics: ["+cilium_bpf_map_pressure"] } },
  ],
  [
    "prometheus.metrics",
    { prometheus: { metrics: ["+bpf_map_pressure"] } },
    { prometheus: { metrics: ["--cilium_bpf_map_pressure"] } },
  ],
  ["debug.verbose", { debug: { verbose: "flow everything" } }, { debug: { verbose: "flow policy" } }],
  [
    "prometheus.metrics",
    { prometheus: { metrics: ["-cilium_node_connectivity_latency_seconds"] } },
    { prometheus: { metrics: ["+cilium_node_health_connectivity_latency_seconds"] } },
  ],
  [
    "prometheus.metrics",
    { prometheus: { metrics: ["+cilium_policy_import_errors_total"] } },
    { prometheus: { metrics: ["+cilium_policy_change_total"] } },
  ],
  ["bpf.authMapMax", { bpf: { authMapMax: 100 } }, { bpf: { authMapMax: 1024 } }],
  ["bpf.ctTcpMax", { bpf: { ctTcpMax: 1000 } }, { bpf: { ctTcpMax: 1024 } }],
  ["bpf.ctAnyMax", { bpf: { ctAnyMax: 20_000_000 } }, { bpf: { ctAnyMax: 0 } }],
  ["bpf.natMax", { bpf: { natMax: 1 } }, { bpf: { natMax: 524_288 } }],
  [
    "bpf.natMax",
    { bpf: { natMax: 4096, ctTcpMax: 1024, ctAnyMax: 1024 } },
    { bpf: { natMax: 2048, ctTcpMax: 1024, ctAnyMax: 1024 } },
  ],
  ["bpf.nodeMapMax", { bpf: { nodeMapMax: 1024 } }, { bpf: { nodeMapMax: 32768 } }],
  ["nat.mapStatsEntries", { nat: { mapStatsEntries: 0 } }, { nat: { mapStatsEntries: 0, mapStatsInterval: "0s" } }],
  ["nat.mapStatsEntries", { nat: { mapStatsEntries: 4097 } }, { nat: { mapStatsEntries: 4096 } }],
  [
    "hubble.lostEventSendInterval",
    { hubble: { lostEventSendInterval: "0s" } },
    { hubble: { lostEventSendInterval: "500ms" } },
  ],
  ["bpf.mapDynamicSizeRatio", { bpf: { mapDynamicSizeRatio: 1.5 } }, { bpf: { mapDynamicSizeRatio: 0.01 } }],
];

/** What cannot work on GKE, whatever upstream says. */
export const GKE_CASES: readonly RuleCase[] = [
  ["devices", { devices: ["eth+"] }, { devices: "" }],
  ["egressMasqueradeInterfaces", { egressMasqueradeInterfaces: "eth0" }, {}],
  [
    "loadBalancer.l7.backend",
    { cni: { chainingMode: "generic-veth", exclusive: false }, loadBalancer: { l7: { backend: "envoy" } } },
    { cni: { chainingMode: "generic-veth", exclusive: false }, loadBalancer: { l7: { backend: "disabled" } } },
  ],
  [
    "autoDirectNodeRoutes",
    { autoDirectNodeRoutes: true, routingMode: "native", ipv4NativeRoutingCIDR: "10.0.0.0/8" },
    { autoDirectNodeRoutes: false },
  ],
  [
    "installNoConntrackIptablesRules",
    { installNoConntrackIptablesRules: true, gke: { enabled: true }, ipv4NativeRoutingCIDR: "10.0.0.0/8" },
    { installNoConntrackIptablesRules: false },
  ],
  ["bpf.hostLegacyRouting", { kubeProxyReplacement: true, bpf: { masquerade: true } }, BPF],
  ["cni.binPath", { cni: { binPath: "/opt/cni/bin" } }, { cni: { binPath: "/home/kubernetes/bin" } }],
  ["cni.exclusive", { cni: { chainingTarget: "*" } }, { cni: { chainingTarget: "*", exclusive: false } }],
  [
    "cni.exclusive",
    { cni: { chainingMode: "generic-veth" } },
    { cni: { chainingMode: "generic-veth", exclusive: false } },
  ],
  [
    "nodeinit.reconfigureKubelet",
    { cni: { chainingTarget: "*", exclusive: false }, nodeinit: { enabled: true, reconfigureKubelet: true } },
    { cni: { chainingTarget: "*", exclusive: false }, nodeinit: { enabled: true, reconfigureKubelet: false } },
  ],
  [
    "cni.enableRouteMTUForCNIChaining",
    { ...encryption("wireguard"), cni: { chainingMode: "generic-veth", exclusive: false } },
    {
      ...encryption("wireguard"),
      cni: { chainingMode: "generic-veth", exclusive: false, enableRouteMTUForCNIChaining: true },
    },
  ],
  [
    "encryption.type",
    { ...encryption("ipsec"), cni: { chainingMode: "generic-veth", exclusive: false } },
    encryption("ipsec"),
  ],
  ["hostFirewall.enabled", { ...CHAINED, hostFirewall: { enabled: true } }, { hostFirewall: { enabled: true } }],
  ["gatewayAPI.enabled", { ...CHAINED, gatewayAPI: { enabled: true } }, { gatewayAPI: { enabled: true } }],
  [
    "ingressController.enabled",
    { ...CHAINED, ingressController: { enabled: true } },
    { ingressController: { enabled: true } },
  ],
  ["operator.replicas", { operator: { replicas: 0 } }, { operator: { replicas: 1 } }],
  ["cni.chainingMode", { cni: { chainingMode: "generic-vet" } }, { cni: { chainingMode: "portmap" } }],
  [
    "l2announcements.enabled",
    { kubeProxyReplacement: true, l2announcements: { enabled: true } },
    { l2announcements: { enabled: false } },
  ],
  [
    "loadBalancer.acceleration",
    { loadBalancer: { acceleration: "native" } },
    { loadBalancer: { acceleration: "disabled" } },
  ],
  [
    "loadBalancer.mode",
    { ...BPF, routingMode: "native", ipv4NativeRoutingCIDR: "10.0.0.0/8", loadBalancer: { mode: "dsr" } },
    { ...BPF, routingMode: "native", ipv4NativeRoutingCIDR: "10.0.0.0/8", loadBalancer: { mode: "snat" } },
  ],
  ["defaultLBServiceIPAM", { defaultLBServiceIPAM: "lbipam" }, { enableLBIPAM: true }],
  ["defaultLBServiceIPAM", { defaultLBServiceIPAM: "nodeipam" }, {}],
];

const leases = (more: object) => ({ kubeProxyReplacement: true, l2announcements: { enabled: true, ...more } });

/** The same, where announcements by ARP are accepted. */
export const ANNOUNCED_CASES: readonly RuleCase[] = [
  ["l2announcements.enabled", { l2announcements: { enabled: true } }, leases({})],
  ["l2announcements.leaseDuration", leases({ leaseDuration: "5s" }), leases({ leaseDuration: "6s" })],
  [
    "l2announcements.leaseDuration",
    leases({ leaseDuration: "900ms", leaseRenewDeadline: "500ms", leaseRetryPeriod: "200ms" }),
    leases({ leaseDuration: "3s", leaseRenewDeadline: "1s", leaseRetryPeriod: "200ms" }),
  ],
  [
    "l2announcements.leaseRenewDeadline",
    leases({ leaseRenewDeadline: "2400ms" }),
    leases({ leaseRenewDeadline: "2500ms" }),
  ],
];
