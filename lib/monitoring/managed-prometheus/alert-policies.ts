import { MonitoringAlertPolicy } from "@cdktf/provider-google/lib/monitoring-alert-policy";
import { MonitoringNotificationChannel } from "@cdktf/provider-google/lib/monitoring-notification-channel";
import type { Construct } from "constructs";
import { type Alert, limitText, runbookPath, runbookUrl, type Severity } from "../alerts";
import type { MonitoringContext } from "../facts";
import { DEFAULT_AUTO_CLOSE_MINUTES, DEFAULT_NOTIFIED_SEVERITIES, type ManagedAlertOptions } from "./options";

/** Cloud Monitoring knows no severity for what only wants to be known. */
const SEVERITIES: Readonly<Record<Severity, string | undefined>> = {
  critical: "CRITICAL",
  warning: "WARNING",
  info: undefined,
};
const EVALUATION_INTERVAL = "60s";

/** A notification channel for each address. */
export function emailChannels(
  scope: Construct,
  context: MonitoringContext,
  { emails = [] }: ManagedAlertOptions,
): MonitoringNotificationChannel[] {
  return emails.map(
    (email) =>
      new MonitoringNotificationChannel(scope, `email-${email.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`, {
        project: context.project,
        displayName: `${context.environment}: ${email}`,
        type: "email",
        labels: { email_address: email },
        userLabels: { ...context.labels },
      }),
  );
}

/** One alert policy an alert, so that changing a limit changes nothing else. */
export function alertPolicies(
  scope: Construct,
  context: MonitoringContext,
  alerts: readonly Alert[],
  options: ManagedAlertOptions,
): MonitoringAlertPolicy[] {
  const channels = [
    ...emailChannels(scope, context, options).map(({ name }) => name),
    ...(options.notificationChannels ?? []),
  ];
  const notified = options.notifiedSeverities ?? DEFAULT_NOTIFIED_SEVERITIES;
  return alerts.map(
    (alert) =>
      new MonitoringAlertPolicy(scope, `alert-${alert.name}`, {
        project: context.project,
        displayName: `${context.environment}: ${alert.name}`,
        combiner: "OR",
        severity: SEVERITIES[alert.severity],
        conditions: [
          {
            displayName: alert.name,
            conditionPrometheusQueryLanguage: {
              query: escaped(alert.expression),
              duration: `${alert.minutes * 60}s`,
              evaluationInterval: EVALUATION_INTERVAL,
              alertRule: alert.name,
              ruleGroup: alert.group,
              labels: { ...options.labels, severity: alert.severity },
              // On the first day no metric has been written yet, and the API would refuse the policy.
              disableMetricValidation: true,
            },
          },
        ],
        documentation: {
          subject: escaped(cloudTemplate(`${context.environment}: ${alert.summary}`)),
          content: escaped(documentation(alert, context, options)),
          mimeType: "text/markdown",
          ...(runbookUrl(alert.name, options) !== undefined && {
            links: [{ displayName: "Runbook", url: runbookUrl(alert.name, options)! }],
          }),
        },
        alertStrategy: {
          autoClose: `${(options.autoCloseMinutes ?? DEFAULT_AUTO_CLOSE_MINUTES) * 60}s`,
        },
        notificationChannels: notified.includes(alert.severity) && channels.length > 0 ? channels : undefined,
        userLabels: { ...context.labels, environment: context.environment },
      }),
  );
}

function documentation(alert: Alert, context: MonitoringContext, options: ManagedAlertOptions): string {
  const { threshold } = alert;
  return [
    cloudTemplate(alert.summary),
    alert.description,
    ...(threshold ? [`Limit: ${limitText(threshold)} (${threshold.meaning}), for ${alert.minutes} minutes.`] : []),
    `Cluster ${context.clusterName} in ${context.location}.`,
    `Runbook: ${runbookUrl(alert.name, options) ?? runbookPath(alert.name)}`,
  ].join("\n\n");
}

/** Labels of the series in the words of Cloud Monitoring. */
function cloudTemplate(text: string): string {
  return text.replaceAll(/\{\{\s*\$labels\.(\w+)\s*\}\}/g, "${metric_or_resource.label.$1}");
}

/** Takes the meaning out of what Terraform would interpolate. */
function escaped(text: string): string {
  return text.replaceAll("${", "$$${").replaceAll("%{", "%%{");
}
