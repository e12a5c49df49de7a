import type { HelmValues } from "../../helm";
import { type CheckTable, cidr, flag, listOf, withOtherNames } from "../../validation";

/**
 * Cilium's own ip-masq-agent: several ranges whose destinations see a pod's own address, in a ConfigMap that can be changed
 * while everything runs. Pods among themselves always do.
 *
 * @see https://docs.cilium.io/en/stable/network/concepts/masquerading/
 */
export interface IpMasqAgentOptions {
  /**
   * Ranges whose destinations see the pod's own address; all others see the node's. They need a route back to the pods.
   *
   * @default - the private and reserved ranges that GKE's own agent leaves alone
   */
  readonly nonMasqueradeCidrs?: readonly string[];

  /**
   * Whether link-local destinations (169.254.0.0/16) see the node's address. The metadata server is one of them.
   *
   * @default false
   */
  readonly masqueradeLinkLocal?: boolean;
}

/** What the options must look like. */
export const IP_MASQ_AGENT_OPTIONS: CheckTable<IpMasqAgentOptions> = withOtherNames(
  {
    nonMasqueradeCidrs: listOf(cidr()),
    masqueradeLinkLocal: flag(),
  },
  {
    enabled: "leave it out: the option itself switches it on",
    config: "write nonMasqueradeCidrs beside it, without config",
  },
);

/** Values below `ipMasqAgent`. Without a list no ConfigMap is written, and the agents have their own. */
export function ipMasqAgentValues(options: IpMasqAgentOptions | undefined): HelmValues {
  if (options === undefined) return {};
  const { nonMasqueradeCidrs, masqueradeLinkLocal } = options;
  const isGiven = nonMasqueradeCidrs !== undefined || masqueradeLinkLocal !== undefined;
  return {
    ipMasqAgent: {
      enabled: true,
      ...(isGiven
        ? { config: { nonMasqueradeCIDRs: nonMasqueradeCidrs, masqLinkLocal: masqueradeLinkLocal ?? false } }
        : {}),
    },
  };
}
