export * from "./capacity";
export { projectId as projectIdCheck, resourceLabels as resourceLabelsCheck } from "./checks";
export type { AcceleratorLimit, AutoProvisioning, ScalingOptions } from "./cluster/auto-provisioning";
export type { AuthorizedNetwork, ControlPlaneOptions, IpEndpoint } from "./cluster/control-plane";
export type { ClusterDns } from "./cluster/dns";
export { type ClusterSurroundings, type EffectiveCluster, effectiveCluster } from "./cluster/effective";
export type { CsiDriver, FeatureOptions } from "./cluster/features";
export { GkeCluster } from "./cluster/gke-cluster";
export type {
  MaintenanceExclusion,
  MaintenanceOptions,
  MaintenanceWindow,
  ReleaseChannel,
} from "./cluster/maintenance";
export type {
  LoggingComponent,
  MonitoringComponent,
  NotificationEvent,
  ObservabilityOptions,
} from "./cluster/observability";
export { DEFAULT_MAX_PODS_PER_NODE, type GkeClusterOptions, type GkeClusterProps } from "./cluster/options";
export { gkeClusterProblems, gkeClusterWarnings, NO_DATAPATH } from "./cluster/problems";
export type { ConfidentialNodes, SecurityOptions } from "./cluster/security";
export { GKE_CLUSTER_OPTIONS } from "./cluster/table";
export type { TemporaryPool } from "./cluster/temporary-pool";
export * from "./cluster-datapath";
export { ClusterConnection } from "./connection/cluster-connection";
export {
  CLUSTER_CONNECTION_OPTIONS,
  type ClusterConnectionOptions,
  type ClusterConnectionProps,
  type ConnectionEndpoint,
  clusterConnectionProblems,
} from "./connection/options";
export { isZone, location as locationCheck, locationWarnings, regionOf, zoneCount } from "./location";
export { resourceLabelProblems } from "./naming";
export type { ClusterNetwork } from "./network/cluster-network";
export { type EffectiveNetwork, effectiveNetwork, type PodRange } from "./network/effective";
export { GkeNetwork } from "./network/gke-network";
export type { GkeNetworkOptions, GkeNetworkProps } from "./network/options";
export { gkeNetworkProblems, gkeNetworkWarnings } from "./network/problems";
export { GKE_SERVICES_RANGE } from "./network/ranges";
export { GKE_NETWORK_OPTIONS, NETWORK_NAME, type NetworkSurroundings } from "./network/table";
export type { Accelerator } from "./node-pool/accelerator";
export type { AttachmentOptions, NodeNetwork, PodNetwork, SecondaryBootDisk } from "./node-pool/attachments";
export type { BlueGreenUpgrade } from "./node-pool/blue-green-upgrade";
export type { NodePoolContext } from "./node-pool/context";
export { type EffectiveNodePool, effectiveNodePool } from "./node-pool/effective";
export { GkeNodePool } from "./node-pool/gke-node-pool";
export { poolName } from "./node-pool/name";
export type { NodePoolCluster } from "./node-pool/node-pool-cluster";
export type { AdoptedPool, GkeNodePoolOptions, GkeNodePoolProps } from "./node-pool/options";
export { gkeNodePoolProblems, gkeNodePoolWarnings } from "./node-pool/problems";
export type { CompactPlacement, ProcurementOptions, ReservationUse, SoleTenancy } from "./node-pool/procurement";
export type { HugePages, KubeletOptions, NodeSystemOptions, PrivateRegistry } from "./node-pool/system";
export { GKE_NODE_POOL_OPTIONS } from "./node-pool/table";
export { POOL_LABEL } from "./node-pool/taints";
export * from "./node-taint";
export { NodeServiceAccount } from "./service-account/node-service-account";
export {
  NODE_SERVICE_ACCOUNT_OPTIONS,
  type NodeServiceAccountOptions,
  type NodeServiceAccountProps,
  nodeServiceAccountProblems,
} from "./service-account/options";
