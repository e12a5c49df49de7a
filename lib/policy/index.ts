export type { PolicyBaseline } from "./baselines/options";
export { describePolicies, type EffectivePolicies, type PolicyContext } from "./describe";
export * from "./enforcement";
export * from "./network-logging";
export * from "./options";
export { Policies, type PoliciesProps } from "./policies";
export type { ClusterRanges } from "./rules/ranges";
export * from "./single-policies";
export type * from "./types";
