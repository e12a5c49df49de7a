export * from "./capacity";
export type { AcceleratorLimit, AutoProvisioning, ScalingOptions } from "./cluster/auto-provisioning";
export type { AuthorizedNetwork, ControlPlaneOptions, IpEndpoint } from "./cluster/control-plane";
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
export { gkeClusterProblems } from "./cluster/problems";
export type { ConfidentialNodes, SecurityOptions } from "./cluster/security";
export * from "./cluster-datapath";
export { ClusterConnection } from "./connection/cluster-connection";
export {
  type ClusterConnectionOptions,
  type ClusterConnectionProps,
  type ConnectionEndpoint,
  clusterConnectionProblems,
} from "./connection/options";
export { isZone, regionOf, zoneCount } from "./location";
export { resourceLabelProblems } from "./naming";
export type { ClusterNetwork } from "./network/cluster-network";
export { GkeNetwork } from "./network/gke-network";
export type { GkeNetworkOptions, GkeNetworkProps } from "./network/options";
export { gkeNetworkProblems } from "./network/problems";
export type { Accelerator } from "./node-pool/accelerator";
export type { BlueGreenUpgrade } from "./node-pool/blue-green-upgrade";
export { GkeNodePool } from "./node-pool/gke-node-pool";
export { poolName } from "./node-pool/name";
export type { NodePoolCluster } from "./node-pool/node-pool-cluster";
export type { GkeNodePoolOptions, GkeNodePoolProps } from "./node-pool/options";
export { gkeNodePoolProblems, type NodePoolContext } from "./node-pool/problems";
export * from "./node-taint";
export { NodeServiceAccount } from "./service-account/node-service-account";
export {
  type NodeServiceAccountOptions,
  type NodeServiceAccountProps,
  nodeServiceAccountProblems,
} from "./service-account/options";
