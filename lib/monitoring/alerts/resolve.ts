import type { DataplaneTelemetry } from "../../dataplane/telemetry";
import { type AvailableSeries, availableSeries } from "../metrics";
import { type Select, seriesOf } from "../promql";
import { ALERT_GROUPS, type AlertName } from "./catalogue";
import type { AlertOptions } from "./options";
import type { AlertRule, Severity, Threshold } from "./rule";

/** An alert as an environment gets it: options applied, written for whoever evaluates it. */
export interface Alert {
  readonly name: AlertName;
  readonly group: string;
  readonly severity: Severity;
  readonly minutes: number;
  readonly summary: string;
  readonly description: string;
  /** The limit in force; none where the rule has none. */
  readonly threshold?: Threshold & { readonly value: number };
  /** PromQL. */
  readonly expression: string;
}

/**
 * The alerts of an environment: those whose metrics its dataplane serves and that nobody has switched off.
 *
 * @param select Writes selectors; carries the scope where series of several clusters lie together.
 */
export function alertsFor(telemetry: DataplaneTelemetry, options: AlertOptions, select: Select): Alert[] {
  const available = availableSeries(telemetry);
  return ALERT_GROUPS.flatMap(({ name: group, rules }) =>
    rules.flatMap((rule: AlertRule & { readonly name: AlertName }): Alert[] => {
      const tuning = options.rules?.[rule.name];
      if (tuning === false || !canFire(rule, telemetry, available)) return [];
      const limit = tuning?.threshold ?? rule.threshold?.default ?? 0;
      return [
        {
          name: rule.name,
          group,
          severity: tuning?.severity ?? rule.severity,
          minutes: tuning?.minutes ?? rule.minutes,
          summary: rule.summary,
          description: rule.description,
          ...(rule.threshold && { threshold: { ...rule.threshold, value: limit } }),
          expression: rule.expression(select, limit),
        },
      ];
    }),
  );
}

/** Whether everything is there that a rule reads. */
function canFire(rule: AlertRule, telemetry: DataplaneTelemetry, available: AvailableSeries): boolean {
  const components = new Set(telemetry.endpoints.map(({ component }) => component));
  const jobs = rule.components ?? [];
  return (
    jobs.every((component) => components.has(component)) &&
    seriesOf((select) => rule.expression(select, 0)).every((name) => available.has(name)) &&
    Object.entries(rule.needs ?? {}).every(([name, labels]) => labels.every((l) => available.get(name)?.has(l))) &&
    (rule.applies?.(telemetry) ?? true)
  );
}
