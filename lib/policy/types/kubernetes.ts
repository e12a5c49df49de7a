import type { LabelSelector, PolicyMetadata } from "./common";

/** A port of a NetworkPolicy. */
export interface NetworkPolicyPort {
  /**
   * Number or name of the pods' port.
   *
   * @default - all ports
   */
  readonly port?: number | string;

  /**
   * Last port of a range that begins with `port`.
   *
   * @default - the one port
   */
  readonly endPort?: number;

  /** @default "TCP" */
  readonly protocol?: "TCP" | "UDP" | "SCTP";
}

/** Someone who is allowed: pods, or addresses that are no pods'. */
export interface NetworkPolicyPeer {
  /**
   * Pods by their labels, in the policy's namespace unless `namespaceSelector` says others.
   *
   * @default - all pods, with `namespaceSelector`
   */
  readonly podSelector?: LabelSelector;

  /**
   * Namespaces by their labels.
   *
   * @default - the policy's own
   */
  readonly namespaceSelector?: LabelSelector;

  /**
   * Addresses outside of the cluster. Cilium and Dataplane V2 mean no pods and no nodes by it.
   *
   * @default - none
   */
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

/** What a NetworkPolicy allows to come in. */
export interface NetworkPolicyIngressRule {
  /**
   * From whom.
   *
   * @default - from everybody
   */
  readonly from?: readonly NetworkPolicyPeer[];

  /**
   * To which ports of the selected pods.
   *
   * @default - to all
   */
  readonly ports?: readonly NetworkPolicyPort[];
}

/** What a NetworkPolicy allows to go out. */
export interface NetworkPolicyEgressRule {
  /**
   * To whom.
   *
   * @default - to everybody
   */
  readonly to?: readonly NetworkPolicyPeer[];

  /**
   * To which of their ports.
   *
   * @default - to all
   */
  readonly ports?: readonly NetworkPolicyPort[];
}

/** A NetworkPolicy as it is written in YAML. */
export interface NetworkPolicyObject {
  readonly apiVersion: "networking.k8s.io/v1";
  readonly kind: "NetworkPolicy";
  readonly metadata: PolicyMetadata;
  readonly spec: {
    /** Whom the policy is about; `{}` is every pod of the namespace. */
    readonly podSelector: LabelSelector;
    readonly policyTypes?: readonly ("Ingress" | "Egress")[];
    readonly ingress?: readonly NetworkPolicyIngressRule[];
    readonly egress?: readonly NetworkPolicyEgressRule[];
  };
}
