import { DAEMON_SET_COUNTS, READY_LABEL, sees } from "../../metrics/daemon-sets";
import type { AlertRule } from "../rule";

const NAME = "kube-proxy-disabler";
/** While kube-proxy is brought back the DaemonSet has another name. */
const EITHER = `daemonset=~"${NAME}|kube-proxy-restorer"`;
const [DESIRED, READY] = DAEMON_SET_COUNTS;

/**
 * Whether nodes are rid of kube-proxy, or have it back, as asked for. The pods that see to it serve no metrics: which of
 * the two can fire depends on what the environment's monitoring sees of them.
 */
export const KUBE_PROXY_RULES = [
  {
    name: "KubeProxyDisablerNotReady",
    severity: "warning",
    minutes: 10,
    summary: "The kube-proxy disabler on {{ $labels.node }} is not ready.",
    description:
      "kube-proxy or its rules are not as asked for on the node: load balancers may take it for dead, or two programs answer Services there. The pod's log has the reason and the remedy.",
    applies: (telemetry) => sees(telemetry, NAME, "pods"),
    expression: (select) => `count by (node) (${select("up", `job="${NAME}"`, `${READY_LABEL}!="true"`)}) > 0`,
  },
  {
    name: "KubeProxyDisablerIncomplete",
    severity: "warning",
    minutes: 10,
    summary: "The kube-proxy disabler is not ready on some nodes.",
    description:
      "kube-proxy or its rules are not as asked for there: load balancers may take them for dead, or two programs answer Services. The logs of the pods have the reason and the remedy.",
    threshold: { default: 0, min: 0, meaning: "nodes", format: "number" },
    applies: (telemetry) => sees(telemetry, NAME, "counts"),
    expression: (select, limit) => `max(${select(DESIRED, EITHER)}) - max(${select(READY, EITHER)}) > ${limit}`,
  },
] as const satisfies readonly AlertRule[];
