import { Token } from "cdktf";
import type { HelmValues } from "../../../lib/cilium";

/** Values that break a rule of a key, and values near them that do not. */
export type RuleCase = readonly [path: string, broken: HelmValues, fine: HelmValues];

const monitors = (trust: boolean) => ({
  prometheus: { enabled: true, serviceMonitor: { enabled: true, trustCRDsExist: trust } },
});
/** Native routing with kube-proxy replaced and BPF host routing, as far as values decide. */
const BPF = { kubeProxyReplacement: true, bpf: { masquerade: true, hostLegacyRouting: false } };
const NATIVE = { routingMode: "native", ipv4NativeRoutingCIDR: "10.0.0.0/8" };
const mesh = (apiserver: HelmValues, more: HelmValues = {}) => ({
  cluster: { id: 3, name: "a" },
  clustermesh: { useAPIServer: true, apiserver },
  ...more,
});
const external = (kvstoremesh: HelmValues, more: HelmValues = {}) =>
  mesh(
    { replicas: 1, kvstoremesh: { enabled: true, kvstoreMode: "external", ...kvstoremesh } },
    { identityAllocationMode: "kvstore", etcd: { enabled: true }, ...more },
  );
const ui = (more: HelmValues) => ({ hubble: { relay: { enabled: true }, ui: { enabled: true, ...more } } });
const provided = (more: HelmValues): HelmValues => ({
  hubble: { tls: { auto: { enabled: false }, server: { existingSecret: "x" } }, ...more },
});
const cert = { cert: "x", key: "y" };

/** What templates/validate.yaml and the other templates refuse. */
export const CHART_CASES: readonly RuleCase[] = [
  ["k8sServiceHost", { k8sServiceHost: "a", k8sServiceHostRef: { name: "b", key: "c" } }, { k8sServiceHost: "a" }],
  ["k8sServiceHost", { k8sServiceHost: "auto" }, { k8sServiceHostRef: { name: "b", key: "c" } }],
  [
    "hubble.ui.enabled",
    { hubble: { ui: { enabled: true } } },
    { hubble: { ui: { enabled: true, standalone: { enabled: true } } } },
  ],
  [
    "hubble.ui.standalone.tls.certsVolume",
    {
      hubble: {
        relay: { enabled: true, tls: { server: { enabled: true } } },
        ui: { enabled: true, standalone: { enabled: true } },
      },
    },
    {
      hubble: {
        relay: { enabled: true, tls: { server: { enabled: true } } },
        ui: { enabled: true, standalone: { enabled: true, tls: { certsVolume: { secret: {} } } } },
      },
    },
  ],
  [
    "hubble.relay.enabled",
    { hubble: { enabled: false, relay: { enabled: true } } },
    { hubble: { relay: { enabled: true } } },
  ],
  ["prometheus.serviceMonitor.trustCRDsExist", monitors(false), monitors(true)],
  [
    "prometheus.serviceMonitor.trustCRDsExist",
    { operator: { prometheus: { serviceMonitor: { enabled: true } } } },
    { operator: { prometheus: { enabled: false, serviceMonitor: { enabled: true } } } },
  ],
  [
    "hubble.tls.auto.certManagerIssuerRef",
    { hubble: { tls: { auto: { method: "certmanager", certManagerIssuerRef: {} } } } },
    { hubble: { tls: { auto: { method: "certmanager", certManagerIssuerRef: { name: "ca" } } } } },
  ],
  [
    "hubble.redact.http.headers.deny",
    { hubble: { redact: { http: { headers: { allow: ["a"], deny: ["b"] } } } } },
    { hubble: { redact: { http: { headers: { deny: ["b"] } } } } },
  ],
  [
    "clustermesh.apiserver.tls.auto.certManagerIssuerRef",
    mesh({ tls: { auto: { method: "certmanager" } } }),
    mesh({ tls: { auto: { method: "certmanager", certManagerIssuerRef: { name: "ca" } } } }),
  ],
  [
    "hubble.ui.backend.image.tag",
    ui({ backend: { image: { tag: "v0.8.5" } } }),
    ui({ backend: { image: { tag: "latest" } } }),
  ],
  [
    "hubble.ui.frontend.image.tag",
    ui({ frontend: { image: { tag: "v0.8.5@sha256:0" } } }),
    ui({ frontend: { image: { tag: "v0.13.0" } } }),
  ],
  ["l7Proxy", { l7Proxy: false, gatewayAPI: { enabled: true } }, { l7Proxy: false }],
  [
    "ingressController.service.externalTrafficPolicy",
    { ingressController: { enabled: true, service: { externalTrafficPolicy: "local" } } },
    { ingressController: { enabled: true, service: { externalTrafficPolicy: "Local" } } },
  ],
  [
    "gatewayAPI.externalTrafficPolicy",
    { gatewayAPI: { enabled: true, externalTrafficPolicy: "local" } },
    { gatewayAPI: { enabled: true, externalTrafficPolicy: "Local" } },
  ],
  [
    "authentication.mutual.spire.enabled",
    { authentication: { mutual: { spire: { enabled: true } } } },
    { authentication: { enabled: true, mutual: { spire: { enabled: true } } } },
  ],
  [
    "disableEndpointCRD",
    { disableEndpointCRD: true, ciliumEndpointSlice: { enabled: true } },
    { disableEndpointCRD: true },
  ],
  ["disableEndpointCRD", mesh({}, { disableEndpointCRD: true }), mesh({}, { disableEndpointCRD: false })],
  ["cluster.name", { cluster: { name: "Prod_1" } }, { cluster: { name: "prod-1" } }],
  ["cluster.name", { cluster: { name: "a".repeat(33) } }, { cluster: { name: "a".repeat(32) } }],
  ["cluster.name", { cluster: { name: "" } }, { cluster: { name: Token.asString({}) } }],
  ["cluster.id", { cluster: { id: 7 } }, { cluster: { id: 7, name: "prod" } }],
  [
    "clustermesh.apiserver.kvstoremesh.kvstoreMode",
    mesh({ kvstoremesh: { kvstoreMode: "extern" } }),
    mesh({ kvstoremesh: { kvstoreMode: "internal" } }),
  ],
  ["clustermesh.apiserver.kvstoremesh.kvstoreMode", external({}, { identityAllocationMode: "crd" }), external({})],
  [
    "clustermesh.apiserver.kvstoremesh.enabled",
    mesh({ kvstoremesh: { enabled: false } }, { identityAllocationMode: "kvstore", etcd: { enabled: true } }),
    mesh({ kvstoremesh: { enabled: true } }, { identityAllocationMode: "kvstore", etcd: { enabled: true } }),
  ],
  [
    "clustermesh.maxConnectedClusters",
    { clustermesh: { maxConnectedClusters: 256 } },
    { clustermesh: { maxConnectedClusters: 511 } },
  ],
  ["envoy.baseID", { envoy: { baseID: -1 } }, { envoy: { baseID: 7 } }],
  [
    "extraEnv",
    { k8sClientExponentialBackoff: { enabled: true }, extraEnv: [{ name: "KUBE_CLIENT_BACKOFF_BASE", value: "1" }] },
    { k8sClientExponentialBackoff: { enabled: true }, extraEnv: [{ name: "OTHER", value: "1" }] },
  ],
  [
    "dnsProxy.proxyPort",
    { standaloneDnsProxy: { enabled: true }, dnsProxy: { proxyPort: 0 } },
    { standaloneDnsProxy: { enabled: true }, dnsProxy: { proxyPort: 10094 } },
  ],
  [
    "bpf.tproxy",
    { ...BPF, bpf: { ...BPF.bpf, tproxy: true, datapathMode: "netkit" } },
    { ...BPF, bpf: { ...BPF.bpf, tproxy: true } },
  ],
  ["ipam.mode", { ipam: { mode: "eni" } }, { ipam: { mode: "kubernetes" } }],
  ["kubeProxyReplacement", { kubeProxyReplacement: "strict" }, { kubeProxyReplacement: "true" }],
  ["routingMode", { gke: { enabled: true }, routingMode: "tunnel" }, { gke: { enabled: true }, ...NATIVE }],
  [
    "keepDeprecatedLabels",
    { keepDeprecatedLabels: true, gke: { enabled: true }, ...NATIVE },
    { keepDeprecatedLabels: true },
  ],
  [
    "ipam.operator.clusterPoolIPv4PodCIDRList",
    {
      routingMode: "native",
      nativeRoutingCIDRFromClusterPool: true,
      ipam: { operator: { clusterPoolIPv4PodCIDRList: ["10.0.0.0/8", "11.0.0.0/8"] } },
    },
    { routingMode: "native", nativeRoutingCIDRFromClusterPool: true },
  ],
  [
    "ipam.operator.clusterPoolIPv6PodCIDRList",
    {
      ...NATIVE,
      nativeRoutingCIDRFromClusterPool: true,
      ipv6: { enabled: true },
      ipam: { operator: { clusterPoolIPv6PodCIDRList: ["fd00::/104", "fd01::/104"] } },
    },
    { ...NATIVE, nativeRoutingCIDRFromClusterPool: true, ipv6: { enabled: true } },
  ],
  [
    "operator.setNodeTaints",
    { operator: { setNodeTaints: true, removeNodeTaints: false } },
    { operator: { setNodeTaints: false, removeNodeTaints: false } },
  ],
  ["clustermesh.apiserver.tls.authMode", mesh({ tls: { authMode: "strict" } }), mesh({ tls: { authMode: "cluster" } })],
  ["hubble.tls.server.cert", { hubble: { tls: { auto: { enabled: false } } } }, provided({})],
  [
    "hubble.relay.tls.client.cert",
    provided({ relay: { enabled: true } }),
    provided({ relay: { enabled: true, tls: { client: cert } } }),
  ],
  [
    "hubble.relay.tls.server.cert",
    provided({ relay: { enabled: true, tls: { client: cert, server: { enabled: true } } } }),
    provided({ relay: { enabled: true, tls: { client: cert, server: { enabled: true, existingSecret: "y" } } } }),
  ],
  [
    "hubble.ui.tls.client.cert",
    provided({
      relay: { enabled: true, tls: { client: cert, server: { enabled: true, ...cert } } },
      ui: { enabled: true },
    }),
    provided({
      relay: { enabled: true, tls: { client: cert, server: { enabled: true, ...cert } } },
      ui: { enabled: true, tls: { client: cert } },
    }),
  ],
  [
    "hubble.metrics.tls.server.cert",
    provided({ metrics: { tls: { enabled: true } } }),
    provided({ metrics: { tls: { enabled: true, server: cert } } }),
  ],
  [
    "clustermesh.config.clusters",
    { clustermesh: { config: { enabled: true, clusters: [{ name: "a", port: 2379 }] } } },
    {
      clustermesh: {
        config: { enabled: true, clusters: { a: { port: 2379, address: "a.mesh" }, b: { enabled: false } } },
      },
    },
  ],
];

/** What the agent refuses: addresses, routes and masquerading. */
export const ROUTING_CASES: readonly RuleCase[] = [
  ["routingMode", { routingMode: "nativ" }, NATIVE],
  ["tunnelProtocol", { tunnelProtocol: "gre" }, { tunnelProtocol: "geneve" }],
  ["underlayProtocol", { underlayProtocol: "v4" }, { underlayProtocol: "auto" }],
  ["underlayProtocol", { underlayProtocol: "ipv6" }, { underlayProtocol: "ipv6", ipv6: { enabled: true } }],
  ["ipam.mode", { ipam: { mode: "kube" } }, { ipam: { mode: "multi-pool" } }],
  ["ipv4.enabled", { ipv4: { enabled: false } }, { ipv4: { enabled: false }, ipv6: { enabled: true } }],
  ["tunnelSourcePortRange", { tunnelSourcePortRange: "1000" }, { tunnelSourcePortRange: "0-0" }],
  ["ipv4NativeRoutingCIDR", { routingMode: "native", enableIPv4Masquerade: true }, NATIVE],
  [
    "ipv4NativeRoutingCIDR",
    { routingMode: "native", ipv4NativeRoutingCIDR: "" },
    { routingMode: "native", enableIPv4Masquerade: false },
  ],
  [
    "ipv4NativeRoutingCIDR",
    { ...NATIVE, ipv4NativeRoutingCIDR: "hello" },
    { ...NATIVE, ipv4NativeRoutingCIDR: "10.1.2.3/8" },
  ],
  [
    "ipv4NativeRoutingCIDR",
    { ...NATIVE, ipv4NativeRoutingCIDR: "0.0.0.0/0" },
    { ...NATIVE, enableIPv4Masquerade: false, ipv4NativeRoutingCIDR: "0.0.0.0/0" },
  ],
  [
    "ipv6NativeRoutingCIDR",
    { ...NATIVE, ipv6: { enabled: true } },
    { ...NATIVE, ipv6: { enabled: true }, enableIPv6Masquerade: false },
  ],
  ["ipv6NativeRoutingCIDR", { ipv6NativeRoutingCIDR: "10.0.0.0/8" }, { ipv6NativeRoutingCIDR: "fd00::/104" }],
  ["autoDirectNodeRoutes", { autoDirectNodeRoutes: true }, { autoDirectNodeRoutes: false }],
  ["directRoutingSkipUnreachable", { directRoutingSkipUnreachable: true }, { directRoutingSkipUnreachable: false }],
  ["bpf.masquerade", { bpf: { masquerade: true }, enableIPv4Masquerade: false }, { bpf: { masquerade: true } }],
  [
    "enableMasqueradeRouteSource",
    { enableMasqueradeRouteSource: true, bpf: { masquerade: true } },
    { enableMasqueradeRouteSource: true },
  ],
  [
    "ipMasqAgent.enabled",
    { ipMasqAgent: { enabled: true } },
    { ipMasqAgent: { enabled: true }, bpf: { masquerade: true } },
  ],
  [
    "ipMasqAgent.config.nonMasqueradeCIDRs",
    { ipMasqAgent: { config: { nonMasqueradeCIDRs: ["10.0.0.0"] } } },
    { ipMasqAgent: { config: { nonMasqueradeCIDRs: ["10.0.0.0/8", "fd00::/8"] } } },
  ],
  [
    "installNoConntrackIptablesRules",
    { installNoConntrackIptablesRules: true },
    { ...BPF, ...NATIVE, installNoConntrackIptablesRules: true },
  ],
  [
    "nat46x64Gateway.enabled",
    { nat46x64Gateway: { enabled: true } },
    { nat46x64Gateway: { enabled: true }, ipv6: { enabled: true } },
  ],
  [
    "endpointHealthChecking.enabled",
    { ipam: { mode: "delegated-plugin" } },
    { ipam: { mode: "delegated-plugin" }, endpointHealthChecking: { enabled: false } },
  ],
  [
    "ipam.mode",
    { ipam: { mode: "delegated-plugin" }, endpointHealthChecking: { enabled: false }, gatewayAPI: { enabled: true } },
    { gatewayAPI: { enabled: true } },
  ],
  ["bpf.vlanBypass", { bpf: { vlanBypass: ["all"] } }, { bpf: { vlanBypass: [0, 4000] } }],
  [
    "pmtuDiscovery.packetizationLayerPMTUDMode",
    { pmtuDiscovery: { packetizationLayerPMTUDMode: "on" } },
    { pmtuDiscovery: { packetizationLayerPMTUDMode: "always" } },
  ],
];

/** What the agent refuses: Services. */
export const SERVICE_CASES: readonly RuleCase[] = [
  [
    "kubeProxyReplacementHealthzBindAddr",
    { kubeProxyReplacementHealthzBindAddr: "0.0.0.0:10256", k8sServiceHost: "x" },
    { kubeProxyReplacementHealthzBindAddr: "0.0.0.0:10256", k8sServiceHost: "x", kubeProxyReplacement: true },
  ],
  [
    "kubeProxyReplacementHealthzBindAddr",
    { kubeProxyReplacementHealthzBindAddr: "10256", k8sServiceHost: "x", kubeProxyReplacement: true },
    { kubeProxyReplacementHealthzBindAddr: "[::]:10256", k8sServiceHost: "x", kubeProxyReplacement: true },
  ],
  [
    "k8sServiceHost",
    { kubeProxyReplacementHealthzBindAddr: "0.0.0.0:10256", kubeProxyReplacement: true },
    {
      kubeProxyReplacementHealthzBindAddr: "0.0.0.0:10256",
      kubeProxyReplacement: true,
      k8sServiceHost: Token.asString({}),
    },
  ],
  ["loadBalancer.mode", { loadBalancer: { mode: "nat" } }, { loadBalancer: { mode: "dsr" }, ...NATIVE }],
  ["loadBalancer.algorithm", { loadBalancer: { algorithm: "rr" } }, { loadBalancer: { algorithm: "maglev" } }],
  ["loadBalancer.dsrDispatch", { loadBalancer: { dsrDispatch: "gre" } }, { loadBalancer: { dsrDispatch: "opt" } }],
  [
    "loadBalancer.acceleration",
    { loadBalancer: { acceleration: "xdp" } },
    { loadBalancer: { acceleration: "testing-only" } },
  ],
  [
    "loadBalancer.mode",
    { loadBalancer: { mode: "hybrid" }, bpf: { lbModeAnnotation: true } },
    { loadBalancer: { mode: "snat" }, bpf: { lbModeAnnotation: true } },
  ],
  [
    "loadBalancer.reflectorWaitTime",
    { loadBalancer: { reflectorWaitTime: "0s" } },
    { loadBalancer: { reflectorWaitTime: "500ms" } },
  ],
  ["bpf.lbMapMax", { bpf: { lbMapMax: 0 } }, { bpf: { lbMapMax: 65536 } }],
  ["nodePort.range", { nodePort: { range: "30000" } }, { nodePort: { range: "30000,32767" } }],
  [
    "nodePort.range",
    { kubeProxyReplacement: true, nodePort: { range: "61000,62000" } },
    { nodePort: { range: "61000,62000" } },
  ],
  [
    "nodePort.autoProtectPortRange",
    { kubeProxyReplacement: true, nodePort: { range: "30000,33000", autoProtectPortRange: false } },
    { kubeProxyReplacement: true, nodePort: { range: "30000,33000" } },
  ],
  ["nodePort.addresses", { nodePort: { addresses: ["10.0.0.1"] } }, { nodePort: { addresses: ["10.0.0.0/8"] } }],
  ["maglev.tableSize", { maglev: { tableSize: 100 } }, { maglev: { tableSize: 16381 } }],
  ["maglev.hashSeed", { maglev: { hashSeed: "abc" } }, { maglev: { hashSeed: "JLfvgnHc2kaSUFaI" } }],
  [
    "loadBalancer.mode",
    { kubeProxyReplacement: true, loadBalancer: { mode: "dsr" } },
    { kubeProxyReplacement: true, ...NATIVE, loadBalancer: { mode: "dsr" } },
  ],
  [
    "loadBalancer.dsrDispatch",
    { kubeProxyReplacement: true, ...NATIVE, loadBalancer: { mode: "dsr", dsrDispatch: "geneve" } },
    {
      kubeProxyReplacement: true,
      ...NATIVE,
      tunnelProtocol: "geneve",
      loadBalancer: { mode: "dsr", dsrDispatch: "geneve" },
    },
  ],
  [
    "bpf.lbModeAnnotation",
    { kubeProxyReplacement: true, bpf: { lbModeAnnotation: true } },
    { kubeProxyReplacement: true, ...NATIVE, bpf: { lbModeAnnotation: true } },
  ],
  [
    "loadBalancer.acceleration",
    {
      kubeProxyReplacement: true,
      ipv6: { enabled: true },
      underlayProtocol: "ipv6",
      loadBalancer: { acceleration: "testing-only" },
    },
    { kubeProxyReplacement: true, loadBalancer: { acceleration: "testing-only" } },
  ],
  ["defaultLBServiceIPAM", { defaultLBServiceIPAM: "google" }, { defaultLBServiceIPAM: "none" }],
];
