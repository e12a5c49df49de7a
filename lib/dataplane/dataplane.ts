import { CniChaining, type CniChainingOptions } from "./cni-chaining";
import { DataplaneBase } from "./dataplane-base";
import { DataplaneV2, type DataplaneV2Options } from "./dataplane-v2";
import { KubeProxyFree } from "./kube-proxy-free";
import type { KubeProxyFreeOptions } from "./kube-proxy-free-options";

/**
 * What moves packets between pods: one choice an environment, from which everything that depends on it follows.
 *
 * It decides the cluster's datapath provider and network-policy engine, the startup taint of every node pool, the
 * values of the Cilium release, what is done about kube-proxy, how Hubble is reached and what is monitored. Options that
 * one kind has and another lacks cannot be written for the other.
 *
 * Changing the kind of a live environment replaces its cluster where the datapath provider changes; see
 * `docs/mode-switch.md`.
 */
export abstract class Dataplane extends DataplaneBase {
  /**
   * Cilium chained behind GKE's own CNI and Calico: network policies stay with Calico, Cilium adds Hubble's visibility.
   *
   * The gentlest way in for a cluster that runs Calico. Layer 7 policies do not work chained, and neither do HTTP metrics
   * (https://github.com/cilium/cilium/issues/12454).
   */
  public static cniChaining(options: CniChainingOptions = {}): Dataplane {
    return new CniChaining(options);
  }

  /**
   * Cilium as the only CNI, with kube-proxy's work done in BPF: every feature of Cilium, and its upgrades are yours.
   *
   * Google does not support replacing the CNI of GKE: what runs here is between you and Cilium.
   */
  public static kubeProxyFree(options: KubeProxyFreeOptions = {}): Dataplane {
    return new KubeProxyFree(options);
  }

  /**
   * GKE Dataplane V2: Cilium run, upgraded and supported by Google, with the features that Google exposes.
   *
   * Layer 3 and 4 policies only, no `CiliumNetworkPolicy`.
   */
  public static v2(options: DataplaneV2Options = {}): Dataplane {
    return new DataplaneV2(options);
  }
}
