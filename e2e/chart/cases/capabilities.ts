import { Dataplane } from "../../../lib/dataplane";
import type { EnvironmentDefinition } from "../../../lib/environment";

/** How a capability is asked for with one kind of dataplane. */
export interface Asked {
  /** The option, as it is written; what is asked for through values or the cluster is named so. */
  readonly by: string;
  /** What is asked. */
  readonly environment: Partial<EnvironmentDefinition> & Pick<EnvironmentDefinition, "dataplane">;
}

/** Something that a datapath can do, and how each kind of dataplane is asked for it; where nobody can ask, nothing. */
export interface Capability {
  readonly title: string;
  /** Part of `docs/datapath.md` that tells of it. */
  readonly section: string;
  readonly kubeProxyFree?: Asked;
  readonly cniChaining?: Asked;
  readonly v2?: Asked;
  /** Scenarios and proofs that show it at work without kube-proxy, besides what the chart makes of it. @default - none */
  readonly shownBy?: readonly string[];
  /** What the agents of the kube-proxy-free cluster are configured with, a key of `cilium-config` each. */
  readonly config?: Readonly<Record<string, string>>;
}

type Options<Make extends (options: never) => Dataplane> = Parameters<Make>[0];
type FreeOptions = NonNullable<Options<typeof Dataplane.kubeProxyFree>>;
type ChainingValues = NonNullable<NonNullable<Options<typeof Dataplane.cniChaining>>["values"]>;
type V2Options = NonNullable<Options<typeof Dataplane.v2>>;
type More = Partial<EnvironmentDefinition>;

const free = (by: string, options: FreeOptions, more: More = {}): { kubeProxyFree: Asked } => ({
  kubeProxyFree: { by, environment: { ...more, dataplane: Dataplane.kubeProxyFree(options) } },
});
const chained = (by: string, values: ChainingValues): { cniChaining: Asked } => ({
  cniChaining: { by: `values.${by}`, environment: { dataplane: Dataplane.cniChaining({ values }) } },
});
const google = (by: string, options: V2Options, more: More = {}): { v2: Asked } => ({
  v2: { by, environment: { ...more, dataplane: Dataplane.v2(options) } },
});

/** A pool of gateways as the page has it. */
const GATEWAYS: More = {
  nodePools: [
    { name: "general", minNodes: 3, maxNodes: 9 },
    {
      name: "egress",
      minNodes: 2,
      maxNodes: 3,
      taints: [{ key: "egress-gateway", value: "true", effect: "NO_SCHEDULE" }],
    },
  ],
};

/** What `docs/datapath.md` has a table of: rows are made of it, and the real chart is rendered with it. */
export const CAPABILITIES: readonly Capability[] = [
  {
    title: "Encryption by WireGuard",
    section: "encryption",
    shownBy: ["packets-wireguard"],
    ...free("encryption", { encryption: { type: "wireguard" } }),
    ...chained("encryption", {
      encryption: { enabled: true, type: "wireguard" },
      cni: { enableRouteMTUForCNIChaining: true },
    }),
    ...google("inTransitEncryption", { inTransitEncryption: true }),
    config: { "enable-wireguard": "true" },
  },
  {
    title: "Encryption of nodes as well",
    section: "encryption",
    ...free("encryption.nodeToNode", { encryption: { type: "wireguard", nodeToNode: true } }),
    config: { "enable-wireguard": "true", "encrypt-node": "true" },
  },
  {
    title: "Clear text dropped (strict mode)",
    section: "encryption",
    ...free("encryption.strict", { encryption: { type: "wireguard", strict: {} } }),
    config: {
      "enable-encryption-strict-mode-egress": "true",
      "encryption-strict-egress-cidr": "10.20.0.0/14",
      "encryption-strict-egress-allow-remote-node-identities": "false",
    },
  },
  {
    title: "Encryption by IPsec",
    section: "encryption",
    shownBy: ["packets-encryption"],
    ...free("encryption", { encryption: { type: "ipsec" } }),
    ...chained("encryption", { encryption: { enabled: true, type: "ipsec" } }),
    config: {
      "enable-ipsec": "true",
      "ipsec-key-file": "/etc/ipsec/keys",
      "ipsec-key-rotation-duration": "5m",
      "enable-ipsec-key-watcher": "true",
    },
  },
  {
    title: "Egress gateway",
    section: "egress-gateway",
    shownBy: ["packets-egress"],
    ...free("egressGateway", { egressGateway: { nodePool: "egress" } }, GATEWAYS),
    ...chained("egressGateway", { egressGateway: { enabled: true } }),
    config: { "enable-egress-gateway": "true", "enable-bpf-masquerade": "true", "enable-host-legacy-routing": "true" },
  },
  {
    title: "ip-masq-agent of Cilium",
    section: "masquerading",
    ...free("ipMasqAgent", { ipMasqAgent: { nonMasqueradeCidrs: ["10.0.0.0/8"] } }),
    ...chained("ipMasqAgent", { ipMasqAgent: { enabled: true } }),
    config: { "enable-ip-masq-agent": "true", "enable-bpf-masquerade": "true" },
  },
  {
    title: "Bandwidth limits of pods",
    section: "bandwidth",
    shownBy: ["packets-bandwidth"],
    ...free("bandwidthManager", { bandwidthManager: {} }),
    ...chained("bandwidthManager", { bandwidthManager: { enabled: true } }),
    config: { "enable-bandwidth-manager": "true" },
  },
  {
    title: "BBR for pods",
    section: "bandwidth",
    ...free("bandwidthManager.bbrHostNamespaceOnly", {
      bandwidthManager: { bbr: true, bbrHostNamespaceOnly: true },
    }),
    ...chained("bandwidthManager.bbr", { bandwidthManager: { enabled: true, bbr: true } }),
    config: { "enable-bbr": "true", "enable-bbr-hostns-only": "true" },
  },
  {
    title: "Maglev",
    section: "services",
    shownBy: ["packets-egress"],
    ...free("loadBalancing.algorithm", { loadBalancing: { algorithm: "maglev", maglevTableSize: 65521 } }),
    config: { "bpf-lb-algorithm": "maglev", "bpf-lb-maglev-table-size": "65521" },
  },
  {
    title: "Direct server return",
    section: "services",
    ...free("loadBalancing.mode", { loadBalancing: { mode: "dsr" }, accept: ["direct-server-return"] }),
    ...chained("loadBalancer.mode", { loadBalancer: { mode: "dsr" } }),
    config: { "bpf-lb-mode": "dsr" },
  },
  {
    title: "Services translated by packet for pods (Istio)",
    section: "services",
    ...free("socketLoadBalancing.hostNamespaceOnly", { socketLoadBalancing: { hostNamespaceOnly: true } }),
    config: { "bpf-lb-sock-hostns-only": "true" },
  },
  {
    title: "Local redirects",
    section: "local-redirects",
    shownBy: ["packets-egress"],
    ...free("localRedirectPolicies", { localRedirectPolicies: true }),
    config: { "enable-local-redirect-policy": "true" },
  },
  {
    title: "Cache of DNS on every node",
    section: "local-redirects",
    ...free("nodeLocalDns", { nodeLocalDns: {} }),
    cniChaining: {
      by: "cluster.nodeLocalDns",
      environment: { cluster: { nodeLocalDns: true }, dataplane: Dataplane.cniChaining() },
    },
    v2: { by: "cluster.nodeLocalDns", environment: { cluster: { nodeLocalDns: true }, dataplane: Dataplane.v2() } },
    config: { "enable-local-redirect-policy": "true" },
  },
  {
    title: "Host firewall",
    section: "host-firewall",
    ...free("hostFirewall", { hostFirewall: true }),
    ...chained("hostFirewall", { hostFirewall: { enabled: true } }),
    config: { "enable-host-firewall": "true" },
  },
  {
    title: "Policies that only log (audit)",
    section: "host-firewall",
    ...free("policyAuditMode", { policyAuditMode: true }),
    ...chained("policyAuditMode", { policyAuditMode: true }),
    config: { "policy-audit-mode": "true" },
  },
  {
    title: "Announcements by ARP",
    section: "addresses-of-services",
    ...free("l2Announcements", {
      l2Announcements: { leaseDurationSeconds: 3, leaseRenewDeadlineSeconds: 1, leaseRetryPeriodSeconds: 0.2 },
      accept: ["l2-announcements"],
    }),
    ...chained("l2announcements", { l2announcements: { enabled: true } }),
    config: {
      "enable-l2-announcements": "true",
      "l2-announcements-lease-duration": "3000ms",
      "l2-announcements-renew-deadline": "1000ms",
      "l2-announcements-retry-period": "200ms",
    },
  },
  {
    title: "Addresses for Services that name Cilium's class",
    section: "addresses-of-services",
    ...free("loadBalancerIpam", { loadBalancerIpam: "by-class" }),
    config: { "enable-lb-ipam": "true", "default-lb-service-ipam": "none" },
  },
  {
    title: "Logs of parts, limits of the agents' API",
    section: "how-the-programs-run",
    ...free("debug", { debug: ["flow"], apiRateLimits: { "endpoint-create": ["rate-limit:10/s"] } }),
    cniChaining: { by: "debug", environment: { dataplane: Dataplane.cniChaining({ debug: ["flow"] }) } },
    config: { debug: "true", "debug-verbose": "flow", "api-rate-limit": '{"endpoint-create":"rate-limit:10/s"}' },
  },
  {
    title: "Endpoints in slices",
    section: "how-the-programs-run",
    ...free("endpointSlices", { endpointSlices: true }),
    cniChaining: { by: "endpointSlices", environment: { dataplane: Dataplane.cniChaining({ endpointSlices: true }) } },
    config: { "enable-cilium-endpoint-slice": "true" },
  },
  {
    title: "Gateways (Gateway API)",
    section: "gateways-and-ingresses",
    ...free("gatewayApi", { gatewayApi: {} }),
    ...chained("gatewayAPI", { gatewayAPI: { enabled: true } }),
    v2: { by: "cluster.gatewayApi", environment: { cluster: { gatewayApi: true }, dataplane: Dataplane.v2() } },
    config: { "enable-gateway-api": "true" },
    shownBy: ["gateways"],
  },
  {
    title: "Ingresses by Cilium",
    section: "gateways-and-ingresses",
    ...free("ingressController", { ingressController: {} }),
    ...chained("ingressController", { ingressController: { enabled: true } }),
    config: { "enable-ingress-controller": "true" },
  },
  {
    title: "Flows written to files of the nodes",
    section: "hubble",
    ...free("hubble.export", { hubble: { export: { only: ['{"verdict":["DROPPED"]}'] } } }),
    cniChaining: { by: "hubble.export", environment: { dataplane: Dataplane.cniChaining({ hubble: { export: {} } }) } },
    config: {
      "hubble-export-file-path": "/var/run/cilium/hubble/events.log",
      "hubble-export-allowlist": '{"verdict":["DROPPED"]}',
    },
  },
  {
    title: "Secrets left out of flows",
    section: "hubble",
    ...free("hubble.redact", { hubble: { redact: {} } }),
    cniChaining: { by: "hubble.redact", environment: { dataplane: Dataplane.cniChaining({ hubble: { redact: {} } }) } },
    config: { "hubble-redact-enabled": "true", "hubble-redact-http-urlquery": "true" },
  },
  {
    title: "Metrics of flows that change without a restart",
    section: "hubble",
    ...free("hubble.dynamicMetrics", { hubble: { dynamicMetrics: true } }),
    cniChaining: {
      by: "hubble.dynamicMetrics",
      environment: { dataplane: Dataplane.cniChaining({ hubble: { dynamicMetrics: true } }) },
    },
    config: { "hubble-dynamic-metrics-config-path": "/dynamic-metrics-config/dynamic-metrics.yaml" },
  },
  {
    title: "Hubble's UI",
    section: "hubble",
    ...free("hubble.ui", { hubble: { ui: true } }),
    cniChaining: { by: "hubble.ui", environment: { dataplane: Dataplane.cniChaining({ hubble: { ui: true } }) } },
    ...google("hubbleUi", { flowRelay: true, hubbleUi: {} }),
  },
  {
    title: "Cluster mesh",
    section: "cluster-mesh",
    shownBy: ["packets-mesh"],
    ...free("clusterMesh", {
      ipv4NativeRoutingCIDR: "10.0.0.0/8",
      clusterMesh: {
        id: 1,
        address: "10.16.15.250",
        peers: [{ name: "osaka", address: "10.48.15.250", ranges: ["10.48.0.0/20", "10.52.0.0/14"] }],
      },
    }),
    config: { "cluster-id": "1" },
  },
];
