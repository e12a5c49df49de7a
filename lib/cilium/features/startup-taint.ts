import type { CiliumValues } from "../cilium-values";

/**
 * Values for the startup taint: the operator takes exactly this key off a node whose agent is ready, so it has to be
 * the key that the node pools carry. It never puts that effect back: an agent that stops is answered with NoSchedule, and
 * a reboot with nothing that would evict (`operator/watchers/node_taint.go`).
 */
export function startupTaintValues(key: string): CiliumValues {
  return { agentNotReadyTaintKey: key };
}
