import type { AlertOptions } from "./options";
import type { Alert } from "./resolve";
import type { Threshold } from "./rule";

/** An alert in the form of Prometheus: the same in a PrometheusRule, in Google's Rules and in a rule file. */
export interface PrometheusAlert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Rules that Prometheus evaluates together. */
export interface PrometheusRuleGroup {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly PrometheusAlert[];
}

/** Alerts as rule groups, in the order of the alerts. */
export function ruleGroups(alerts: readonly Alert[], options: AlertOptions, interval?: string): PrometheusRuleGroup[] {
  const names = [...new Set(alerts.map(({ group }) => group))];
  return names.map((name) => ({
    name,
    ...(interval !== undefined && { interval }),
    rules: alerts.filter(({ group }) => group === name).map((alert) => prometheusAlert(alert, options)),
  }));
}

function prometheusAlert(alert: Alert, options: AlertOptions): PrometheusAlert {
  return {
    alert: alert.name,
    expr: alert.expression,
    ...(alert.minutes > 0 && { for: `${alert.minutes}m` }),
    labels: { ...options.labels, severity: alert.severity },
    annotations: {
      summary: alert.summary,
      description: alert.threshold
        ? `${alert.description} Now ${currentValue(alert.threshold)} (limit ${limitText(alert.threshold)}, ${alert.threshold.meaning}).`
        : alert.description,
      ...runbookAnnotation(alert.name, options),
    },
  };
}

/** Path of an alert's runbook in this package. */
export function runbookPath(alert: string): string {
  return `docs/runbooks/${alert}.md`;
}

/** Where an alert's runbook is published, if the options say so. */
export function runbookUrl(alert: string, { runbookBaseUrl }: AlertOptions): string | undefined {
  return runbookBaseUrl === undefined ? undefined : `${runbookBaseUrl.replace(/\/+$/, "")}/${alert}.md`;
}

/** `runbook_url` is what Alertmanager's and Grafana's own templates look for. */
function runbookAnnotation(alert: string, options: AlertOptions): Record<string, string> {
  const url = runbookUrl(alert, options);
  return url === undefined ? { runbook: runbookPath(alert) } : { runbook_url: url };
}

function currentValue({ format }: Threshold): string {
  return format === "ratio" ? "{{ $value | humanizePercentage }}" : "{{ $value | humanize }}";
}

/** A limit as people read it. */
export function limitText({ format, value }: Threshold & { readonly value: number }): string {
  return format === "ratio" ? `${Number((value * 100).toFixed(6))}%` : `${value}`;
}
