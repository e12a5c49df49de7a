import type { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { CiliumRelease } from "../cilium";
import type { ExistingPods } from "../existing-pods";
import type { KubeProxyDisabler } from "../kube-proxy";
import type { GatewayApiDefinitions } from "../kubernetes";
import type { NetworkLogging } from "../policy";
import type { EffectiveDataplane } from "./effective";
import type { ManagedHubbleUi } from "./managed-hubble-ui";
import type { NodeLocalDns } from "./node-local-dns";

/** The constructs that a dataplane declared: to depend on, to change through their escape hatches, to read. */
export interface DataplaneParts {
  /** Cilium; none where Google runs it. */
  readonly cilium?: CiliumRelease;
  /** What removes kube-proxy or puts it back; none where it runs beside Cilium or is Google's affair. */
  readonly kubeProxyDisabler?: KubeProxyDisabler;
  /** The definitions of the Gateway API, where Cilium answers for Gateways. */
  readonly gatewayDefinitions?: GatewayApiDefinitions;
  /** The CNI configuration of nodes, where chaining writes one. */
  readonly cniConfiguration?: ConfigMapV1;
  /** The Job that restarts pods of before, where it is asked for. */
  readonly existingPods?: ExistingPods;
  /** Hubble's UI for the relay that GKE runs. */
  readonly hubbleUi?: ManagedHubbleUi;
  /** The cache of DNS on every node. */
  readonly nodeLocalDns?: NodeLocalDns;
  /** Dataplane V2's logging of policies. */
  readonly networkLogging?: NetworkLogging;
}

/** A dataplane in a stack: what it came to, and what stands for it there. */
export interface InstalledDataplane extends EffectiveDataplane {
  readonly parts: DataplaneParts;
}
