// The public interface: what is named here, and the types of it. Everything else under lib/ may change in any version.
// docs/reference.md is made of it, and tests compare the two.
export type * from "./adopt";
export { addressOf, adoptExisting } from "./adopt";
export type * from "./bootstrap";
export {
  BootstrapStack,
  DEPLOYER_ROLES,
  GitHubFederation,
  PREVIEWER_PERMISSIONS,
  ProjectBootstrap,
  projectBootstrapProblems,
  SERVICES,
} from "./bootstrap";
export type * from "./cilium";
export {
  CILIUM_HELM_REPOSITORY,
  CILIUM_OCI_REPOSITORY,
  CILIUM_RISKS,
  CiliumRelease,
  CiliumVersion,
  chainingValues,
  ciliumReleaseProblems,
  ciliumReleaseWarnings,
  DEFAULT_HUBBLE_METRICS,
  effectiveRelease,
  effectiveValue,
  gkeDefaultValues,
  HTTP_HUBBLE_METRIC,
  hubbleCertificateValues,
  hubbleValues,
  imageRegistryValues,
  kubeProxyReplacementValues,
  mergeValues,
  nativeRoutingValues,
  nodeInitValues,
  operatorValues,
  prometheusValues,
  renderValues,
  resourceValues,
  rollOutValues,
  SUPPORTED_MINORS,
  startupTaintValues,
  unmanagedPodsValues,
} from "./cilium";
export type * from "./dataplane";
export { Dataplane, DEFAULT_STARTUP_TAINT_KEY, NO_FEATURES, Telemetry } from "./dataplane";
export type * from "./environment";
export {
  ClusterStack,
  defineEnvironment,
  describeEnvironment,
  describeEnvironments,
  Environment,
  EnvironmentStack,
  environmentsProblems,
  hardened,
  MonitoringStack,
  NetworkingStack,
  renderSummary,
  StateBackend,
  summarize,
  synthesize,
  withoutTokenTraces,
} from "./environment";
export type * from "./existing-pods";
export { ExistingPods, existingPodsProblems } from "./existing-pods";
export type * from "./gke";
export {
  ClusterConnection,
  clusterConnectionProblems,
  DEFAULT_MAX_PODS_PER_NODE,
  GkeCluster,
  GkeNetwork,
  GkeNodePool,
  gkeClusterProblems,
  gkeNetworkProblems,
  gkeNodePoolProblems,
  isZone,
  NodeServiceAccount,
  nodeServiceAccountProblems,
  regionOf,
  zoneCount,
} from "./gke";
export type * from "./kube-proxy";
export { agentGateValues, KubeProxyDisabler, kubeProxyDisablerProblems } from "./kube-proxy";
export type * from "./kubernetes";
export {
  GATEWAY_API_VERSION,
  GatewayApiDefinitions,
  ManifestRelease,
  manifestProblems,
  manifestReleaseProblems,
} from "./kubernetes";
export type * from "./monitoring";
export { Monitoring, MonitoringAddon } from "./monitoring";
export type * from "./policy";
export { describePolicies, NetworkLogging, networkLoggingProblems, Policies } from "./policy";
export type { Problem } from "./validation";
export { ConfigurationError, describeProblem } from "./validation";
