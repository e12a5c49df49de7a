import type { Construct } from "constructs";
import type { ClusterDatapath, NodeTaint } from "../gke";
import type { Problem } from "../validation";
import { CniChaining, type CniChainingOptions } from "./cni-chaining";
import { DataplaneV2, type DataplaneV2Options } from "./dataplane-v2";
import type { DataplaneContext, DataplaneFacts } from "./facts";
import { KubeProxyFree, type KubeProxyFreeOptions } from "./kube-proxy-free";
import type { DataplaneTelemetry } from "./telemetry";

/** Which factory made a dataplane. */
export type DataplaneKind = "cni-chaining" | "kube-proxy-free" | "dataplane-v2";

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
export abstract class Dataplane {
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

  /** Which factory made it. For messages and tables; code that branches on it belongs into the kind. */
  public abstract readonly kind: DataplaneKind;

  /** What the cluster must be created with. */
  public abstract readonly clusterDatapath: ClusterDatapath;

  /** The taint that nodes carry until the CNI is ready, or none where GKE runs the CNI. */
  public abstract readonly startupTaint: NodeTaint | undefined;

  /** What it exposes to monitoring. */
  public abstract readonly telemetry: DataplaneTelemetry;

  /**
   * Everything that is wrong with this kind and its options for an environment: all of it, nothing thrown. Properties
   * are named from the environment's definition: `dataplane.hubble.ui`, `cluster.autopilot`.
   */
  public abstract problems(facts: DataplaneFacts): Problem[];

  /** What works but deserves a sentence: told at synth, never an error. */
  public abstract warnings(facts: DataplaneFacts): Problem[];

  /**
   * Declares everything of this kind in `scope`, the stack `<env>-networking` or any other with a connection, and adds
   * the warnings to it.
   *
   * @throws ConfigurationError with every problem, before anything is declared.
   */
  public abstract install(scope: Construct, context: DataplaneContext): void;
}
