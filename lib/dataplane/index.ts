export type { CniChainingOptions } from "./cni-chaining";
export * from "./dataplane";
export { DataplaneBase } from "./dataplane-base";
export type { DataplaneV2Options } from "./dataplane-v2";
export * from "./effective";
export * from "./facts";
export type { KubeProxyFreeOptions } from "./kube-proxy-free";
export { DEFAULT_STARTUP_TAINT_KEY, type StartupTaintOptions } from "./startup-taint";
export * from "./telemetry";
