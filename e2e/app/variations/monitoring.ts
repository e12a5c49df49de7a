import { Monitoring } from "../../../lib/monitoring";
import type { Variation } from "./variation";

/** Values of the line `monitoring` in an environment's file; `none` takes the line away. */
const MONITORING: Readonly<Record<string, () => Monitoring | undefined>> = {
  none: () => undefined,
  managed: () => Monitoring.managedPrometheus({ alerts: { emails: ["network@example.com"] }, grafana: {} }),
  "managed-lower-limit": () =>
    Monitoring.managedPrometheus({ alerts: { rules: { DataplaneV2DroppedFlowsHigh: { threshold: 0.05 } } } }),
  "longer-retention": () => Monitoring.prometheus({ retentionDays: 30 }),
};

/** Edits of the line `monitoring`; only one of them can be in effect. */
export const editMonitoring: Variation = (definition, value) => {
  const make = MONITORING[value];
  if (!make) throw new Error(`'${definition.name}' has no edit 'monitoring=${value}'`);
  return { ...definition, monitoring: make() };
};
