import type { LabelSelector, PolicyMetadata } from "./common";

/** A group of peers that Cilium knows by itself. */
export type CiliumEntity =
  | "all"
  | "world"
  | "cluster"
  | "cluster-mesh"
  | "host"
  | "init"
  | "ingress"
  | "unmanaged"
  | "remote-node"
  | "health"
  | "none"
  | "kube-apiserver";

/** Addresses outside of the cluster: a range, or a CiliumCIDRGroup. */
export interface CiliumCidrRule {
  readonly cidr?: string;
  readonly cidrGroupRef?: string;
  readonly cidrGroupSelector?: LabelSelector;
  /**
   * Parts of `cidr` that are not meant.
   *
   * @default - none
   */
  readonly except?: readonly string[];
}

/** A name, exactly or with `*`. One of the two. */
export interface CiliumNameRule {
  readonly matchName?: string;
  readonly matchPattern?: string;
}

/** What an HTTP request must look like; whatever is left out may be anything. */
export interface CiliumHttpRule {
  /** A regular expression. */
  readonly method?: string;
  /** A regular expression for the whole path. */
  readonly path?: string;
  /** A regular expression. */
  readonly host?: string;
  readonly headers?: readonly string[];
  readonly headerMatches?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly mismatch?: "LOG" | "ADD" | "DELETE" | "REPLACE";
    readonly secret?: { readonly name: string; readonly namespace?: string };
  }[];
}

/** A port. */
export interface CiliumPort {
  /** Number or name of the port, as text. */
  readonly port: string;
  /** Last port of a range. */
  readonly endPort?: number;
  /** @default "ANY" */
  readonly protocol?: "TCP" | "UDP" | "SCTP" | "VRRP" | "IGMP" | "GRE" | "IPIP" | "IPV6" | "ESP" | "AH" | "ANY";
}

/** Ports, and what is said on them. */
export interface CiliumPortRule {
  readonly ports?: readonly CiliumPort[];
  /**
   * Rules at layer 7, of one protocol.
   *
   * @default - whatever is said
   */
  readonly rules?: { readonly http?: readonly CiliumHttpRule[]; readonly dns?: readonly CiliumNameRule[] };
  /**
   * Names that TLS connections must be for.
   *
   * @default - any
   */
  readonly serverNames?: readonly string[];
  readonly terminatingTLS?: Readonly<Record<string, unknown>>;
  readonly originatingTLS?: Readonly<Record<string, unknown>>;
  readonly listener?: Readonly<Record<string, unknown>>;
}

/** Types of ICMP messages. */
export interface CiliumIcmpRule {
  readonly fields?: readonly { readonly type: number | string; readonly family?: "IPv4" | "IPv6" }[];
}

interface CiliumRuleBase {
  readonly icmps?: readonly CiliumIcmpRule[];
  readonly authentication?: { readonly mode: "disabled" | "required" | "test-always-fail" };
}

/** What comes in: one kind of peers, and ports. Without peers, from everybody; an empty rule is from nobody. */
export interface CiliumIngressRule extends CiliumRuleBase {
  readonly fromEndpoints?: readonly LabelSelector[];
  readonly fromEntities?: readonly CiliumEntity[];
  readonly fromCIDR?: readonly string[];
  readonly fromCIDRSet?: readonly CiliumCidrRule[];
  readonly fromNodes?: readonly LabelSelector[];
  readonly toPorts?: readonly CiliumPortRule[];
}

/** What goes out: one kind of peers, and ports. Without peers, to everybody; an empty rule is to nobody. */
export interface CiliumEgressRule extends CiliumRuleBase {
  readonly toEndpoints?: readonly LabelSelector[];
  readonly toEntities?: readonly CiliumEntity[];
  readonly toCIDR?: readonly string[];
  readonly toCIDRSet?: readonly CiliumCidrRule[];
  readonly toNodes?: readonly LabelSelector[];
  /** By name. The pods' DNS queries must pass a rule with `dns`, or no name is ever known. */
  readonly toFQDNs?: readonly CiliumNameRule[];
  readonly toServices?: readonly {
    readonly k8sService?: { readonly serviceName?: string; readonly namespace?: string };
    readonly k8sServiceSelector?: { readonly selector: LabelSelector; readonly namespace?: string };
  }[];
  readonly toPorts?: readonly CiliumPortRule[];
}

/** A rule of Cilium's. */
export interface CiliumPolicyRule {
  readonly description?: string;
  /** Which pods it is about. */
  readonly endpointSelector?: LabelSelector;
  /** Which nodes it is about, in place of pods; in CiliumClusterwideNetworkPolicy only. */
  readonly nodeSelector?: LabelSelector;
  readonly ingress?: readonly CiliumIngressRule[];
  readonly ingressDeny?: readonly Omit<CiliumIngressRule, "authentication">[];
  readonly egress?: readonly CiliumEgressRule[];
  readonly egressDeny?: readonly Omit<CiliumEgressRule, "authentication" | "toFQDNs">[];
  /**
   * Whether what no rule allows is denied.
   *
   * @default - in each direction that has a rule
   */
  readonly enableDefaultDeny?: { readonly ingress?: boolean; readonly egress?: boolean };
  readonly labels?: readonly Readonly<Record<string, string>>[];
}

/** A CiliumNetworkPolicy as it is written in YAML: pods of one namespace. */
export interface CiliumNetworkPolicyObject {
  readonly apiVersion: "cilium.io/v2";
  readonly kind: "CiliumNetworkPolicy";
  readonly metadata: PolicyMetadata;
  readonly spec?: Omit<CiliumPolicyRule, "nodeSelector">;
  readonly specs?: readonly Omit<CiliumPolicyRule, "nodeSelector">[];
}

/** A CiliumClusterwideNetworkPolicy as it is written in YAML: pods of all namespaces, or nodes. */
export interface CiliumClusterwideNetworkPolicyObject {
  readonly apiVersion: "cilium.io/v2";
  readonly kind: "CiliumClusterwideNetworkPolicy";
  readonly metadata: PolicyMetadata;
  readonly spec?: CiliumPolicyRule;
  readonly specs?: readonly CiliumPolicyRule[];
}
