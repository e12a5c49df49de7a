import { hasCondition } from "../client";
import { isReal } from "../nodes";
import type { Action, Snapshot } from "./snapshot";

/**
 * When the API server was away, the node controller misses the nodes' heartbeats and marks their pods as not ready. A
 * kubelet that is back reports what it runs; KWOK does not, as it makes pods ready only once.
 */
export function reportReadiness({ nodes, pods }: Snapshot): Action[] {
  const alive = new Set(
    nodes.filter((node) => hasCondition(node, "Ready") && !isReal(node)).map(({ metadata }) => metadata.name),
  );
  return pods
    .filter(({ metadata, spec, status }) => {
      if (metadata.deletionTimestamp !== undefined || !alive.has(spec?.nodeName ?? "")) return false;
      return (
        status?.phase === "Running" &&
        (status.conditions ?? []).some(({ type, status: value }) => type === "Ready" && value === "False")
      );
    })
    .map(({ metadata, status }): Action => {
      const conditions = (status?.conditions ?? []).map((condition) =>
        condition.type === "Ready" ? { ...condition, status: "True" } : condition,
      );
      return {
        do: "patch",
        path: `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/status`,
        patch: { status: { conditions } },
      };
    });
}
