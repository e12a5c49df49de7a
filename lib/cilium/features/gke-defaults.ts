import type { CiliumValues } from "../cilium-values";

/**
 * The one directory for CNI plugins that is writable on Container-Optimized OS and survives a reboot.
 *
 * @see https://github.com/cilium/cilium/issues/35336
 */
export const GKE_CNI_BIN_PATH = "/home/kubernetes/bin";

/**
 * What every Cilium on GKE needs, whatever else it does: the plugin where nodes let it be written, and LoadBalancer
 * Services left to Google's controller.
 *
 * Cilium's own IPAM takes every Service without a class as soon as one address pool matches, and its operator then clears
 * the address that Google gave (https://github.com/cilium/cilium/issues/39805): it is off. `defaultLBServiceIPAM` is what
 * the agents go by, whoever manages the addresses: with `lbipam` they drop what is sent to an address for which they know
 * no port, Google's health checks on port 10256 among it, until the node itself holds the address (measured; with `none`
 * there is no such entry at all, before and after).
 */
export function gkeDefaultValues(): CiliumValues {
  return { cni: { binPath: GKE_CNI_BIN_PATH }, defaultLBServiceIPAM: "none", enableLBIPAM: false };
}
