/**
 * What the simulated cloud and the Kubernetes side say to each other.
 *
 * The cloud owns what *should* be there and calls {@link KubernetesBackend.apply} with all of it whenever something
 * about a cluster changed; the backend makes real control planes and nodes match and resolves when they do. Nothing
 * is told as a difference, so a call that was lost (a crash half way) is made good by the next one.
 */
export interface KubernetesBackend {
  /**
   * Makes the cluster's control plane and nodes match. Resolves when the API server answers and every node is there
   * (or gone), which is when the operation that caused it may be called DONE. Calls for one cluster are carried out
   * one after the other; a later call supersedes an earlier one that still waits.
   */
  apply(cluster: ClusterDescription): Promise<ControlPlaneAddress>;
  /** Ends the cluster's processes and deletes its data. A cluster that does not exist is none to end. */
  remove(cluster: ClusterReference): Promise<void>;
}

/** Names one cluster of the simulated cloud. */
export interface ClusterReference {
  readonly project: string;
  /** Region or zone. */
  readonly location: string;
  readonly name: string;
}

/** Where a cluster's API server can be reached from this machine. */
export interface ControlPlaneAddress {
  /**
   * What the cloud hands out as `endpoint` and as public endpoint: a loopback address on port 443 where this machine
   * lets us listen there, else `127.0.0.1:<port>`.
   */
  readonly endpoint: string;
  /** PEM of the certificate authority, not yet base64: `masterAuth.clusterCaCertificate` is its base64. */
  readonly caCertificate: string;
}

/** One cluster as it should be. */
export interface ClusterDescription extends ClusterReference {
  /** Unique over the cluster's life and none after it, so that a cluster made again under a name is a new one. */
  readonly id: string;
  /** Version of the control plane, e.g. `1.33.5-gke.1162000`. */
  readonly masterVersion: string;
  /** Host name of the DNS endpoint, e.g. `gke-0f1e2d-123456789.europe-west1.gke.goog`. */
  readonly dnsEndpoint: string;
  /** Primary range of the subnetwork: nodes get addresses from it. */
  readonly nodesCidr: string;
  /** CIDR that pods get addresses from. */
  readonly podsCidr: string;
  /** CIDR of the cluster's Services. */
  readonly servicesCidr: string;
  readonly datapathProvider: "LEGACY_DATAPATH" | "ADVANCED_DATAPATH";
  /** Calico's network policy engine is installed (legacy datapath only). */
  readonly calico: boolean;
  /** Google Cloud Managed Service for Prometheus is installed. */
  readonly managedPrometheus: boolean;
  /** Dataplane V2's Hubble relay (`advanced_datapath_observability_config.enable_relay`). */
  readonly datapathRelay: boolean;
  /** Dataplane V2's metrics (`advanced_datapath_observability_config.enable_metrics`). */
  readonly datapathMetrics: boolean;
  readonly fqdnNetworkPolicy: boolean;
  readonly ciliumClusterwideNetworkPolicy: boolean;
  /** `<project>.svc.id.goog` where workload identity is on. */
  readonly workloadPool?: string;
  readonly nodePools: readonly NodePoolDescription[];
}

/** One node pool as it should be. */
export interface NodePoolDescription {
  readonly name: string;
  /** Version of the nodes. */
  readonly version: string;
  readonly machineType: string;
  readonly imageType: string;
  readonly diskType: string;
  readonly diskSizeGb: number;
  readonly spot: boolean;
  readonly maxPodsPerNode: number;
  /** Kubernetes labels of the pool, without GKE's own. */
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly NodeTaint[];
  /** Pods on these nodes reach Google's APIs through the GKE metadata server. */
  readonly gkeMetadataServer: boolean;
  /** One group for each zone that the pool spans, with its number of nodes. */
  readonly groups: readonly NodeGroup[];
  readonly upgrade: SurgeSettings;
}

/** The instances of one pool in one zone. */
export interface NodeGroup {
  readonly zone: string;
  /** Name that its instances begin with: `gke-<cluster>-<pool>-<8 hexadecimal digits>`. */
  readonly baseInstanceName: string;
  readonly size: number;
}

export interface NodeTaint {
  readonly key: string;
  readonly value: string;
  /** As Kubernetes writes it: `NoSchedule`, `PreferNoSchedule` or `NoExecute` (the cloud writes `NO_SCHEDULE`). */
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

export interface SurgeSettings {
  /** Nodes that may be added above the size while nodes are replaced. */
  readonly maxSurge: number;
  /** Nodes that may be missing while nodes are replaced. */
  readonly maxUnavailable: number;
}
