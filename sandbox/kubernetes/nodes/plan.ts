import type { ClusterView, NodePoolView, NodeView } from "../../gcp/hooks";
import type { KubeNode, Taint } from "../client";
import {
  formatLabels,
  formatTaints,
  LABELS_ANNOTATION,
  POOL_LABEL,
  poolLabels,
  poolTaints,
  systemLabels,
  TAINTS_ANNOTATION,
} from "./node-object";

/** What has to be done so that a pool has exactly the nodes that it should have. */
export interface NodePlan {
  readonly create: readonly NodeView[];
  /** Nodes that stay but carry other labels or taints than the pool now asks for. */
  readonly update: readonly NodeView[];
  readonly remove: readonly string[];
}

/**
 * Compares a pool's nodes with what it should have. Labels and taints of a pool are changed in place, as GKE does, and
 * only when the pool's own have changed: what others wrote on the node (or lifted from it) stays until then.
 */
export function planNodes(cluster: ClusterView, pool: NodePoolView, existing: readonly KubeNode[]): NodePlan {
  const own = existing.filter((node) => node.metadata.labels?.[POOL_LABEL] === pool.name);
  const there = new Map(own.map((node) => [node.metadata.name, node]));
  const wanted = new Set(pool.nodes.map((node) => node.name));
  return {
    create: pool.nodes.filter((view) => !there.has(view.name)),
    update: pool.nodes.filter((view) => {
      const node = there.get(view.name);
      return node !== undefined && nodePatch(cluster, pool, view, node) !== undefined;
    }),
    remove: own.map((node) => node.metadata.name).filter((name) => !wanted.has(name)),
  };
}

/**
 * Puts a pool's taints on a node again, those that were lifted too: what GKE does after it upgraded a control plane.
 * @see https://github.com/cilium/cilium/issues/19890
 */
export function withPoolTaints(pool: NodePoolView, node: KubeNode): Taint[] {
  const taints = poolTaints(pool);
  const keys = new Set(taints.map(({ key, effect }) => `${key}:${effect}`));
  return [...(node.spec?.taints ?? []).filter(({ key, effect }) => !keys.has(`${key}:${effect}`)), ...taints];
}

/** The merge patch that brings a node's labels and taints to what its pool asks for, if any is needed. */
export function nodePatch(
  cluster: ClusterView,
  pool: NodePoolView,
  view: NodeView,
  node: KubeNode,
): object | undefined {
  const annotations = node.metadata.annotations ?? {};
  const labels = poolLabels(pool);
  const taints = poolTaints(pool);
  const labelsChanged = annotations[LABELS_ANNOTATION] !== formatLabels(labels);
  const taintsChanged = annotations[TAINTS_ANNOTATION] !== formatTaints(taints);
  const system = systemLabels(cluster, pool, view);
  const systemChanged = Object.entries(system).some(([key, value]) => node.metadata.labels?.[key] !== value);
  if (!labelsChanged && !taintsChanged && !systemChanged) return undefined;

  const former = parseKeys(annotations[LABELS_ANNOTATION] ?? "");
  const dropped = Object.fromEntries(former.filter((key) => !(key in labels)).map((key) => [key, null]));
  return {
    metadata: {
      labels: { ...dropped, ...labels, ...system },
      annotations: { [LABELS_ANNOTATION]: formatLabels(labels), [TAINTS_ANNOTATION]: formatTaints(taints) },
    },
    ...(taintsChanged ? { spec: { taints: changedTaints(annotations[TAINTS_ANNOTATION] ?? "", pool, node) } } : {}),
  };
}

/** The taints that others put on the node, and the pool's new ones in place of its former ones. */
function changedTaints(formerly: string, pool: NodePoolView, node: KubeNode): Taint[] {
  const former = new Set(formerly.split(",").filter(Boolean));
  const others = (node.spec?.taints ?? []).filter((taint) => !former.has(formatTaints([taint])));
  return withPoolTaints(pool, { ...node, spec: { ...node.spec, taints: others } });
}

function parseKeys(labels: string): string[] {
  return labels
    .split(",")
    .filter(Boolean)
    .map((label) => label.split("=")[0]!);
}
