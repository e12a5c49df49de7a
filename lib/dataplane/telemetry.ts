/** The programs of a dataplane that serve Prometheus metrics. */
export type MetricsComponent =
  | "cilium-agent"
  | "cilium-operator"
  | "cilium-envoy"
  | "hubble"
  | "hubble-relay"
  /** Google's managed Cilium of Dataplane V2 (`anetd`). */
  | "dataplane-v2";

/** Pods of a dataplane that serve metrics at `/metrics`, and how a scraper finds them. */
export interface MetricsEndpoint {
  readonly component: MetricsComponent;
  /** Namespace the pods run in. */
  readonly namespace: string;
  /** Labels that select exactly these pods. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** Name of the container port. */
  readonly portName: string;
  /**
   * Google runs these pods: Managed Service for Prometheus collects them by itself, and their series have Google's names.
   *
   * @default false
   */
  readonly managed?: boolean;
  /** Number of that port, where it is public: Google publishes none for Dataplane V2. */
  readonly port?: number;
}

/** A DaemonSet that serves no metrics, and yet somebody must be told when it is not ready on a node. */
export interface WatchedDaemonSet {
  readonly name: string;
  readonly namespace: string;
  /** Labels that select exactly its pods. */
  readonly podLabels: Readonly<Record<string, string>>;
}

/** Features of a dataplane of which none beyond the basics is on. */
export const NO_FEATURES: DataplaneTelemetry["features"] = {
  endpointHealthChecking: false,
  kubeProxyReplacement: false,
  layer7: false,
  bpfMasquerade: false,
  ipsec: false,
  clusterMesh: false,
  endpointSlices: false,
  loadBalancerIpam: false,
  localRedirectPolicies: false,
};

/** What a dataplane exposes to monitoring: the one place where ports, labels and metrics are listed. */
export interface DataplaneTelemetry {
  /** Cilium version (`1.20.2`) whose metrics are served; none where Google runs Cilium. */
  readonly ciliumVersion?: string;
  readonly endpoints: readonly MetricsEndpoint[];
  /** Hubble metric handlers as the agents are configured, options included; empty where Hubble metrics are off. */
  readonly hubbleMetrics: readonly string[];
  /**
   * DaemonSets that must be ready on every node and serve no metrics.
   *
   * @default - none
   */
  readonly daemonSets?: readonly WatchedDaemonSet[];
  /**
   * How an environment's monitoring sees those; set by its kind.
   *
   * @default - not at all
   */
  readonly daemonSetSight?: readonly ("pods" | "counts")[];
  /** What decides whether a metric can ever have data. */
  readonly features: {
    /** Cilium allocates and health-checks endpoints itself (off when chained on another CNI). */
    readonly endpointHealthChecking: boolean;
    /** Cilium answers Services instead of kube-proxy. */
    readonly kubeProxyReplacement: boolean;
    /** Layer 7 policies and with them HTTP and DNS-proxy metrics work. */
    readonly layer7: boolean;
    /** Cilium masquerades, in BPF. */
    readonly bpfMasquerade: boolean;
    /** Traffic between nodes is encrypted by IPsec. */
    readonly ipsec: boolean;
    /** The agents take part in a cluster mesh. */
    readonly clusterMesh: boolean;
    /** Endpoints travel in CiliumEndpointSlices. */
    readonly endpointSlices: boolean;
    /** Cilium gives addresses to LoadBalancer Services. */
    readonly loadBalancerIpam: boolean;
    /** CiliumLocalRedirectPolicies take effect. */
    readonly localRedirectPolicies: boolean;
  };
}
