import type { CiliumValues } from "../cilium-values";

/** Share of the nodes that may be without an agent while a new one rolls out, rounded up. */
const MAX_UNAVAILABLE = "10%";

/**
 * What Cilium's programs ask of a node, and the most they may take. The chart asks for nothing, so that the scheduler
 * counts none of it and a node under pressure starves the program that all its pods depend on.
 *
 * - **agent**: 181 MB measured for the process on a node with few pods (1.20.2; `docs/kube-proxy-free.md`). The request
 *   is twice that, for a node full of pods and for the BPF maps, which the kernel charges to the agent. The limit is the
 *   chart's own suggestion, far above any healthy agent: maps take 0.25 % of a node's memory and the compiler runs at
 *   each start, and an agent that is killed leaves its node without new pods.
 * - **Envoy**: not measured. Asks for what it takes idle; a limit that layer 7 traffic does not reach by itself.
 * - **operator**, **relay**, **UI**, **certgen**: the chart's suggestions where it has any, else in proportion: what
 *   grows with the cluster has room to.
 * - **node initialisation**: one script, then sleep; the chart asks for 100m and 100Mi on every node for it.
 *
 * Limits of memory only: a program held back by a CPU limit is late with policies and new pods, and memory is what one
 * program can take from all others.
 */
export function resourceValues(): CiliumValues {
  return {
    resources: { requests: { cpu: "100m", memory: "384Mi" }, limits: { memory: "4Gi" } },
    envoy: {
      resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "2Gi" } },
      updateStrategy: { rollingUpdate: { maxUnavailable: MAX_UNAVAILABLE } },
    },
    operator: { resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "1Gi" } } },
    hubble: {
      relay: { resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "512Mi" } } },
      ui: {
        backend: { resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "1Gi" } } },
        frontend: { resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "256Mi" } } },
      },
    },
    certgen: { resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } } },
    nodeinit: { resources: { requests: { cpu: "10m", memory: "32Mi" } } },
    // The chart's two would be two of the three nodes of a small cluster.
    updateStrategy: { rollingUpdate: { maxUnavailable: MAX_UNAVAILABLE } },
  };
}
