import type { AlertRule } from "../rule";

/** Identities that one cluster can have: 16 bits without the 256 reserved ones. */
const MAX_IDENTITIES = 2 ** 16 - 256;

/** Network policies and the identities that they select. */
export const POLICY_RULES = [
  {
    name: "CiliumPolicyDeniedSpike",
    severity: "info",
    minutes: 10,
    summary: "Policies deny much {{ $labels.direction }} traffic on {{ $labels.node }}.",
    description: "A new policy that is too tight, a workload that has lost its labels, or somebody who is scanning.",
    threshold: { default: 10, min: 0, meaning: "packets per second", format: "rate" },
    expression: (select, limit) =>
      `sum by (pod, node, direction) (rate(${select("cilium_drop_count_total", 'reason=~"Policy denied|Policy denied by denylist"')}[5m])) > ${limit}`,
  },
  {
    name: "CiliumPolicyImportFailing",
    severity: "warning",
    minutes: 5,
    summary: "Cilium on {{ $labels.node }} cannot load a network policy.",
    description: "The policy exists in the Kubernetes API but is not enforced, or an old version of it still is.",
    threshold: { default: 0, min: 0, meaning: "failures per second", format: "rate" },
    expression: (select, limit) =>
      `sum by (pod, node) (rate(${select("cilium_policy_change_total", 'outcome="fail"')}[5m])) > ${limit}`,
  },
  {
    name: "CiliumIdentitiesNearLimit",
    severity: "warning",
    minutes: 15,
    summary: "The cluster runs out of security identities.",
    description: `At ${MAX_IDENTITIES} identities pods with new labels get no network. Labels that differ from pod to pod make one each.`,
    threshold: { default: 0.8, min: 0, max: 1, meaning: `share of ${MAX_IDENTITIES}`, format: "ratio" },
    // Every agent counts those it has seen: the greatest count is nearest to the truth, their sum means nothing.
    expression: (select, limit) =>
      `max(${select("cilium_identity", 'type="cluster_local"')}) / ${MAX_IDENTITIES} > ${limit}`,
  },
] as const satisfies readonly AlertRule[];
