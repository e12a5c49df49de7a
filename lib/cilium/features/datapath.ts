import { type HelmValues, mergeValues, valueAt } from "../../helm";
import {
  type CheckTable,
  cidr,
  decided,
  flag,
  isKnown,
  listOf,
  nested,
  nestProblems,
  oneOf,
  type Problem,
  wholeNumber,
} from "../../validation";
import type { CiliumVersion } from "../version";
import { BANDWIDTH_MANAGER_OPTIONS, type BandwidthManagerOptions, bandwidthManagerValues } from "./bandwidth-manager";
import { CLUSTER_MESH_OPTIONS, type ClusterMeshOptions, clusterMeshProblems, clusterMeshValues } from "./cluster-mesh";
import { EGRESS_GATEWAY_OPTIONS, type EgressGatewayOptions, egressGatewayValues } from "./egress-gateway";
import { ENCRYPTION, type EncryptionOptions, encryptionProblems, encryptionValues } from "./encryption";
import {
  GATEWAY_API,
  type GatewayApiOptions,
  gatewayProblems,
  gatewayValues,
  INGRESS_CONTROLLER,
  type IngressOptions,
} from "./gateway";
import { L2_ANNOUNCEMENT_OPTIONS, type L2AnnouncementOptions, l2AnnouncementValues } from "./l2-announcements";
import {
  LOAD_BALANCING_OPTIONS,
  type LoadBalancingOptions,
  loadBalancingValues,
  SOCKET_LOAD_BALANCING_OPTIONS,
  type SocketLoadBalancingOptions,
  socketLoadBalancingValues,
} from "./load-balancing";
import { IP_MASQ_AGENT_OPTIONS, type IpMasqAgentOptions, ipMasqAgentValues } from "./masquerade-agent";

/** What Cilium's own datapath can do: for where Cilium is the only CNI (`docs/datapath.md`). */
export interface DatapathOptions {
  /**
   * Encrypt packets between pods of different nodes. Choose it when the cluster is built: switched on, off or over later,
   * it cuts connections between nodes until every agent has restarted.
   *
   * @default - none: Google encrypts within and between its data centres, by its own keys
   * @see https://docs.cilium.io/en/stable/security/network/encryption/
   */
  readonly encryption?: EncryptionOptions;

  /**
   * Let chosen pods leave the cluster through chosen nodes, as CiliumEgressGatewayPolicies say. Masquerades in BPF, with
   * `bpfMasquerade` left out.
   *
   * @default - none: every pod leaves through its own node
   * @see https://docs.cilium.io/en/stable/network/egress-gateway/egress-gateway/
   */
  readonly egressGateway?: EgressGatewayOptions;

  /**
   * Several ranges whose destinations see pods' own addresses. Masquerades in BPF, with `bpfMasquerade` left out.
   *
   * @default - none: one range, `ipv4NativeRoutingCIDR`
   */
  readonly ipMasqAgent?: IpMasqAgentOptions;

  /**
   * Limits of pods' bandwidth, in BPF.
   *
   * @default - none: annotations of bandwidth are ignored
   */
  readonly bandwidthManager?: BandwidthManagerOptions;

  /**
   * How connections to Services are spread.
   *
   * @default - at random, by the node that was asked
   */
  readonly loadBalancing?: LoadBalancingOptions;

  /**
   * Where Services are translated as programs connect.
   *
   * @default - for programs of nodes and pods
   */
  readonly socketLoadBalancing?: SocketLoadBalancingOptions;

  /**
   * CiliumLocalRedirectPolicies: a Service, or an address, is answered by a pod of the same node. A list gives the ranges of
   * addresses that may be redirected from.
   *
   * @default false
   * @see https://docs.cilium.io/en/stable/network/kubernetes/local-redirect-policy/
   */
  readonly localRedirectPolicies?: boolean | readonly string[];

  /**
   * Policies for the nodes themselves (`nodeSelector` in a CiliumClusterwideNetworkPolicy). See them through in audit mode
   * first: a wrong one cuts the node off from the control plane. Not together with IPsec.
   *
   * @default false
   * @see https://docs.cilium.io/en/stable/security/host-firewall/
   */
  readonly hostFirewall?: boolean;

  /**
   * Log what policies would deny, and let it pass: of all policies, on all nodes. Nothing is enforced meanwhile.
   *
   * @default false
   * @see https://docs.cilium.io/en/stable/security/policy-creation/#policy-audit-mode
   */
  readonly policyAuditMode?: boolean;

  /**
   * MTU of the network that pods' packets are made for, in bytes, at most the network's own. Encryption takes its share off.
   *
   * @default - that of the node's interface
   */
  readonly mtu?: number;

  /**
   * Announce addresses of Services by ARP. Refused, unless the risk `l2-announcements` is accepted.
   *
   * @default - none
   */
  readonly l2Announcements?: L2AnnouncementOptions;

  /**
   * Cilium's management of load balancers' addresses: `by-class` for Services that name Cilium's `loadBalancerClass`, `all`
   * for every Service without a class, which takes Google's addresses away and is refused, unless the risk
   * `load-balancer-ipam` is accepted.
   *
   * @default "off"
   * @see https://docs.cilium.io/en/stable/network/lb-ipam/
   */
  readonly loadBalancerIpam?: "off" | "by-class" | "all";

  /**
   * Gateways by Cilium. GKE's own controller has to be off (`cluster.gatewayApi`, its default here).
   *
   * @default - none
   */
  readonly gatewayApi?: GatewayApiOptions;

  /**
   * Ingresses by Cilium.
   *
   * @default - none
   */
  readonly ingressController?: IngressOptions;

  /**
   * This cluster's place among several whose pods and Services know each other.
   *
   * @default - none: a cluster by itself
   */
  readonly clusterMesh?: ClusterMeshOptions;
}

/** What the options must look like. */
export const DATAPATH_OPTIONS: CheckTable<DatapathOptions> = {
  encryption: ENCRYPTION,
  egressGateway: nested(EGRESS_GATEWAY_OPTIONS),
  ipMasqAgent: nested(IP_MASQ_AGENT_OPTIONS),
  bandwidthManager: nested(BANDWIDTH_MANAGER_OPTIONS),
  loadBalancing: nested(LOAD_BALANCING_OPTIONS),
  socketLoadBalancing: nested(SOCKET_LOAD_BALANCING_OPTIONS),
  localRedirectPolicies: {
    unknown: flag().unknown,
    examine: (value, property) =>
      (Array.isArray(value) ? listOf(cidr(), { least: 1 }) : flag()).examine(value, property),
  },
  hostFirewall: flag(),
  policyAuditMode: flag(),
  mtu: wholeNumber({ from: 1280, to: 8896, remedy: "use the network's own MTU, or leave it out" }),
  l2Announcements: nested(L2_ANNOUNCEMENT_OPTIONS),
  loadBalancerIpam: decided(oneOf(["off", "by-class", "all"])),
  gatewayApi: GATEWAY_API,
  ingressController: INGRESS_CONTROLLER,
  clusterMesh: nested(CLUSTER_MESH_OPTIONS),
};

/** What the options need to know. */
export interface DatapathContext {
  readonly version: CiliumVersion;
  /** Name of the environment. */
  readonly name: string;
  /** Range around all ranges of pods. */
  readonly pods: string;
}

/** Whether something asks for masquerading in BPF, unless the author has decided about it by the option. */
export function needsBpfMasquerade({
  egressGateway,
  ipMasqAgent,
  values = {},
}: DatapathOptions & { readonly values?: HelmValues }): boolean {
  const isWritten = isKnown(values) && `${valueAt(values, "bpf.masquerade")}` === "true";
  return egressGateway !== undefined || ipMasqAgent !== undefined || isWritten;
}

/** Values for the options, in the chart's names. */
export function datapathValues(options: DatapathOptions, context: DatapathContext): HelmValues {
  const { hostFirewall, localRedirectPolicies, loadBalancerIpam, mtu, policyAuditMode } = options;
  return mergeValues(
    encryptionValues(options.encryption, context),
    egressGatewayValues(options.egressGateway),
    ipMasqAgentValues(options.ipMasqAgent),
    bandwidthManagerValues(options.bandwidthManager),
    loadBalancingValues(options.loadBalancing),
    socketLoadBalancingValues(options.socketLoadBalancing),
    l2AnnouncementValues(options.l2Announcements),
    gatewayValues(options.gatewayApi, options.ingressController),
    clusterMeshValues(options.clusterMesh, context.name),
    localRedirectPolicies === undefined ? {} : { localRedirectPolicies: localRedirectValues(localRedirectPolicies) },
    hostFirewall === undefined ? {} : { hostFirewall: { enabled: hostFirewall } },
    policyAuditMode === undefined ? {} : { policyAuditMode },
    mtu === undefined ? {} : { MTU: mtu },
    loadBalancerIpam === undefined ? {} : ipamValues(loadBalancerIpam),
  );
}

function localRedirectValues(redirected: boolean | readonly string[]): HelmValues {
  return Array.isArray(redirected)
    ? { enabled: true, addressMatcherCIDRs: redirected }
    : { enabled: redirected as boolean };
}

function ipamValues(ipam: NonNullable<DatapathOptions["loadBalancerIpam"]>): HelmValues {
  return { enableLBIPAM: ipam !== "off", defaultLBServiceIPAM: ipam === "all" ? "lbipam" : "none" };
}

/** What is wrong between the options by themselves. What they come to is judged in the merged values. */
export function datapathProblems(options: DatapathOptions, { version }: DatapathContext): Problem[] {
  return [
    ...nestProblems("encryption", encryptionProblems(options.encryption, version)),
    ...gatewayProblems(options.gatewayApi, version),
    ...nestProblems("clusterMesh", clusterMeshProblems(options.clusterMesh)),
  ];
}
