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
