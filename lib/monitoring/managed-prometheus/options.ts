import {
  type CheckTable,
  decided,
  decisive,
  flag,
  isKnown,
  listOf,
  nested,
  oneOf,
  type Problem,
  text,
  textJudgedBy,
  wholeNumber,
} from "../../validation";
import { ALERT_OPTIONS, type AlertOptions, type Severity } from "../alerts";
import {
  GRAFANA_OPTIONS,
  type GrafanaOptions,
  namespaceName,
  STACK_CHART_OPTIONS,
  type StackChartOptions,
} from "../stack";

export const DEFAULT_SCRAPE_INTERVAL_SECONDS = 60;
export const DEFAULT_NOTIFIED_SEVERITIES: readonly Severity[] = ["critical", "warning"];
export const DEFAULT_AUTO_CLOSE_MINUTES = 60;
/** A shorter interval costs twice and shows nothing that a rate over minutes would. */
const MIN_SCRAPE_INTERVAL_SECONDS = 10;
/** Rates in alerts span five minutes: a longer interval leaves too few samples in them. */
const MAX_SCRAPE_INTERVAL_SECONDS = 120;
/** Cloud Monitoring's own limits. */
const MIN_AUTO_CLOSE_MINUTES = 30;
const MAX_AUTO_CLOSE_MINUTES = 7 * 24 * 60;
const MAX_CHANNELS = 16;

/** Alerts in Google Cloud. */
export interface ManagedAlertOptions extends AlertOptions {
  /**
   * Who evaluates the rules. `cloud-monitoring`: alert policies, which notify people through notification channels and
   * are billed by policy and by series. `cluster`: the rule evaluator of Managed Service for Prometheus in the cluster,
   * which sends to the Alertmanager that the `OperatorConfig` of the namespace `gmp-public` names.
   *
   * @default "cloud-monitoring"
   */
  readonly evaluation?: "cloud-monitoring" | "cluster";

  /**
   * Addresses to write to. A notification channel is made for each. Only for `cloud-monitoring`.
   *
   * @default none
   */
  readonly emails?: readonly string[];

  /**
   * Existing notification channels (chat, paging, Pub/Sub), as `projects/<project>/notificationChannels/<id>`. Only for
   * `cloud-monitoring`.
   *
   * @default none
   */
  readonly notificationChannels?: readonly string[];

  /**
   * Severities that people are notified of; the others only open an incident.
   *
   * @default ["critical", "warning"]
   */
  readonly notifiedSeverities?: readonly Severity[];

  /**
   * Minutes after which an incident closes by itself once no data come any more: 30 to 10080.
   *
   * @default 60
   */
  readonly autoCloseMinutes?: number;
}

/** Grafana that reads Managed Service for Prometheus. */
export interface ManagedGrafanaOptions extends GrafanaOptions, StackChartOptions {
  /**
   * Image of the frontend, Google's proxy that adds credentials to Grafana's queries.
   *
   * @default "gke.gcr.io/prometheus-engine/frontend:v0.17.3-gke.0"
   */
  readonly frontendImage?: string;
}

/** Options of `Monitoring.managedPrometheus`. */
export interface ManagedPrometheusMonitoringOptions {
  /**
   * Namespace of the release records and of Grafana. Made and destroyed with this addon.
   *
   * @default "cilium-monitoring"
   */
  readonly namespace?: string;

  /**
   * Seconds between two scrapes, 10 to 120. Every sample is billed: half the interval is twice the price.
   *
   * @default 60
   */
  readonly scrapeIntervalSeconds?: number;

  /**
   * Metrics to keep beyond those that a dashboard or an alert of this library reads, as regular expressions of whole
   * names: `cilium_fqdn_.*`. All others are dropped before they are billed.
   *
   * @default none
   */
  readonly keepMetrics?: readonly string[];

  /** @default - every alert that can fire in the environment's dataplane, as alert policies; nobody is notified */
  readonly alerts?: ManagedAlertOptions;

  /**
   * The overview as a dashboard of Cloud Monitoring.
   *
   * @default true
   */
  readonly dashboard?: boolean;

  /**
   * Grafana with Cilium's own dashboards, on the managed data. It reads the metrics of the whole project.
   *
   * @default - none
   */
  readonly grafana?: ManagedGrafanaOptions;
}

/** What the options must look like. */
export const MANAGED_PROMETHEUS_OPTIONS: CheckTable<ManagedPrometheusMonitoringOptions> = {
  namespace: decisive(namespaceName, "alerts and dashboards are written out with it"),
  scrapeIntervalSeconds: wholeNumber({ from: MIN_SCRAPE_INTERVAL_SECONDS, to: MAX_SCRAPE_INTERVAL_SECONDS }),
  keepMetrics: decisive(
    listOf(
      decisive(
        textJudgedBy(patternProblems, "write a regular expression of whole metric names"),
        "it becomes part of one rule",
      ),
    ),
    "they become part of one rule",
  ),
  alerts: nested<ManagedAlertOptions>({
    ...ALERT_OPTIONS,
    evaluation: decided(oneOf(["cloud-monitoring", "cluster"])),
    emails: decisive(
      listOf(
        decisive(
          text({
            matches: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
            rule: "is not an e-mail address",
            remedy: "write it as name@host",
          }),
          "its channel is named after it",
        ),
      ),
      "a notification channel is made for each",
    ),
    notificationChannels: decisive(
      listOf(
        text({
          matches: /^projects\/[^/\s]+\/notificationChannels\/\d+$/,
          rule: "is not the name of a notification channel",
          remedy: "write it as projects/<project>/notificationChannels/<number>",
        }),
      ),
      "they are listed beside those that are made",
    ),
    notifiedSeverities: decisive(
      listOf(oneOf(["critical", "warning", "info"] satisfies Severity[])),
      "it decides which alerts notify",
    ),
    autoCloseMinutes: decided(wholeNumber({ from: MIN_AUTO_CLOSE_MINUTES, to: MAX_AUTO_CLOSE_MINUTES })),
  }),
  dashboard: decided(flag()),
  grafana: nested<ManagedGrafanaOptions>({ ...GRAFANA_OPTIONS, ...STACK_CHART_OPTIONS, frontendImage: text() }),
};

/** What is wrong between the options. */
export function managedPrometheusProblems({ alerts = {} }: ManagedPrometheusMonitoringOptions): Problem[] {
  const { emails = [], notificationChannels = [], evaluation, autoCloseMinutes, notifiedSeverities } = alerts;
  const problems: Problem[] = [];
  const channels = isKnown(emails) && isKnown(notificationChannels) ? emails.length + notificationChannels.length : 0;
  if (channels > MAX_CHANNELS)
    problems.push({
      property: "alerts.notificationChannels",
      value: channels,
      rule: `are more than the ${MAX_CHANNELS} that an alert policy may have`,
      remedy: "write to a group instead of to each of its members",
    });
  if (evaluation === "cluster")
    for (const [property, value] of Object.entries({
      emails,
      notificationChannels,
      autoCloseMinutes,
      notifiedSeverities,
    }))
      if (value !== undefined && !(Array.isArray(value) && value.length === 0))
        problems.push({
          property: `alerts.${property}`,
          rule: "has no effect where the cluster evaluates the alerts",
          remedy: "leave it out, or set evaluation to cloud-monitoring",
        });
  return problems;
}

function patternProblems(pattern: string, property: string): Problem[] {
  const problem = (rule: string): Problem[] => [
    { property, value: pattern, rule, remedy: "write a regular expression of whole metric names, e.g. cilium_fqdn_.*" },
  ];
  if (pattern === "") return problem("is empty");
  try {
    return new RegExp(`^(?:${pattern})$`).test("") ? problem("also matches no name at all") : [];
  } catch {
    return problem("is not a regular expression");
  }
}
