import type { AlertRule } from "../rule";

/** Whether Cilium can do its work: its controllers, the Kubernetes API, its configuration. */
export const CONTROL_PLANE_RULES = [
  {
    name: "CiliumControllersFailing",
    severity: "warning",
    minutes: 15,
    summary: "Controllers of the Cilium agent on {{ $labels.node }} keep failing.",
    description:
      "A background task of the agent does not succeed; which one, `cilium-dbg status --all-controllers` tells.",
    threshold: { default: 0, min: 0, meaning: "failing controllers", format: "number" },
    expression: (select, limit) => `max by (pod, node) (${select("cilium_controllers_failing")}) > ${limit}`,
  },
  {
    name: "CiliumKubernetesApiErrors",
    severity: "info",
    minutes: 10,
    summary: "Many requests of Cilium on {{ $labels.node }} to the Kubernetes API fail.",
    description: "Policies, Services and endpoints arrive late while it lasts. Not found and conflict do not count.",
    threshold: { default: 0.1, min: 0, max: 1, meaning: "share of all requests", format: "ratio" },
    expression: (select, limit) =>
      `sum by (pod, node) (rate(${select("cilium_k8s_client_api_calls_total", 'return_code!~"2..|404|409"')}[5m])) / sum by (pod, node) (rate(${select("cilium_k8s_client_api_calls_total")}[5m])) > ${limit}`,
  },
  {
    name: "CiliumUnmanagedPods",
    severity: "warning",
    minutes: 15,
    summary: "Pods run without Cilium.",
    description: "They started before Cilium was ready on their node: no policy protects them or applies to them.",
    threshold: { default: 0, min: 0, meaning: "pods", format: "number" },
    expression: (select, limit) => `max(${select("cilium_operator_unmanaged_pods")}) > ${limit}`,
  },
  {
    name: "CiliumConfigDrift",
    severity: "info",
    minutes: 30,
    summary: "Cilium on {{ $labels.node }} does not run with its present configuration.",
    description: "The ConfigMap was changed without restarting the agents, or a node has settings of its own.",
    threshold: { default: 0, min: 0, meaning: "settings that differ", format: "number" },
    expression: (select, limit) => `max by (pod, node) (${select("cilium_drift_checker_config_delta")}) > ${limit}`,
  },
  {
    name: "CiliumErrorsLogged",
    severity: "info",
    minutes: 15,
    summary: "Cilium on {{ $labels.node }} logs many errors ({{ $labels.subsystem }}).",
    description: "Errors in the agent's log are rare in a healthy cluster.",
    threshold: { default: 0.1, min: 0, meaning: "errors per second", format: "rate" },
    expression: (select, limit) =>
      `sum by (pod, node, subsystem) (rate(${select("cilium_errors_warnings_total", 'level="ERROR"')}[5m])) > ${limit}`,
  },
] as const satisfies readonly AlertRule[];
