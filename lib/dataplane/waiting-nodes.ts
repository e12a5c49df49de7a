import { WAITING_LABEL } from "../gke";
import type { HelmValues } from "../helm";
import type { DataplaneKind } from "./facts";

/** Kinds whose nodes carry a startup taint, so that nodes of one can wait in a cluster that still runs another. */
const SELF_MANAGED = ["cni-chaining", "kube-proxy-free"] as const satisfies readonly DataplaneKind[];

/**
 * Chart values that keep what prepares nodes, and the agents, off nodes that wait for another kind of dataplane: an agent
 * renames their CNI configuration, and the kubelet's wrapper stays until they are recreated. Envoy follows the agents by
 * the chart's own affinity.
 */
export function waitingNodesValues(kind: (typeof SELF_MANAGED)[number]): HelmValues {
  const others = SELF_MANAGED.filter((each) => each !== kind);
  const affinity = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: WAITING_LABEL, operator: "NotIn", values: others }] }],
      },
    },
  };
  return { affinity, nodeinit: { affinity } };
}
