export { agentGateValues } from "./agent-gate";
export type { KubeProxyMode } from "./daemon-set";
export * from "./kube-proxy-disabler";
export {
  KUBE_PROXY_DISABLER_OPTIONS,
  type KubeProxyDisablerOptions,
  kubeProxyDisablerImage,
  kubeProxyDisablerProblems,
  kubeProxyDisablerRules,
} from "./options";
