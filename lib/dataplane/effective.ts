import type { ClusterMeshPeer, EffectiveRelease } from "../cilium";
import type { ClusterDatapath, NodeTaint } from "../gke";
import type { PolicyEnforcement } from "../policy";
import type { Problem } from "../validation";
import type { DataplaneKind } from "./facts";
import type { DataplaneTelemetry } from "./telemetry";

/** A cluster's place in a mesh. */
export interface EffectiveMesh {
  readonly id: number;
  /** Address of its mesh API server. */
  readonly address: string;
  readonly peers: readonly ClusterMeshPeer[];
  /** `wireguard`, `ipsec` or `none`: all clusters of a mesh have to have the same. */
  readonly encryption: string;
}

/**
 * A dataplane in one environment: what its options, the environment and the author's chart values come to, decided once.
 * Plain data; tokens stay tokens.
 */
export interface EffectiveDataplane {
  readonly kind: DataplaneKind;
  readonly clusterDatapath: ClusterDatapath;
  /** The taint that nodes carry until the CNI is ready; none where GKE runs the CNI. */
  readonly startupTaint?: NodeTaint;
  /** Cilium's release; none where Google runs Cilium. */
  readonly release?: EffectiveRelease;
  /** Protocols beside TCP, UDP and ICMP that nodes send each other, for which GKE's own firewall rules have no place. */
  readonly nodeProtocols?: readonly string[];
  /** Its cluster's place in a mesh. */
  readonly mesh?: EffectiveMesh;
  readonly enforcement: PolicyEnforcement;
  readonly telemetry: DataplaneTelemetry;
  /** Everything that is wrong, named from the environment's definition: `dataplane.hubble.ui`, `cluster.autopilot`. */
  readonly problems: readonly Problem[];
  /** What works but deserves a sentence. */
  readonly warnings: readonly Problem[];
}
