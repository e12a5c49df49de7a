import type { HelmValues } from "../../helm";
import { type CheckTable, decided, required, text, withOtherNames } from "../../validation";

/** Pods whose traffic leaves the cluster through chosen nodes; which pods, and where to, a policy says. */
export interface EgressGatewayOptions {
  /**
   * Name of the node pool whose nodes are gateways: a pool of their own, with a taint that keeps other pods off, and
   * never without a node. Policies select it by the label `cdktf-gke-cilium/pool`, which every node has. No default.
   */
  readonly nodePool: string;
}

/** What the options must look like. */
export const EGRESS_GATEWAY_OPTIONS: CheckTable<EgressGatewayOptions> = withOtherNames(
  {
    nodePool: required(decided(text()), "name the pool of the gateways"),
  },
  {
    enabled: "leave it out: the option itself switches it on",
    installRoutes: "leave it out: Cilium 1.16 took it away",
  },
);

/** Values below `egressGateway`. */
export function egressGatewayValues(options: EgressGatewayOptions | undefined): HelmValues {
  return options === undefined ? {} : { egressGateway: { enabled: true } };
}
