import { Dataplane, type DataplaneV2Options, type KubeProxyFreeOptions } from "../../lib/dataplane";
import type { EnvironmentDefinition } from "../../lib/environment";
import type { PolicyObject } from "../../lib/policy";

/** Something of a write-up that is no value of Cilium's chart: a flag of gcloud or helm, or an object. */
export interface WrittenPart {
  /** As it stands there, for the page. */
  readonly written: string;
  /** What somebody writes who carries it over. */
  readonly carried: () => Partial<EnvironmentDefinition>;
  /** `taken`, or the end of the message that refuses it. */
  readonly today: "taken" | string;
  /** Where it lives here, for the page; the remedy of the message where it is refused. */
  readonly here?: string;
}

/** What JavaScript and type assertions let pass. */
const loosely = <T>(options: Readonly<Record<string, unknown>>) => options as T;
const v2 = (options: Readonly<Record<string, unknown>>) => ({
  dataplane: Dataplane.v2(loosely<DataplaneV2Options>(options)),
});
const free = (options: Readonly<Record<string, unknown>>) => ({
  dataplane: Dataplane.kubeProxyFree(loosely<KubeProxyFreeOptions>(options)),
});
const cluster = (options: Readonly<Record<string, unknown>>) => ({
  cluster: loosely<NonNullable<EnvironmentDefinition["cluster"]>>(options),
});
const pool = (options: Readonly<Record<string, unknown>>) => ({
  nodePools: [{ name: "general", minNodes: 3, maxNodes: 9, ...loosely<object>(options) }],
});
const policy = (object: Readonly<Record<string, unknown>>, dataplane: Dataplane) => ({
  dataplane,
  policies: { objects: [loosely<PolicyObject>(object)] },
});

const HTTP_POLICY = {
  apiVersion: "cilium.io/v2",
  kind: "CiliumNetworkPolicy",
  metadata: { name: "rule1", namespace: "default" },
  spec: {
    endpointSelector: { matchLabels: { org: "empire", class: "deathstar" } },
    ingress: [
      {
        fromEndpoints: [{ matchLabels: { org: "empire" } }],
        toPorts: [
          {
            ports: [{ port: "80", protocol: "TCP" }],
            rules: { http: [{ method: "POST", path: "/v1/request-landing" }] },
          },
        ],
      },
    ],
  },
};
const KAFKA_POLICY = {
  ...HTTP_POLICY,
  spec: {
    endpointSelector: { matchLabels: { app: "kafka" } },
    ingress: [
      {
        fromEndpoints: [{ matchLabels: { app: "empire-hq" } }],
        toPorts: [{ ports: [{ port: "9092", protocol: "TCP" }], rules: { kafka: [{ role: "produce" }] } }],
      },
    ],
  },
};
const L2_POLICY = {
  apiVersion: "cilium.io/v2alpha1",
  kind: "CiliumL2AnnouncementPolicy",
  metadata: { name: "policy1" },
  spec: {
    serviceSelector: { matchLabels: { color: "blue" } },
    interfaces: ["^ens[0-9]+"],
    externalIPs: true,
    loadBalancerIPs: true,
  },
};
const POOL = {
  apiVersion: "cilium.io/v2alpha1",
  kind: "CiliumLoadBalancerIPPool",
  metadata: { name: "cilium-pool" },
  spec: {
    allowFirstLastIPs: "No",
    blocks: [{ cidr: "10.10.200.0/29" }],
    serviceSelector: { matchLabels: { color: "blue" } },
  },
};
const EGRESS_POLICY = {
  apiVersion: "cilium.io/v2",
  kind: "CiliumEgressGatewayPolicy",
  metadata: { name: "egress-sample" },
  spec: {
    selectors: [{ podSelector: { matchLabels: { org: "empire" } } }],
    destinationCIDRs: ["203.0.113.0/24"],
    egressGateway: { nodeSelector: { matchLabels: { "egress-node": "true" } }, egressIP: "10.168.60.100" },
  },
};
const LOGGED_POLICY = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: {
    name: "allow-green",
    namespace: "default",
    annotations: { "policy.network.gke.io/enable-logging": "true" },
  },
  spec: {
    podSelector: { matchLabels: { app: "a" } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: "b" } } }] }],
  },
};
const LOGGING = {
  apiVersion: "networking.gke.io/v1alpha1",
  kind: "NetworkLogging",
  metadata: { name: "default" },
  spec: { cluster: { allow: { log: true, delegate: true }, deny: { log: true, delegate: false } } },
};
const L2 = Dataplane.kubeProxyFree({
  l2Announcements: {},
  accept: [
    { risk: "l2-announcements", reason: "a study on a layer 2 network" },
    { risk: "load-balancer-ipam", reason: "a study on a layer 2 network" },
  ],
  loadBalancerIpam: "all",
});

/** Flags and objects of the write-ups, one a row. */
export const WRITTEN_PARTS: readonly WrittenPart[] = [
  {
    written: "--namespace cilium",
    carried: () => free({ namespace: "cilium" }),
    today: "leave it out: Cilium lies in kube-system",
  },
  {
    written: "--image-type COS",
    carried: () => pool({ imageType: "COS" }),
    today: "use COS_CONTAINERD, which took its place",
  },
  {
    written: "--enable-ip-alias",
    carried: () => cluster({ enableIpAlias: true }),
    today: "leave it out: every cluster here is VPC-native",
  },
  {
    written: "--release-channel regular",
    carried: () => cluster({ releaseChannel: "regular" }),
    today: "did you mean REGULAR?",
  },
  { written: "--num-nodes 2", carried: () => pool({ numNodes: 2 }), today: "use minNodes and maxNodes" },
  {
    written: "--enable-network-policy",
    carried: () => cluster({ enableNetworkPolicy: true }),
    today: "leave it out: the environment's dataplane decides it",
  },
  {
    written: "--enable-dataplane-v2",
    carried: () => cluster({ enableDataplaneV2: true }),
    today: "use Dataplane.v2()",
  },
  {
    written: "--enable-dataplane-v2-metrics",
    carried: () => v2({ enableDataplaneV2Metrics: true }),
    today: "use flowMetrics",
  },
  {
    written: "--dataplane-v2-observability-mode=INTERNAL_VPC_LB",
    carried: () => v2({ dataplaneV2ObservabilityMode: "INTERNAL_VPC_LB" }),
    today: "use flowRelay: GKE has one kind of relay",
  },
  {
    written: "--enable-dataplane-v2-flow-observability",
    carried: () => v2({ enableDataplaneV2FlowObservability: true }),
    today: "use flowRelay",
  },
  {
    written: "relay_mode of the provider",
    carried: () => v2({ relayMode: "INTERNAL_VPC_LB" }),
    today: "use flowRelay: GKE has one kind of relay",
  },
  {
    written: "CiliumNetworkPolicy with HTTP rules",
    carried: () => policy(HTTP_POLICY, Dataplane.kubeProxyFree()),
    today: "taken",
    here: "as it is, in `policies` ([policies](policies.md)); without kube-proxy only",
  },
  {
    written: "the same where Cilium is chained",
    carried: () => policy(HTTP_POLICY, Dataplane.cniChaining()),
    today: "keep the ports and leave the rules out, or use Dataplane.kubeProxyFree()",
  },
  {
    written: "a rule for Kafka",
    carried: () => policy(KAFKA_POLICY, Dataplane.kubeProxyFree()),
    today: "allow the port, and leave the rules out",
  },
  {
    written: "CiliumL2AnnouncementPolicy, interfaces ^ens[0-9]+",
    carried: () => policy(L2_POLICY, L2),
    today: "taken",
    here: "as it is, where its risk is accepted; interfaces are `^eth[0-9]+` on Container-Optimized OS",
  },
  {
    written: "CiliumLoadBalancerIPPool cilium.io/v2alpha1, allowFirstLastIPs",
    carried: () => policy(POOL, L2),
    today: "taken",
    here: "as it is, where its risk is accepted; `cilium.io/v2` today",
  },
  {
    written: "CiliumEgressGatewayPolicy with egressIP",
    carried: () => ({
      ...policy(EGRESS_POLICY, Dataplane.kubeProxyFree({ egressGateway: { nodePool: "egress" } })),
      nodePools: [
        { name: "general", minNodes: 3, maxNodes: 9 },
        {
          name: "egress",
          minNodes: 1,
          maxNodes: 2,
          taints: [{ key: "egress-gateway", value: "true", effect: "NO_SCHEDULE" as const }],
        },
      ],
    }),
    today: "taken",
    here: "as it is; leave `egressIP` out for the node's own address ([egress gateway](datapath.md#egress-gateway))",
  },
  {
    written: "annotation policy.network.gke.io/enable-logging",
    carried: () =>
      policy(
        LOGGED_POLICY,
        Dataplane.v2({ policyLogging: { allow: { log: true, delegate: true }, deny: { log: true } } }),
      ),
    today: "taken",
    here: "as it is, with `policyLogging: { allow: { log: true, delegate: true } }`",
  },
  { written: "NetworkLogging", carried: () => policy(LOGGING, Dataplane.v2()), today: "dataplane.policyLogging" },
];
