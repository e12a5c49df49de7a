export type { ClusterRanges } from "./dataplane-rules";
export { describePolicies, type EffectivePolicies, type PolicyContext, type SoundPolicy } from "./describe";
export * from "./enforcement";
export * from "./network-logging";
export * from "./options";
export * from "./policies";
export type * from "./types";
