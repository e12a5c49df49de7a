/** Kinds that say what the network does, by who wrote their definition. */
export type PolicyKind =
  | "NetworkPolicy"
  | "CiliumNetworkPolicy"
  | "CiliumClusterwideNetworkPolicy"
  | "CiliumCIDRGroup"
  | "CiliumLocalRedirectPolicy"
  | "CiliumEgressGatewayPolicy"
  | "CiliumL2AnnouncementPolicy"
  | "CiliumLoadBalancerIPPool"
  | "FQDNNetworkPolicy"
  | "NetworkLogging"
  | "GlobalNetworkPolicy";

/** A program that enforces policies. */
export type PolicyEnforcer = "Calico" | "Cilium" | "Dataplane V2";

/** Why something is not to be had. */
export interface PolicyRefusal {
  /** As the rest of a sentence whose subject is the field or the object. */
  readonly rule: string;
  /** In the imperative. */
  readonly remedy: string;
}

/** What a dataplane does with what a policy can say; a reason where it does nothing with it. */
export interface PolicyFeatures {
  /** HTTP rules and everything else that Envoy answers. */
  readonly http: true | PolicyRefusal;
  /** DNS rules and names (`toFQDNs`) in Cilium's own kinds. */
  readonly dns: true | PolicyRefusal;
  /** Policies for nodes (`nodeSelector`). */
  readonly hostPolicies: true | PolicyRefusal;
  /** Nodes as peers by their labels (`fromNodes`, `toNodes`). */
  readonly nodeSelectors: true | PolicyRefusal;
  /** Peers that prove who they are (`authentication`). */
  readonly authentication: true | PolicyRefusal;
  /** Whether ranges mean nodes, too. Pods are never meant by one in Cilium. */
  readonly rangesMatchNodes: boolean;
}

/** Who enforces which policies. */
export interface PolicyEnforcement {
  /** Programs that enforce, each policy kind by exactly one of them unless the author asked for more. */
  readonly by: Readonly<Partial<Record<PolicyKind, readonly PolicyEnforcer[]>>>;
  /** Why nobody reads a kind, for kinds that are not in `by`. */
  readonly refused: Readonly<Partial<Record<PolicyKind, PolicyRefusal>>>;
  /** Whether rules at layer 7 (HTTP, DNS names) work. */
  readonly layer7: boolean;
  readonly features: PolicyFeatures;
  /** Version of Cilium whose definitions the cluster has; the oldest supported one where Google decides it. */
  readonly ciliumVersion: { readonly major: number; readonly minor: number };
  /** Whether a deployment goes on only when the definitions of Cilium's kinds are registered. */
  readonly definitionsAreWaitedFor: boolean;
  /** Which connections the annotation of GKE on a NetworkPolicy makes it log; none where nobody reads it. */
  readonly loggingAnnotation: true | PolicyRefusal;
  /** Namespaces that are Google's alone, so that nothing can be written there; a dash at the end stands for any. */
  readonly closedNamespaces: readonly string[];
  /** Where a pod's packet to the metadata server goes when it is judged: address and port, each a policy must allow. */
  readonly metadataServer: readonly { readonly address: string; readonly port: number }[];
  /** Addresses besides kube-dns's pods that answer DNS, on port 53. */
  readonly dnsAddresses: readonly string[];
}

/** Where NodeLocal DNSCache listens on each node, besides the address of the DNS Service. */
export const NODE_LOCAL_DNS = "169.254.20.10";
