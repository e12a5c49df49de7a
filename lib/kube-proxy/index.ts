export { agentGateValues } from "./agent-gate";
export type { KubeProxyMode } from "./daemon-set";
export * from "./kube-proxy-disabler";
export {
  type KubeProxyDisablerOptions,
  kubeProxyDisablerImage,
  kubeProxyDisablerProblems,
} from "./options";
