import type { CiliumValues } from "../cilium-values";

/**
 * Restart every program whose configuration changes.
 *
 * Without it a changed value only changes a ConfigMap: the apply succeeds, the plan is empty, and the agents go on as
 * before until somebody restarts them. With it a change rolls through the nodes, a tenth of them at a time (see
 * {@link resourceValues}); established connections go on, Layer 7 traffic of a node is cut for a moment.
 */
export function rollOutValues(): CiliumValues {
  return {
    rollOutCiliumPods: true,
    operator: { rollOutPods: true },
    envoy: { rollOutPods: true },
    hubble: { relay: { rollOutPods: true }, ui: { rollOutPods: true } },
  };
}
