import type { CiliumClusterwideNetworkPolicyObject, CiliumNetworkPolicyObject } from "./cilium";
import type { NetworkPolicyObject } from "./kubernetes";
import type {
  CiliumCidrGroupObject,
  CiliumEgressGatewayPolicyObject,
  CiliumL2AnnouncementPolicyObject,
  CiliumLoadBalancerIpPoolObject,
  CiliumLocalRedirectPolicyObject,
  FqdnNetworkPolicyObject,
  NamespaceObject,
  NetworkLoggingObject,
} from "./others";

export * from "./cilium";
export * from "./common";
export * from "./kubernetes";
export * from "./others";

/** A policy of any kind, as it is written in YAML. Told apart by `kind`. */
export type PolicyObject =
  | NetworkPolicyObject
  | CiliumNetworkPolicyObject
  | CiliumClusterwideNetworkPolicyObject
  | CiliumCidrGroupObject
  | CiliumLocalRedirectPolicyObject
  | CiliumEgressGatewayPolicyObject
  | CiliumL2AnnouncementPolicyObject
  | CiliumLoadBalancerIpPoolObject
  | FqdnNetworkPolicyObject
  | NetworkLoggingObject
  | NamespaceObject;
