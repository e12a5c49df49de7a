import type { HelmValue } from "../helm";
import type { HubbleValues } from "./hubble-values";

/**
 * Values of the Cilium chart that this library sets itself, in the chart's own names. All other values can be written
 * too (they are checked at synth against the chart's keys), they are just not typed.
 *
 * A type alias, not an interface: so it can be passed where plain {@link HelmValues} are asked for.
 *
 * @see https://docs.cilium.io/en/stable/helm-reference/
 */
export type CiliumValues = {
  /** Key of the taint that the operator removes once the agent on a node is ready. */
  readonly agentNotReadyTaintKey?: string;
  readonly bpf?: {
    /** Masquerade in BPF instead of iptables. */
    readonly masquerade?: boolean;
    /** Send pod traffic through the host's network stack (iptables included) instead of past it. */
    readonly hostLegacyRouting?: boolean;
  };
  readonly cni?: {
    /** Directory on the node for the CNI plugin; on Container-Optimized OS only /home/kubernetes/bin is writable. */
    readonly binPath?: string;
    readonly chainingMode?: "generic-veth" | "none";
    /** CNI network to extend; `*` takes the first valid configuration on the node. */
    readonly chainingTarget?: string;
    /** Name of a ConfigMap with a complete CNI configuration. */
    readonly configMap?: string;
    /** Key in that ConfigMap. */
    readonly configMapKey?: string;
    readonly customConf?: boolean;
    /** Rename every other CNI configuration on the node. */
    readonly exclusive?: boolean;
  };
  /** Which controller fills LoadBalancer Services without a class: Cilium's own IPAM or nobody here. */
  readonly defaultLBServiceIPAM?: "lbipam" | "nodeipam" | "none";
  /** Mark packets with the sender's identity; off where another plugin uses the mark. In no values.yaml, but honoured. */
  readonly enableIdentityMark?: boolean;
  readonly enableIPv4Masquerade?: boolean;
  readonly enableLBIPAM?: boolean;
  readonly envoy?: {
    readonly image?: ImageValues;
    readonly prometheus?: PrometheusValues;
    readonly resources?: ResourceValues;
    readonly rollOutPods?: boolean;
    readonly updateStrategy?: UpdateStrategyValues;
  };
  readonly extraInitContainers?: readonly HelmValue[];
  readonly gke?: {
    /** Native routing, endpoint routes and answers to the load balancers' health checks. */
    readonly enabled?: boolean;
    /** Take the IP-MASQ jump out of the node's iptables. In no values.yaml, but honoured by nodeinit. */
    readonly disableDefaultSnat?: boolean;
  };
  readonly hubble?: HubbleValues;
  readonly image?: ImageValues;
  readonly certgen?: { readonly image?: ImageValues; readonly resources?: ResourceValues };
  readonly ipam?: { readonly mode?: "kubernetes" | "cluster-pool" };
  /** Destinations in this CIDR keep the pod's address; everything else is masqueraded. */
  readonly ipv4NativeRoutingCIDR?: string;
  /** Whether Cilium enforces the NetworkPolicies of Kubernetes; its own policies it always enforces. */
  readonly k8sNetworkPolicy?: { readonly enabled?: boolean };
  /** Host name or address of the API server for agents, which cannot use the Service they implement. */
  readonly k8sServiceHost?: string;
  /** TCP port of the API server. */
  readonly k8sServicePort?: number;
  readonly kubeProxyReplacement?: boolean;
  /** `address:port` where agents answer the load balancers' node health check in kube-proxy's place. */
  readonly kubeProxyReplacementHealthzBindAddr?: string;
  readonly nodeinit?: {
    readonly enabled?: boolean;
    readonly image?: ImageValues;
    /** In no values.yaml, but honoured. */
    readonly reconfigureKubelet?: boolean;
    /** In no values.yaml, but honoured. */
    readonly removeCbrBridge?: boolean;
    readonly resources?: ResourceValues;
    readonly startup?: { readonly preScript?: string; readonly postScript?: string };
  };
  readonly operator?: {
    readonly image?: ImageValues;
    readonly prometheus?: PrometheusValues;
    readonly replicas?: number;
    readonly resources?: ResourceValues;
    readonly rollOutPods?: boolean;
    readonly unmanagedPodWatcher?: {
      readonly restart?: boolean;
      readonly intervalSeconds?: number;
      /** Label selector in kubectl's syntax. */
      readonly selector?: string;
    };
  };
  readonly prometheus?: PrometheusValues;
  /** Of the agents. */
  readonly resources?: ResourceValues;
  /** Restart the agents when their configuration changes. */
  readonly rollOutCiliumPods?: boolean;
  readonly routingMode?: "native" | "tunnel";
  /** Of the agents. */
  readonly updateStrategy?: UpdateStrategyValues;
  /** Minor that was installed first, e.g. `1.19`: the chart keeps that minor's defaults. */
  readonly upgradeCompatibility?: string;
};

/** Where an image comes from; tag and digest stay the chart's. */
export type ImageValues = { readonly repository?: string };

/** Whether a program serves Prometheus metrics. */
export type PrometheusValues = { readonly enabled?: boolean };

/** What a program asks of a node and the most it may take, as Kubernetes quantities. */
export type ResourceValues = {
  readonly requests?: { readonly cpu?: string; readonly memory?: string };
  readonly limits?: { readonly cpu?: string; readonly memory?: string };
};

/** How a new revision goes through the nodes. */
export type UpdateStrategyValues = { readonly rollingUpdate?: { readonly maxUnavailable?: number | string } };
