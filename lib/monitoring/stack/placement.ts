import type { Toleration } from "../../dataplane/pod-placement";
import { type HelmValues, mergeValues } from "../../helm";

/** Values of kube-prometheus-stack with tolerations for each of its pods. */
export function withTolerations(values: HelmValues, tolerations: readonly Toleration[] = []): HelmValues {
  if (tolerations.length === 0) return values;
  const tolerant = { tolerations: tolerations.map((toleration) => ({ ...toleration })) };
  return mergeValues(values, {
    prometheusOperator: tolerant,
    prometheus: { prometheusSpec: tolerant },
    alertmanager: { alertmanagerSpec: tolerant },
    grafana: tolerant,
    "kube-state-metrics": tolerant,
  });
}
