/**
 * What a cluster must be created with for its datapath.
 *
 * Decided by a dataplane (see `lib/dataplane`), declared by {@link GkeCluster}. Nobody writes one by hand in an
 * environment: the dataplane is chosen there, and everything below follows from it.
 */
export interface ClusterDatapath {
  /**
   * `ADVANCED_DATAPATH` is Dataplane V2 (Google's managed Cilium), `LEGACY_DATAPATH` everything else.
   * Changing it replaces the cluster. Always given, never left to the API, whose own default differs by cluster mode.
   */
  readonly provider: "LEGACY_DATAPATH" | "ADVANCED_DATAPATH";

  /** Whether GKE installs Calico as network-policy engine: `network_policy` and the add-on, which only work together. */
  readonly calicoNetworkPolicy: boolean;

  /**
   * Whether GKE stops translating pod addresses on their way out of the pods range (`default_snat_status.disabled`).
   * On where something else masquerades (Cilium).
   */
  readonly disableDefaultSnat: boolean;

  /**
   * Flow metrics of Dataplane V2 (`advanced_datapath_observability_config.enable_metrics`).
   *
   * @default false
   */
  readonly flowMetrics?: boolean;

  /**
   * Hubble relay of Dataplane V2 (`advanced_datapath_observability_config.enable_relay`).
   *
   * @default false
   */
  readonly flowRelay?: boolean;

  /**
   * `FQDNNetworkPolicy` objects. Dataplane V2 only; turning it off again replaces the cluster.
   *
   * @default false
   */
  readonly fqdnNetworkPolicy?: boolean;

  /**
   * `CiliumClusterwideNetworkPolicy` objects in Dataplane V2.
   *
   * @default false
   */
  readonly clusterwideNetworkPolicy?: boolean;

  /**
   * Transparent encryption between nodes (WireGuard, run by GKE). Dataplane V2 only.
   *
   * @default false
   */
  readonly inTransitEncryption?: boolean;

  /**
   * Several networks for one pod. Dataplane V2 only.
   *
   * @default false
   */
  readonly multiNetworking?: boolean;
}
