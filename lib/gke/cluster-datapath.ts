/** What a dataplane answers whatever GKE runs below it. */
export interface DatapathAnswers {
  /**
   * Whether Google runs what moves packets and upgrades it with the cluster. Where it does not, GKE's upgrades go by
   * themselves and the CNI does not follow, and nodes must be open to it.
   */
  readonly managed: boolean;

  /**
   * Whether GKE stops translating pod addresses on their way out of the pods range (`default_snat_status.disabled`).
   * On where something else masquerades (Cilium).
   */
  readonly disableDefaultSnat: boolean;

  /** What GKE installs unless the author says otherwise: what the datapath makes use of. */
  readonly defaults: {
    /** GKE's Gateway API controller. */
    readonly gatewayApi: boolean;
    /** Flow logs of traffic within a node, for which GKE takes that traffic through the VPC. */
    readonly intranodeVisibility: boolean;
    /** NodeLocal DNSCache: whether pods' queries ever reach it. */
    readonly nodeLocalDns: boolean;
  };
}

/** Everything but Dataplane V2. */
export interface LegacyDatapath extends DatapathAnswers {
  /** Changing it replaces the cluster. Always given, never left to the API, whose own default differs by cluster mode. */
  readonly provider: "LEGACY_DATAPATH";

  /** Whether GKE installs Calico as network-policy engine: `network_policy` and the add-on, which only work together. */
  readonly calicoNetworkPolicy: boolean;
}

/** Dataplane V2: Cilium as Google runs it. */
export interface AdvancedDatapath extends DatapathAnswers {
  readonly provider: "ADVANCED_DATAPATH";

  /**
   * Flow metrics (`advanced_datapath_observability_config.enable_metrics`).
   *
   * @default false
   */
  readonly flowMetrics?: boolean;

  /**
   * Hubble relay (`advanced_datapath_observability_config.enable_relay`).
   *
   * @default false
   */
  readonly flowRelay?: boolean;

  /**
   * `FQDNNetworkPolicy` objects. Turning it off again replaces the cluster.
   *
   * @default false
   */
  readonly fqdnNetworkPolicy?: boolean;

  /**
   * `CiliumClusterwideNetworkPolicy` objects.
   *
   * @default false
   */
  readonly clusterwideNetworkPolicy?: boolean;

  /**
   * Transparent encryption between nodes (WireGuard, run by GKE).
   *
   * @default false
   */
  readonly inTransitEncryption?: boolean;

  /**
   * Several networks for one pod.
   *
   * @default false
   */
  readonly multiNetworking?: boolean;
}

/** Whether pods of a cluster can have several networks. */
export function hasMultiNetworking(datapath: ClusterDatapath): boolean {
  return "multiNetworking" in datapath && datapath.multiNetworking === true;
}

/**
 * What a cluster must be created with for its datapath.
 *
 * Decided by a dataplane (see `lib/dataplane`), declared by {@link GkeCluster}. Nobody writes one by hand in an
 * environment: the dataplane is chosen there, and everything below follows from it. Who uses {@link GkeCluster} by itself
 * takes one from a dataplane: `Dataplane.v2().clusterDatapath`.
 */
export type ClusterDatapath = LegacyDatapath | AdvancedDatapath;
