import { isKnown } from "../../validation";
import type { ClusterDatapath } from "../cluster-datapath";
import { zoneCount } from "../location";
import type { ClusterNetwork } from "../network/cluster-network";
import { publicRanges } from "../network/ranges";
import { DEFAULT_IP_ENDPOINT } from "./control-plane";
import { DEFAULT_MAINTENANCE_WINDOW, DEFAULT_RELEASE_CHANNEL } from "./maintenance";
import { DEFAULT_MAX_PODS_PER_NODE, type GkeClusterOptions } from "./options";
import { type TemporaryPool, temporaryPool } from "./temporary-pool";

/** Options that every cluster has, said or not. */
type Filled =
  | "anonymousAuthentication"
  | "authorizedNetworks"
  | "autopilot"
  | "autoscalingProfile"
  | "backupAgent"
  | "binaryAuthorization"
  | "costAllocation"
  | "csiDrivers"
  | "deletionProtection"
  | "dnsEndpoint"
  | "enforceOnPrivateEndpoint"
  | "gatewayApi"
  | "googlePublicAccess"
  | "httpLoadBalancing"
  | "ilbSubsetting"
  | "intranodeVisibility"
  | "ipEndpoint"
  | "logging"
  | "maintenanceExclusions"
  | "maintenanceWindow"
  | "managedPrometheus"
  | "maxPodsPerNode"
  | "monitoring"
  | "nodeLocalDns"
  | "privateEndpointGlobalAccess"
  | "privateNodes"
  | "releaseChannel"
  | "securityPosture"
  | "verticalPodAutoscaling";

/** What is known of a cluster besides its options. */
export interface ClusterSurroundings {
  readonly name?: string;
  readonly project?: string;
  /** Region or zone of the cluster. */
  readonly location?: string;
  /** A {@link ClusterNetwork}, or what an environment's author says about one. */
  readonly network?: Partial<
    Pick<ClusterNetwork, "nodes" | "pods" | "services" | "extraPodRanges" | "controlPlane" | "controlPlaneSubnetwork">
  >;
}

/** A cluster as it will be: everything said, nothing left to a default. Tokens stay tokens. */
export interface EffectiveCluster extends Omit<GkeClusterOptions, Filled>, Required<Pick<GkeClusterOptions, Filled>> {
  readonly location?: string;
  /** In how many zones nodes run unless a pool says otherwise. */
  readonly zoneCount: number;
  /** Whether GKE leaves pods' addresses alone: where the dataplane wants it, and with public addresses used privately. */
  readonly disableDefaultSnat: boolean;
  /** None with Autopilot. */
  readonly temporaryPool?: TemporaryPool;
}

/**
 * Fills in every default of a cluster, once: rules and constructs read the answer.
 *
 * @param options Examined options with as much of their surroundings as is known.
 */
export function effectiveCluster(
  options: GkeClusterOptions & ClusterSurroundings,
  datapath: ClusterDatapath,
): EffectiveCluster {
  const { network, name: _, project: __, ...given } = options;
  const autopilot = options.autopilot ?? false;
  return {
    ...given,
    autopilot,
    privateNodes: options.privateNodes ?? true,
    dnsEndpoint: options.dnsEndpoint ?? true,
    ipEndpoint: options.ipEndpoint ?? DEFAULT_IP_ENDPOINT,
    authorizedNetworks: options.authorizedNetworks ?? [],
    enforceOnPrivateEndpoint: options.enforceOnPrivateEndpoint ?? true,
    googlePublicAccess: options.googlePublicAccess ?? false,
    privateEndpointGlobalAccess: options.privateEndpointGlobalAccess ?? false,
    binaryAuthorization: options.binaryAuthorization ?? false,
    securityPosture: options.securityPosture ?? "BASIC",
    anonymousAuthentication: options.anonymousAuthentication ?? "LIMITED",
    releaseChannel: options.releaseChannel ?? DEFAULT_RELEASE_CHANNEL,
    maintenanceWindow: options.maintenanceWindow ?? DEFAULT_MAINTENANCE_WINDOW,
    maintenanceExclusions: options.maintenanceExclusions ?? [],
    logging: options.logging ?? ["SYSTEM_COMPONENTS", "WORKLOADS"],
    monitoring: options.monitoring ?? ["SYSTEM_COMPONENTS"],
    managedPrometheus: options.managedPrometheus ?? true,
    costAllocation: options.costAllocation ?? true,
    intranodeVisibility: options.intranodeVisibility ?? datapath.defaults.intranodeVisibility,
    // It needs the load-balancing controller, without which nobody asked for it.
    gatewayApi: options.gatewayApi ?? (datapath.defaults.gatewayApi && options.httpLoadBalancing !== false),
    verticalPodAutoscaling: options.verticalPodAutoscaling ?? true,
    nodeLocalDns: options.nodeLocalDns ?? (autopilot || datapath.defaults.nodeLocalDns),
    csiDrivers: options.csiDrivers ?? ["gce-pd"],
    httpLoadBalancing: options.httpLoadBalancing ?? true,
    ilbSubsetting: options.ilbSubsetting ?? true,
    backupAgent: options.backupAgent ?? false,
    autoscalingProfile: options.autoscalingProfile ?? "BALANCED",
    maxPodsPerNode: options.maxPodsPerNode ?? DEFAULT_MAX_PODS_PER_NODE,
    deletionProtection: options.deletionProtection ?? true,
    zoneCount: isKnown(options.location)
      ? zoneCount(options.location, options.nodeLocations)
      : zoneCount("", options.nodeLocations),
    disableDefaultSnat: datapath.disableDefaultSnat || hasPublicRanges(network),
    ...(autopilot === true ? {} : { temporaryPool: temporaryPool(options) }),
  };
}

function hasPublicRanges(network: ClusterSurroundings["network"]): boolean {
  if (network === undefined || !isKnown(network)) return false;
  const { nodes = "", pods = "", services = "", extraPodRanges = {} } = network;
  return publicRanges({ nodes, pods, services, extraPodRanges }).length > 0;
}
