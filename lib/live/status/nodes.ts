import type { Asked } from "../asked";
import { count, isTrue, type KubeNode, some } from "../objects";
import { about, type StatusFinding } from "./finding";
import type { ClusterSnapshot } from "./snapshot";

/** A node that is this young may still be starting. */
const STARTING_MS = 5 * 60_000;
/** Put on nodes that wait for the dataplane of a later deployment: docs/mode-switch.md. */
const WAITING = "cdktf-gke-cilium/waits-for";

/** Nodes, and taints that should be gone. */
export function nodeFindings({ nodes }: ClusterSnapshot, { cilium }: Asked, now: Date): StatusFinding[] {
  const { ok, wrong, doubt } = about("nodes");
  if (nodes.length === 0)
    return [doubt("nodes", "there is none", "let a pool have at least one, or start a pod that needs one")];
  const unready = nodes.filter((node) => !isTrue(node, "Ready"));
  const kubelets = new Map<string, number>();
  for (const node of nodes) {
    const version = node.status?.nodeInfo?.kubeletVersion ?? "unknown";
    kubelets.set(version, (kubelets.get(version) ?? 0) + 1);
  }
  const listed = [...kubelets].map(([version, number]) => (kubelets.size === 1 ? version : `${version} (${number})`));
  const findings = [
    unready.length === 0
      ? ok("ready", `${count(nodes.length, "node")}, ${listed.join(", ")}`)
      : wrong(
          "ready",
          `${unready.length} of ${nodes.length} not: ${some(unready.map(({ metadata }) => metadata.name))}`,
          "kubectl describe node: its conditions say why",
        ),
  ];
  if (cilium !== undefined) findings.push(...startupTaints(nodes, cilium.values, now));
  const waiting = nodes.filter(({ metadata }) => metadata.labels?.[WAITING] !== undefined);
  if (waiting.length > 0)
    findings.push(
      doubt(
        "waiting nodes",
        `${waiting.length} for ${[...new Set(waiting.map(({ metadata }) => metadata.labels?.[WAITING]))].join(", ")}`,
        "go on with the switch: docs/mode-switch.md",
      ),
    );
  return findings;
}

function startupTaints(
  nodes: readonly KubeNode[],
  values: Readonly<Record<string, unknown>>,
  now: Date,
): StatusFinding[] {
  const { ok, wrong, doubt } = about("nodes");
  const key = values["agentNotReadyTaintKey"];
  const title = "startup taint";
  if (typeof key !== "string") return [];
  const tainted = nodes.filter(({ spec }) => spec?.taints?.some((taint) => taint.key === key));
  if (tainted.length === 0) return [ok(title, "gone from every node")];
  const names = some(tainted.map(({ metadata }) => metadata.name));
  const young = tainted.every(
    ({ metadata }) => now.getTime() - Date.parse(metadata.creationTimestamp ?? "") < STARTING_MS,
  );
  return young
    ? [doubt(title, `still on ${names}, made less than five minutes ago`, "wait until the agents there are ready")]
    : [
        wrong(
          title,
          `still on ${names}: no pod is scheduled there`,
          "see to the agent on that node; where it is ready, see to the operator, which takes the taint off",
        ),
      ];
}
