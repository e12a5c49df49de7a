import type { CiliumValues } from "../cilium-values";

/**
 * Leave LoadBalancer Services to Google's controller. Cilium's own IPAM takes every Service without a class as soon as
 * one address pool matches, and its operator then clears the address that Google gave.
 *
 * @see https://github.com/cilium/cilium/issues/39805
 */
export function noLoadBalancerIpamValues(): CiliumValues {
  return { enableLBIPAM: false };
}
