import type { HelmValues } from "../../helm";
import { type CheckTable, flag, withOtherNames } from "../../validation";

/**
 * Limits of pods' bandwidth, `kubernetes.io/egress-bandwidth` and `kubernetes.io/ingress-bandwidth` in their annotations.
 * Needs the kernel's queueing discipline fq, which Container-Optimized OS has. Not together with IPsec.
 *
 * @see https://docs.cilium.io/en/stable/network/kubernetes/bandwidth-manager/
 */
export interface BandwidthManagerOptions {
  /**
   * BBR as the congestion control of TCP, for pods that serve clients across the internet. It needs BPF host routing, by
   * which pods lose the metadata server of Workload Identity: only with {@link bbrHostNamespaceOnly}.
   *
   * @default false
   */
  readonly bbr?: boolean;

  /**
   * BBR for programs of the nodes alone, which works with the host's own routing.
   *
   * @default false
   */
  readonly bbrHostNamespaceOnly?: boolean;
}

/** What the options must look like. */
export const BANDWIDTH_MANAGER_OPTIONS: CheckTable<BandwidthManagerOptions> = withOtherNames(
  {
    bbr: flag(),
    bbrHostNamespaceOnly: flag(),
  },
  { enabled: "leave it out: the option itself switches it on" },
);

/** Values below `bandwidthManager`. */
export function bandwidthManagerValues(options: BandwidthManagerOptions | undefined): HelmValues {
  return options === undefined ? {} : { bandwidthManager: { enabled: true, ...options } };
}
