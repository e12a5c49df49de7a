import type { KubeNode, Pod } from "../../../sandbox/kubernetes/client";
import { reportReadiness } from "../../../sandbox/kubernetes/controllers";
import { kubeNode, pod, snapshot } from "./fixtures";

const node = (status: string): KubeNode => ({ ...kubeNode("a"), status: { conditions: [{ type: "Ready", status }] } });
/** As the node controller leaves a pod whose node it has not heard of. */
const missed = (more: Partial<Pod["metadata"]> = {}): Pod => ({
  ...pod("agent", { node: "a", ...more }),
  status: {
    phase: "Running",
    conditions: [
      { type: "ContainersReady", status: "True" },
      { type: "Ready", status: "False" },
    ],
  },
});

test("pods that run on a node that is back are ready again", () => {
  expect(reportReadiness(snapshot({ nodes: [node("True")], pods: [missed()] }))).toEqual([
    {
      do: "patch",
      path: "/api/v1/namespaces/kube-system/pods/agent/status",
      patch: {
        status: {
          conditions: [
            { type: "ContainersReady", status: "True" },
            { type: "Ready", status: "True" },
          ],
        },
      },
    },
  ]);
});

test.each([
  ["on a node that is still away", { nodes: [node("Unknown")], pods: [missed()] }],
  ["that are leaving", { nodes: [node("True")], pods: [missed({ deletionTimestamp: "2026-11-22T10:00:00Z" })] }],
  ["that have not started", { nodes: [node("True")], pods: [pod("agent", { node: "a" })] }],
  ["that are ready", { nodes: [node("True")], pods: [pod("agent", { node: "a", ready: true })] }],
] as const)("pods %s stay as they are", (_, parts) => {
  expect(reportReadiness(snapshot(parts))).toEqual([]);
});
