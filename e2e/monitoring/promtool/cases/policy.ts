import { type AlertCases, constant, perSecond } from "../case";
import { AGENT, HERE, OTHER } from "./targets";

export const POLICY_CASES = {
  CiliumPolicyDeniedSpike: {
    fires: [
      [`cilium_drop_count_total{${AGENT}, direction="INGRESS", reason="Policy denied"}`, perSecond(15)],
      [`cilium_drop_count_total{${AGENT}, direction="INGRESS", reason="Policy denied by denylist"}`, perSecond(5)],
    ],
    labels: { ...HERE, direction: "INGRESS" },
    shows: "20",
    silent: [
      [[`cilium_drop_count_total{${AGENT}, direction="INGRESS", reason="Policy denied"}`, perSecond(9)]],
      [[`cilium_drop_count_total{${AGENT}, direction="INGRESS", reason="Invalid packet"}`, perSecond(50)]],
    ],
  },
  CiliumPolicyImportFailing: {
    fires: [
      [`cilium_policy_change_total{${AGENT}, source="k8s", operation="update", outcome="fail"}`, perSecond(0.02)],
    ],
    labels: HERE,
    shows: "20m",
    silent: [
      [[`cilium_policy_change_total{${AGENT}, source="k8s", operation="update", outcome="success"}`, perSecond(1)]],
    ],
  },
  CiliumIdentitiesNearLimit: {
    fires: [
      [`cilium_identity{${AGENT}, type="cluster_local"}`, constant(58_752)],
      [`cilium_identity{${OTHER}, type="cluster_local"}`, constant(58_000)],
    ],
    shows: "90%",
    silent: [
      // Each agent counts the same identities: their sum means nothing.
      [
        [`cilium_identity{${AGENT}, type="cluster_local"}`, constant(40_000)],
        [`cilium_identity{${OTHER}, type="cluster_local"}`, constant(40_000)],
      ],
    ],
  },
} satisfies AlertCases;
