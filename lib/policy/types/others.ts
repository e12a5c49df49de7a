import type { NetworkLoggingOptions } from "../network-logging";
import type { LabelSelector, PolicyMetadata } from "./common";

/** Ranges under a name, for `cidrGroupRef`. */
export interface CiliumCidrGroupObject {
  readonly apiVersion: "cilium.io/v2" | "cilium.io/v2alpha1";
  readonly kind: "CiliumCIDRGroup";
  readonly metadata: PolicyMetadata;
  readonly spec: { readonly externalCIDRs: readonly string[] };
}

/** A port of a redirection. */
export interface RedirectPort {
  readonly port: string;
  readonly protocol: "TCP" | "UDP";
  /** Tells several ports of one backend apart. */
  readonly name?: string;
}

/** Sends what is meant for an address or a Service to a pod of the same node. */
export interface CiliumLocalRedirectPolicyObject {
  readonly apiVersion: "cilium.io/v2";
  readonly kind: "CiliumLocalRedirectPolicy";
  readonly metadata: PolicyMetadata;
  readonly spec: {
    readonly redirectFrontend: {
      readonly addressMatcher?: { readonly ip: string; readonly toPorts: readonly RedirectPort[] };
      readonly serviceMatcher?: {
        readonly serviceName: string;
        readonly namespace: string;
        readonly toPorts?: readonly RedirectPort[];
      };
    };
    readonly redirectBackend: {
      readonly localEndpointSelector: LabelSelector;
      readonly toPorts: readonly RedirectPort[];
    };
    readonly skipRedirectFromBackend?: boolean;
    readonly description?: string;
  };
}

/** A node that pods' connections leave through. */
export interface EgressGateway {
  readonly nodeSelector: LabelSelector;
  readonly interface?: string;
  /** An address of one of the node's interfaces; Cloud NAT's is none. */
  readonly egressIP?: string;
}

/** Sends pods' connections out through a node of its own. */
export interface CiliumEgressGatewayPolicyObject {
  readonly apiVersion: "cilium.io/v2";
  readonly kind: "CiliumEgressGatewayPolicy";
  readonly metadata: PolicyMetadata;
  readonly spec: {
    readonly selectors: readonly {
      readonly podSelector?: LabelSelector;
      readonly namespaceSelector?: LabelSelector;
      readonly nodeSelector?: LabelSelector;
    }[];
    readonly destinationCIDRs: readonly string[];
    readonly excludedCIDRs?: readonly string[];
    readonly egressGateway?: EgressGateway;
    readonly egressGateways?: readonly EgressGateway[];
  };
}

/** Answers ARP for Services' addresses, which a VPC does not ask. */
export interface CiliumL2AnnouncementPolicyObject {
  readonly apiVersion: "cilium.io/v2alpha1";
  readonly kind: "CiliumL2AnnouncementPolicy";
  readonly metadata: PolicyMetadata;
  readonly spec: {
    readonly serviceSelector?: LabelSelector;
    readonly nodeSelector?: LabelSelector;
    /** Regular expressions of interface names, e.g. `^eth[0-9]+`. */
    readonly interfaces?: readonly string[];
    readonly externalIPs?: boolean;
    readonly loadBalancerIPs?: boolean;
  };
}

/** Addresses that Cilium gives to Services of type LoadBalancer. */
export interface CiliumLoadBalancerIpPoolObject {
  readonly apiVersion: "cilium.io/v2" | "cilium.io/v2alpha1";
  readonly kind: "CiliumLoadBalancerIPPool";
  readonly metadata: PolicyMetadata;
  readonly spec: {
    readonly blocks?: readonly { readonly cidr?: string; readonly start?: string; readonly stop?: string }[];
    /** Which Services; without it all, those of GKE's own controller included. */
    readonly serviceSelector?: LabelSelector;
    readonly allowFirstLastIPs?: "Yes" | "No";
    readonly disabled?: boolean;
  };
}

/** GKE's own: what pods may reach by name, with Dataplane V2. */
export interface FqdnNetworkPolicyObject {
  readonly apiVersion: "networking.gke.io/v1alpha1";
  readonly kind: "FQDNNetworkPolicy";
  readonly metadata: PolicyMetadata;
  readonly spec: {
    readonly podSelector: LabelSelector;
    readonly egress: readonly {
      readonly matches: readonly { readonly name?: string; readonly pattern?: string }[];
      readonly ports?: readonly { readonly protocol?: "TCP" | "UDP" | "ALL"; readonly port?: number }[];
    }[];
  };
}

/** GKE's own: which decisions are logged. An environment with Dataplane V2 has it already. */
export interface NetworkLoggingObject {
  readonly apiVersion: "networking.gke.io/v1alpha1";
  readonly kind: "NetworkLogging";
  readonly metadata: PolicyMetadata;
  readonly spec: { readonly cluster: NetworkLoggingOptions };
}

/** A namespace, as it may stand in a file beside its policies. */
export interface NamespaceObject {
  readonly apiVersion: "v1";
  readonly kind: "Namespace";
  readonly metadata: Omit<PolicyMetadata, "namespace">;
}
