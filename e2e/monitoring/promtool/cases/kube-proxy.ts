import { type AlertCases, constant, thenAfter } from "../case";

const pod = (node: string, ready: string) => `up{job="kube-proxy-disabler", node="${node}", ready="${ready}"}`;
const count = (series: string, daemonset = "kube-proxy-disabler") =>
  `kube_daemonset_status_${series}{namespace="kube-system", daemonset="${daemonset}"}`;

export const KUBE_PROXY_CASES = {
  KubeProxyDisablerNotReady: {
    fires: [
      [pod("node-a", "false"), constant(1)],
      [pod("node-b", "true"), constant(1)],
    ],
    labels: { node: "node-a" },
    silent: [
      [[pod("node-a", "true"), constant(1)]],
      // The agent, which is asked in its place, does not answer: that is another alert's.
      [[pod("node-a", "true"), constant(0)]],
      // A node that boots.
      [
        [pod("node-a", "false"), "1x10 stale"],
        [pod("node-a", "true"), "_x10 1x230"],
      ],
      [['up{job="cilium-agent", node="node-a"}', constant(0)]],
    ],
  },
  KubeProxyDisablerIncomplete: {
    fires: [
      [count("desired_number_scheduled"), constant(3)],
      [count("number_ready"), constant(2)],
    ],
    shows: "1",
    silent: [
      [
        [count("desired_number_scheduled"), constant(3)],
        [count("number_ready"), constant(3)],
      ],
      [
        [count("desired_number_scheduled"), constant(3)],
        [count("number_ready"), thenAfter(2, 8, 3)],
      ],
      [
        [count("desired_number_scheduled", "cilium"), constant(3)],
        [count("number_ready", "cilium"), constant(2)],
      ],
    ],
  },
} satisfies AlertCases;
