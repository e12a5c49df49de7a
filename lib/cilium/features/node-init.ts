import type { Problem } from "../../validation";
import type { CiliumValues } from "../cilium-values";
import { CiliumVersion } from "../version";

/**
 * What Cilium's node initialisation does before the agent starts on a node.
 *
 * - `reconfigure-kubelet`: the procedure of Cilium's documentation for GKE. Replaces the kubelet by a wrapper that, at
 *   every boot before the kubelet starts, takes GKE's CNI configuration away and tells containerd not to write it anew:
 *   no pod starts until Cilium is there. Also does what `host-prep` does.
 * - `host-prep`: takes GKE's masquerading jump out of iptables and a bridge `cbr0` of before. Touches neither kubelet
 *   nor containerd: after a reboot pods start on GKE's CNI, with addresses that Cilium may give to others too.
 * - `off`: nothing.
 */
export type NodeInit = "off" | "host-prep" | "reconfigure-kubelet";

/**
 * First chart whose kubelet wrapper works on GKE 1.36.2-gke.2064000 and later. With older ones node initialisation
 * crash-loops there and no agent starts. No patch of another minor is known to carry the fix.
 *
 * @see https://github.com/cilium/cilium/issues/47884
 */
const FIRST_SAFE_KUBELET_WRAPPER = CiliumVersion.of("1.20.2");

/**
 * The way that is chosen where nothing is said: the wrapper where the chart's works. A rebooted node keeps its node
 * object, and no taint is put back on it that would evict what it starts (cilium/cilium#18486), so that nothing else keeps
 * pods off GKE's CNI until Cilium is there.
 */
export function defaultNodeInit(version: CiliumVersion): NodeInit {
  return hasSafeKubeletWrapper(version) ? "reconfigure-kubelet" : "host-prep";
}

/** Values for the given way. */
export function nodeInitValues(nodeInit: NodeInit): CiliumValues {
  if (nodeInit === "off") return { nodeinit: { enabled: false } };
  return {
    nodeinit: { enabled: true, reconfigureKubelet: nodeInit === "reconfigure-kubelet", removeCbrBridge: true },
  };
}

/** What is wrong with the given way for this version of Cilium. */
export function nodeInitProblems(nodeInit: NodeInit, version: CiliumVersion): Problem[] {
  if (nodeInit !== "reconfigure-kubelet" || hasSafeKubeletWrapper(version)) return [];
  return [
    {
      property: "nodeInit",
      value: nodeInit,
      rule: `crash-loops on GKE 1.36.2 and later with Cilium ${version}, and then no agent starts (cilium/cilium#47884)`,
      remedy: `use host-prep, or Cilium ${FIRST_SAFE_KUBELET_WRAPPER} or later`,
    },
  ];
}

/** Whether `nodeinit.reconfigureKubelet` is known to work on every GKE version. */
export function hasSafeKubeletWrapper(version: CiliumVersion): boolean {
  return version.isAtLeast(FIRST_SAFE_KUBELET_WRAPPER);
}
